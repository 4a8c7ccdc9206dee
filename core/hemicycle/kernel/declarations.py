"""What modules and plugins declare: plain data, collected at start by the hooks of `hookspecs.py`."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Select

if TYPE_CHECKING:
    from starlette.routing import BaseRoute
    from typer import Typer

    from hemicycle.kernel.application import Application
    from hemicycle.kernel.db.session import Session

Test = ColumnElement[bool]


@dataclass(frozen=True)
class Declared:
    """Something with a name, unique among its kind in one application, and a description in plain English."""

    name: str
    description: str


@dataclass(frozen=True)
class PluginInfo:
    """What a plugin says of itself. `requires` must be enabled too; `uses` are there or not."""

    label: str
    description: str = ""
    requires: Sequence[str] = ()
    uses: Sequence[str] = ()
    settings: type[BaseModel] | None = None


@dataclass(frozen=True)
class Role(Declared):
    """Who someone is in a space and below. Granted there; or, if `implied` is given, true of whoever it is true of."""

    includes: Sequence[str] = ()  # a role that has all that these have
    granted_by: Sequence[str] = ()  # roles whose holders may grant it and take it back
    implied: Callable[[], Test] | None = None


@dataclass(frozen=True)
class Action(Declared):
    """Something that a person does to a row of the table `on`: `contribution.hide`, in GraphQL `CONTRIBUTION_HIDE`.

    Who has it by default: the holders of `roles`, and, with `own`, whoever the row belongs to; all of them only
    where every one of `criteria` (name, parameters) holds of them. `not_own`: nobody does it to what is their own,
    whatever their role. When: in these `states` of the row.
    """

    on: type | None = None  # the table; Supportable: every table that is declared so, in its states; None: no table
    roles: Sequence[str] = ()
    own: bool = False
    not_own: bool = False
    states: Sequence[str] = ()
    criteria: Sequence[tuple[str, dict[str, Any]]] = ()

    @property
    def owner(self) -> str:
        return self.name.partition(".")[0]


@dataclass(frozen=True)
class Criterion(Declared):
    """A named condition on a participant: `test(participant's id, parameters)` is an SQL predicate."""

    test: Callable[[ColumnElement[UUID], Any], Test] = field(kw_only=True)
    parameters: type[BaseModel] | None = None


@dataclass(frozen=True)
class SpaceKind(Declared):
    """A sort of space: PROGRAMME, WORKSHOP, PANEL…"""


@dataclass(frozen=True)
class ContributionKind(Declared):
    """A sort of contribution: IDEA, QUESTION, PROPOSAL…; `reply` if it answers another one."""

    reply: bool = False


@dataclass(frozen=True)
class Event(Declared):
    """Something that happened. A public one is told in the activity of its space.

    `english` and `french` are sentences about `{actor}`, `{subject}` and `{reason}`.
    """

    english: str = field(kw_only=True)
    french: str = field(kw_only=True)
    public: bool = True

    def sentence(self, locale: str, *, actor: str, subject: str, reason: str) -> str:
        """What happened, in this locale. actor: empty if nobody is named; reason: empty if none was given."""
        english = locale == "en"
        nobody = "someone" if english else "quelqu’un"
        text = self.english if english else self.french
        return text.format(actor=actor or nobody, subject=subject, reason=reason or "—")


@dataclass(frozen=True)
class Occurrence:
    """One event that happened, as handlers and subscriptions get it: ids only, never a text."""

    id: UUID
    event: str
    at: datetime
    actor_id: UUID | None
    space_id: UUID | None
    subject_type: str
    subject_id: UUID


@dataclass(frozen=True)
class Handler(Declared):
    """What is done after `event` was committed: at least once, alone, retried with back-off when it fails.

    event: its name; None: every public event, of whatever module.
    outward: it reaches people or machines outside, and nothing else depends on it. Where a backup is restored, what
    was due is not done again.
    """

    event: str | None = field(kw_only=True)
    run: Callable[["Application", Occurrence], Awaitable[None]] = field(kw_only=True)
    timeout: timedelta = timedelta(seconds=30)
    outward: bool = False


@dataclass(frozen=True)
class Job(Declared):
    """Work for later. With `every` it is a timer; otherwise rules put it in the queue with `session.enqueue`.

    `run(app, argument)`: the argument is an id or a short code, never a text. It may run twice: make that harmless.
    It shares a process and its loop with other jobs: where one computes for 15 seconds without an `await`, all of them
    are killed, and come again. So what is heavy runs in a process of its own (`asyncio.create_subprocess_exec`).
    outward: as of a Handler. aside: it waits for servers of other people; such jobs have places of their own, so that
    mail and timers never wait for them.
    """

    run: Callable[["Application", str], Awaitable[None]] = field(kw_only=True)
    every: timedelta | None = None
    timeout: timedelta = timedelta(minutes=5)
    outward: bool = False
    aside: bool = False


@dataclass(frozen=True)
class PersonalData(Declared):
    """One column about a person; `name` is `table.column`. Kept in the database too, so that export and erasure
    work when the package is gone.

    owner: the column of the table that holds the participant's id; or, with `through` = (column, table), the
    column of that other table, whose primary key `column` holds. erase: what erasing does to it: NULL the value,
    BLANK it (""), DELETE the row, or KEEP it (it only says who; the identity behind it goes). content: only where
    the person asks for their content to go too.
    """

    owner: str = field(kw_only=True)
    erase: Literal["NULL", "BLANK", "DELETE", "KEEP"] = field(kw_only=True)
    through: tuple[str, str] | None = None
    content: bool = False
    export: bool = True

    @property
    def table(self) -> str:
        return self.name.partition(".")[0]

    @property
    def column(self) -> str:
        return self.name.partition(".")[2]


@dataclass(frozen=True)
class WayBack:
    """How the lines of an open-data table become rows of `into` in another instance, each of them one row.

    refs: the columns with ids of lines of open-data tables, each with its table: those lines come first.
    part_of: the one of these that names what it is a part of, and comes with; without it, a line is known again by its
    `id`. What was here before stays as it is, with all its parts.
    people: the columns with pseudonyms, each with the column that names the structure, where it was one.
    row(values): the row, where it is not just the columns of the same names. The values have the types of the query;
    what `refs` and `people` name are ids of this instance, and `id` is none of them. Refused if it may not be kept:
    then the line is lost, and the report names it.
    """

    into: type
    refs: Mapping[str, str] = field(default_factory=dict)
    part_of: str | None = None
    people: Mapping[str, str] = field(default_factory=dict)
    row: Callable[[dict[str, Any]], Any] | None = None


@dataclass(frozen=True)
class OpenData(Declared):
    """A table that anyone may take away: `query()` selects what is public, and its columns are described.

    on: the table whose rows these are, if it has a GraphQL type: what a visitor does not see there does not leave
    either, be it hidden, or of a plugin that is not active in its space. `query()` selects from it as it is, under no
    alias.
    people: columns that count people; a count that is so small that it could tell who they are does not leave.
    pseudonyms: columns with the id of a person, each with the column of the space in which it was said. What leaves is
    a pseudonym: the same for all that they said in that space, another one in every other space.
    way_back: how its lines come back, or why they do not.
    """

    query: Callable[[], Select[Any]] = field(kw_only=True)
    columns: dict[str, str] = field(kw_only=True)  # label -> description
    on: type | None = None
    people: Sequence[str] = ()
    pseudonyms: Mapping[str, str] = field(default_factory=dict)
    way_back: WayBack | str = "It is there to be read: its plugin declares no way back."


@dataclass(frozen=True)
class Searchable(Declared):
    """Rows of the table `on` whose words are found by `search`; `name` is their GraphQL type.

    The rules that write a text hand it to `search_index.put`, and take it out with `search_index.remove`. query()
    selects the id of each row and its texts, for `hemicycle db reindex`; without it their words stay as they were put.
    """

    on: type = field(kw_only=True)
    query: Callable[[], Select[Any]] | None = None


@dataclass(frozen=True)
class Supportable(Declared):
    """A GraphQL type (`name`) whose objects people may support, in these `states` of its table `on`."""

    on: type = field(kw_only=True)
    states: Sequence[str] = ()


@dataclass(frozen=True)
class Figure(Declared):
    """A number for dashboards, which `figures(space:)` tells.

    `query(space id)` selects one number of the subtree, as far as the viewer reads it (VIEWER is bound).
    """

    query: Callable[[ColumnElement[UUID]], Select[Any]] = field(kw_only=True)


@dataclass(frozen=True)
class Importer(Declared):
    """A format that `hemicycle import NAME` reads."""

    add: Callable[["Typer"], None] = field(kw_only=True)


@dataclass(frozen=True)
class Finding:
    """What `hemicycle check` says: unsafe or missing things fail it, others are advice."""

    message: str
    remedy: str
    serious: bool = True


@dataclass(frozen=True)
class Check(Declared):
    """A look at the instance for `hemicycle check`."""

    run: Callable[["Application"], AsyncIterator[Finding]] = field(kw_only=True)


@dataclass(frozen=True)
class KeptApart(Declared):
    """A file or folder outside the database, which a backup does not hold: `hemicycle backup` says so.

    The description says what it is, and whether to save it, apart from the backups. where: its path.
    """

    where: Callable[["Application"], Path] = field(kw_only=True)


@dataclass(frozen=True)
class Sample(Declared):
    """How to make a row for tests; `name` is `Type` or `Type:STATE`. Without samples no conformance kit can work.

    `make(session, world)` returns the new row's id; `world` has the ids that earlier samples made, by name.
    """

    make: Callable[["Session", dict[str, UUID]], Awaitable[UUID]] = field(kw_only=True)


@dataclass(frozen=True)
class Commands:
    """Commands under `hemicycle NAME …`."""

    name: str
    app: "Typer"


@dataclass(frozen=True)
class Routes:
    """Paths of the web application, all below `/NAME/`."""

    name: str
    routes: Sequence["BaseRoute"]


@dataclass(frozen=True)
class Placed:
    """What the example instance has of the core, by the keys of its files: slugs of spaces, keys of the others."""

    spaces: Mapping[str, UUID]
    participants: Mapping[str, UUID]
    contributions: Mapping[str, UUID]


@dataclass(frozen=True)
class Example:
    """What a plugin shows in the example instance (`hemicycle demo`), of the file that is named like the plugin.

    `load(app, placed, said)` loads it, once: `said` is the file, parsed. In one transaction; or else it may come again
    after a failure, so make that harmless. `tell(app)`: numbers for `hemicycle demo --json`, asked each time.
    """

    load: Callable[["Application", Placed, dict[str, Any]], Awaitable[None]]
    tell: Callable[["Application"], Awaitable[dict[str, Any]]]
