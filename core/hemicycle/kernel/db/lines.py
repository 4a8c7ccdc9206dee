"""One owner's line of migrations, as Alembic knows it: how far the tables are, and how far they should be."""

import importlib.metadata
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations.ops import (
    CreateIndexOp,
    DropIndexOp,
    DropTableOp,
    MigrateOperation,
    MigrationScript,
    ModifyTableOps,
)
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from hemicycle.kernel.db.owners import CORE, Owner, names_in, owner_of
from hemicycle.kernel.db.types import metadata
from hemicycle.kernel.errors import StartupError
from hemicycle.kernel.plugins import GROUP

HERE = Path(__file__).parents[2] / "migrations"


class State(NamedTuple):
    """How far an owner's tables are, and how far they should be: ids of revisions, None before the first."""

    owner: str
    current: str | None
    head: str | None


def states(connection: Connection, owners: Sequence[Owner]) -> list[State]:
    """How far each owner's tables are."""

    def current(owner: Owner) -> str | None:
        known = MigrationContext.configure(connection, opts={"version_table": owner.version_table})
        return known.get_current_revision()

    return [State(one.name, current(one), script(one).get_current_head() if one.folder else None) for one in owners]


def mendable(connection: Connection, owners: Sequence[Owner]) -> list[State]:
    """How far each owner's tables are; StartupError where no upgrade can mend it."""
    found = states(connection, owners)
    for owner, (name, current, head) in zip(owners, found, strict=True):
        if head is None and current is None and owner.tables:
            raise StartupError(f"{name} declares tables and has no migration that makes them: write it with "
                               f"`hemicycle db revision {name} 'first tables'`.")  # fmt: skip
        known = {one.revision for one in script(owner).walk_revisions()} if owner.folder else set()
        if current is not None and current not in known:
            raise StartupError(f"The tables of {name} are newer ({current}) than its code ({head or 'no migration'}): "
                               f"upgrade the package {_package(name)}, or restore a backup.")  # fmt: skip
    return found


def script(owner: Owner) -> ScriptDirectory:
    """An owner's migrations; StartupError if they cannot be read, or do not follow each other."""
    try:
        found = ScriptDirectory.from_config(_config(owner))
        found.get_current_head()
    except Exception as error:
        raise StartupError(f"{owner.name}: its migrations in {owner.folder} cannot be read: {error}") from error
    return found


def run(connection: Connection, owner: Owner, command: Callable[..., Any], *given: Any, **more: Any) -> Any:
    """Run a command of Alembic for one owner, over a connection whose transaction is the caller's."""
    try:
        return command(_config(owner, connection), *given, **more)
    except Exception as error:
        told = getattr(error, "orig", None) or error
        raise StartupError(f"{owner.name}: the migration failed, and nothing was changed: {told}") from error


def options(connection: Connection, owner: Owner) -> dict[str, Any]:
    """How Alembic looks at the tables of one owner, and at no others."""
    installed = {one.name for one in importlib.metadata.entry_points(group=GROUP)}
    names = names_in(sa.inspect(connection).get_table_names()) | installed | {CORE, owner.name}

    def mine(name: str | None, kind: str) -> bool:
        return kind != "table" or owner_of(name or "", names) == owner.name

    return {
        "target_metadata": metadata,
        "version_table": owner.version_table,
        "include_name": lambda name, kind, _: mine(name, kind),
        "include_object": lambda _one, name, kind, *_: mine(name, kind),
        "render_item": _render,
        "render_as_batch": True,  # SQLite alters a table by making it anew
        "process_revision_directives": _without_detours,
    }


def _config(owner: Owner, connection: Connection | None = None) -> Config:
    config = Config(cmd_opts=Namespace(quiet=True))
    for name, value in (("script_location", HERE), ("version_locations", owner.folder), ("path_separator", "newline")):
        config.set_main_option(name, str(value).replace("%", "%%"))
    config.attributes.update(owner=owner, connection=connection)  # for `migrations/env.py`
    return config


def _package(name: str) -> str:
    entries = importlib.metadata.entry_points(group=GROUP, name=name)
    return next((one.dist.name for one in entries if one.dist is not None), "hemicycle")


def _without_detours(_context: object, _revision: object, directives: list[MigrationScript]) -> None:
    """Indexes are made and dropped without a copy of their table; those of a table that goes, go with it."""
    for script in directives:
        for side in (script.upgrade_ops, script.downgrade_ops):
            if side is not None:
                gone = {one.table_name for one in side.ops if isinstance(one, DropTableOp)}
                side.ops = [plain for one in side.ops for plain in _plain(one, gone)]


def _plain(one: MigrateOperation, gone: set[str]) -> Sequence[MigrateOperation]:
    if not isinstance(one, ModifyTableOps) or not all(isinstance(it, CreateIndexOp | DropIndexOp) for it in one.ops):
        return [one]
    return [] if one.table_name in gone else one.ops


def _render(kind: str, one: Any, _: object) -> str | bool:
    """Types as plain SQLAlchemy ones: a migration must not change when a class of ours does."""
    if kind != "type":
        return False
    plain = one.impl_instance if isinstance(one, sa.TypeDecorator) else one
    return "sa.JSON()" if isinstance(plain, sa.JSON) else f"sa.{plain!r}" if plain is not one else False
