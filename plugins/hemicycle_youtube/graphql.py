"""Shows, episodes and their moments in the API, and what they add to contributions, spaces and participants."""

from datetime import datetime
from enum import Enum

import strawberry

from hemicycle.api import (
    Application,
    Connection,
    Contribution,
    ContributionRow,
    Node,
    Space,
    ascending,
    column,
    computed,
    connection,
    descending,
    encode_id,
    live,
    mapped,
    one,
    to_any,
    to_one,
    under,
    where,
)
from hemicycle_youtube import linking, questions, rules
from hemicycle_youtube.models import ChapterRow, CueRow, EpisodeRow, LinkRow, QuestionRow, ShowRow
from hemicycle_youtube.sites import VideoSite

TOLD = "youtube.describe"


@strawberry.enum(description="What an episode is.")
class EpisodeState(Enum):
    DECLARED = strawberry.enum_value("DECLARED", description="Named; nothing is known of it yet.")
    METADATA_FETCHED = strawberry.enum_value("METADATA_FETCHED", description="Its title is known; not shown yet.")
    PUBLISHED = strawberry.enum_value("PUBLISHED", description="Shown to everyone who reads the space.")
    UNAVAILABLE = strawberry.enum_value(
        "UNAVAILABLE", description="Its video is gone, private, or not for other pages. What we have of it stays."
    )


@strawberry.enum(description="What a link is.")
class LinkState(Enum):
    SUGGESTED = strawberry.enum_value("SUGGESTED", description="Found by comparing words; no person has looked yet.")
    CONFIRMED = strawberry.enum_value("CONFIRMED", description="A person says so.")


@strawberry.enum(description="What came of asking a site about a video.")
class RefreshOutcome(Enum):
    FOUND = strawberry.enum_value("FOUND", description="It is there.")
    NOT_EMBEDDABLE = strawberry.enum_value("NOT_EMBEDDABLE", description="Its owner lets no other page show it.")
    PRIVATE = strawberry.enum_value("PRIVATE", description="It is private.")
    GONE = strawberry.enum_value("GONE", description="It was deleted, or is private.")
    QUOTA = strawberry.enum_value("QUOTA", description="Asked too often today.")
    REFUSED = strawberry.enum_value("REFUSED", description="The site refused to answer: is the key right?")
    UNREADABLE = strawberry.enum_value("UNREADABLE", description="The answer could not be read.")
    UNREACHABLE = strawberry.enum_value("UNREACHABLE", description="No answer came.")


@strawberry.enum(description="Orders of shows.")
class ShowOrder(Enum):
    OLDEST = ascending("Oldest first.", lambda row: row.id)


@strawberry.enum(description="Orders of episodes.")
class EpisodeOrder(Enum):
    NEWEST = descending("Newest first.", lambda row: row.aired_at, lambda row: row.id)
    OLDEST = ascending("Oldest first.", lambda row: row.aired_at, lambda row: row.id)


@strawberry.enum(description="Orders of what is in an episode.")
class MomentOrder(Enum):
    FIRST = ascending("In the order of the episode.", lambda row: row.at, lambda row: row.id)


@strawberry.enum(description="Orders of questions.")
class QuestionOrder(Enum):
    OLDEST = ascending("Oldest first.", lambda row: row.id)


@strawberry.input(description="Which episodes.")
class EpisodeFilter:
    states: list[EpisodeState] | None = where("In one of these states.", lambda row, states: row.state.in_(states))
    due: bool | None = where(
        "Only those that wait for a next look at their site since some failure, or only the others.",
        lambda row, yes: (row.failures > 0) if yes else (row.failures == 0),
    )


@strawberry.input(description="Which questions.")
class ShowQuestionFilter:
    answered: bool | None = where(
        "Only those that were answered, or only those that wait.",
        lambda row, yes: row.link_id.is_not(None) if yes else row.link_id.is_(None),
    )


def _watch(site: str, video: str, app: Application, at: int = 0) -> str:
    known: VideoSite = app.declared[VideoSite][site]
    return known.watch(video, at)


def _embed(site: str, video: str, app: Application, at: int = 0) -> str:
    known: VideoSite = app.declared[VideoSite][site]
    return known.embed(video, at)


AT = {"at": "From which second on."}


@mapped(ShowRow, "A series of episodes, on a site of videos.", visible=rules.visible, scope="space_id")
class Show(Node):
    title: str = column("What it is called.")
    description: str | None = column("What it is about.")
    channel: str | None = column("The id of its channel: new episodes are looked for there.")
    space: Space | None = to_one("Where it belongs.", by="space_id")
    episodes: Connection["Episode"] = connection(
        "Its episodes.", by="show_id", order=EpisodeOrder.NEWEST, filter=EpisodeFilter
    )
    questions: Connection["ShowQuestion"] = connection(
        "What people ask of it.", by="show_id", order=QuestionOrder.OLDEST, filter=ShowQuestionFilter
    )


@mapped(EpisodeRow, "A video of a show.", visible=rules.shown, scope="space_id")
class Episode(Node):
    show: Show | None = to_one("The show.", by="show_id")
    space: Space | None = to_one("Where it belongs.", by="space_id")
    site: str = column("The site of its video: YOUTUBE, or what a plugin adds.")
    video_id: str = column("The id of its video there.", "video")
    state: EpisodeState = column("What it is.")
    unavailable: RefreshOutcome | None = column("Why its video cannot be shown now.", "reason")
    title: str | None = column("Its title; null while it is not known.")
    author: str | None = column("Who published the video.")
    description: str | None = column("What is written beside the video.")
    duration: int | None = column("Seconds.")
    views: int | None = column("How often it was seen there, at the last look.")
    published_at: datetime | None = column("When the video was published.")
    shown_at: datetime | None = column("When it was shown here first.")
    poster_url: str | None = computed(
        "The path of its picture on this server, so that a page asks nobody else. Null without one.",
        lambda key, app: f"{app.settings.url.rstrip('/')}/youtube/posters/{encode_id('Episode', key)}",
        needs=[rules.with_poster],
    )
    embed_url: str = computed(
        "The player, without cookies: load it after a click only.", _embed, needs=["site", "video"], arguments=AT
    )
    watch_url: str = computed("The page of the video.", _watch, needs=["site", "video"], arguments=AT)
    last_outcome: RefreshOutcome | None = column(
        "What came of the last look at its site, to those who make the show.", "outcome", requires=TOLD
    )
    last_told: str | None = column("What the site said then, to those who make the show.", "told", requires=TOLD)
    last_checked_at: datetime | None = column(
        "When its site was asked last, to those who make the show.", "checked_at", requires=TOLD
    )
    chapters: Connection["Chapter"] = connection("Its parts.", by="episode_id", order=MomentOrder.FIRST)
    transcript: Connection["Cue"] = connection("What is said in it.", by="episode_id", order=MomentOrder.FIRST)
    links: Connection["EpisodeLink"] = connection(
        "What is spoken of in it, and when.", by="episode_id", order=MomentOrder.FIRST
    )


@mapped(ChapterRow, "A part of an episode.", visible_through=("episode_id", EpisodeRow))
class Chapter(Node):
    at: int = column("The second at which it begins.")
    title: str = column("What it is about.")
    episode: Episode | None = to_one("Of which episode.", by="episode_id")


@mapped(CueRow, "Words that are said in an episode.", visible_through=("episode_id", EpisodeRow), scope="space_id")
class Cue(Node):
    at: float = computed("The second at which they begin.", lambda at: at / 1000, needs=["at"])
    until: float = computed("The second at which they end.", lambda until: until / 1000, needs=["until"])
    text: str = column("The words.")
    speaker: str | None = column("Who says them, where the transcript tells.")
    episode: Episode | None = to_one("In which episode.", by="episode_id")


@mapped(
    LinkRow, "A moment of an episode, and what is spoken of there.", visible=linking.visible, scope="space_id",
)  # fmt: skip
class EpisodeLink(Node):
    episode: Episode | None = to_one("The episode.", by="episode_id")
    target: Node | None = to_any("What is spoken of; null where you do not see it.", type="type", by="object_id")
    at: int = column("The second at which it begins.")
    until: int | None = column("The second at which it ends.")
    label: str | None = column("What is said of it there.")
    state: LinkState = column("Whether a person says so, or only a comparison of words.")
    embed_url: str | None = computed(
        "The player at that second, without cookies: load it after a click only.",
        lambda site, video, at, app: _embed(site, video, app, at),
        needs=[linking.site, linking.video, "at"],
    )


@mapped(QuestionRow, "A question to a show.", visible_through=("contribution_id", ContributionRow))
class ShowQuestion(Node):
    show: Show | None = to_one("The show.", by="show_id")
    contribution: Contribution | None = to_one("What is asked, by whom, and how many support it.", by="contribution_id")
    answer: EpisodeLink | None = to_one("The moment at which it is answered; null while it waits.", by="link_id")


@strawberry.type
class OnContribution:
    episodes: Connection[EpisodeLink] = connection(
        "The moments of episodes where it is spoken of.", by="object_id", where=linking.of("Contribution"),
        order=MomentOrder.FIRST,
    )  # fmt: skip


@strawberry.type
class OnParticipant:
    episodes: Connection[EpisodeLink] = connection(
        "The moments of episodes where it is spoken of: for structures, and for oneself.", by="object_id",
        where=linking.of_participant, order=MomentOrder.FIRST,
    )  # fmt: skip


@strawberry.type
class OnSpace:
    shows: Connection[Show] = connection(
        "Its shows.", by="space_id", order=ShowOrder.OLDEST, subtree=lambda row, space: under(row.space_id, space)
    )
    episodes: Connection[Episode] = connection(
        "The episodes of its shows.", by="space_id", order=EpisodeOrder.NEWEST, filter=EpisodeFilter,
        subtree=lambda row, space: under(row.space_id, space),
    )  # fmt: skip
    episode_links: Connection[EpisodeLink] = connection(
        "The moments of episodes where the space itself is spoken of.", by="object_id", where=linking.of("Space"),
        order=MomentOrder.FIRST,
    )  # fmt: skip


@strawberry.input
class OnContributionFilter:
    asked_in: strawberry.ID | None = where(
        "Questions to this show. (`order: MOST_SUPPORTED` where votes are enabled.)", questions.asked_in
    )
    in_episode: bool | None = where(
        "Only what is spoken of in an episode, or only the rest.",
        linking.is_linked,
    )


@strawberry.type
class OnQuery:
    shows: Connection[Show] = connection("Every show.", order=ShowOrder.OLDEST)
    episodes: Connection[Episode] = connection("Every episode.", order=EpisodeOrder.NEWEST, filter=EpisodeFilter)
    show: Show | None = one("The show with that id.")
    episode: Episode | None = one("The episode with that id.")


@strawberry.type
class OnSubscription:
    episode_published: Episode = live(
        "Each episode, when it is shown in a space or below.", "youtube.published", "youtube.found_again"
    )
    moment_linked: EpisodeLink = live("Each link, when a person says so.", "youtube.linked")
