"""Import one file: all of it or nothing, and a report of what became of it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from hemicycle.api import SYSTEM, Added, Application, RefusalCode, Refused, Session, SpaceRow, add_many, create_closed
from hemicycle_exchange.mapping import Mapping
from hemicycle_exchange.reading import Reading, read


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


class _Undone(Exception):
    """The end of an import of which nothing is to stay: not even its space."""


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
    try:
        async with app.write() as session:
            place = await _space(session, space, mapping, reading, create_space=create_space)
            added = await add_many(
                session, SYSTEM, space=place.id, system=mapping.system, records=reading.records,
                write=not dry_run and not reading.problems and not reading.duplicates,
                progress=lambda written: progress(written, len(reading.records)),
            )  # fmt: skip
            report = Report(space, dry_run, reading, added, mapping)
            if dry_run or not report.done:
                raise _Undone
    except _Undone:
        pass
    except IntegrityError as error:  # on PostgreSQL two may write at once; what one did not see, the other committed
        told = f"Another import of the system {mapping.system}, or of the space {space}, is running: start it again."
        raise Refused(RefusalCode.CONFLICT, told) from error
    return report


async def _space(session: Session, slug: str, mapping: Mapping, reading: Reading, *, create_space: bool) -> SpaceRow:
    known: SpaceRow | None = (await session.execute(select(SpaceRow).where(col(SpaceRow.slug) == slug))).scalar()
    if known is not None:
        return known
    if not create_space:
        told = f"There is no space {slug}: name another one, or add --create-space."
        raise Refused(RefusalCode.NOT_FOUND, told)
    new, moments = mapping.space, [one.published_at for one in reading.records] or [session.now]
    return await create_closed(
        session, SYSTEM, slug=slug, title=new.title or slug, summary=new.summary, modalities=new.modalities,
        information=new.information, opened_at=new.opened_at or min(moments), closed_at=new.closed_at or max(moments),
    )  # fmt: skip
