"""`hemicycle panels …`: what a person types, and what they read afterwards."""

import csv
import hashlib
import io
import json
import secrets
import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.progress import Progress

from hemicycle.api import answer, console
from hemicycle_panels.index import index_of, seed_of

if TYPE_CHECKING:
    from hemicycle_panels.lottery.lottery import Lottery
    from hemicycle_panels.lottery.pool import Pool

app = typer.Typer(help="Draw panels of citizens by a fair lottery.", no_args_is_help=True)
MOST = 999  # three balls


@app.callback()
def panels() -> None:
    """Draw panels of citizens by a fair lottery."""


class Goal(StrEnum):
    """What the lottery makes as fair as it can."""

    LEXIMIN = "leximin"
    MAXIMIN = "maximin"


@app.command()
def draw(
    quotas: Annotated[Path, typer.Option(help="CSV with the columns category, feature, min, max.")],
    pool: Annotated[Path, typer.Option(help="CSV with one row per person, and a column for each category.")],
    size: Annotated[int, typer.Option(help="How many people the panel has.")],
    algorithm: Annotated[
        Goal, typer.Option(help="leximin raises the lowest chance, then the next; maximin only the lowest.")
    ] = Goal.LEXIMIN,
    lottery: Annotated[int, typer.Option(min=1, max=100_000, help="How many panels the lottery holds.")] = 1000,
    balls: Annotated[
        int | None, typer.Option(min=0, max=MOST, help="The number drawn, 000 to 999; else the computer draws.")
    ] = None,
    household: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Those with one value live together: one of them comes.")
    ] = None,
    limit: Annotated[
        float | None, typer.Option("--time-limit", min=1, help="Seconds; then the best lottery found is taken.")
    ] = None,
    probabilities: Annotated[Path | None, typer.Option(help="Write a CSV of each person's probability here.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the public transcript here: JSON lines, signed.")] = None,
    opening: Annotated[
        Path | None, typer.Option(help="With --out: write who is who here, for an auditor. Keep it private.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:  # fmt: skip
    """Draw a panel: compute the fairest lottery of the pool, write its panels, and take the one the number says."""
    if opening is not None and out is None:
        _stop("--opening belongs to a transcript: give --out too")
    started = time.perf_counter()
    asked = (quotas, pool, size, household)
    people, made = _compute(asked, algorithm, lottery, limit)
    number = f"{secrets.randbelow(MOST + 1) if balls is None else balls:03}"
    told = _told(people, made) | {"balls": number}
    if out is None:
        told["panel"] = list(made.panels[index_of(seed_of(_digest(made), number), len(made.panels))])
    else:
        told |= _record(people, made, number, out, opening)
    if probabilities is not None:
        _write(probabilities, _probabilities(made))
    answer(told | {"seconds": round(time.perf_counter() - started, 3)}, as_json)


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="The transcript of a draw.")],
    key: Annotated[str | None, typer.Option(help="The fingerprint of the signing key, as it was published.")] = None,
    opening: Annotated[Path | None, typer.Option(help="Who is who, if you are the auditor.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Verify a transcript: it is whole, the lottery keeps what it says, and the number drew this panel."""
    try:
        from hemicycle_panels.transcript.chain import Broken
        from hemicycle_panels.transcript.verify import verify as check
    except ImportError as error:
        _stop(f"signatures need {error.name}: pip install 'hemicycle[panels]'")
    try:
        verdict = check(file.read_bytes(), key, opening.read_bytes() if opening else None)
    except OSError as error:
        _stop(f"{error.filename} cannot be read: {error.strerror}")
    except Broken as broken:
        answer({"verified": False, "line": broken.line, "why": broken.why}, as_json)
        raise typer.Exit(1) from None
    answer({"verified": True, "key": verdict.key, "panel": verdict.panel, "unchecked": verdict.unchecked}, as_json)


def _compute(
    asked: tuple[Path, Path, int, str | None], goal: Goal, panels: int, seconds: float | None
) -> "tuple[Pool, Lottery]":
    try:
        from hemicycle_panels.lottery.lottery import make_lottery
        from hemicycle_panels.lottery.pool import LotteryError
        from hemicycle_panels.lottery.reading import read_pool
    except ImportError as error:
        _stop(f"the lottery needs {error.name}: pip install 'hemicycle[panels]'")
    try:
        pool = read_pool(*asked)
        with Progress(console=console, transient=True) as bar:
            task = bar.add_task("Reading", total=None)
            return pool, make_lottery(pool, goal.value, panels, lambda now: bar.update(task, description=now), seconds)
    except LotteryError as error:
        _stop(str(error))


def _told(pool: "Pool", lottery: "Lottery") -> dict[str, object]:
    values = lottery.probabilities.values()
    return {
        "algorithm": lottery.algorithm, "panel_size": pool.size, "pool_size": len(pool.people),
        "min_probability": min(values), "max_probability": max(values), "gini": lottery.gini,
        "certificate_gap": lottery.certificate_gap, "deviation": lottery.deviation,
        "lottery_size": len(lottery.panels), "solver": lottery.solver,
    }  # fmt: skip


def _record(pool: "Pool", lottery: "Lottery", balls: str, out: Path, opening: Path | None) -> dict[str, object]:
    """Write the transcript. What is told of it: the panel, and the fingerprint to publish."""
    try:
        from hemicycle_panels.transcript.chain import fingerprint
        from hemicycle_panels.transcript.record import Record
    except ImportError as error:
        _stop(f"signatures need {error.name}: pip install 'hemicycle[panels]'")
    record = Record(pool, lottery)
    record.promise_balls()
    panel = record.draw_and_close(balls)
    _write(out, record.transcript)
    if opening is not None:
        _write(opening, json.dumps(record.opening, ensure_ascii=False).encode(), private=True)
    return {"panel": panel, "key": fingerprint(record.chain.public)}


def _write(file: Path, data: bytes, *, private: bool = False) -> None:
    """The whole file or none of it; a private one is for its owner only."""
    part = file.with_name(f"{file.name}.part")
    try:
        part.unlink(missing_ok=True)
        part.touch(mode=0o600 if private else 0o644)
        part.write_bytes(data)
        part.replace(file)
    except OSError as error:
        _stop(f"{file} cannot be written: {error.strerror}")


def _digest(lottery: "Lottery") -> str:
    """What the number is mixed with: it stands for this lottery and no other."""
    told = "\n".join(" ".join(map(str, panel)) for panel in lottery.panels)
    return hashlib.sha256(told.encode()).hexdigest()


def _probabilities(lottery: "Lottery") -> bytes:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["id", "probability"])
    rows.writerows((id_, f"{p:.9f}") for id_, p in lottery.probabilities.items())
    return text.getvalue().encode()


def _stop(why: str) -> NoReturn:
    typer.echo(f"hemicycle: {why}", err=True)
    raise typer.Exit(1)
