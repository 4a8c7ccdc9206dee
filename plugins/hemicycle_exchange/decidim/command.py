"""`hemicycle import decidim`: what a person types, and what they read afterwards."""

from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.progress import Progress

from hemicycle.api import answer, console, opened, run
from hemicycle_exchange.decidim.report import Report
from hemicycle_exchange.decidim.rules import import_exports

SHOWN = 20  # rows that are told to a person; --json has them all


def add(group: typer.Typer) -> None:
    """Put the command into `hemicycle import`."""
    group.command("decidim")(decidim)


def decidim(
    files: Annotated[list[Path], typer.Argument(help="What Decidim exports: CSV, JSON, or a zip of them.")],
    space: Annotated[str, typer.Option(help="The slug of the space to put it in.")],
    create_space: Annotated[bool, typer.Option("--create-space", help="Make the space if there is none.")] = False,
    title: Annotated[str | None, typer.Option(help="What the new space is called.")] = None,
    host: Annotated[str | None, typer.Option(help="The host of the instance, for rows without an address.")] = None,
    timezone: Annotated[str, typer.Option(help="Of moments that have none.")] = "Europe/Paris",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would come of it; write nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Import proposals, debates and the comments on them from Decidim, in whatever order the files come.

    A second time changes nothing; a row that says something else becomes a new version. What cannot be kept is named.
    """
    report = run(_import(files, space, create_space, title, host, _zone(timezone), dry_run))
    if as_json:
        answer(report.as_json(), as_json)
    else:
        _tell(report)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise typer.BadParameter(f"there is no time zone {name!r} here; one is Europe/Paris") from None


async def _import(
    files: list[Path], space: str, create_space: bool, title: str | None, host: str | None, zone: ZoneInfo,
    dry_run: bool,
) -> Report:  # fmt: skip
    async with opened() as app:
        with Progress(console=console, transient=True) as bar:
            task = bar.add_task("Importing", total=None)
            return await import_exports(
                app, files, space=space, create_space=create_space, title=title, host=host, zone=zone, dry_run=dry_run,
                progress=lambda written, of: bar.update(task, completed=written, total=of),
            )  # fmt: skip


def _tell(report: Report) -> None:
    """The report in sentences."""
    told: dict[str, Any] = report.as_json()
    verb = "would be kept (this was a dry run)" if report.dry_run else "are kept"
    kept = ", ".join(f"{count} {name}" for name, count in told["kept"].items())
    became = f"{report.created} new, {report.edited} changed, {report.unchanged} known before"
    lines = [f"{kept} {verb} in {report.space}: {became}"]
    lines += [f"not read as UTF-8: {one['file']}, {one['encoding']}" for one in told["files"]
              if not one["encoding"].startswith("utf-8")]  # fmt: skip
    lines += [f"nothing in it: {one['file']}" for one in told["files"] if not one["rows"]]
    lines += [f"lost: {one['file']}, line {one['line']}, {one['id']}: {one['reason']}" for one in told["lost"][:SHOWN]]
    if len(told["lost"]) > SHOWN:
        lines.append(f"… and {len(told['lost']) - SHOWN} more rows are lost; --json has them all")
    for one in told["lost_columns"]:
        total = "" if one["total"] is None else f", {one['total']:g} in all"
        lines.append(f"not kept: {one['file']}, {one['column']}, in {one['count']} rows{total}")
    lines += [f"changed: {one['file']}, in {one['count']} rows: {one['what']}" for one in told["changed"]]
    console.print("\n".join(lines), highlight=False, markup=False, soft_wrap=True)
