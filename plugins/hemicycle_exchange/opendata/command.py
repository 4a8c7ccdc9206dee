"""`hemicycle export open-data`: what a person types, and what they read afterwards."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress

from hemicycle.api import answer, console, opened, run
from hemicycle_exchange.opendata.arrivals import Returned
from hemicycle_exchange.opendata.returning import bring_back
from hemicycle_exchange.opendata.rules import export

SHOWN = 20  # lines that are told to a person; --json has them all
app = typer.Typer(help="Take data away.", no_args_is_help=True)


@app.command("open-data")
def open_data(
    folder: Annotated[Path, typer.Argument(help="A folder that is not there yet.")],
    force: Annotated[bool, typer.Option("--force", help="In place of a folder that is there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Write what anyone may take away, while the instance runs: each table as CSV and JSON lines, with its schema."""
    said = run(_export(folder, force))
    if as_json:
        answer(said, as_json)
        return
    lines = [f"{name}: {one['rows']} rows" for name, one in said["tables"].items()]
    lines += [f"{one['suppressed']} small counts of people are left out of {name}"
              for name, one in said["tables"].items() if one["suppressed"]]  # fmt: skip
    lines.append(f"Wrote {folder}: read its README.md first.")
    console.print("\n".join(lines), highlight=False, markup=False, soft_wrap=True)


def add(group: typer.Typer) -> None:
    """Put the way back into `hemicycle import`."""
    group.command("open-data")(import_open_data)


def import_open_data(
    folder: Annotated[Path, typer.Argument(help="What `hemicycle export open-data` wrote.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would come of it; write nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Bring what was exported into this instance: spaces, contributions, what became of them. What is here stays.

    Its authors are the pseudonyms of the export, for no person is named in it.
    """
    report = run(_import(folder, dry_run))
    said = report.as_json()
    if as_json:
        answer(said, as_json)
        return
    verb = "would be kept (this was a dry run)" if dry_run else "are kept"
    of = report.contributions
    became = f"{of.created} new, {of.edited} changed, {of.unchanged} known before"
    lines = [f"{of.kept} contributions {verb}: {became}; {report.spaces_created} new spaces"]
    lines += [f"{name}: {one.kept} rows {verb}: {one.created} new, {one.unchanged} known before"
              for name, one in report.tables.items() if one.read]  # fmt: skip
    lines += [f"not brought back: {rows} rows of {name}: {why}" for name, (rows, why) in report.left.items()]
    lines += [f"lost: {one['table']}, line {one['line']}, {one['id'] or '(no id)'}: {one['reason']}"
              for one in said["lost"][:SHOWN]]  # fmt: skip
    if len(said["lost"]) > SHOWN:
        lines.append(f"… and {len(said['lost']) - SHOWN} more are lost; --json has them all")
    console.print("\n".join(lines), highlight=False, markup=False, soft_wrap=True)


@app.callback()
def _group() -> None:
    """Take data away."""


async def _export(folder: Path, force: bool) -> dict[str, Any]:
    async with opened() as application:
        with Progress(console=console, transient=True) as bar:
            tasks: dict[str, Any] = {}

            def tell(table: str, written: int, of: int) -> None:
                if table not in tasks:
                    tasks[table] = bar.add_task(table, total=of)
                bar.update(tasks[table], completed=written)

            written = await export(application, folder, force=force, progress=tell)
    return {
        "folder": str(folder),
        "tables": {one.table.name: {"rows": one.rows, "suppressed": one.suppressed} for one in written},
    }


async def _import(folder: Path, dry_run: bool) -> Returned:
    async with opened() as application:
        with Progress(console=console, transient=True) as bar:
            task = bar.add_task("Importing", total=None)
            return await bring_back(
                application, folder, dry_run=dry_run,
                progress=lambda written, of: bar.update(task, completed=written, total=of),
            )  # fmt: skip
