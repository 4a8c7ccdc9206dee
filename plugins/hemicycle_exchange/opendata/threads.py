"""The contributions of an export: in rounds, so that each comes after what it answers."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

from hemicycle.api import Added, Author, Record, Session, known_by_origin
from hemicycle_exchange.opendata.arrivals import Arrivals, author_of
from hemicycle_exchange.opendata.files import Line, lines_of
from hemicycle_exchange.writing import add_each

AT_ONCE = 1000
TABLE = "contributions"


async def bring_contributions(arrivals: Arrivals, folder: Path) -> None:
    """Bring the contributions of the export; its spaces are here."""
    rounds = _rounds(folder)
    arrivals.report.contributions.read = len(rounds)
    coming = _Coming(arrivals)
    for each in range(max(rounds.values(), default=-1) + 1):
        for number, line in lines_of(folder, TABLE):
            if rounds[line["id"]] == each:
                await coming.take(number, line)
        await coming.flush()


@dataclass
class _Coming:
    """Contributions that come back: they wait until there are enough of one space and one origin."""

    arrivals: Arrivals
    waiting: dict[tuple[UUID, str], list[tuple[Record, str]]] = field(default_factory=lambda: defaultdict(list))

    async def take(self, number: int, line: Line) -> None:
        it, above = self.arrivals, line["parent_id"]
        place = it.here["spaces"].get(line["space_id"])
        if place is None:
            self._lose(number, line["id"], "its space is not in the export")
        elif above and above not in it.here[TABLE]:
            self._lose(number, line["id"], f"it answers {above}, which is not in the export")
        else:
            key = place, line["origin_system"] or it.source
            record = _record(number, line, it.here[TABLE][above] if above else None)
            self.waiting[key].append((record, line["id"]))
            if len(self.waiting[key]) == AT_ONCE:
                await self._write(key)

    async def flush(self) -> None:
        for key in list(self.waiting):
            await self._write(key)

    async def _write(self, key: tuple[UUID, str]) -> None:
        (place, system), some, it = key, self.waiting.pop(key), self.arrivals
        records = [record for record, _ in some]
        if place in it.archived:
            added, wrong = await _known(it.session, system, records)
        else:
            added, wrong = await add_each(it.session, place, system, records)
        for record, there in some:
            if (why := wrong.get(record.number)) is None:
                it.here[TABLE][there] = added.ids[record.id]
                if record.id in added.before:
                    it.before[TABLE].add(there)
            else:
                self._lose(record.number, there, why)
        became = it.report.contributions
        became.created += added.created
        became.edited += added.edited
        became.unchanged += added.unchanged
        it.written[place] += added.created + added.edited
        it.progress(len(it.here[TABLE]), became.read)

    def _lose(self, number: int, key: str, why: str) -> None:
        self.arrivals.report.lost.append((TABLE, number, key, why))


async def _known(session: Session, system: str, records: list[Record]) -> tuple[Added, dict[int, str]]:
    """What came before into a space that is archived since; nothing else comes into it."""
    found = await known_by_origin(session, "Contribution", system, [one.id for one in records])
    wrong = {one.number: "its space is archived here" for one in records if one.id not in found}
    return Added(unchanged=len(found), ids=found, before=frozenset(found)), wrong


def _record(number: int, line: Line, above: UUID | None) -> Record:
    key, author = author_of(line) or ("withdrawn", Author("Participant withdr"))
    written = line.get("written_at")  # exports of before had none
    return Record(
        number, line["origin_id"] or line["id"], line["text"] or "", key, datetime.fromisoformat(line["published_at"]),
        author_name=author.name, author_kind=author.kind, title=line["title"], kind=line["kind"], parent=above,
        alignment=line["alignment"], categories=line["categories"], language=line["language"],
        channel=line["channel"], withdrawn=line["state"] == "WITHDRAWN", version=line["version"],
        written_at=datetime.fromisoformat(written) if written else None,
    )  # fmt: skip


def _rounds(folder: Path) -> dict[str, int]:
    """In which round each contribution can be written: after what it answers."""
    above = {line["id"]: line["parent_id"] for _, line in lines_of(folder, TABLE)}
    rounds: dict[str, int] = {}
    for key in above:
        chain: list[str] = []
        here: str | None = key
        while here is not None and here in above and here not in rounds:
            rounds[here] = 0
            chain.append(here)
            here = above[here]
        start = rounds[here] if here is not None and here in above else -1
        for step, one in enumerate(reversed(chain), 1):
            rounds[one] = start + step
    return rounds
