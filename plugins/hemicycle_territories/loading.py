"""Bring territories into the instance: files are compared with what is known, and only differences are written."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, select, text, update
from sqlmodel import col

from hemicycle.api import SYSTEM, Session, SpaceRow, StartupError, chunks, clean_name, new_id, sort_key
from hemicycle_territories.sets import members, territories

AT_ONCE = 5000  # rows of one statement
Progress = Callable[[int, int], None]
Named = tuple[str, str, str]


@dataclass(frozen=True)
class Said:
    """One territory as a file says it. communes: the codes of its communes."""

    kind: str
    scheme: str
    code: str
    name: str
    communes: frozenset[str]
    evidence: str = "OFFICIAL"
    source: str | None = None
    partial: bool = False

    @property
    def key(self) -> Named:
        return self.scheme, self.kind, self.code


@dataclass
class Report:
    """What a load did: how many territories are new, changed, as before; which ended; what was left aside, and why."""

    vintage: int
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    ended: int = 0
    absent: int = 0
    unknown_communes: list[str] = field(default_factory=list)
    lost: dict[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass
class _Changes:
    """Rows to write, gathered before the first one is written."""

    new: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    joined: list[dict[str, Any]] = field(default_factory=list)
    left: list[dict[str, Any]] = field(default_factory=list)
    undone: list[dict[str, Any]] = field(default_factory=list)


async def load(
    session: Session, said: Sequence[Said], *, vintage: int, complete: bool = False,
    progress: Progress = lambda _, __: None,
) -> Report:  # fmt: skip
    """Write what these say of 1 January of the year `vintage`; a second time changes nothing.

    What is known only in part never takes communes away from what is known as a whole. complete: of the kinds that are
    said, what is not said has ended. StartupError where a later vintage is there: vintages are loaded in order.
    """
    first, report = date(vintage, 1, 1), Report(vintage)
    known = {(one.scheme, one.kind, one.code): one for one in await session.execute(select(territories))}
    later = max((known[one.key].vintage for one in said if one.key in known), default=vintage)
    if later > vintage:
        raise StartupError(f"Territories of {later} are there already: load {vintage} before it, or not at all.")
    root = (await session.execute(select(SpaceRow).where(col(SpaceRow.parent_id).is_(None)))).scalar_one()
    had = await _members(session, {known[one.key].id for one in said if one.key in known})
    changes = _Changes()
    for one in said:
        row = known.get(one.key)
        if row is None:
            key = new_id()
            changes.new.append({"id": key, "space_id": root.id, "valid_from": first, "valid_to": None,
                                **_facts(one, vintage)})  # fmt: skip
            changes.joined += _joining(key, one.communes, first)
            report.created += 1
        elif one.partial and not row.partial:
            report.unchanged += 1
        else:
            _compare(changes, report, one, row, had.get(row.id, {}), first)
    kinds, named = {one.key[:2] for one in said}, {one.key for one in said}
    missing = [
        row for key, row in known.items() if key[:2] in kinds and key not in named and row.valid_to is None
    ]  # fmt: skip
    report.absent = len(missing)
    if complete:
        report.ended = len(missing)
        changes.changed += [{"key": row.id, **_kept(row), "valid_to": first} for row in missing]
    there = {one.code for one in said if one.kind == "COMMUNE"} | {key[2] for key in known if key[1] == "COMMUNE"}
    report.unknown_communes = sorted({code for one in said for code in one.communes} - there)
    await _write(session, changes, progress)
    if report.created or report.changed or report.ended:
        told = f"{vintage}: {report.created} + {report.changed} ~ {report.ended} †"
        session.record(SYSTEM, "territories.loaded", root, reason=told)
    return report


async def take_stock(session: Session) -> None:
    """Let the database know that a commune is in few territories: else it looks at all of France for some."""
    connection = await session.connection()
    for table in (territories, members):
        await connection.execute(text(f"ANALYZE {table.name}"))


def _compare(
    changes: _Changes, report: Report, one: Said, row: Any, had: dict[str, date], first: date
) -> None:  # fmt: skip
    facts = _facts(one, first.year)
    came, went = one.communes - had.keys(), had.keys() - one.communes
    if one.partial:
        went = set()
    differs = any(facts[name] != getattr(row, name) for name in facts if name != "vintage") or row.valid_to is not None
    if came or went or differs:
        report.changed += 1
    else:
        report.unchanged += 1
    if came or went or differs or row.vintage != first.year:
        changes.changed.append({"key": row.id, **facts, "valid_to": None})
    changes.joined += _joining(row.id, came, first)
    for code in went:
        it = {"territory": row.id, "code": code, "since": had[code]}
        if had[code] == first:
            changes.undone.append(it)
        else:
            changes.left.append({**it, "valid_to": first})


def _facts(one: Said, vintage: int) -> dict[str, Any]:
    name = clean_name(one.name)
    return {
        "scheme": one.scheme, "kind": one.kind, "code": one.code, "name": name, "sort_key": sort_key(name),
        "evidence": one.evidence, "source": one.source, "partial": one.partial, "vintage": vintage,
    }  # fmt: skip


def _kept(row: Any) -> dict[str, Any]:
    names = "scheme", "kind", "code", "name", "sort_key", "evidence", "source", "partial", "vintage"
    return {name: getattr(row, name) for name in names}


def _joining(key: UUID, codes: Collection[str], first: date) -> list[dict[str, Any]]:
    return [{"territory_id": key, "commune": code, "valid_from": first} for code in sorted(codes)]


async def _members(session: Session, keys: set[UUID]) -> dict[UUID, dict[str, date]]:
    """The communes that these territories have now, and since when."""
    found: dict[UUID, dict[str, date]] = {}
    if keys:
        its = select(members.c.territory_id, members.c.commune, members.c.valid_from)
        for key, code, since in await session.execute(its.where(members.c.valid_to.is_(None))):
            if key in keys:
                found.setdefault(key, {})[code] = since
    return found


async def _write(session: Session, changes: _Changes, progress: Progress) -> None:
    its, theirs = territories.c, members.c
    same = theirs.territory_id == bindparam("territory"), theirs.commune == bindparam("code"), \
        theirs.valid_from == bindparam("since")  # fmt: skip
    steps: list[tuple[Any, list[dict[str, Any]]]] = [
        (insert(territories), changes.new),
        (update(territories).where(its.id == bindparam("key")), changes.changed),
        (delete(members).where(*same), changes.undone),
        (update(members).where(*same), changes.left),
        (insert(members), changes.joined),
    ]
    total, done = sum(len(rows) for _, rows in steps), 0
    connection = await session.connection()
    for statement, rows in steps:
        for some in chunks(rows, AT_ONCE):
            await connection.execute(statement, list(some))
            done += len(some)
            progress(done, total)
    if total >= AT_ONCE:
        await take_stock(session)
