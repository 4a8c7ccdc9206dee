"""`hemicycle votes`: write the box of a poll, count a file of ballots, and say why the winner won."""

import json
import shlex
from pathlib import Path
from typing import Annotated

import typer

from hemicycle.api import StartupError, answer, decode_id, opened, run
from hemicycle_votes.counting import CannotCount, Equal, Method, Options, Result, count
from hemicycle_votes.counting.profiles import Number
from hemicycle_votes.pictures import draw
from hemicycle_votes.polls import box
from hemicycle_votes.reading import Unreadable, read
from hemicycle_votes.reading.lines import number

app = typer.Typer(help="Count votes, so that anyone can check.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Count votes, so that anyone can check."""


@app.command()
def tally(
    file: Annotated[Path, typer.Argument(help="Ballots: .soi .soc .toi .toc .pb .csv, or .jsonl, our own box.")],
    method: Annotated[Method, typer.Option(help="How to count.")],
    seats: Annotated[int, typer.Option(help="How many are elected.", min=1)] = 1,
    worst: Annotated[str | None, typer.Option(metavar="N", help="The worst grade (CSV).")] = None,
    best: Annotated[str | None, typer.Option(metavar="N", help="The best grade (CSV).")] = None,
    blank: Annotated[str | None, typer.Option(metavar="N", help="What is no grade (CSV).")] = None,
    equal: Annotated[Equal, typer.Option(help="How equal ranks count: plurality, irv, stv.")] = Equal.SPLIT,
    ties: Annotated[str, typer.Option(help="What breaks ties: order (of the file), or lot:TEXT.")] = "order",
    credits_: Annotated[
        int | None, typer.Option("--credits", help="What a person may spend (quadratic).", min=1)
    ] = None,
    svg: Annotated[Path | None, typer.Option(help="Draw the result into this file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Count a file of ballots. The same file and options always give the same result."""
    try:
        result = count(
            read(file, _grade(worst), _grade(best), _grade(blank)), method, Options(seats, equal, ties, credits_)
        )
    except Unreadable as error:
        raise StartupError(str(error)) from None
    except CannotCount as error:
        raise StartupError(f"{file}: {error}") from None
    if svg is not None:
        _draw(result, svg)
    if as_json:
        typer.echo(json.dumps(result.as_json(), ensure_ascii=False))
    else:
        _tell(result)


@app.command()
def export(
    poll: Annotated[str, typer.Argument(help="The id of a poll that is published, as the API gives it.")],
    out: Annotated[Path | None, typer.Option(help="The file; votes-ID.jsonl here, if not said.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Write the box of a poll, all its ballots in no order, for anyone to count again with `tally`."""
    ref = decode_id(poll)
    if ref is None or ref.type != "Poll":
        raise StartupError(f"{poll} is the id of no poll: copy the id that the API gives.")

    async def found() -> box.Box:
        async with opened() as here:
            return await box.published(here, ref.key)

    written, file = run(found()), out or Path(f"votes-{ref.key}.jsonl")
    try:
        file.write_text(written.text, "utf-8", newline="\n")
    except OSError as error:
        raise StartupError(f"{file}: it cannot be written: {error.strerror}. Name another file.") from None
    count_it = shlex.join(["hemicycle", "votes", "tally", str(file), *written.options])
    answer({"file": str(file), "sha256": written.hash, "count": count_it}, as_json)


def _draw(result: Result, file: Path) -> None:
    try:
        file.write_text(draw(result), "utf-8")
    except OSError as error:
        raise StartupError(f"{file}: it cannot be written: {error.strerror}. Name another file.") from None


def _grade(text: str | None) -> Number | None:
    if text is not None and (value := number(text)) is not None:
        return value
    if text is not None:
        raise typer.BadParameter(f"{text!r} is no number: a grade is one, as 0, -1 or 2.5.")
    return None


def _tell(result: Result) -> None:
    """The result in lines for a person."""
    typer.echo(f"{result.method}, {result.ballots} ballots")
    for place, winner in enumerate(result.winners, 1):
        typer.echo(f"{place}. {winner}")
    told = result.explanation()
    typer.echo(f"{told.en}\n{told.fr}")
