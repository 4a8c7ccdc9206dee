"""YouTube: episodes linked to what people said, to the second. A video that disappears takes nothing with it."""

from datetime import timedelta

from pydantic import Field

from hemicycle.api import (
    Action,
    Commands,
    Contribution,
    ContributionFilter,
    Declarations,
    Declared,
    Event,
    Example,
    Figure,
    Job,
    Mutation,
    OpenData,
    Participant,
    PersonalData,
    PluginInfo,
    Query,
    Role,
    Routes,
    Sample,
    SchemaPart,
    Searchable,
    Space,
    SpaceRow,
    Strict,
    Subscription,
    hookimpl,
)
from hemicycle_youtube import commands, figures, posters, refreshing, rules, samples, youtube
from hemicycle_youtube.example import EXAMPLE
from hemicycle_youtube.graphql import (
    Chapter,
    Cue,
    Episode,
    EpisodeLink,
    OnContribution,
    OnContributionFilter,
    OnParticipant,
    OnQuery,
    OnSpace,
    OnSubscription,
    Show,
    ShowQuestion,
)
from hemicycle_youtube.models import CueRow, EpisodeRow, LinkRow, QuestionRow, ShowRow
from hemicycle_youtube.mutations import OnMutation

MAKERS = ["producer", "steward", "administrator"]


class YouTubeSettings(Strict):
    """`[plugin.youtube]` in the settings."""

    key: str | None = Field(None, repr=False)
    """Of the YouTube Data API. Without one, titles and pictures alone are known."""
    daily_quota: int = Field(9_000, ge=0)
    """Units that the instance may spend a day (YouTube gives 10,000; a call for 50 videos costs one)."""


@hookimpl
def describe_plugin() -> PluginInfo:
    return PluginInfo(
        "YouTube", "Episodes linked to what people said, to the second.", uses=["votes"], settings=YouTubeSettings
    )


@hookimpl
def declare_roles() -> list[Role]:
    return [Role("producer", "Makes a show: episodes, transcripts, links.", granted_by=["steward", "administrator"])]


@hookimpl
def declare_actions() -> list[Action]:
    return [
        Action("youtube.create_show", "Begin a show in it.", SpaceRow, MAKERS, states=["DRAFT", "OPEN"]),
        Action("youtube.update_show", "Change what is said of it.", ShowRow, MAKERS),
        Action("youtube.declare", "Add a video to it.", ShowRow, MAKERS),
        Action("youtube.describe", "Say what it is, its chapters, its transcript.", EpisodeRow, MAKERS),
        Action("youtube.publish", "Show it to everyone.", EpisodeRow, MAKERS, states=["METADATA_FETCHED"]),
        Action("youtube.link", "Link moments of it.", EpisodeRow, MAKERS),
        Action("youtube.confirm", "Say that it is right.", LinkRow, MAKERS, states=["SUGGESTED"]),
        Action("youtube.unlink", "Take it away.", LinkRow, MAKERS),
        Action("youtube.ask", "Ask it something.", ShowRow, ["participant"]),
        Action("youtube.record", "Write down what was asked in it.", ShowRow, MAKERS),
        Action("youtube.answer", "Say where it is answered.", QuestionRow, MAKERS),
    ]


@hookimpl
def declare_events() -> list[Event]:
    def event(verb: str, told: str, english: str, french: str, *, public: bool = False) -> Event:
        return Event(f"youtube.{verb}", told, english=english, french=french, public=public)

    return [
        event("show_created", "A show begins.", "{actor} began the show {subject}.",
              "{actor} a créé l’émission {subject}.", public=True),
        event("declared", "A video was added to a show.", "{actor} added an episode.", "{actor} a ajouté un épisode."),
        event("published", "An episode is shown.", "The episode {subject} is online.",
              "L’épisode {subject} est en ligne.", public=True),
        event("transcribed", "An episode has a transcript.", "{actor} brought in a transcript.",
              "{actor} a apporté une transcription."),
        event("unavailable", "A video cannot be shown any more.", "The video of an episode is not available.",
              "La vidéo d’un épisode n’est plus disponible."),
        event("found_again", "A video can be shown again.", "The video of an episode is back.",
              "La vidéo d’un épisode est de retour."),
        event("linked", "A moment of an episode is about something.", "A moment of an episode speaks of it.",
              "Un moment d’un épisode en parle."),
        event("suggested", "Moments were compared with contributions.", "Links of an episode were suggested.",
              "Des liens d’un épisode ont été suggérés."),
        event("asked", "Someone asks a show something.", "{actor} asked the show a question.",
              "{actor} a posé une question à l’émission."),
        event("answered", "A question was answered in the show.", "A question was answered in the show.",
              "Une question a reçu sa réponse dans l’émission."),
    ]  # fmt: skip


@hookimpl
def declare_jobs() -> list[Job]:
    return [
        Job("youtube.refresh", "Ask the sites of videos what became of them.", run=refreshing.refresh_due,
            every=refreshing.EVERY, timeout=timedelta(minutes=30)),
        Job("youtube.refresh_one", "Ask about a new episode.", run=refreshing.refresh_one),
    ]  # fmt: skip


@hookimpl
def declare_personal_data() -> list[PersonalData]:
    def about(column: str, told: str) -> PersonalData:
        return PersonalData(f"youtube_link.{column}", told, owner="object_id", erase="DELETE")

    return [
        about("at", "A moment of an episode that one linked to oneself."),
        about("until", "Where it ends."),
        about("label", "What is said of it."),
    ]


@hookimpl
def declare_open_data() -> list[OpenData]:
    return figures.OPEN_DATA


@hookimpl
def declare_searchable() -> list[Searchable]:
    return [Searchable("Cue", "What is said in episodes, with its moment.", on=CueRow, query=rules.texts)]


@hookimpl
def declare_figures() -> list[Figure]:
    return figures.FIGURES


@hookimpl
def declare_for_others() -> list[Declared]:
    return [youtube.SITE]


@hookimpl
def declare_samples() -> list[Sample]:
    return samples.SAMPLES


@hookimpl
def provide_example() -> Example:
    return EXAMPLE


@hookimpl
def add_commands() -> list[Commands]:
    return [Commands("youtube", commands.app)]


@hookimpl
def add_routes() -> list[Routes]:
    return [Routes("youtube", posters.ROUTES)]


@hookimpl
def extend_schema(declared: Declarations) -> SchemaPart:
    return SchemaPart(
        extend={
            Query: OnQuery,
            Mutation: OnMutation,
            Subscription: OnSubscription,
            Contribution: OnContribution,
            ContributionFilter: OnContributionFilter,
            Participant: OnParticipant,
            Space: OnSpace,
        },
        types=(Show, Episode, Chapter, Cue, EpisodeLink, ShowQuestion),
    )
