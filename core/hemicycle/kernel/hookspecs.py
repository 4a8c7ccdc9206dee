"""Every question that is asked of a core module or a plugin. One function per question; answer what you need.

A plugin is a Python package with these functions in its `__init__.py`, each marked with `@hookimpl`. Answers are lists
of the dataclasses of `declarations.py`. Plain ones are asked once, at start; the `async` ones while the instance runs.
"""

# mypy: disable-error-code="empty-body"

from typing import TYPE_CHECKING, Any

from pluggy import HookimplMarker, HookspecMarker

from hemicycle.kernel.access.actor import Actor
from hemicycle.kernel.declarations import (
    Action,
    Check,
    Commands,
    ContributionKind,
    Criterion,
    Declared,
    Event,
    Example,
    Figure,
    Handler,
    Importer,
    Job,
    KeptApart,
    OpenData,
    PersonalData,
    PluginInfo,
    Role,
    Routes,
    Sample,
    Searchable,
    SpaceKind,
    Supportable,
)
from hemicycle.kernel.graphql.parts import SchemaPart

if TYPE_CHECKING:
    from hemicycle.kernel.access.policy import Scopes
    from hemicycle.kernel.application import Application

hookspec = HookspecMarker("hemicycle")
hookimpl = HookimplMarker("hemicycle")


@hookspec
def describe_plugin() -> PluginInfo:
    """Say what the plugin is called, what it requires, and which settings it takes."""


@hookspec
def extend_schema(declared: Any) -> SchemaPart:
    """Return what it adds to the GraphQL schema. `declared` holds every module's declarations (`declared[Action]`)."""


@hookspec
def declare_roles() -> list[Role]:
    """Return the roles that it knows."""


@hookspec
def declare_actions() -> list[Action]:
    """Return what people may do, to what, who by default, and in which states."""


@hookspec
def declare_criteria() -> list[Criterion]:
    """Return conditions on participants that actions and rules may ask for."""


@hookspec
def declare_space_kinds() -> list[SpaceKind]:
    """Return the sorts of spaces that it brings."""


@hookspec
def declare_contribution_kinds() -> list[ContributionKind]:
    """Return the sorts of contributions that it brings."""


@hookspec
def declare_events() -> list[Event]:
    """Return what may happen, and how it is told."""


@hookspec
def declare_handlers() -> list[Handler]:
    """Return what is to be done after an event was committed."""


@hookspec
def declare_jobs() -> list[Job]:
    """Return its work for later and its timers."""


@hookspec
def declare_personal_data() -> list[PersonalData]:
    """Return every column of its tables that is about a person, and what erasing does to it."""


@hookspec
def declare_open_data() -> list[OpenData]:
    """Return the tables that anyone may take away."""


@hookspec
def declare_searchable() -> list[Searchable]:
    """Return the types whose words `search` finds."""


@hookspec
def declare_supportable() -> list[Supportable]:
    """Return the types whose objects may be supported."""


@hookspec
def declare_figures() -> list[Figure]:
    """Return numbers for dashboards, each with the query that makes it."""


@hookspec
def declare_for_others() -> list[Declared]:
    """Return what another plugin asks for: declarations of a kind of its own, derived from `Declared`."""


@hookspec
def declare_checks() -> list[Check]:
    """Return what `hemicycle check` should look at."""


@hookspec
def declare_kept_apart() -> list[KeptApart]:
    """Return the files that it keeps outside the database, such as keys."""


@hookspec
def declare_samples() -> list[Sample]:
    """Return a factory for each type and state, for tests."""


@hookspec
def provide_example() -> Example:
    """Say how `hemicycle demo` shows it: what it loads into the example instance, and what it tells of it."""


@hookspec
def add_importers() -> list[Importer]:
    """Return formats that `hemicycle import` reads."""


@hookspec
def add_commands() -> list[Commands]:
    """Return commands for the command line."""


@hookspec
def add_routes() -> list[Routes]:
    """Return paths for the web application."""


@hookspec(firstresult=True)
def provide_scopes() -> "Scopes":
    """Say where roles and activations hold. One module answers: the one that owns the tree of spaces."""


@hookspec
async def identify_actor(app: "Application", credential: str) -> Actor | None:
    """Return who stands behind a session's or a token's secret; None if it is not one of yours."""


@hookspec
async def start_up(app: "Application") -> None:
    """Called when the application starts to serve, and in each process that runs jobs before it does."""


@hookspec
async def shut_down(app: "Application") -> None:
    """Called before such a process stops; also where one of `start_up` failed."""


@hookspec
async def settle_restored(app: "Application") -> dict[str, int]:
    """Called over a database that was read from a backup, before anyone uses it: end what must not live again, and
    see that what was sent is not sent again. Return what was done, in words, and how many times."""
