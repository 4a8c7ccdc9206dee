"""`hemicycle territories load`: the official files, or an instance's own, into the database."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from hemicycle.api import answer, console, opened, run
from hemicycle_territories.loading import Report, load
from hemicycle_territories.placing import place
from hemicycle_territories.reading import Own, read_folder, read_own

app = typer.Typer(help="Communes, EPCI, departments, regions, living areas.", no_args_is_help=True)
SHOWN = 10  # codes that are told to a person; --json has them all


@app.callback()
def territories() -> None:
    """Communes, EPCI, departments, regions, living areas."""


@app.command("load")
def load_files(
    source: Annotated[Path, typer.Argument(help="The folder of the official JSON files, or a YAML file.")],
    vintage: Annotated[
        int | None, typer.Option(min=1900, max=2200, help="The year of the official files; this year if not said.")
    ] = None,
    complete: Annotated[
        bool, typer.Option("--complete", help="What the files do not name, of the kinds that they do, has ended.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Load territories: all of them, or nothing if one is wrong. A second time changes nothing."""
    lost: dict[str, int] = {}
    if source.is_dir():
        said, lost = read_folder(source)
        own = Own(vintage or datetime.now(UTC).year, said, {})
    else:
        own = read_own(source)
    report, placed = run(_load(own, vintage or own.vintage, complete=complete))
    report.lost = lost
    if as_json:
        answer({**report.as_json(), "spaces": placed}, as_json)
    else:
        _tell(report, placed)


async def _load(own: Own, vintage: int, *, complete: bool) -> tuple[Report, int]:
    async with opened() as application, application.write() as session:
        with Progress(console=console, transient=True) as bar:
            task = bar.add_task("Loading", total=None)
            report = await load(
                session, own.said, vintage=vintage, complete=complete,
                progress=lambda written, of: bar.update(task, completed=written, total=of),
            )  # fmt: skip
        return report, await place(session, own.spaces)


def _tell(report: Report, placed: int) -> None:
    """The report in sentences."""
    counts = f"{report.created} new, {report.changed} changed, {report.unchanged} as before, {report.ended} ended"
    lines = [f"vintage {report.vintage}: {counts}"]
    if placed:
        lines.append(f"{placed} spaces have their territory")
    if left := report.absent - report.ended:
        lines.append(f"{left} that were there are not in these files: they stay (--complete ends them)")
    if codes := report.unknown_communes:
        more = f", … and {len(codes) - SHOWN} more" if len(codes) > SHOWN else ""
        lines.append(f"communes that are named and not there: {', '.join(codes[:SHOWN])}{more}")
    lines += [f"not kept: {what}, {times} times" for what, times in report.lost.items()]
    console.print("\n".join(lines), highlight=False, markup=False, soft_wrap=True)
