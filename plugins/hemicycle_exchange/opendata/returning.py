"""Open data comes back: the spaces and the contributions of an export, into an instance that may be empty."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemicycle.api import (
    SYSTEM,
    Application,
    Record,
    RefusalCode,
    Refused,
    Session,
    SpaceRow,
    StartupError,
    archive_space,
    create_as_it_was,
)
from hemicycle_exchange.spaces import Undone, all_or_nothing
from hemicycle_exchange.writing import add_each

AT_ONCE = 1000
TEXTS = {"title": "titles", "summary": "summaries", "modalities": "modalities", "information": "information",
         "results": "results"}  # fmt: skip
DATES = ("opened_at", "ends_at", "closed_at", "results_due_at")
Progress = Callable[[int, int], None]
Line = dict[str, Any]


@dataclass
class Returned:
    """What came back. lost: (line of contributions.jsonl, id, why)."""

    dry_run: bool
    read: int = 0
    spaces_created: int = 0
    created: int = 0
    edited: int = 0
    unchanged: int = 0
    lost: list[tuple[int, str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The report as one object of JSON."""
        return {
            "dry_run": self.dry_run, "read": self.read, "spaces_created": self.spaces_created, "created": self.created,
            "edited": self.edited, "unchanged": self.unchanged,
            "kept": self.created + self.edited + self.unchanged,
            "lost": [{"line": line, "id": key, "reason": why} for line, key, why in sorted(self.lost)],
        }  # fmt: skip


async def bring_back(
    app: Application, folder: Path, *, dry_run: bool = False, progress: Progress = lambda written, of: None
) -> Returned:
    """Bring the spaces and contributions of an export into this instance.

    A space whose slug is here already is taken as it is; the others are made, in the state that they had. What was
    itself imported keeps its origin; the others have the instance that was exported, and their id there.
    Refused if a space takes no more. StartupError if the folder is not an export.
    """
    source, spaces = _source(folder), [line for _, line in _lines(folder / "spaces.jsonl")]
    rounds = _rounds(folder / "contributions.jsonl")
    report = Returned(dry_run, len(rounds))
    async with all_or_nothing(app, "open data") as session:
        places, made = await _spaces(session, spaces)
        report.spaces_created = len(made)
        coming = _Coming(session, source, places, report, progress)
        for each in range(max(rounds.values(), default=-1) + 1):
            for number, line in _lines(folder / "contributions.jsonl"):
                if rounds[line["id"]] == each:
                    await coming.take(number, line)
            await coming.flush()
        for place, many in coming.written.items():
            if many:
                space = await session.get(SpaceRow, place)
                assert space is not None
                session.record(SYSTEM, "import.completed", space, reason=f"{source}: {many}")
        for line in made:
            if line["state"] == "ARCHIVED":
                await archive_space(session, SYSTEM, space=places[line["id"]].id)
        if dry_run:
            raise Undone
    return report


@dataclass
class _Coming:
    """Contributions that come back: they wait until there are enough of one space and one origin."""

    session: Session
    source: str
    places: dict[str, SpaceRow]
    report: Returned
    progress: Progress
    here: dict[str, UUID] = field(default_factory=dict)  # what each is here, by its id there
    waiting: dict[tuple[UUID, str], list[tuple[Record, str]]] = field(default_factory=lambda: defaultdict(list))
    written: Counter[UUID] = field(default_factory=Counter)

    async def take(self, number: int, line: Line) -> None:
        place, above = self.places.get(line["space_id"]), line["parent_id"]
        if place is None:
            self.report.lost.append((number, line["id"], "its space is not in the export"))
        elif above and above not in self.here:
            self.report.lost.append((number, line["id"], f"it answers {above}, which is not in the export"))
        else:
            key = place.id, line["origin_system"] or self.source
            record = _record(number, line, self.here[above] if above else None)
            self.waiting[key].append((record, line["id"]))
            if len(self.waiting[key]) == AT_ONCE:
                await self._write(key)

    async def flush(self) -> None:
        for key in list(self.waiting):
            await self._write(key)

    async def _write(self, key: tuple[UUID, str]) -> None:
        (place, system), some = key, self.waiting.pop(key)
        added, wrong = await add_each(self.session, place, system, [record for record, _ in some])
        for record, there in some:
            if (why := wrong.get(record.number)) is None:
                self.here[there] = added.ids[record.id]
            else:
                self.report.lost.append((record.number, there, why))
        self.report.created += added.created
        self.report.edited += added.edited
        self.report.unchanged += added.unchanged
        self.written[place] += added.created + added.edited
        self.progress(len(self.here), self.report.read)


def _record(number: int, line: Line, above: UUID | None) -> Record:
    structure, person = line["structure"], line["person"] or "withdrawn"
    return Record(
        number, line["origin_id"] or line["id"], line["text"] or "", f"structure/{structure}" if structure else person,
        datetime.fromisoformat(line["published_at"]), author_name=structure or f"Participant {person[:6]}",
        author_kind="STRUCTURE" if structure else "PERSON", title=line["title"], kind=line["kind"], parent=above,
        alignment=line["alignment"], categories=line["categories"], language=line["language"],
        channel=line["channel"], withdrawn=line["state"] == "WITHDRAWN",
    )  # fmt: skip


def _source(folder: Path) -> str:
    """The name of the instance that was exported."""
    try:
        return str(json.loads((folder / "datapackage.json").read_text("utf-8"))["name"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StartupError(f"{folder} is not what `hemicycle export open-data` writes: {error}.") from None


def _lines(path: Path) -> Iterator[tuple[int, Line]]:
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                yield number, json.loads(line)
    except OSError as error:
        raise StartupError(f"{path}: it cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise StartupError(f"{path}, line {number}: it is not JSON: {error}.") from None


def _rounds(path: Path) -> dict[str, int]:
    """In which round each contribution can be written: after what it answers."""
    above = {line["id"]: line["parent_id"] for _, line in _lines(path)}
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


async def _spaces(session: Session, lines: list[Line]) -> tuple[dict[str, SpaceRow], list[Line]]:
    """The space here of each space there (the root, the one of the same slug, or a new one), and which are new."""
    rows = (await session.execute(select(SpaceRow))).scalars().all()
    known = {row.slug: row for row in rows}
    root = next(row for row in rows if row.parent_id is None)
    places, made = dict[str, SpaceRow](), list[Line]()
    waiting = lines
    while waiting:
        later = []
        for line in waiting:
            if line["parent_id"] is None:
                places[line["id"]] = root
            elif line["slug"] in known:
                places[line["id"]] = known[line["slug"]]
            elif line["parent_id"] in places:
                places[line["id"]] = await _space(session, line, places[line["parent_id"]])
                made.append(line)
            else:
                later.append(line)
        if len(later) == len(waiting):
            named = ", ".join(line["slug"] for line in later)
            raise Refused(
                RefusalCode.INVALID_INPUT, f"These spaces stand below one that is not in the export: {named}."
            )
        waiting = later
    return places, made


async def _space(session: Session, line: Line, above: SpaceRow) -> SpaceRow:
    return await create_as_it_was(
        session, SYSTEM, parent=above.id, slug=line["slug"], kind=line["kind"],
        state="CLOSED" if line["state"] == "ARCHIVED" else line["state"],  # until all is there
        texts={name: line[column] for name, column in TEXTS.items()},
        dates={name: _moment(line[name]) for name in DATES},
    )  # fmt: skip


def _moment(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None
