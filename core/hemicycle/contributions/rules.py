"""What may be said, by whom, and what becomes of it until a moderator steps in."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, update
from sqlmodel import col

from hemicycle.contributions.models import (
    CategoryRow,
    ContributionRow,
    TallyRow,
    VersionRow,
)  # fmt: skip
from hemicycle.contributions.words import alignment_of, categories_of, kind_of, language_of, text_of, title_of
from hemicycle.kernel.access.actor import Actor
from hemicycle.kernel.db.dialect import VIEWER, table_of
from hemicycle.kernel.db.session import Session
from hemicycle.kernel.declarations import Figure
from hemicycle.kernel.errors import RefusalCode, Refused, invalid
from hemicycle.kernel.graphql.sources import Row
from hemicycle.kernel.search import index
from hemicycle.participants.models import OriginRow, ParticipantRow, StructureMemberRow
from hemicycle.participants.rules import new_participant, speaks_for
from hemicycle.spaces.models import SpaceRow, SpaceTree
from hemicycle.spaces.tree import holds, readable

Test = ColumnElement[bool]
MODERATORS = frozenset({"moderator", "steward", "administrator"})
versions, tallies, origins = map(table_of, (VersionRow, TallyRow, OriginRow))


def visible(row: Row) -> Test:
    """Published ones, and tombstones, to whoever reads the space; one's own; and what moderators decide on, to them."""
    judged = and_(row.state.in_(["PENDING", "HIDDEN"]), holds(MODERATORS, row.space_id))
    return and_(readable(row.space_id), or_(row.state.in_(["PUBLISHED", "WITHDRAWN"]), owned(row), judged))


def owned(row: Row) -> Test:
    """One's own, or that of a structure that one speaks for."""
    return or_(row.author_id == VIEWER, speaks_for(row.author_id))


def judged(row: Row) -> Test:
    """A report of a contribution that the viewer moderates."""
    it = table_of(ContributionRow).alias().c
    mine = select(1).where(it.id == row.contribution_id, holds(MODERATORS, it.space_id))
    return mine.correlate(row.id.table).exists()


def current(column: str) -> Any:
    """A column of the version that stands, as SQL over a contribution."""

    def expression(row: Row) -> ColumnElement[Any]:
        it = versions.alias().c
        mine = select(it[column]).where(it.contribution_id == row.id, it.number == row.version)
        return mine.correlate(row.id.table).scalar_subquery()

    return expression


def replies(row: Row) -> ColumnElement[int]:
    """The counter of published answers; none yet is zero."""
    it = tallies.alias().c
    mine = select(it.replies).where(it.contribution_id == row.id).correlate(row.id.table)
    return func.coalesce(mine.scalar_subquery(), 0)


def origin(column: str) -> Any:
    """Where an imported contribution came from."""

    def expression(row: Row) -> ColumnElement[Any]:
        it = origins.alias().c
        mine = select(it[column]).where(it.type == "Contribution", it.object_id == row.id)
        return mine.correlate(row.id.table).limit(1).scalar_subquery()

    return expression


async def contribute(
    session: Session, actor: Actor, *, space: UUID, text: str, title: str | None = None, kind: str | None = None,
    parent: UUID | None = None, alignment: str | None = None, categories: Sequence[str] = (),
    language: str | None = None,
    channel: str = "PLATFORM", draft: bool = False, as_structure: UUID | None = None,
    on_behalf_of: dict[str, Any] | None = None,
) -> ContributionRow:  # fmt: skip
    """Say something in a space: published at once, or PENDING where a moderator reads first, or a DRAFT.

    on_behalf_of: {display_name, consent}: what someone without an account said, written down with their consent.
    as_structure: a structure that the actor speaks for.
    """
    if on_behalf_of is not None or channel != "PLATFORM":
        place = await session.authorize(actor, "contribution.record", SpaceRow, space, lock="share")
        session.authorized.add("contribution.contribute")  # who may write for others may write
    else:
        place = await session.authorize(actor, "contribution.contribute", SpaceRow, space, lock="share")
    if draft and on_behalf_of is not None:
        raise invalid("draft", "What someone else said is not kept as a draft: they could not publish it.")
    author, recorded_by = await _author(session, actor, as_structure, on_behalf_of, channel)
    above = await _parent(session, actor, place, parent)
    row = ContributionRow(
        space_id=place.id, author_id=author, recorded_by_id=recorded_by, parent_id=above.id if above else None,
        kind=kind_of(session.app.declared, kind, reply=above is not None), channel=channel,
        alignment=alignment_of(alignment, reply=above is not None),
        language=language_of(language or session.app.settings.locale), created_at=session.now, listed_at=session.now,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    await _write(session, row, title, text)
    await _categorise(session, row, categories)
    if not draft:
        await _submit(session, actor, row, place)
    return row


async def publish(session: Session, actor: Actor, *, contribution: UUID) -> ContributionRow:
    """DRAFT → PUBLISHED, or PENDING where a moderator reads first."""
    row = await session.authorize(actor, "contribution.publish", ContributionRow, contribution)
    place = await session.authorize(actor, "contribution.contribute", SpaceRow, row.space_id, lock="share")
    await _submit(session, actor, row, place)
    return row


async def edit(
    session: Session, actor: Actor, *, contribution: UUID, version: int, text: str, title: str | None = None,
    categories: Sequence[str] | None = None,
) -> ContributionRow:  # fmt: skip
    """New words, as a new version; what was published stays readable. `version`: the one that was changed."""
    row = await session.authorize(actor, "contribution.edit", ContributionRow, contribution)
    if row.version != version:
        raise Refused(
            RefusalCode.CONFLICT, f"Version {row.version} stands, not {version}: read it, then change that one."
        )
    place = await session.authorize(actor, "contribution.contribute", SpaceRow, row.space_id, lock="share")
    row.version += 1
    await session.flush()
    await _write(session, row, title, text)
    if categories is not None:
        await _categorise(session, row, categories)
    if row.state == "PUBLISHED" and place.moderates_first:
        await set_state(session, row, "PENDING")
        session.record(actor, "contribution.submitted", row)
    elif row.state == "PUBLISHED":
        session.record(actor, "contribution.edited", row)
    return row


async def withdraw(session: Session, actor: Actor, *, contribution: UUID) -> ContributionRow:
    """The words go, in every version; a tombstone stays. A draft is thrown away."""
    row = await session.authorize(actor, "contribution.withdraw", ContributionRow, contribution)
    draft = row.state == "DRAFT"
    await set_state(session, row, "DISCARDED" if draft else "WITHDRAWN")
    mine = col(VersionRow.contribution_id) == row.id
    await session.execute(update(VersionRow).where(mine).values(title=None, text=None))
    await session.execute(delete(CategoryRow).where(col(CategoryRow.contribution_id) == row.id))
    row.categories = []
    await index.remove(session, "Contribution", row.id)
    session.record(actor, "contribution.discarded" if draft else "contribution.withdrawn", row)
    return row


async def set_state(session: Session, row: ContributionRow, state: str) -> None:
    """Change the state, and keep the counter of its parent right."""
    step = (state == "PUBLISHED") - (row.state == "PUBLISHED")
    row.state = state
    if row.parent_id is not None and step:
        new = session.insert_once(TallyRow).values(contribution_id=row.parent_id, replies=max(step, 0))
        more = {"replies": tallies.c.replies + step}
        await session.execute(new.on_conflict_do_update(index_elements=["contribution_id"], set_=more))


def mark_published(session: Session, row: ContributionRow) -> None:
    """The first time that it is published is when it is listed."""
    if row.published_at is None:
        row.published_at = row.listed_at = session.now


async def _submit(session: Session, actor: Actor, row: ContributionRow, place: SpaceRow) -> None:
    if place.moderates_first:
        await set_state(session, row, "PENDING")
        session.record(actor, "contribution.submitted", row)
        return
    await set_state(session, row, "PUBLISHED")
    mark_published(session, row)
    session.record(actor, "contribution.published", row)


async def _author(
    session: Session, actor: Actor, as_structure: UUID | None, on_behalf_of: dict[str, Any] | None, channel: str
) -> tuple[UUID, UUID | None]:
    """Whose words these are, and who wrote them down if that is someone else."""
    if on_behalf_of is not None:
        if channel == "PLATFORM":
            raise invalid("channel", "Say where it was said: WORKSHOP, STREET, POST…")
        if not on_behalf_of.get("consent"):
            raise invalid("on_behalf_of.consent", "Without their consent it is not written down: ask them.")
        person = new_participant(session, on_behalf_of["display_name"])
        await session.flush()
        return person.id, actor.id
    if as_structure is not None:
        member = await session.get(StructureMemberRow, (as_structure, actor.id))
        structure = await session.get(ParticipantRow, as_structure)
        if (member is None and not actor.system) or structure is None or structure.state != "ACTIVE":
            raise Refused(RefusalCode.NOT_ALLOWED, "You do not speak for this structure: ask one of its members.")
        return as_structure, actor.id
    if actor.id is None:
        raise Refused(RefusalCode.SIGN_IN_FIRST, "Sign in first.")
    return actor.id, None


async def _parent(session: Session, actor: Actor, place: SpaceRow, parent: UUID | None) -> ContributionRow | None:
    if parent is None:
        return None
    mapping = session.app.mappings[table_of(ContributionRow)]
    seen = session.app.access.visible(mapping, mapping.table.c)
    known = select(ContributionRow).where(
        col(ContributionRow.id) == parent, seen, col(ContributionRow.space_id) == place.id
    )
    known = known.with_for_update(read=True, of=ContributionRow)
    above: ContributionRow | None = (await session.execute(known, {"viewer": actor.id})).scalar()
    if above is None:
        raise Refused(RefusalCode.NOT_FOUND, "There is nothing to answer under that id in this space.")
    if above.state != "PUBLISHED":
        raise Refused(
            RefusalCode.WRONG_STATE, f"What is answered is {above.state}: only what is PUBLISHED is answered."
        )
    return above


async def _write(session: Session, row: ContributionRow, title: str | None, text: str) -> None:
    words, about = text_of(text), title_of(title, reply=row.parent_id is not None)
    session.add(VersionRow(contribution_id=row.id, number=row.version, title=about, text=words, at=session.now))
    await index.put(session, "Contribution", row.id, about or "", words)


def texts() -> Select[Any]:
    """The words of every contribution, in its current version, with its id."""
    it, version = table_of(ContributionRow), table_of(VersionRow)
    current = (version.c.contribution_id == it.c.id) & (version.c.number == it.c.version)
    return select(it.c.id, version.c.title, version.c.text).select_from(it.join(version, current))


async def _categorise(session: Session, row: ContributionRow, categories: Sequence[str]) -> None:
    names = categories_of(categories)
    if row.version > 1:  # the first words have none yet
        await session.execute(delete(CategoryRow).where(col(CategoryRow.contribution_id) == row.id))
    session.add_all(CategoryRow(contribution_id=row.id, category=name) for name in names)
    row.categories = names


def people(kind: str) -> Any:
    """How many distinct persons (or structures) published something in a space or below, as SQL over a space."""

    def expression(row: Row) -> ColumnElement[int]:
        it, who, tree = (table_of(one).alias() for one in (ContributionRow, ParticipantRow, SpaceTree))
        joined = tree.join(it, it.c.space_id == tree.c.descendant_id).join(who, who.c.id == it.c.author_id)
        counted = select(func.count(it.c.author_id.distinct())).select_from(joined)
        tests = tree.c.ancestor_id == row.id, it.c.state == "PUBLISHED", who.c.kind == kind, readable(it.c.space_id)
        return counted.where(*tests).correlate(row.id.table).scalar_subquery()

    return expression


def _count(*tests: Test) -> Any:
    it, tree = table_of(ContributionRow), table_of(SpaceTree)

    def query(space: ColumnElement[UUID]) -> Any:
        joined = it.join(tree, tree.c.descendant_id == it.c.space_id)
        below = tree.c.ancestor_id == space, readable(tree.c.descendant_id)
        return select(func.count()).select_from(joined).where(*below, it.c.state == "PUBLISHED", *tests)

    return query


FIGURES = [
    Figure("contributions", "Published contributions, answers left aside.",
           query=_count(table_of(ContributionRow).c.parent_id.is_(None))),
    Figure("replies", "Published answers.", query=_count(table_of(ContributionRow).c.parent_id.is_not(None))),
]  # fmt: skip
