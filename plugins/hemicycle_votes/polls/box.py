"""The published box of a poll as a file that anyone counts again: the same poll always gives the same bytes."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from hemicycle.api import Application, StartupError
from hemicycle_votes.polls import ballots, rules
from hemicycle_votes.polls.kinds import BUDGETS, RANKED
from hemicycle_votes.polls.models import BallotRow, OptionRow, PollRow, ResultRow


@dataclass(frozen=True)
class Box:
    """A box in JSON lines, as `hemicycle_votes.reading.box` reads it, and how `votes tally` counts it."""

    text: str
    options: list[str]

    @property
    def hash(self) -> str:
        """SHA-256 of the file."""
        return hashlib.sha256(self.text.encode()).hexdigest()


async def published(app: Application, poll: UUID) -> Box:
    """The box of a poll. StartupError, saying why, if it may not be shown."""
    async with app.write() as session:
        row, result = await session.get(PollRow, poll), await session.get(ResultRow, poll)
        if row is None:
            raise StartupError("There is no poll under that id: copy the id that the API gives.")
        if row.state != "PUBLISHED" or result is None:
            raise StartupError(f"This poll is {row.state}: its box is public once it is PUBLISHED.")
        if result.withheld:
            raise StartupError(f"Only {result.ballots} people voted: their ballots are withheld, as its rules say.")
        if row.secrecy == "BELENIOS":
            raise StartupError("This poll was held with Belenios: its ballots are in the record of that election.")
        options = await rules.options_of(session, poll)
        its = select(col(BallotRow.choice)).where(col(BallotRow.poll_id) == poll)
        cast = Counter(_ballot(row, options, choice) for choice in (await session.execute(its)).scalars())
        said = ballots.options_of(row, (result.data or {}).get("lot"))
    head = _head(row, options)
    lines = sorted(
        _line(json.loads(ballot) | ({"count": times} if times > 1 else {})) for ballot, times in cast.items()
    )
    how = ["--method", ballots.method_of(row).value, "--seats", str(said.seats), "--equal", said.equal.value]
    how += ["--ties", said.ties] + (["--credits", str(said.credits)] if said.credits else [])
    return Box("\n".join([_line(head), *lines]) + "\n", how)


def _head(row: PollRow, options: list[OptionRow]) -> dict[str, Any]:
    head: dict[str, Any] = {"candidates": [one.label for one in options]}
    if row.method in BUDGETS:
        head |= {"box": "budget", "budget": row.budget, "costs": [one.cost for one in options]}
    elif row.method in RANKED:
        head |= {"box": "rankings"}
    else:
        head |= {"box": "grades"}
        if row.method != "QUADRATIC":
            head |= {"worst": 0, "best": 1} if row.method == "APPROVAL" else {"worst": row.worst, "best": row.best}
    return head | {"poll": str(row.id), "question": row.question, "rules": row.rules_hash}


def _ballot(row: PollRow, options: list[OptionRow], choice: ballots.Choice) -> str:
    if row.method in BUDGETS:
        return _line({"approves": [options[place].label for place in choice]})
    if row.method in RANKED:
        return _line({"ranking": [[options[place].label for place in group] for group in choice]})
    given = {one.label: grade for one, grade in zip(options, choice, strict=True) if grade is not None}
    return _line({"grades": given})


def _line(said: dict[str, Any]) -> str:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))
