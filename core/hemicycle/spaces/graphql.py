"""Spaces, roles and activity in the API."""

from datetime import datetime
from enum import Enum
from typing import Annotated, Any, Optional

import strawberry

from hemicycle.kernel.events.models import JournalRow
from hemicycle.kernel.graphql.context import Info
from hemicycle.kernel.graphql.declare import (
    ascending,
    column,
    computed,
    connection,
    descending,
    id_of,
    live,
    mapped,
    mutation,
    one,
    to_any,
    to_one,
    value,
    where,
)  # fmt: skip
from hemicycle.kernel.graphql.enums import EventName, Locale, RoleName
from hemicycle.kernel.graphql.ids import decode_id
from hemicycle.kernel.graphql.limits import LIMITS
from hemicycle.kernel.graphql.types import Connection, Node
from hemicycle.participants.graphql import Participant
from hemicycle.spaces import activity, roles, rules, tree
from hemicycle.spaces.figures import FigureType, figures_of
from hemicycle.spaces.models import RoleRow, SpaceRow


@strawberry.enum(name="SpaceKind", description="What sort of space it is.")
class SpaceKindName(Enum):
    """Filled with every declared kind."""


@strawberry.enum(description="Where a space stands.")
class SpaceState(Enum):
    DRAFT = strawberry.enum_value("DRAFT", description="Being prepared.")
    OPEN = strawberry.enum_value("OPEN", description="Contributions are welcome.")
    CLOSED = strawberry.enum_value("CLOSED", description="Contributions are over; results are due.")
    ARCHIVED = strawberry.enum_value("ARCHIVED", description="For reading only.")


@strawberry.enum(description="Who may read a space. It is inherited: MEMBERS closes all that is below.")
class SpaceAccess(Enum):
    PUBLIC = strawberry.enum_value("PUBLIC", description="Everyone.")
    MEMBERS = strawberry.enum_value("MEMBERS", description="Its members.")


@strawberry.enum(description="Orders of spaces.")
class SpaceOrder(Enum):
    TITLE = ascending("By title.", lambda row: row.sort_key)
    NEWEST = descending("Newest first.", lambda row: row.created_at)


@strawberry.input(description="Which spaces.")
class SpaceFilter:
    kinds: list[SpaceKindName] | None = where("Of these kinds.", lambda row, kinds: row.kind.in_(kinds))
    states: list[SpaceState] | None = where("In these states.", lambda row, states: row.state.in_(states))
    created_since: datetime | None = where(
        "Created at this moment or later.", lambda row, since: row.created_at >= since
    )
    results_overdue_at: datetime | None = where(
        "Closed, with results due before this moment and none published.",
        lambda row, moment: (row.state == "CLOSED") & ~row.has_results & (row.results_due_at < moment),
    )


@strawberry.enum(description="Orders of roles.")
class GrantOrder(Enum):
    ANY = ascending("In no order that tells when.")


@strawberry.enum(description="Orders of activity.")
class ActivityOrder(Enum):
    NEWEST = descending("Newest first.", lambda row: row.at)
    OLDEST = ascending("Oldest first.", lambda row: row.at)


@strawberry.input(description="Which activity.")
class ActivityFilter:
    events: list[EventName] | None = where("Of these events.", lambda row, events: row.event.in_(events))


@mapped(RoleRow, "A role of someone in a space and below.", visible=roles.visible, scope="space_id")
class Grant(Node):
    role: RoleName = column("The role.")
    participant: Participant | None = to_one("Who has it.", by="participant_id")
    space: Optional["Space"] = to_one("Where, and below.", by="space_id")


@mapped(JournalRow, "Something that happened in a space.", visible=activity.told, scope="space_id")
class Activity(Node):
    event: EventName = column("What happened.")
    at: datetime = column("When.")
    reason: str | None = column("Why, where a reason was given in public.", activity.reason)
    actor: Participant | None = to_one("Who did it.", by="actor_id")
    space: Optional["Space"] = to_one("Where.", by="space_id")
    subject: Node | None = to_any("What it is about.", type="subject_type", by="subject_id")
    sentence: str = computed(
        "The same in plain words.", activity.sentence, needs=activity.NEEDS, arguments={"locale": "In which language."}
    )


def _text(description: str, texts: str, *, required: bool = False) -> Any:
    def in_locale(known: dict[str, str], app: Any, locale: Locale | None = None) -> str | None:
        return rules.text_of(known, str(locale.value) if locale else app.settings.locale) or ("" if required else None)

    told = "In which language; in another one where there is no such text."
    return computed(description, in_locale, needs=[texts], arguments={"locale": told})


@mapped(SpaceRow, "A place where people deliberate.", visible=rules.visible, scope="id")
class Space(Node):
    slug: str = column("Its name in addresses.")
    kind: SpaceKindName = column("What sort of space it is.")
    title: str = _text("Its title.", "titles", required=True)
    summary: str | None = _text("What it is about, in a few words.", "summaries")
    modalities: str | None = _text("Its rules: who may say what, and what becomes of it. Markdown.", "modalities")
    information: str | None = _text("What one needs to know in order to take part. Markdown.", "information")
    results: str | None = _text("What came of it. Markdown.", "results")
    state: SpaceState = column("Where it stands.")
    access: SpaceAccess = column("Who may read it, if nothing above is closed.")
    moderates_first: bool = column("Whether contributions are read by a moderator before they are published.")
    created_at: datetime = column("When it was created.")
    opened_at: datetime | None = column("When it opened.")
    ends_at: datetime | None = column("When it ends.")
    closed_at: datetime | None = column("When it was closed.")
    results_due_at: datetime | None = column("Until when its results are to be published.")
    parent: Optional["Space"] = to_one("The space that holds it.", by="parent_id")
    children: Connection["Space"] = connection(
        "The spaces right below.", by="parent_id", order=SpaceOrder.TITLE, filter=SpaceFilter
    )
    activity: Connection[Activity] = connection(
        "What happened here.", by="space_id", subtree=lambda row, space: tree.under(row.space_id, space),
        order=ActivityOrder.NEWEST, filter=ActivityFilter,
    )  # fmt: skip
    roles: Connection[Grant] = connection(
        "Who has which role in this very space: for its stewards.", by="space_id", order=GrantOrder.ANY
    )


@strawberry.type
class OnParticipant:
    roles: Connection[Grant] = connection(
        "Their roles: for themselves, and for stewards.", by="participant_id", order=GrantOrder.ANY
    )


@strawberry.type
class OnQuery:
    spaces: Connection[Space] = connection("Every space.", order=SpaceOrder.TITLE, filter=SpaceFilter)
    space: Space | None = one("The space of that slug.", by="slug", argument_description="Its slug.")

    @strawberry.field(
        description="The numbers of a space and all below it (100 at most), those of plugins where they are active; "
        "null if there is no such space, or none for you.",
        metadata={"reads": LIMITS.reads_of_all},
    )
    async def figures(
        self, info: Info, space: Annotated[strawberry.ID, strawberry.argument(description="The space.")]
    ) -> list[FigureType] | None:
        ref = decode_id(space)
        if ref is None or ref.type != "Space":
            return None
        return await figures_of(info.context.app, info.context.actor.viewer, ref.key)


@strawberry.input(description="A new space.")
class CreateSpaceInput:
    parent: strawberry.ID = id_of("Below which space.", Space)
    slug: str = value("Its name in addresses: small letters, digits, hyphens.")
    title: str = value("Its title.")
    kind: SpaceKindName | None = value("What sort of space it is.", strawberry.UNSET)
    access: SpaceAccess | None = value("Who may read it.", strawberry.UNSET)
    moderates_first: bool | None = value("Whether a moderator reads contributions first.", strawberry.UNSET)
    ends_at: datetime | None = value("When it ends.", strawberry.UNSET)
    results_due_at: datetime | None = value("Until when its results are to be published.", strawberry.UNSET)
    locale: Locale | None = value("The language of these texts: the instance's own if not said.", strawberry.UNSET)
    summary: str | None = value("What it is about, in a few words.", strawberry.UNSET)
    modalities: str | None = value("Its rules. Markdown.", strawberry.UNSET)
    information: str | None = value("What one needs to know in order to take part. Markdown.", strawberry.UNSET)


@strawberry.input(description="What changes of a space; what is not given stays.")
class UpdateSpaceInput:
    space: strawberry.ID = id_of("The space.", Space)
    title: str | None = value("Its title.", strawberry.UNSET)
    access: SpaceAccess | None = value("Who may read it.", strawberry.UNSET)
    moderates_first: bool | None = value("Whether a moderator reads contributions first.", strawberry.UNSET)
    ends_at: datetime | None = value("When it ends; only while it is a draft.", strawberry.UNSET)
    results_due_at: datetime | None = value("Until when its results are to be published.", strawberry.UNSET)
    locale: Locale | None = value("The language of these texts: the instance's own if not said.", strawberry.UNSET)
    summary: str | None = value("What it is about, in a few words.", strawberry.UNSET)
    modalities: str | None = value("Its rules. Markdown.", strawberry.UNSET)
    information: str | None = value("What one needs to know in order to take part. Markdown.", strawberry.UNSET)
    results: str | None = value("What came of it. Markdown.", strawberry.UNSET)


@strawberry.input(description="Which space.")
class SpaceInput:
    space: strawberry.ID = id_of("The space.", Space)


@strawberry.input(description="How much longer, and why.")
class ExtendSpaceInput:
    space: strawberry.ID = id_of("The space.", Space)
    ends_at: datetime = value("When it ends now: later than before.")
    reason: str = value("Why, in public.")


@strawberry.input(description="Who has which role where.")
class RoleInput:
    space: strawberry.ID = id_of("The space; the root for the whole instance.", Space)
    participant: strawberry.ID = id_of("The participant.", Participant)
    role: RoleName = value("The role.")


@strawberry.input(description="Which plugins are active.")
class SetPluginsInput:
    space: strawberry.ID = id_of("The space.", Space)
    plugins: list[str] = value("Their names: active here and below, beside those that are active above.")


def _change(description: str, rule: Any, input: type, verb: str) -> Any:
    return mutation(description, rule, input, action=f"space.{verb}")


@strawberry.type
class OnMutation:
    create_space: Space = _change("Create a space, as a draft.", rules.create, CreateSpaceInput, "create")
    update_space: Space = _change("Change a space.", rules.update, UpdateSpaceInput, "update")
    open_space: Space = _change("Open a space for contributions.", rules.open_, SpaceInput, "open")
    close_space: Space = _change("Close a space before its end.", rules.close, SpaceInput, "close")
    extend_space: Space = _change("Give a space more time, or open it again.", rules.extend, ExtendSpaceInput, "extend")
    archive_space: Space = _change("Put a space away, for reading only.", rules.archive, SpaceInput, "archive")
    join_space: Space = _change("Become a member of a public space.", roles.join, SpaceInput, "join")
    leave_space: Space = _change("Give up one's membership.", roles.leave, SpaceInput, "leave")
    grant_role: Space = _change("Give someone a role in a space and below.", roles.grant, RoleInput, "grant_role")
    revoke_role: Space = _change("Take a role back.", roles.revoke, RoleInput, "grant_role")
    set_plugins: Space = _change("Say which plugins are active.", rules.set_plugins, SetPluginsInput, "set_plugins")


@strawberry.type
class OnSubscription:
    activity: Activity = live("What happens in a space and below, as it happens.")
