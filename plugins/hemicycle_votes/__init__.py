"""Votes: people support what others said, sign petitions, and vote in polls that anyone can count again."""

from pathlib import Path

from pydantic import Field, field_validator

from hemicycle.api import (
    Action,
    Check,
    Commands,
    Contribution,
    ContributionFilter,
    ContributionOrder,
    Declarations,
    Event,
    Example,
    Figure,
    Job,
    KeptApart,
    Mutation,
    OpenData,
    Participant,
    PersonalData,
    PluginInfo,
    Query,
    Role,
    Sample,
    SchemaPart,
    Searchable,
    Space,
    Strict,
    Subscription,
    Supportable,
    hookimpl,
)
from hemicycle_votes import petitions, polls, rules, samples
from hemicycle_votes.example import EXAMPLE
from hemicycle_votes.extensions import OnContribution, OnMutation, OnParticipant, OnQuery, OnSpace, OnSubscription
from hemicycle_votes.graphql import OnContributionFilter, OnContributionOrder, Support, SupportTally, on_supportable
from hemicycle_votes.models import SupportRow
from hemicycle_votes.petitions.graphql import Petition, PetitionSignature
from hemicycle_votes.petitions.models import PetitionRow
from hemicycle_votes.petitions.rules import FIGURES as PETITION_FIGURES
from hemicycle_votes.petitions.rules import OPEN_DATA as PETITION_DATA
from hemicycle_votes.petitions.samples import SAMPLES as PETITION_SAMPLES
from hemicycle_votes.polls.commands import polls_app
from hemicycle_votes.polls.graphql import TYPES as POLL_TYPES
from hemicycle_votes.polls.models import PollRow
from hemicycle_votes.polls.rules import FIGURES as POLL_FIGURES
from hemicycle_votes.polls.rules import OPEN_DATA as POLL_DATA
from hemicycle_votes.polls.samples import SAMPLES as POLL_SAMPLES


class VotesSettings(Strict):
    """`[plugin.votes]` in the settings."""

    thresholds: list[int] = Field([10, 50, 100], max_length=20)
    """Numbers of supports that are told when they are reached."""
    registers: list[str] = Field([], max_length=20)
    """Criteria that say who is on the electoral register: what only these may sign is called a petition."""

    keys: Path = Path("votes-keys")
    """The folder of the keys of open polls: not where the database and its backups are."""

    @field_validator("thresholds")
    @classmethod
    def _counts(cls, value: list[int]) -> list[int]:
        if wrong := [one for one in value if one < 1]:
            raise ValueError(f"a threshold is 1 or more, not {wrong[0]}")
        return value


@hookimpl
def describe_plugin() -> PluginInfo:
    return PluginInfo(
        "Votes", "People support what others said, sign petitions, and vote in polls.", settings=VotesSettings
    )


@hookimpl
def declare_roles() -> list[Role]:
    return polls.ROLES


@hookimpl
def declare_actions() -> list[Action]:
    return [
        Action("votes.support", "Support it, once.", Supportable, ["participant"]),
        Action("votes.withdraw", "Take one's support back.", SupportRow, own=True),
        *petitions.ACTIONS,
        *polls.ACTIONS,
    ]


@hookimpl
def declare_events() -> list[Event]:
    def event(verb: str, told: str, english: str, french: str, *, public: bool) -> Event:
        return Event(f"votes.{verb}", told, english=english, french=french, public=public)

    return [
        event("supported", "Someone supported something.", "Someone gave their support.",
              "Quelqu’un a donné son soutien.", public=False),
        event("withdrawn", "Someone took their support back.", "Someone took their support back.",
              "Quelqu’un a retiré son soutien.", public=False),
        event("threshold_reached", "The first time that so many people support something.",
              "{reason} people gave their support.", "{reason} personnes ont donné leur soutien.",
              public=True),
        *petitions.EVENTS,
        *polls.EVENTS,
    ]  # fmt: skip


@hookimpl
def declare_jobs() -> list[Job]:
    return [*petitions.JOBS, *polls.JOBS]


@hookimpl
def declare_personal_data() -> list[PersonalData]:
    def theirs(column: str, told: str) -> PersonalData:
        return PersonalData(f"votes_support.{column}", told, owner="participant_id", erase="DELETE")

    return [
        theirs("type", "What sort of thing they support."),
        theirs("object_id", "What they support. The count of it stays."),
        theirs("public", "Whether they show it."),
        theirs("at", "On which day they said it."),
        *petitions.PERSONAL_DATA,
        *polls.PERSONAL_DATA,
    ]


@hookimpl
def declare_open_data() -> list[OpenData]:
    return [rules.OPEN_DATA, PETITION_DATA, POLL_DATA]


@hookimpl
def declare_searchable() -> list[Searchable]:
    told = "The questions of polls, and what one should know to answer."
    return [
        Searchable("Poll", told, on=PollRow, query=polls.rules.texts),
        Searchable("Petition", "What petitions ask.", on=PetitionRow, query=petitions.rules.texts),
    ]


@hookimpl
def declare_checks() -> list[Check]:
    return polls.CHECKS


@hookimpl
def declare_kept_apart() -> list[KeptApart]:
    return polls.KEPT_APART


@hookimpl
def declare_figures() -> list[Figure]:
    return [*rules.FIGURES, *PETITION_FIGURES, *POLL_FIGURES]


@hookimpl
def declare_samples() -> list[Sample]:
    return [*samples.SAMPLES, *PETITION_SAMPLES, *POLL_SAMPLES]


@hookimpl
def provide_example() -> Example:
    return EXAMPLE


@hookimpl
def add_commands() -> list[Commands]:
    return [Commands("votes", polls_app)]


@hookimpl
def extend_schema(declared: Declarations) -> SchemaPart:
    return SchemaPart(
        extend={
            Query: OnQuery,
            Mutation: OnMutation,
            Subscription: OnSubscription,
            Space: OnSpace,
            Participant: OnParticipant,
            Contribution: OnContribution,
            ContributionFilter: OnContributionFilter,
            ContributionOrder: OnContributionOrder,
        },
        extend_named={name: on_supportable(name) for name in declared[Supportable]},
        types=(Support, SupportTally, Petition, PetitionSignature, *POLL_TYPES),
    )
