"""What became of an export of Decidim: what is kept, and by name all that is not."""

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hemicycle_exchange.decidim.identity import COMMENT, DEBATE, PROPOSAL
from hemicycle_exchange.decidim.tables import Table


@dataclass
class Noted:
    """Lines of a file of which the same is to be told; total: of the numbers that stood there."""

    lines: "array[int]" = field(default_factory=lambda: array("L"))
    total: float | None = 0


@dataclass
class Report:
    """rows: (file, line, id, why it is lost). columns, changes: by (file, what)."""

    space: str
    dry_run: bool
    tables: Sequence[Table]
    read: Counter[int] = field(default_factory=Counter)  # by the number of the table
    repeated: int = 0
    created: int = 0
    edited: int = 0
    unchanged: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    depths: Counter[int] = field(default_factory=Counter)
    alignments: Counter[str] = field(default_factory=Counter)
    systems: set[str] = field(default_factory=set)
    rows: list[tuple[str, int, str, str]] = field(default_factory=list)
    columns: dict[tuple[str, str], Noted] = field(default_factory=dict)
    changes: dict[tuple[str, str], Noted] = field(default_factory=dict)

    def lost_column(self, file: str, line: int, column: str, value: str) -> None:
        noted = self.columns.setdefault((file, column), Noted())
        noted.lines.append(line)
        try:
            noted.total = None if noted.total is None else noted.total + float(value)
        except ValueError:
            noted.total = None

    def changed(self, file: str, line: int, told: str) -> None:
        self.changes.setdefault((file, told), Noted()).lines.append(line)

    def as_json(self) -> dict[str, Any]:
        """The report as one object of JSON."""
        return {
            "space": self.space, "dry_run": self.dry_run, "systems": sorted(self.systems),
            "files": [
                {"file": one.name, "encoding": one.encoding, "rows": self.read[number]}
                for number, one in enumerate(self.tables)
            ],
            "read": self.read.total(), "repeated": self.repeated,
            "created": self.created, "edited": self.edited, "unchanged": self.unchanged,
            "kept": {f"{kind}s": self.kinds[kind] for kind in (PROPOSAL, DEBATE, COMMENT)},
            "depths": {str(depth): count for depth, count in sorted(self.depths.items())},
            "alignments": dict(sorted(self.alignments.items())),
            "lost": [{"file": file, "line": line, "id": key, "reason": why} for file, line, key, why in self.rows],
            "lost_columns": [
                {"file": file, "column": column, "count": len(it.lines), "total": it.total, "lines": list(it.lines)}
                for (file, column), it in sorted(self.columns.items())
            ],
            "changed": [
                {"file": file, "what": what, "count": len(it.lines), "lines": list(it.lines)}
                for (file, what), it in sorted(self.changes.items())
            ],
        }  # fmt: skip
