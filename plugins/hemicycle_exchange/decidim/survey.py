"""A first look at all files: which rows there are, in which order they can be written, and which come twice."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from zoneinfo import ZoneInfo

from hemicycle_exchange.decidim.identity import COMMENT, Identity, Wrong, answered_by, identity_of
from hemicycle_exchange.decidim.tables import Row, Table
from hemicycle_exchange.decidim.words import Notes, moment_of

CIRCLE = -1


@dataclass
class Place:
    """Where a row stands: its file and line, what it answers, the round in which it is written, its depth."""

    table: int
    line: int
    above: Identity | None
    digest: bytes
    round: int | None = None
    depth: int = 0


@dataclass
class Survey:
    """What the files hold. lost: (file, line, id, why). repeated: how many rows say again what another one said.

    read: how many rows each table has.
    """

    places: dict[Identity, Place] = field(default_factory=dict)
    lost: list[tuple[str, int, str, str]] = field(default_factory=list)
    repeated: int = 0
    read: Counter[int] = field(default_factory=Counter)
    earliest: datetime | None = None
    latest: datetime | None = None

    @property
    def rounds(self) -> int:
        """How many rounds it takes to write what is answered before what answers it."""
        return max((place.round or 0 for place in self.places.values()), default=-1) + 1

    def depth_of(self, it: Identity, row: Row) -> int:
        """How many comments stand above it; as the row says, where the one above is not in these files."""
        place = self.places[it]
        if place.above and place.above.kind == COMMENT and place.above not in self.places:
            said = row.get("depth", "")
            return int(said) if said.isdigit() else 1
        return place.depth

    def circle(self, tables: Sequence[Table]) -> Iterator[tuple[str, int, str, str]]:
        """The rows that answer each other in a circle, as lost ones."""
        for it, place in self.places.items():
            if place.round == CIRCLE:
                yield tables[place.table].name, place.line, it.key, "it answers itself in a circle"

    def rows(self, tables: Sequence[Table], host: str | None, wanted: int) -> Iterator[tuple[int, Identity, int, Row]]:
        """The rows of one round, read anew: (number of the table, what it is, line, row)."""
        held = {place.table for place in self.places.values() if place.round == wanted}
        for number in sorted(held):
            for line, row in tables[number].rows():
                if isinstance(row, str):
                    continue
                try:
                    it = identity_of(row, tables[number].columns, host)
                except Wrong:
                    continue
                place = self.places.get(it)
                if place and (place.table, place.line, place.round) == (number, line, wanted):
                    yield number, it, line, row


def look(tables: Sequence[Table], host: str | None, zone: ZoneInfo) -> Survey:
    """Read all files once. Only ids stay in memory."""
    survey = Survey()
    for number, table in enumerate(tables):
        for line, row in table.rows():
            survey.read[number] += 1
            try:
                if isinstance(row, str):
                    raise Wrong(row)
                it = identity_of(row, table.columns, host)
                place, moment = Place(number, line, answered_by(row, it), _digest(row)), moment_of(row, zone, Notes())
                _note(survey, tables, it, place)
                _bound(survey, moment)
            except Wrong as wrong:
                survey.lost.append((table.name, line, _called(row), str(wrong)))
    for place in survey.places.values():
        _settle(survey, place)
    return survey


def _note(survey: Survey, tables: Sequence[Table], it: Identity, place: Place) -> None:
    first = survey.places.setdefault(it, place)
    if first is place:
        return
    if first.digest != place.digest:
        raise Wrong(f"{it.key} of {it.host} came before, with other words, in {tables[first.table].name}, "
                    f"line {first.line}")  # fmt: skip
    survey.repeated += 1


def _bound(survey: Survey, moment: datetime | None) -> None:
    if moment is not None and moment <= datetime.now(UTC):
        survey.earliest = min(moment, survey.earliest or moment)
        survey.latest = max(moment, survey.latest or moment)


def _settle(survey: Survey, place: Place) -> None:
    """Its round: after what it answers, if that is in these files. Its depth: how many comments stand above it."""
    chain = []
    while place.round is None:
        place.round = CIRCLE  # and so it stays, if what it answers leads back to it
        chain.append(place)
        if place.above not in survey.places:
            place.round = 0
            break
        place = survey.places[place.above]
    for place in reversed(chain):
        upper = survey.places.get(place.above) if place.above else None
        if upper and upper.round is not None and upper.round != CIRCLE:
            place.round = upper.round + 1
            place.depth = upper.depth + 1 if place.above and place.above.kind == COMMENT else 0


def _digest(row: Row) -> bytes:
    said = "\0".join(f"{key}\0{value}" for key, value in row.items())
    return blake2b(said.encode(errors="replace"), digest_size=8).digest()


def _called(row: Row | str) -> str:
    return row.get("id", "") if isinstance(row, dict) else ""
