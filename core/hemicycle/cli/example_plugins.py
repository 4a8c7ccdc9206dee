"""What each enabled plugin shows in the example instance: loaded once, also where the plugin was enabled later."""

from pathlib import Path
from typing import Any
from uuid import UUID

from hemicycle.cli import example
from hemicycle.kernel.application import Application
from hemicycle.kernel.declarations import Example
from hemicycle.kernel.errors import Refused, StartupError
from hemicycle.participants.models import OriginRow
from hemicycle.spaces.models import ActivationRow

MARK = "Plugin"  # the type of the origin row that says that what a plugin shows was loaded


async def load_into(app: Application, where: Path) -> list[str]:
    """Activate each plugin in the whole example, and load what it shows, where that was not done yet. Which ones."""
    placed = await example.placed(app, where)
    root = placed.spaces[example.ROOT]
    async with app.db.read() as connection:
        done = await example.origins(connection, MARK)
    known, loaded = _known(app), []
    for name in app.plugins.loaded:
        if name not in app.plugins.optional or name in done:
            continue
        await _activate(app, root, name)
        if name in known and (file := where / f"{name}.yaml").exists():
            try:
                await known[name].load(app, placed, example.read(file))
            except (Refused, KeyError) as error:
                raise StartupError(f"plugin {name}: its example {file} cannot be loaded: {_told(error)}") from error
            loaded.append(name)
        async with app.write() as session:
            session.add(OriginRow(type=MARK, system=example.SYSTEM_NAME, external_id=name, object_id=root))
    return loaded


async def told(app: Application, where: Path, taken: dict[str, Any]) -> dict[str, Any]:
    """What the plugins tell of what they show. taken: what is told already, by nobody else."""
    owners, said = dict.fromkeys(taken, "the core"), dict[str, Any]()
    for name, one in _known(app).items():
        if not (where / f"{name}.yaml").exists():
            continue
        for key, value in (await one.tell(app)).items():
            if (first := owners.setdefault(key, name)) != name:
                raise StartupError(f"plugin {name}: its example tells {key!r}, as {first} does: take another word")
            said[key] = value
    return said


def _known(app: Application) -> dict[str, Example]:
    known: dict[str, Example] = dict(app.plugins.ask("provide_example"))
    for name, one in known.items():
        if not isinstance(one, Example):
            raise StartupError(f"plugin {name}: provide_example must return an Example, not {one!r}")
    return known


async def _activate(app: Application, root: UUID, name: str) -> None:
    async with app.write() as session:
        await session.add_once(ActivationRow(space_id=root, plugin=name))


def _told(error: Exception) -> str:
    return error.message if isinstance(error, Refused) else f"{error} is not there."
