"""`hemicycle votes roll`, `belenios-roll` and `belenios-result`: what is carried to a poll and back in files."""

import json
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from sqlalchemy import select
from sqlmodel import col

from hemicycle.api import SYSTEM, Refused, StartupError, answer, decode_id, opened, run
from hemicycle_votes.commands import app
from hemicycle_votes.polls import closing, rules
from hemicycle_votes.polls.models import PollRow, RollRow

polls_app = app
"""The commands of votes, with those of polls."""
Poll = Annotated[str, typer.Argument(metavar="POLL", help="The id of the poll, as the API gives it.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


@app.command()
def roll(
    poll: Poll,
    file: Annotated[Path, typer.Argument(help="One e-mail address, or one id of a participant, on each line.")],
    as_json: AsJson = False,
) -> None:
    """Put people on the roll of a draft: from then on only they vote in it."""
    lines = [line for line in _read(file).splitlines() if line.strip()]

    async def work() -> None:
        async with opened() as here, here.write() as session:
            row = await rules.import_roll(session, SYSTEM, poll=_key(poll), entries=lines)
            size = (await session.execute(select(col(RollRow.id)).where(col(RollRow.poll_id) == row.id))).all()
            answer({"poll": poll, "lines": len(lines), "roll": len(size)}, as_json)

    _do(work())


@app.command("belenios-roll")
def belenios_roll(poll: Poll) -> None:
    """Print the roll of a poll as Belenios takes it: one address on each line."""

    async def work() -> None:
        async with opened() as here, here.write() as session:
            row = await session.get(PollRow, _key(poll))
            if row is None or row.secrecy != "BELENIOS":
                raise StartupError(f"{poll} is no poll held with Belenios: say the id of one.")
            its = select(col(RollRow.entry)).where(col(RollRow.poll_id) == row.id).order_by(col(RollRow.entry))
            entries = (await session.execute(its)).scalars().all()
            if without := [one for one in entries if "@" not in one]:
                raise StartupError(f"{len(without)} on the roll have no address: Belenios writes to each voter.")
            for entry in entries:
                typer.echo(entry)

    _do(work())


@app.command("belenios-result")
def belenios_result(
    poll: Poll,
    file: Annotated[Path, typer.Argument(help="The file result.json of the election, of one question.")],
    as_json: AsJson = False,
) -> None:
    """Bring the result of a poll back from Belenios: how many votes each option had."""
    votes = _votes(file)

    async def work() -> None:
        async with opened() as here, here.write() as session:
            options = await rules.options_of(session, _key(poll))
            # Where the question allows blank votes, Belenios counts them first.
            blank = votes[0] if len(votes) == len(options) + 1 else 0
            given = votes[1:] if len(votes) == len(options) + 1 else votes
            await closing.import_result(session, SYSTEM, poll=_key(poll), votes=given, blank=blank)
            counted = {one.label: number for one, number in zip(options, given, strict=True)}
            answer({"poll": poll, "votes": counted, "blank": blank}, as_json)

    _do(work())


def _votes(file: Path) -> list[int]:
    try:
        said = json.loads(_read(file))
        [votes] = said["result"]
        if all(isinstance(one, int) and not isinstance(one, bool) for one in votes):
            return list(votes)
    except (ValueError, KeyError, TypeError):
        pass
    raise StartupError(f'{file}: it is no result of one question. It looks like {{"result": [[12, 7]]}}.')


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise StartupError(f"{file}: it cannot be read: {error}. Name a text file in UTF-8.") from None


def _key(poll: str) -> UUID:
    ref = decode_id(poll)
    if ref is None or ref.type != "Poll":
        raise StartupError(f"{poll} is no id of a poll: copy it from the API (`Poll.id`).")
    return ref.key


def _do(work: Any) -> None:
    try:
        run(work)
    except Refused as refused:
        raise StartupError(refused.message) from None
