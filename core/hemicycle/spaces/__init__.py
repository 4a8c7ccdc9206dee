"""Spaces: a tree of places to deliberate. Roles and plugins set on one hold in those below it."""

from datetime import timedelta

from hemicycle.kernel.declarations import (
    Action,
    Event,
    Job,
    OpenData,
    PersonalData,
    Role,
    Sample,
    Searchable,
    SpaceKind,
)
from hemicycle.kernel.graphql.parts import SchemaPart
from hemicycle.kernel.graphql.roots import Mutation, Query, Subscription
from hemicycle.kernel.hookspecs import hookimpl
from hemicycle.kernel.plugins import Declarations
from hemicycle.participants.graphql import Participant
from hemicycle.spaces import rules, samples, tree
from hemicycle.spaces.graphql import (
    Activity,
    Grant,
    OnMutation,
    OnParticipant,
    OnQuery,
    OnSubscription,
    Space,
    SpaceKindName,
)
from hemicycle.spaces.models import SpaceRow
from hemicycle.spaces.open_data import OPEN_DATA


@hookimpl
def provide_scopes() -> object:
    return tree


@hookimpl
def declare_roles() -> list[Role]:
    return [
        Role("member", "Reads and takes part in a space kept for its members.", granted_by=["steward"]),
        Role(
            "moderator", "Hides and restores what is said, with reasons.", includes=["member"], granted_by=["steward"]
        ),
        Role("steward", "Prepares, opens and closes spaces.", includes=["moderator"], granted_by=["administrator"]),
        Role("administrator", "Runs the instance.", includes=["steward"], granted_by=["administrator"]),
    ]


@hookimpl
def declare_actions() -> list[Action]:
    def action(verb: str, told: str, *who: str, states: tuple[str, ...] = ()) -> Action:
        return Action(f"space.{verb}", told, SpaceRow, who, states=states)

    return [
        action("create", "Create a space below this one.", "steward", states=("DRAFT", "OPEN", "CLOSED")),
        action("update", "Change its texts and its settings.", "steward", states=("DRAFT", "OPEN", "CLOSED")),
        action("open", "Open it for contributions.", "steward", states=("DRAFT",)),
        action("close", "Close it before its end date.", "steward", states=("OPEN",)),
        action("extend", "Give it more time, with a reason.", "steward", states=("OPEN", "CLOSED")),
        action("archive", "Put it away, for reading only.", "steward", states=("CLOSED",)),
        action("join", "Become a member of a public space.", "participant", states=("OPEN", "CLOSED")),
        action("leave", "Give up one's membership.", "participant"),
        action("grant_role", "Give someone a role here, or take it back.", "steward"),
        action("set_plugins", "Say which plugins are active here and below.", "administrator"),
    ]


@hookimpl
def declare_space_kinds() -> list[SpaceKind]:
    return [
        SpaceKind("PROGRAMME", "A whole process: a region, a year."),
        SpaceKind("TERRITORY", "A part of the territory: a department, a living area."),
        SpaceKind("THEME", "A subject."),
        SpaceKind("GROUP", "A place for some people."),
    ]


@hookimpl
def declare_events() -> list[Event]:
    def event(verb: str, told: str, english: str, french: str, *, public: bool = True) -> Event:
        return Event(f"space.{verb}", told, english=english, french=french, public=public)

    return [
        event("created", "A space was created.", "{subject} was created.", "{subject} a été créé.", public=False),
        event("changed", "Its texts or settings changed.", "{subject} changed.", "{subject} a été modifié."),
        event("opened", "It opened.", "{subject} is open.", "{subject} est ouvert."),
        event("closed", "It closed.", "{subject} is closed.", "{subject} est clos."),
        event("extended", "It was given more time.",
              "{subject} was extended: {reason}", "{subject} a été prolongé : {reason}"),
        event("archived", "It was put away.", "{subject} is archived.", "{subject} est archivé."),
        Event("role.granted", "Someone was given a role.", english="{actor} gave a role to {subject}.",
              french="{actor} a donné un rôle à {subject}.", public=False),
        Event("role.revoked", "A role was taken back.", english="{actor} took a role of {subject} back.",
              french="{actor} a retiré un rôle à {subject}.", public=False),
    ]  # fmt: skip


@hookimpl
def declare_jobs() -> list[Job]:
    return [
        Job("space.close_due", "Close the spaces whose end has come.", run=rules.close_due, every=timedelta(minutes=1))
    ]


@hookimpl
def declare_personal_data() -> list[PersonalData]:
    return [
        PersonalData("core_role.role", "A role that they have.", owner="participant_id", erase="DELETE"),
        PersonalData("core_role.granted_by_id", "Who gave a role.", owner="granted_by_id", erase="KEEP", export=False),
        PersonalData("core_journal.event", "What they did.", owner="actor_id", erase="KEEP"),
    ]


@hookimpl
def declare_open_data() -> list[OpenData]:
    return [OPEN_DATA]


@hookimpl
def declare_searchable() -> list[Searchable]:
    return [Searchable("Space", "The titles and summaries of spaces.", on=SpaceRow, query=rules.texts)]


@hookimpl
def declare_samples() -> list[Sample]:
    return samples.SAMPLES


@hookimpl
def extend_schema(declared: Declarations) -> SchemaPart:
    kinds = {one.name: one.description for one in declared[SpaceKind].values()}
    return SchemaPart(
        extend={Query: OnQuery, Mutation: OnMutation, Subscription: OnSubscription, Participant: OnParticipant},
        types=(Space, Grant, Activity),
        enums={SpaceKindName: kinds},
    )
