"""`hemicycle db …`: make, change and remove the tables of the core and of each plugin."""

import importlib.util
import subprocess
import sys
from typing import Annotated, Any

import typer
from rich.progress import Progress

from hemicycle.app import CORE
from hemicycle.kernel.db import migrations
from hemicycle.kernel.db.migrations import Owner, owners_of
from hemicycle.kernel.errors import StartupError
from hemicycle.kernel.plugins import Plugins
from hemicycle.kernel.search.rebuild import rebuild
from hemicycle.kernel.settings import load
from hemicycle.running import answer, console, opened, run

app = typer.Typer(help="Make, change and remove tables.", no_args_is_help=True)
To = Annotated[str, typer.Argument(help="Its id, or `base` for no table at all.")]
Whose = Annotated[str, typer.Argument(help="`core`, or the name of a plugin.", metavar="OWNER")]


@app.command()
def upgrade() -> None:
    """Bring all tables to what the installed code needs. Back up first."""
    url, owners = _opened()
    done = migrations.upgrade(url, owners)
    for owner, before, after in done:
        _say(f"{owner}: {before or 'nothing'} → {after}")
    if not done:
        _say("All tables are the current ones.")


@app.command()
def downgrade(
    owner: Whose, revision: Annotated[str, typer.Argument(help="Its id, or `base` for no table at all.")]
) -> None:
    """Take the tables of one owner back to an earlier revision."""
    url, owners = _opened()
    migrations.downgrade(url, owners, owner, revision)
    _say(f"{owner}: now at {revision}")


@app.command()
def revision(owner: Whose, message: Annotated[str, typer.Argument(help="What it does, in a few words.")]) -> None:
    """Write the next migration: what the models have and the migrations have not. For whoever writes code."""
    _, owners = _opened()
    made = migrations.revision(owners, owner, message)
    if importlib.util.find_spec("ruff"):  # who keeps a format has it
        subprocess.run(
            [sys.executable, "-m", "ruff", "format", "--quiet", "--no-cache", made.name], cwd=made.parent, check=False
        )
    _say(f"Wrote {made}. Read it, correct it where it guesses, then `hemicycle db upgrade`.")


@app.command()
def purge(
    plugin: Annotated[str, typer.Argument(help="Its name; its package may be gone.")],
    yes: Annotated[bool, typer.Option("--yes", help="Really.")] = False,
) -> None:
    """Drop all tables of a plugin, with everything in them."""
    if not yes:
        raise StartupError(f"This destroys all that {plugin} keeps. Back up, then say it again with --yes.")
    url, owners = _opened()
    gone = migrations.purge(url, owners, plugin)
    _say(f"Dropped {', '.join(gone)}.")
    if any(one.name == plugin for one in owners):
        _say(f"Take {plugin!r} out of `plugins` in the settings, or `hemicycle db upgrade` makes its tables anew.")


@app.command()
def reindex(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Read the words of all that `search` finds anew: where an upgrade says so."""
    answer(run(_reindex()), as_json)


async def _reindex() -> dict[str, Any]:
    async with opened() as instance:
        with Progress(console=console, transient=True) as bar:
            task = bar.add_task("Reading", total=None)
            done = await rebuild(instance, lambda read, of: bar.update(task, completed=read, total=of))
    kept = [name for name, number in done.items() if number is None]
    return {"read": {name: number for name, number in done.items() if number is not None}, "kept_as_they_were": kept}


@app.command()
def status() -> None:
    """Say how far the tables of each owner are. It exits 1 if they are not the current ones."""
    url, owners = _opened()
    found = migrations.state(url, owners)
    for name, current, head in found:
        told = "current" if current == head else f"needs {head}: run `hemicycle db upgrade`"
        typer.echo(f"{name}\t{current or '-'}\t{told}")
    for name in migrations.left_behind(url, owners):
        typer.echo(f"{name}\t-\tnot enabled: its tables stay, until `hemicycle db purge {name} --yes`")
    if any(current != head for _, current, head in found):
        raise typer.Exit(1)


def _opened() -> tuple[str, list[Owner]]:
    settings = load()
    return settings.database_url, owners_of(Plugins(CORE, settings.plugins))


def _say(words: str) -> None:
    console.print(words, highlight=False, markup=False, soft_wrap=True)
