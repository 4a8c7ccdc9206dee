"""Put the commands together: the core's own, and those of the enabled plugins."""

import gc
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from hemicycle import __version__
from hemicycle.kernel.errors import Refused, StartupError
from hemicycle.kernel.settings import CONFIG

app = typer.Typer(
    name="hemicycle", help="Public deliberation on a GraphQL API.", no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False,
)  # fmt: skip


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"hemicycle {__version__}")
        raise typer.Exit


@app.callback()
def common(
    config: Annotated[
        Path | None, typer.Option("--config", "-c", help="The settings: hemicycle.toml of this folder, if not said.")
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say it, and stop.")
    ] = False,
) -> None:
    """What every command takes."""
    if config is not None:
        os.environ[CONFIG] = str(config.resolve())


def main() -> None:
    """The entry point. What cannot be done is said in a sentence, and the exit code is 1."""
    gc.disable()  # what is imported stays: to look through it while it comes in took a fifth of every start
    try:
        assemble(sys.argv[1:])
        gc.freeze()
        gc.enable()
        app()
    except (StartupError, Refused) as error:
        typer.echo(f"hemicycle: {error}", err=True)
        raise SystemExit(1) from None


def assemble(arguments: list[str]) -> None:
    """Add every command to `app`: the core's own, and those of the enabled plugins (which `init` needs not)."""
    from hemicycle.cli import admin, backup, check, db, demo, instance, plugin, serve, token, work

    for command in (serve.serve, work.work, demo.demo, check.check, admin.admin, backup.backup, backup.restore,
                    instance.init, instance.plugins):  # fmt: skip
        app.command()(command)
    importing = typer.Typer(help="Bring in what was said elsewhere.", no_args_is_help=True)
    for name, group in (("db", db.app), ("plugin", plugin.app), ("schema", instance.schema), ("token", token.app),
                        ("import", importing)):  # fmt: skip
        app.add_typer(group, name=name)
    if arguments[:1] != ["init"]:
        _add_plugins(importing)


def _add_plugins(importing: typer.Typer) -> None:
    """What plugins bring. A broken one must not keep `check` from saying what is wrong."""
    from hemicycle.app import CORE
    from hemicycle.kernel.declarations import Commands, Importer
    from hemicycle.kernel.plugins import Plugins
    from hemicycle.kernel.settings import load

    try:
        declared = Plugins(CORE, load().plugins).declarations()
    except StartupError as error:
        typer.echo(f"hemicycle: {error}", err=True)
        return
    for commands in declared[Commands].values():
        app.add_typer(commands.app, name=commands.name)
    for importer in declared[Importer].values():
        importer.add(importing)
