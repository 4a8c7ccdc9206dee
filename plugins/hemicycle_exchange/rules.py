"""Import one file: all of it or nothing, and a report of what became of it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hemicycle.api import SYSTEM, Added, Application, add_many
from hemicycle_exchange.mapping import Mapping
from hemicycle_exchange.reading import Reading, read
from hemicycle_exchange.spaces import Undone, all_or_nothing, space_of


@dataclass(frozen=True)
class Report:
    """What was read, what became of it, and what the source had that is not kept."""

    space: str
    dry_run: bool
    reading: Reading
    added: Added
    mapping: Mapping

    @property
    def refused(self) -> list[tuple[int, str]]:
        """(line, what is wrong with it), in order."""
        return sorted(self.reading.problems + self.added.problems)

    @property
    def done(self) -> bool:
        """Whether all of it was acceptable. If not, nothing was written."""
        return not self.refused and not self.reading.duplicates

    def as_json(self) -> dict[str, Any]:
        """The report as one object of JSON."""
        known = set(self.mapping.ignore)
        lost = sorted(self.reading.lost.items())
        return {
            "space": self.space,
            "dry_run": self.dry_run,
            "read": self.reading.lines,
            "created": self.added.created if self.done else 0,
            "unchanged": self.added.unchanged,
            "refused": [{"line": line, "problem": problem} for line, problem in self.refused],
            "duplicates": [{"line": line, "first": first, "id": key} for line, first, key in self.reading.duplicates],
            "kept": [name for name in self.mapping.kept() if name in self.reading.fields],
            "absent": [name for name in self.mapping.kept() if name not in self.reading.fields],
            "lost": [{"field": name, "count": count, "known": name in known} for name, count in lost],
        }


async def import_file(
    app: Application, path: Path, mapping: Mapping, *, space: str, create_space: bool = False, dry_run: bool = False,
    progress: Callable[[int, int], None] = lambda written, of: None,
) -> Report:  # fmt: skip
    """Bring what a file of JSON lines says into the space of this slug.

    Nothing is written if one line is wrong, or in a dry_run. create_space: make the space if there is none, CLOSED, for
    what was said in it is over. progress: called with how many are written, of how many.
    Refused if there is no such space, or it takes no more; on PostgreSQL, if another import wrote the same meanwhile.
    """
    reading, added = read(path, mapping), Added()
    async with all_or_nothing(app, f"the system {mapping.system}, or of the space {space},") as session:
        moments = [one.published_at for one in reading.records]
        place = await space_of(session, space, mapping.space, moments, create_space=create_space)
        added = await add_many(
            session, SYSTEM, space=place.id, system=mapping.system, records=reading.records,
            write=not dry_run and not reading.problems and not reading.duplicates,
            progress=lambda written: progress(written, len(reading.records)),
        )  # fmt: skip
        report = Report(space, dry_run, reading, added, mapping)
        if dry_run or not report.done:
            raise Undone
    return report
