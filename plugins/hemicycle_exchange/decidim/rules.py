"""Import what Decidim exports: each row by itself, and a report of every one that could not be kept."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import literal, select

from hemicycle.api import (
    SYSTEM,
    Application,
    ContributionKind,
    Record,
    Session,
    SpaceRow,
    active,
    table_of,
)
from hemicycle_exchange.decidim.identity import COMMENT, Identity, Wrong
from hemicycle_exchange.decidim.records import Reader, lost_columns
from hemicycle_exchange.decidim.report import Report
from hemicycle_exchange.decidim.survey import Survey, look
from hemicycle_exchange.decidim.tables import Row, Table, tables
from hemicycle_exchange.decidim.words import Notes
from hemicycle_exchange.mapping import NewSpace
from hemicycle_exchange.spaces import Undone, all_or_nothing, space_of
from hemicycle_exchange.writing import add_each

AT_ONCE = 1000
Progress = Callable[[int, int], None]


class _Read(NamedTuple):
    """A row that became a record, and where it stood."""

    file: str
    line: int
    it: Identity
    row: Row
    record: Record
    notes: Notes


async def import_exports(
    app: Application, paths: Sequence[Path], *, space: str, create_space: bool = False, title: str | None = None,
    host: str | None = None, zone: ZoneInfo | None = None, dry_run: bool = False,
    progress: Progress = lambda written, of: None,
) -> Report:  # fmt: skip
    """Bring the proposals, debates and comments of these files into the space of this slug.

    What answers something is attached by the host of its instance and the id there, never by the id alone. A second
    time, what says the same stays, and what says something else becomes a new version. host: of rows that do not say
    theirs. zone: of moments that have none. dry_run: all is tried, and undone.
    Refused if there is no such space, or it takes no more. StartupError if a file cannot be read.
    """
    zone = zone or ZoneInfo("Europe/Paris")
    known = tables(paths)
    survey = look(known, host, zone)
    report = Report(space, dry_run, known, survey.read, survey.repeated)
    report.rows += [*survey.lost, *survey.circle(known)]
    report.systems = {it.host for it in survey.places}
    async with all_or_nothing(app, f"the space {space}") as session:
        bounds = [moment for moment in (survey.earliest, survey.latest) if moment]
        place = await space_of(session, space, NewSpace(title=title), bounds, create_space=create_space)
        earliest = survey.earliest or session.now
        reader = Reader(app.settings.locale, zone, await _kind_of_proposals(session, place), earliest)
        writing = _Writing(session, place, known, survey, report, reader, host, progress)
        for each in range(survey.rounds):
            await writing.round(each)
        if report.created + report.edited:
            told = f"{', '.join(sorted(report.systems))}: {report.created + report.edited}"
            session.record(SYSTEM, "import.completed", place, reason=told)
        if dry_run or not report.created + report.edited:  # a space is not made for nothing
            raise Undone
    report.rows.sort()
    return report


async def _kind_of_proposals(session: Session, place: SpaceRow) -> str:
    """PROPOSAL, where the plugin that has such a kind is active; else the nearest that the core has."""
    declared = session.app.declared
    kind = declared[ContributionKind].get("PROPOSAL")
    if kind is None:
        return "IDEA"
    on = select(active(declared.owner_of(kind), literal(place.id, table_of(SpaceRow).c.id.type)))
    return "PROPOSAL" if (await session.execute(on)).scalar() else "IDEA"


@dataclass
class _Writing:
    """An import that is under way."""

    session: Session
    place: SpaceRow
    tables: Sequence[Table]
    survey: Survey
    report: Report
    reader: Reader
    host: str | None
    progress: Progress
    waiting: dict[str, list[_Read]] = field(default_factory=lambda: defaultdict(list))
    done: int = 0

    async def round(self, each: int) -> None:
        """Write what answers nothing, or only what was written before."""
        for number, it, line, row in self.survey.rows(self.tables, self.host, each):
            file, some = self.tables[number].name, self.waiting[it.host]
            try:
                record, notes = self.reader.record(len(some), row, it)
            except Wrong as wrong:
                self.report.rows.append((file, line, it.key, f"{it.host}: {wrong}"))
                continue
            some.append(_Read(file, line, it, row, record, notes))
            if len(some) == AT_ONCE:
                await self._write(it.host)
        for host in list(self.waiting):
            await self._write(host)

    async def _write(self, host: str) -> None:
        """Write what waits of one host. What cannot be kept is lost alone."""
        some = self.waiting.pop(host)
        added, wrong = await add_each(self.session, self.place.id, host, [one.record for one in some])
        for one in some:
            if (why := wrong.get(one.record.number)) is None:
                self._tell(one)
            else:
                self.report.rows.append((one.file, one.line, one.it.key, f"{host}: {why}"))
        self.report.created += added.created
        self.report.edited += added.edited
        self.report.unchanged += added.unchanged
        self.done += len(some)
        self.progress(self.done, len(self.survey.places))

    def _tell(self, one: _Read) -> None:
        """What the report says of a row that is kept."""
        self.report.kinds[one.it.kind] += 1
        if one.it.kind == COMMENT:
            self.report.depths[self.survey.depth_of(one.it, one.row)] += 1
            self.report.alignments[one.record.alignment or "NONE"] += 1
        for told in one.notes.said:
            self.report.changed(one.file, one.line, told)
        for column, value in lost_columns(one.row, one.notes):
            self.report.lost_column(one.file, one.line, column, value)
