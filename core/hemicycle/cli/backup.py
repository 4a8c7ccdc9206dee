"""`hemicycle backup` and `hemicycle restore`: one file that holds one moment of an instance."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress

from hemicycle.app import CORE, build
from hemicycle.kernel.application import Application
from hemicycle.kernel.backup import archive
from hemicycle.kernel.backup.restore import Wanted, look
from hemicycle.kernel.backup.restore import restore as put_back
from hemicycle.kernel.backup.take import take
from hemicycle.kernel.db.owners import CORE as CORE_OWNER
from hemicycle.kernel.db.owners import Owner, owners_of
from hemicycle.kernel.declarations import KeptApart
from hemicycle.kernel.plugins import Plugins
from hemicycle.kernel.settings import load, place
from hemicycle.running import answer, console, run

Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
ERASURES = "Who had themselves erased: save it after each backup, apart; a restore needs the newest."
SETTINGS = "The settings, with the secret key: save them once, apart."


def backup(
    file: Annotated[Path, typer.Argument(help="Where to; its owner alone can read it.")],
    force: Annotated[bool, typer.Option("--force", help="In place of a file that is there.")] = False,
    as_json: Json = False,
) -> None:
    """Write all that the database holds into one file, while the instance runs."""
    said = run(_backup(file, force))
    if as_json:
        answer(said, as_json)
        return
    shown = f"{said['rows']} rows, {said['bytes']} bytes, SHA-256 {said['sha256']}"
    _say(f"Wrote {file}: {shown}.\nIt holds personal data: encrypt it where others could read it.\nNot in it:")
    for one in said["not_in_it"]:
        _say(f"  {one['where']}\n    {one['what']}")


def restore(
    file: Annotated[Path, typer.Argument(help="What `hemicycle backup` wrote, from SQLite or PostgreSQL.")],
    yes: Annotated[bool, typer.Option("--yes", help="Replace what the database holds.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Only say whether it could be restored here.")] = False,
    without: Annotated[list[str] | None, typer.Option(help="Leave a plugin's tables out; may be said again.")] = None,
    without_erasures: Annotated[
        bool, typer.Option("--without-erasures", help="The file of erasures is lost: bring back who went.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Put a backup in the place of what the database holds. Nothing may run meanwhile."""
    wanted = Wanted(file, yes, frozenset(without or ()), without_erasures)
    if CORE_OWNER in wanted.without:
        raise typer.BadParameter("the core cannot be left out")
    said = run(_restore(wanted, check))
    answer(said, as_json)
    if not as_json and not check:
        _say("Next: `hemicycle check` (are the keys of open polls there?), then `hemicycle serve`.")


async def _backup(file: Path, force: bool) -> dict[str, Any]:
    app = build(load())
    try:
        with _bar("Writing") as progress:
            said = await take(app, file, force=force, progress=progress)
        return said | {"not_in_it": _apart(app)}
    finally:
        await app.close()


async def _restore(wanted: Wanted, only_look: bool) -> dict[str, Any]:
    app = build(load())
    try:
        enabled = owners_of(app.plugins)
        owners = _owners(app, wanted, enabled)
        if only_look:
            said = look(app, owners, wanted)
            return said._asdict() | {"rows": sum(said.rows.values())}
        with _bar("Reading") as progress:
            return await put_back(app, owners, enabled, wanted, progress)
    finally:
        await app.close()


def _owners(app: Application, wanted: Wanted, enabled: list[Owner]) -> list[Owner]:
    """The owners of tables here, and those of the backup that are installed and not enabled."""
    named = {name for name in archive.header(wanted.file).heads if name != CORE_OWNER and name not in wanted.without}
    more = sorted(named - {one.name for one in enabled})
    return owners_of(Plugins(CORE, [*app.settings.plugins, *more])) if more else enabled


def _apart(app: Application) -> list[dict[str, str]]:
    """What an instance needs that is not in its database."""
    said = [(place() or Path("hemicycle.toml"), SETTINGS), (app.settings.erasure_journal, ERASURES)]
    said += [(one.where(app), one.description) for one in app.declared[KeptApart].values()]
    return [{"where": str(where.resolve()), "what": what} for where, what in said]


@contextmanager
def _bar(told: str) -> Iterator[Callable[[int, int], None]]:
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task(told, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def _say(words: str) -> None:
    console.print(words, highlight=False, markup=False, soft_wrap=True)
