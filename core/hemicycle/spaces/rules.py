"""What may be done with a space, and when. It opens only with what the law asks of a consultation (CRPA, L131-1)."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, insert, select
from sqlmodel import col

from hemicycle.kernel.access.actor import SYSTEM, Actor
from hemicycle.kernel.application import Application
from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.db.session import Session
from hemicycle.kernel.declarations import SpaceKind
from hemicycle.kernel.errors import Problem, RefusalCode, Refused, invalid
from hemicycle.kernel.search import index
from hemicycle.kernel.text import clean, clean_name
from hemicycle.participants.rules import reason_of, sort_key
from hemicycle.spaces.models import STATES, ActivationRow, SpaceRow, SpaceTree
from hemicycle.spaces.roles import confirm_members
from hemicycle.spaces.tree import readable

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
TEXTS = {
    "title": "titles", "summary": "summaries", "modalities": "modalities",
    "information": "information", "results": "results",
}  # fmt: skip


def visible(row: Any) -> Any:
    """Whoever may read it."""
    return readable(row.id)


async def create(
    session: Session, actor: Actor, *, parent: UUID | None, slug: str, title: str, kind: str = "PROGRAMME",
    access: str = "PUBLIC", moderates_first: bool = False, ends_at: datetime | None = None,
    results_due_at: datetime | None = None, locale: str | None = None, **texts: str | None,
) -> SpaceRow:  # fmt: skip
    """A new space, a DRAFT, below `parent`. Only the instance itself makes the root (parent None), once."""
    above: list[UUID] = []
    if parent is None:
        await _check_root(session, actor)
    else:
        await session.authorize(actor, "space.create", SpaceRow, parent, lock="share")
        lines = select(col(SpaceTree.ancestor_id)).where(col(SpaceTree.descendant_id) == parent)
        above = list((await session.execute(lines)).scalars())
    if not SLUG.fullmatch(slug) or len(slug) > 100:
        raise invalid("slug", "A slug is made of small letters, digits and single hyphens, as `bassin-de-vie-1`.")
    if (await session.execute(select(col(SpaceRow.id)).where(col(SpaceRow.slug) == slug))).first():
        raise invalid("slug", f"Another space has the slug {slug}: take another one.")
    row = SpaceRow(
        parent_id=parent, slug=slug, kind=kind, access=access, moderates_first=moderates_first,
        ends_at=ends_at, results_due_at=results_due_at, created_at=session.now,
    )  # fmt: skip
    _write_texts(session, row, locale, {"title": title, **texts})
    session.add(row)
    await session.flush()
    await session.execute(insert(SpaceTree), [{"descendant_id": row.id, "ancestor_id": it} for it in (*above, row.id)])
    await _index(session, row)
    session.record(actor, "space.created", row)
    return row


async def update(
    session: Session, actor: Actor, *, space: UUID, access: str | None = None, moderates_first: bool | None = None,
    ends_at: datetime | None = None, results_due_at: datetime | None = None, locale: str | None = None,
    **texts: str | None,
) -> SpaceRow:  # fmt: skip
    """Change texts in one locale, and settings. The end of an open one moves with `extend`, for a reason."""
    row = await session.authorize(actor, "space.update", SpaceRow, space)
    if ends_at is not None:
        if row.state != "DRAFT":
            raise Refused(
                RefusalCode.WRONG_STATE, f"This space is {row.state}: extendSpace moves its end, with a reason."
            )
        row.ends_at = ends_at
    if access == "MEMBERS" and row.access == "PUBLIC":
        await confirm_members(session, actor, row)
    row.access = access or row.access
    row.results_due_at = results_due_at or row.results_due_at
    row.moderates_first = row.moderates_first if moderates_first is None else moderates_first
    lacked = _missing(row)
    _write_texts(session, row, locale, texts)
    if row.state != "DRAFT" and (lost := [name for name in _missing(row) if name not in lacked]):
        raise invalid(lost[0], f"A space that has opened keeps its {lost[0]}: write another text instead of none.")
    await _index(session, row)
    session.record(actor, "space.changed", row)
    return row


async def open_(session: Session, actor: Actor, *, space: UUID) -> SpaceRow:
    """DRAFT → OPEN, once its rules, its information and its end date are published."""
    row = await session.authorize(actor, "space.open", SpaceRow, space)
    problems = [Problem(name, f"Publish its {name} first (updateSpace).") for name in _missing(row)]
    if row.ends_at is None or row.ends_at <= session.now:
        problems.append(Problem("ends_at", "Give it an end date in the future first (updateSpace)."))
    if problems:
        told = " ".join(one.message for one in problems)
        raise Refused(RefusalCode.INVALID_INPUT, f"This space is not ready to open. {told}", problems)
    row.state, row.opened_at = "OPEN", session.now
    session.record(actor, "space.opened", row)
    return row


async def close(session: Session, actor: Actor, *, space: UUID) -> SpaceRow:
    """OPEN → CLOSED."""
    row = await session.authorize(actor, "space.close", SpaceRow, space)
    row.state, row.closed_at = "CLOSED", session.now
    session.record(actor, "space.closed", row)
    return row


async def extend(session: Session, actor: Actor, *, space: UUID, ends_at: datetime, reason: str) -> SpaceRow:
    """More time, with a reason; a CLOSED one opens again."""
    row = await session.authorize(actor, "space.extend", SpaceRow, space)
    if ends_at <= session.now or (row.ends_at is not None and ends_at <= row.ends_at):
        raise invalid("ends_at", "An extension ends later than before, and in the future.")
    row.state, row.ends_at, row.closed_at = "OPEN", ends_at, None
    session.record(actor, "space.extended", row, reason=reason_of(reason))
    return row


async def check_space_state(session: Session, space: UUID, *states: str, told: str) -> SpaceRow:
    """Refuse what is done in a space that is in none of these states; told: what is done there, as `one signs`.

    Until the transaction ends, its state stays.
    """
    row = await session.get_one(SpaceRow, space, with_for_update={"read": True})
    if row.state not in states:
        raise Refused(RefusalCode.WRONG_STATE, f"This space is {row.state}: {told} while it is {' or '.join(states)}.")
    return row


async def archive(session: Session, actor: Actor, *, space: UUID) -> SpaceRow:
    """CLOSED → ARCHIVED."""
    row = await session.authorize(actor, "space.archive", SpaceRow, space)
    row.state = "ARCHIVED"
    session.record(actor, "space.archived", row)
    return row


async def set_plugins(session: Session, actor: Actor, *, space: UUID, plugins: list[str]) -> SpaceRow:
    """The plugins that are active here and below, beside those that are active above."""
    row = await session.authorize(actor, "space.set_plugins", SpaceRow, space)
    known = session.app.plugins.optional
    if unknown := [name for name in plugins if name not in known]:
        raise invalid(
            "plugins", f"Not enabled in this instance: {', '.join(unknown)}; there are: {', '.join(sorted(known))}."
        )
    await session.execute(delete(ActivationRow).where(col(ActivationRow.space_id) == row.id))
    session.add_all(ActivationRow(space_id=row.id, plugin=name) for name in dict.fromkeys(plugins))
    session.record(actor, "space.changed", row)
    return row


async def ensure_root(app: Application) -> UUID:
    """The root space of the instance; it is made the first time, with every enabled plugin active."""
    async with app.write() as session:
        known = await _root(session)
        if known is None:
            row = await create(session, SYSTEM, parent=None, slug="root", title=app.settings.name)
            row.state, row.opened_at = "OPEN", session.now  # a door, not a consultation: it asks for no end date
            session.add_all(ActivationRow(space_id=row.id, plugin=name) for name in sorted(app.plugins.optional))
            known = row.id
        return known


async def create_closed(
    session: Session, actor: Actor, *, slug: str, title: str, opened_at: datetime, closed_at: datetime,
    **texts: Any,
) -> SpaceRow:  # fmt: skip
    """A space below the root for what was deliberated elsewhere, and ended: CLOSED from the first, with its dates."""
    row = await create(session, actor, parent=await _root(session), slug=slug, title=title, ends_at=closed_at, **texts)
    row.state, row.opened_at, row.closed_at = "CLOSED", opened_at, closed_at
    return row


async def create_as_it_was(
    session: Session, actor: Actor, *, parent: UUID, slug: str, kind: str, state: str,
    texts: dict[str, dict[str, str]], dates: dict[str, datetime | None],
) -> SpaceRow:  # fmt: skip
    """A space of another instance, in the state and with the dates that it had there.

    texts: title, summary, modalities, information and results, each by locale. dates: opened_at, ends_at, closed_at and
    results_due_at.
    """
    if kind not in session.app.declared[SpaceKind]:
        known = ", ".join(sorted(session.app.declared[SpaceKind]))
        raise invalid("kind", f"There is no kind of space {kind}; there are: {known}.")
    if state not in STATES:
        raise invalid("state", f"There is no state {state} of a space; there are: {', '.join(STATES)}.")
    title = text_of(texts.get("title", {}), session.app.settings.locale) or slug
    row = await create(session, actor, parent=parent, slug=slug, title=title, kind=kind)
    row.titles = {}
    for locale in dict.fromkeys(locale for said in texts.values() for locale in said):
        _write_texts(session, row, locale, {name: said.get(locale) for name, said in texts.items()})
    row.titles = row.titles or {session.app.settings.locale: title}
    row.state = state
    for name, moment in dates.items():
        setattr(row, name, moment)
    await _index(session, row)
    return row


async def close_due(app: Application, _: str) -> None:
    """The timer that closes the spaces whose end has come."""
    async with app.write() as session:
        due = select(col(SpaceRow.id)).where(col(SpaceRow.state) == "OPEN", col(SpaceRow.ends_at) <= session.now)
        for space in (await session.execute(due)).scalars().all():
            await close(session, SYSTEM, space=space)


def _missing(row: SpaceRow) -> list[str]:
    """What the law asks of a consultation, and is not written yet."""
    return [name for name in ("modalities", "information") if not getattr(row, name)]


def _write_texts(session: Session, row: SpaceRow, locale: str | None, texts: dict[str, str | None]) -> None:
    language = (locale or session.app.settings.locale).lower()
    for name, text in texts.items():
        if text is None:
            continue
        try:
            cleaned = clean_name(text) if name == "title" else clean(text)
        except ValueError as error:
            raise invalid(name, f"The {name} cannot be kept: {error}.") from None
        kept = {**getattr(row, TEXTS[name]), language: cleaned}
        setattr(row, TEXTS[name], {key: it for key, it in kept.items() if it})
    row.has_results = bool(row.results)
    row.sort_key = sort_key(text_of(row.titles, session.app.settings.locale) or "")


def text_of(texts: dict[str, str], locale: str) -> str | None:
    """The text in this locale, or in another one where there is none."""
    return texts.get(locale) or next(iter(texts.values()), None)


async def _root(session: Session) -> UUID | None:
    found: UUID | None = (
        await session.execute(select(col(SpaceRow.id)).where(col(SpaceRow.parent_id).is_(None)))
    ).scalar_one_or_none()
    return found


async def _check_root(session: Session, actor: Actor) -> None:
    if not actor.system:
        raise invalid("parent", "Say below which space: the root is made with the instance.")
    if await _root(session) is not None:
        raise Refused(RefusalCode.CONFLICT, "This instance has its root space already.")


def texts() -> Select[Any]:
    """The titles and summaries of every space, with its id."""
    it = table_of(SpaceRow).c
    return select(it.id, it.titles, it.summaries)


async def _index(session: Session, row: SpaceRow) -> None:
    await index.put(session, "Space", row.id, *row.titles.values(), *row.summaries.values())
