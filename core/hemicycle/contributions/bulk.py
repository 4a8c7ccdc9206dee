"""Bring in what was said elsewhere: thousands of contributions, checked first, then written at once, each only once."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from hemicycle.contributions.models import CategoryRow, ContributionRow, TallyRow, VersionRow
from hemicycle.contributions.origins import Author, authors_of, keep_origins, known_by_origin
from hemicycle.contributions.records import Accepted, Known, Record, accept, check_parent, check_same_space, in_rounds
from hemicycle.contributions.renewals import renew
from hemicycle.kernel.access.actor import Actor
from hemicycle.kernel.clock import new_id
from hemicycle.kernel.db.dialect import chunks, table_of
from hemicycle.kernel.db.session import Session
from hemicycle.kernel.errors import Refused
from hemicycle.kernel.search import index
from hemicycle.spaces.models import SpaceRow

TYPE = "Contribution"
AT_ONCE = 1000  # contributions that are written before progress is told
contributions, tallies = map(table_of, (ContributionRow, TallyRow))


@dataclass
class Added:
    """What became of the records. If one has a problem (its number, what is wrong with it), nothing was written.

    ids: what they are here, by their ids there. before: which of them were here already.
    """

    created: int = 0
    edited: int = 0
    unchanged: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)
    ids: dict[str, UUID] = field(default_factory=dict, compare=False, repr=False)
    before: frozenset[str] = field(default=frozenset(), compare=False, repr=False)


async def add_many(
    session: Session, actor: Actor, *, space: UUID, system: str, records: Sequence[Record], write: bool = True,
    edit: bool = False, tell: bool = True, progress: Callable[[int], None] = lambda written: None,
) -> Added:  # fmt: skip
    """Publish in a space what was said in another `system`: all of it, or nothing.

    What was imported before stays as it is, whatever became of it here; with `edit`, other words are a new version of
    what is published still. One event tells of it all, unless `tell` is False: then the caller records one. write: if
    not, only say what would become of them. progress: called with how many are written so far.
    """
    place = await session.authorize(actor, "contribution.record", SpaceRow, space, lock="share")
    known = await _known(session, system, records)
    added, accepted, before = Added(), dict[str, Accepted](), list[tuple[UUID, Accepted]]()
    added.ids = {one.id: known[one.id].id for one in records if one.id in known}
    added.before = frozenset(added.ids)
    here = {record.id for record in records}
    for record in records:
        try:
            if record.id in known:
                check_same_space(known[record.id], place)
                added.unchanged += 1
                if edit:
                    before.append((known[record.id].id, accept(session, record, place)))
                continue
            if record.parent is not None:
                check_parent(record.parent, here, known.get(record.parent), place)
            one = accept(session, record, place)
        except Refused as refused:
            added.problems.append((record.number, refused.message))
            continue
        if (first := accepted.setdefault(record.id, one)) is not one:
            added.problems.append((record.number, f"The id {record.id} comes twice: see {first.record.number}."))
    rounds, circle = in_rounds(accepted.values())
    if not added.problems:  # else what one of them answers may just be missing
        added.problems += [(one.record.number, f"{one.record.id} answers itself in a circle.") for one in circle]
    if added.problems or not (accepted or before) or not write:
        added.created = 0 if added.problems else len(accepted)
        return added
    added.edited = await renew(session, actor, before)
    added.unchanged -= added.edited
    ids: dict[str | UUID, UUID] = {key: it.id for key, it in known.items()}
    people = await _people(session, system, [one.record for one in accepted.values()])
    for some in (part for each in rounds for part in chunks(each, AT_ONCE)):
        await _write(session, system, some, ids, people)
        added.created += len(some)
        progress(added.created)
    published = [one.record for one in accepted.values() if not one.record.withdrawn]
    await _count_replies(session, [ids[one.parent] for one in published if one.parent])
    added.ids |= {key: ids[key] for key in accepted}
    if tell and (written := added.created + added.edited):
        session.record(actor, "import.completed", place, reason=f"{system}: {written}")
    return added


async def _known(session: Session, system: str, records: Sequence[Record]) -> dict[str | UUID, Known]:
    """What is here of the records and of what they answer, by the ids that these have in `records`."""
    wanted = {key for one in records for key in (one.id, one.parent) if key}
    keys: dict[str | UUID, UUID] = {key: key for key in wanted if isinstance(key, UUID)}
    before = await known_by_origin(session, TYPE, system, {key for key in wanted if isinstance(key, str)})
    keys.update((key, one) for key, one in before.items())
    it, rows = contributions.c, dict[UUID, Known]()
    for some in chunks(sorted(set(keys.values()))):
        chosen = select(it.id, it.space_id, it.state).where(it.id.in_(some))
        rows |= {one.id: Known(*one) for one in await session.execute(chosen)}
    return {key: rows[row] for key, row in keys.items() if row in rows}


async def _people(session: Session, system: str, records: Sequence[Record]) -> dict[str, UUID]:
    """Who the authors are here: those who came with an earlier import, and new ones."""
    wanted = {one.author: one for one in reversed(records)}  # what is said first of someone holds
    return await authors_of(session, system, {
        key: Author(one.author_name or key, one.author_kind) for key, one in wanted.items()
    })  # fmt: skip


async def _write(
    session: Session, system: str, some: Sequence[Accepted], ids: dict[str | UUID, UUID], people: dict[str, UUID]
) -> None:
    """Write some, and add them to `ids`. What they answer is written before."""
    new = {one.record.id: new_id() for one in some}
    ids.update((key, one) for key, one in new.items())
    rows, versions, categories = [], [], []
    for one in some:
        key, above = new[one.record.id], one.record.parent
        rows.append({"id": key, "author_id": people[one.record.author], "parent_id": above and ids[above]}
                    | one.columns)  # fmt: skip
        versions.append({"id": new_id(), "contribution_id": key, "number": one.record.version, "title": one.title,
                         "text": one.text, "at": one.record.written_at or one.record.published_at})  # fmt: skip
        categories += [{"contribution_id": key, "category": name} for name in one.columns["categories"]]
    await _insert(session, ContributionRow, rows)
    await _insert(session, VersionRow, versions)
    await _insert(session, CategoryRow, categories)
    await keep_origins(session, TYPE, system, new)
    words = ((new[one.record.id], f"{one.title or ''}\n{one.text}") for one in some if one.text is not None)
    await index.put_many(session, TYPE, words)


async def _count_replies(session: Session, parents: Iterable[UUID]) -> None:
    for some in chunks(sorted(Counter(parents).items())):
        rows = [{"contribution_id": key, "replies": more} for key, more in some]
        new = session.insert_once(TallyRow).values(rows)
        more = {"replies": tallies.c.replies + new.excluded.replies}
        await session.execute(new.on_conflict_do_update(index_elements=["contribution_id"], set_=more))


async def _insert(session: Session, table: type, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        await session.execute(insert(table_of(table)), rows)
