"""Territories: communes and sets of them. Where spaces are, where people live, and what lies in what."""

from hemicycle.api import (
    Action,
    Application,
    Commands,
    ContributionFilter,
    Criterion,
    Event,
    Example,
    Mutation,
    OpenData,
    Participant,
    ParticipantFilter,
    ParticipantRow,
    PersonalData,
    PluginInfo,
    Query,
    Sample,
    SchemaPart,
    Space,
    SpaceFilter,
    SpaceRow,
    hookimpl,
)
from hemicycle_territories import commands, loading, rules, samples
from hemicycle_territories.example import EXAMPLE
from hemicycle_territories.graphql import (
    OnContributionFilter,
    OnMutation,
    OnParticipant,
    OnParticipantFilter,
    OnQuery,
    OnSpace,
    OnSpaceFilter,
    Residence,
    Territory,
)
from hemicycle_territories.models import ResidenceRow, TerritoryRow


@hookimpl
def describe_plugin() -> PluginInfo:
    return PluginInfo("Territories", "Communes, EPCI, departments, regions, living areas; who lives where.")


@hookimpl
def declare_actions() -> list[Action]:
    def action(verb: str, told: str, on: type, *who: str, own: bool = False, states: tuple[str, ...] = ()) -> Action:
        return Action(f"territories.{verb}", told, on, who, own=own, states=states)

    return [
        action("place", "Say which territory it is about.", SpaceRow, "steward", states=("DRAFT", "OPEN", "CLOSED")),
        action("declare", "Say that one lives there.", TerritoryRow, "participant"),
        action("withdraw", "Say no longer where one lives.", ResidenceRow, own=True),
        action("verify", "Say that one saw a proof that someone lives there.", TerritoryRow, "administrator"),
        action("read_residence", "Read where someone lives.", ParticipantRow, "administrator", own=True),
    ]


@hookimpl
def declare_criteria() -> list[Criterion]:
    return rules.CRITERIA


@hookimpl
def declare_events() -> list[Event]:
    def event(verb: str, told: str, english: str, french: str, *, public: bool = False) -> Event:
        return Event(f"territories.{verb}", told, english=english, french=french, public=public)

    return [
        event("loaded", "Territories were loaded.", "Territories were loaded: {reason}",
              "Des territoires ont été chargés : {reason}"),
        event("placed", "A space was told what territory it is about.", "{subject} is about another territory.",
              "{subject} porte sur un autre territoire.", public=True),
        event("declared", "Someone said where they live.", "Someone said where they live.",
              "Quelqu’un a dit où il habite."),
        event("verified", "Someone saw a proof of where a person lives.", "{actor} saw a proof of where someone lives.",
              "{actor} a vu la preuve du lieu où quelqu’un habite."),
    ]  # fmt: skip


@hookimpl
def declare_personal_data() -> list[PersonalData]:
    def theirs(column: str, told: str) -> PersonalData:
        return PersonalData(f"territories_residence.{column}", told, owner="participant_id", erase="DELETE")

    return [
        theirs("territory_id", "Where they live."),
        theirs("declared_on", "On which day they said it."),
        theirs("verified_on", "On which day someone checked it."),
        PersonalData("territories_residence.verified_by_id", "Who checked where someone lives.",
                     owner="verified_by_id", erase="KEEP", export=False),
    ]  # fmt: skip


@hookimpl
def declare_open_data() -> list[OpenData]:
    return rules.OPEN_DATA


@hookimpl
def declare_samples() -> list[Sample]:
    return samples.SAMPLES


@hookimpl
def provide_example() -> Example:
    return EXAMPLE


@hookimpl
def add_commands() -> list[Commands]:
    return [Commands("territories", commands.app)]


@hookimpl
async def settle_restored(app: Application) -> dict[str, int]:
    async with app.write() as session:
        await loading.take_stock(session)
    return {}


@hookimpl
def extend_schema() -> SchemaPart:
    return SchemaPart(
        extend={
            Query: OnQuery,
            Mutation: OnMutation,
            Space: OnSpace,
            Participant: OnParticipant,
            SpaceFilter: OnSpaceFilter,
            ContributionFilter: OnContributionFilter,
            ParticipantFilter: OnParticipantFilter,
        },
        types=(Territory, Residence),
    )
