"""`hemicycle import jsonl`: what a person types, and what they read afterwards."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from hemicycle.api import answer, console, opened, run
from hemicycle_exchange.mapping import Mapping, read_mapping
from hemicycle_exchange.rules import Report, import_file

SHOWN = 20  # lines that are told to a person; --json has them all


def add(group: typer.Typer) -> None:
    """Put the command into `hemicycle import`."""
    group.command("jsonl")(jsonl)


def jsonl(
    file: Annotated[Path, typer.Argument(help="A file with one JSON object on each line.")],
    mapping: Annotated[Path, typer.Option(help="A YAML file that says which field means what.")],
    space: Annotated[str, typer.Option(help="The slug of the space to put it in.")],
    create_space: Annotated[bool, typer.Option("--create-space", help="Make the space if there is none.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would come of it; write nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Import contributions from a file of JSON lines: all of it, or nothing if one line is wrong.

    A second time changes nothing: what was imported once is known by its origin.
    """
    report = run(_import(file, read_mapping(mapping), space, create_space=create_space, dry_run=dry_run))
    if as_json:
        answer(report.as_json(), as_json)
    else:
        _tell(report)
    if not report.done:
        raise typer.Exit(1)


async def _import(file: Path, mapping: Mapping, space: str, *, create_space: bool, dry_run: bool) -> Report:
    async with opened() as app:
        with Progress(console=console, transient=True) as bar:
            task = bar.add_task("Importing", total=None)
            return await import_file(
                app, file, mapping, space=space, create_space=create_space, dry_run=dry_run,
                progress=lambda written, of: bar.update(task, completed=written, total=of),
            )  # fmt: skip


def _tell(report: Report) -> None:
    """The report in sentences."""
    told, twice = report.as_json(), report.reading.duplicates
    wrong = [f"line {line}: {problem}" for line, problem in report.refused]
    wrong += [f"line {line}: its id {key} came before, in line {first}" for line, first, key in twice]
    lines = wrong[:SHOWN]
    if len(wrong) > SHOWN:
        lines.append(f"… and {len(wrong) - SHOWN} more; --json has them all")
    if wrong:
        lines.append(f"{len(wrong)} of {report.reading.lines} lines are wrong. Nothing was imported: mend them first.")
    else:
        verb = "would be imported (this was a dry run)" if report.dry_run else "imported"
        lines.append(f"{told['created']} {verb} into {report.space}, {told['unchanged']} known before")
    lines.append(f"kept: {', '.join(told['kept'])}")
    if told["absent"]:
        lines.append(f"the mapping names what no line has: {', '.join(told['absent'])}")
    for one in told["lost"]:
        where = f"in {one['count']} lines" if one["count"] else "empty everywhere"
        why = "" if one["known"] else " (the mapping does not know it)"
        lines.append(f"not kept: {one['field']}, {where}{why}")
    console.print("\n".join(lines), highlight=False, markup=False, soft_wrap=True)
