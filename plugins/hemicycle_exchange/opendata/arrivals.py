"""What an import of open data knows while it goes on: what is here of each table, and what became of each line."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from hemicycle.api import Author, Session
from hemicycle_exchange.opendata.files import Line

Progress = Callable[[int, int], None]


@dataclass
class Became:
    """How many lines of a table were read, and what became of them."""

    read: int = 0
    created: int = 0
    edited: int = 0
    unchanged: int = 0

    @property
    def kept(self) -> int:
        """How many are here now, new or known before."""
        return self.created + self.edited + self.unchanged


@dataclass
class Returned:
    """What came back. lost: (table, line, id, why). left: of each table without a way back, its rows and why."""

    dry_run: bool
    spaces_created: int = 0
    contributions: Became = field(default_factory=Became)
    tables: dict[str, Became] = field(default_factory=dict)
    lost: list[tuple[str, int, str | None, str]] = field(default_factory=list)
    left: dict[str, tuple[int, str]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The report as one object of JSON: at its top the contributions, in `tables` all the others."""
        of = self.contributions
        return {
            "dry_run": self.dry_run, "read": of.read, "spaces_created": self.spaces_created, "created": of.created,
            "edited": of.edited, "unchanged": of.unchanged, "kept": of.kept,
            "tables": {
                name: {"read": one.read, "created": one.created, "unchanged": one.unchanged, "kept": one.kept}
                for name, one in sorted(self.tables.items())
            },
            "lost": [{"table": table, "line": line, "id": key, "reason": why}
                     for table, line, key, why in sorted(self.lost, key=lambda one: one[:2])],
            "lost_tables": {name: {"rows": rows, "reason": why} for name, (rows, why) in sorted(self.left.items())},
        }  # fmt: skip


@dataclass
class Arrivals:
    """An import that goes on. source: the instance that was exported."""

    session: Session
    source: str
    report: Returned
    progress: Progress
    archived: set[UUID] = field(default_factory=set)
    """The spaces that were archived before: what came into them is known, and nothing else comes."""
    here: dict[str, dict[str, UUID]] = field(default_factory=lambda: defaultdict(dict))
    """What is here of each table: by its id there, the id that it has here."""
    before: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """What of each table was here before this import, by its id there."""
    found_by: dict[str, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    """What the search is to find once all is here, by its GraphQL type."""
    written: Counter[UUID] = field(default_factory=Counter)
    """How much was written in each space."""


def author_of(line: Line, person: str = "person", structure: str = "structure") -> tuple[str, Author] | None:
    """Who a line is of: the id that they have in that instance, and what is said of them; None if nobody is named."""
    if named := line.get(structure):
        return f"structure/{named}", Author(named, "STRUCTURE")
    if pseudonym := line.get(person):
        return pseudonym, Author(f"Participant {pseudonym[:6]}")
    return None
