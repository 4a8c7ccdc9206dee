"""Whose tables are whose: the core's start with `core_`, those of the plugin `votes` with `votes_`."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import SQLModel

from hemicycle.kernel.db.types import metadata
from hemicycle.kernel.declarations import PersonalData
from hemicycle.kernel.errors import StartupError
from hemicycle.kernel.plugins import Plugins
from hemicycle.kernel.search import ddl

CORE = "core"
VERSION_TABLE = "alembic_version"


@dataclass(frozen=True)
class Owner:
    """The core, or one plugin: its tables, and the folder of the migrations that make them (None: it has none)."""

    name: str
    folder: Path | None
    requires: Sequence[str] = ()
    personal: Sequence[PersonalData] = ()

    @property
    def version_table(self) -> str:
        return f"{self.name}_{VERSION_TABLE}"

    @property
    def tables(self) -> list[str]:
        """The names of the tables that its models declare."""
        return sorted(name for name in metadata.tables if name.startswith(f"{self.name}_"))


def owners_of(plugins: Plugins) -> list[Owner]:
    """The core and the enabled plugins, each after what it requires."""
    personal: dict[str, tuple[PersonalData, ...]] = {}
    for name, declared in plugins.ask("declare_personal_data"):
        whose = name if name in plugins.optional else CORE
        personal[whose] = (*personal.get(whose, ()), *declared)
    owners = [Owner(CORE, Path(__file__).parents[2] / "migrations" / "versions", (), personal.get(CORE, ()))]
    for one in plugins.loaded.values():
        if one.core:
            continue
        if one.name == CORE:
            raise StartupError(f"plugin {CORE}: that is the core's own name: call it otherwise")
        folders = getattr(one.module, "__path__", None)  # a plugin of one file brings no tables
        folder = Path(next(iter(folders))) / "migrations" / "versions" if folders else None
        owners.append(Owner(one.name, folder, one.info.requires, personal.get(one.name, ())))
    return owners


def owner_of(table: str, names: Iterable[str]) -> str | None:
    """Which of the owners `names` a table belongs to: the longest that fits. None: nobody's.

    Nor is the table of words anybody's: each database makes it in its own way, and no model describes it.
    """
    if table.startswith(ddl.TABLE):
        return None
    return max((name for name in names if table.startswith(f"{name}_")), key=len, default=None)


def tables_in(package: str) -> list[type[SQLModel]]:
    """The classes of tables that a Python package declares, in whatever module of it."""
    return [one for one in _models(SQLModel) if f"{one.__module__}.".startswith(f"{package}.")]


def _models(above: type[SQLModel]) -> Iterator[type[SQLModel]]:
    for one in above.__subclasses__():
        if hasattr(one, "__table__"):
            yield one
        yield from _models(one)


def names_in(tables: Iterable[str]) -> set[str]:
    """The owners that a database knows by their version tables, those whose package is gone included."""
    return {name.removesuffix(f"_{VERSION_TABLE}") for name in tables if name.endswith(f"_{VERSION_TABLE}")}


def find(owners: Iterable[Owner], name: str) -> Owner:
    """The owner of that name; StartupError if it is not enabled."""
    known = {one.name: one for one in owners}
    if name not in known:
        raise StartupError(f"There is no {name} among the owners of tables here: name one of {', '.join(known)}.")
    return known[name]
