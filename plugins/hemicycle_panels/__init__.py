"""Panels of people who deliberate: called, drawn by a lottery that anyone can check, and heard."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field

from hemicycle.api import (
    Action,
    Check,
    Commands,
    Contribution,
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
    SpaceRow,
    Strict,
    Subscription,
    hookimpl,
)
from hemicycle_panels import committing, events, rules, samples, signing
from hemicycle_panels.commands import app
from hemicycle_panels.example import EXAMPLE
from hemicycle_panels.graphql import (
    OnContribution,
    OnParticipant,
    OnQuery,
    OnSpace,
    OnSubscription,
    Panel,
    PanelCandidacy,
    PanelCollege,
    PanelDissent,
    PanelDraw,
    PanelLink,
    PanelMember,
    PanelOpinion,
    PanelQuota,
    PanelSession,
)
from hemicycle_panels.models import CandidacyRow, DrawRow, LinkRow, MemberRow, PanelRow, SessionRow
from hemicycle_panels.mutations import OnMutation


class PanelsSettings(Strict):
    """`[plugin.panels]` in the settings."""

    signing_key: Path | None = None
    """The file of the key that signs transcripts; `panels-signing-key.pem` beside the erasure journal, if not said."""
    lottery_seconds: float = Field(1800, ge=1, le=6000)
    """How long a lottery may take; then the best one found is written down, and its name and its gap say so."""


@hookimpl
def describe_plugin() -> PluginInfo:
    told = "Panels of people, drawn by a lottery whose fairness anyone can check."
    return PluginInfo("Panels", told, uses=["territories"], settings=PanelsSettings)


@hookimpl
def declare_roles() -> list[Role]:
    return [
        Role("panel_organiser", "Calls panels, draws them and looks after them.", granted_by=["steward"]),
        Role("panel_auditor", "Reads who is who in a pool, to check its quotas, and is sworn to keep it.",
             granted_by=["administrator"]),
    ]  # fmt: skip


@hookimpl
def declare_actions() -> list[Action]:
    def theirs(
        verb: str, told: str, on: type, *states: str, own: bool = False, not_own: bool = False, **more: list[str]
    ) -> Action:
        roles = more.get("roles", () if own else rules.ORGANISERS)
        return Action(f"panels.{verb}", told, on, roles, own=own, not_own=not_own, states=states)

    alive = ("DESIGNED", "CALL_OPEN", "POOL_CLOSED", "DRAWN", "CONVENED", "OPINION_ADOPTED", "DELIVERED")
    return [
        theirs("design", "Design a panel in a space.", SpaceRow, "OPEN"),
        theirs("change_design", "Change its design.", PanelRow, "DESIGNED"),
        theirs("adjust_quota", "Change a quota, for a reason.", PanelRow, "DESIGNED", "CALL_OPEN", "POOL_CLOSED"),
        theirs("open_call", "Call for candidates.", PanelRow, "DESIGNED"),
        theirs("apply", "Be a candidate.", PanelRow, "CALL_OPEN", roles=["participant"]),
        theirs("withdraw", "Take one's candidacy back.", CandidacyRow, own=True),
        theirs("read_proof", "Read what proves who is in the pool.", CandidacyRow, own=True, roles=["panel_auditor"]),
        theirs("close_pool", "Seal its pool.", PanelRow, "CALL_OPEN"),
        theirs("commit", "Have its lottery written down.", DrawRow, "POOL_CLOSED"),
        theirs("promise", "Name the source of the number.", DrawRow, "COMMITTED", "DRAWN"),
        theirs("draw", "Enter the number that names the panel.", DrawRow, "PROMISED", not_own=True),
        theirs("replace", "Enter the number that fills seats again.", DrawRow, "REPLACING", not_own=True),
        theirs("close_draw", "End its transcript.", DrawRow, "DRAWN"),
        theirs("designate", "Name someone for a seat that is not drawn.", PanelRow, *alive[1:5]),
        theirs("accept", "Take one's seat.", MemberRow, "DRAWN", own=True),
        theirs("decline", "Do not take one's seat.", MemberRow, "DRAWN", own=True),
        theirs("resign", "Give one's seat up.", MemberRow, "ACCEPTED", "ACTIVE", own=True),
        theirs("release", "Free someone's seat, for a reason.", MemberRow, "DRAWN", "ACCEPTED", "ACTIVE"),
        theirs("read_member", "Read who has a seat.", MemberRow, own=True, roles=[*rules.ORGANISERS]),
        theirs("convene", "Let it begin to deliberate.", PanelRow, "DRAWN"),
        theirs("plan_session", "Announce a session.", PanelRow, "DRAWN", "CONVENED"),
        theirs("cancel_session", "Cancel a session.", SessionRow, "PLANNED"),
        theirs("publish_minutes", "Publish the minutes of a session.", SessionRow, "PLANNED"),
        theirs("adopt_opinion", "Write down its opinion and the vote.", PanelRow, "CONVENED"),
        theirs("deliver_opinion", "Hand its opinion over.", PanelRow, "OPINION_ADOPTED"),
        theirs("dissolve", "End it.", PanelRow, "DELIVERED"),
        theirs("link", "Say what it works on.", PanelRow, *alive),
        theirs("unlink", "Take a link back.", LinkRow),
    ]


@hookimpl
def declare_events() -> list[Event]:
    return events.EVENTS


@hookimpl
def declare_jobs() -> list[Job]:
    return [Job(committing.JOB, "Compute a lottery.", run=committing.compute, timeout=timedelta(hours=2))]


@hookimpl
def declare_personal_data() -> list[PersonalData]:
    def candidacy(column: str, told: str) -> PersonalData:
        return PersonalData(f"panels_candidacy.{column}", told, owner="participant_id", erase="DELETE")

    def step(column: str, told: str) -> PersonalData:
        return PersonalData(f"panels_draw.{column}", told, owner=column, erase="KEEP")

    return [
        candidacy("panel_id", "For which panel they may be drawn. What sealed them in the pool stays, as a hash."),
        candidacy("features", "What they said of themselves to be drawn."),
        candidacy("household", "With whom they live, as a hash."),
        candidacy("salt", "What sealed them in the pool."),
        candidacy("number", "Their number in the pool."),
        candidacy("probability", "Their chance of being drawn."),
        candidacy("on", "On which day they became a candidate."),
        PersonalData("panels_member.participant_id", "A seat that they have or had.", owner="participant_id",
                     erase="NULL"),
        PersonalData("panels_member.shown_id", "That they are named as a member.", owner="shown_id", erase="NULL"),
        step("closed_by_id", "That they sealed a pool."),
        step("committed_by_id", "That they had a lottery written down."),
        step("promised_by_id", "That they named the source of a number."),
        step("drawn_by_id", "That they entered a number."),
    ]  # fmt: skip


@hookimpl
def declare_open_data() -> list[OpenData]:
    return [rules.OPEN_DATA]


@hookimpl
def declare_searchable() -> list[Searchable]:
    return [Searchable("Panel", "The titles and questions of panels.", on=PanelRow, query=rules.texts)]


@hookimpl
def declare_figures() -> list[Figure]:
    return rules.FIGURES


@hookimpl
def declare_checks() -> list[Check]:
    return [Check("panels.key", "Whether draws can be signed, and nobody else reads the key.", run=signing.check)]


@hookimpl
def declare_kept_apart() -> list[KeptApart]:
    told = "The key that signs draws: save it once, apart; with another one, no draw goes on that it has signed."
    return [KeptApart("panels.key", told, where=signing.key_file)]


@hookimpl
def declare_samples() -> list[Sample]:
    return samples.SAMPLES


@hookimpl
def provide_example() -> Example:
    return EXAMPLE


@hookimpl
def add_commands() -> list[Commands]:
    return [Commands("panels", app)]


@hookimpl
def extend_schema() -> SchemaPart:
    return SchemaPart(
        extend={
            Query: OnQuery, Mutation: OnMutation, Subscription: OnSubscription, Space: OnSpace,
            Contribution: OnContribution, Participant: OnParticipant,
        },
        types=(
            Panel, PanelCollege, PanelQuota, PanelCandidacy, PanelDraw, PanelMember, PanelSession, PanelOpinion,
            PanelDissent, PanelLink,
        ),
    )  # fmt: skip
