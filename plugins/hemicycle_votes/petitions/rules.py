"""Who asks by a petition, who signs it, when it is reached, and what becomes of it."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlmodel import col

from hemicycle.api import (
    ANYONE,
    SYSTEM,
    VIEWER,
    Actor,
    Application,
    Figure,
    OpenData,
    ParticipantRow,
    RefusalCode,
    Refused,
    Row,
    Session,
    SpaceRow,
    SpaceTree,
    check_criterion,
    check_space_state,
    clean_name,
    describe_criterion,
    holds,
    invalid,
    meets,
    readable,
    search_index,
    table_of,
)
from hemicycle_votes.petitions import wording
from hemicycle_votes.petitions.models import PetitionRow, SignatureRow

Test = ColumnElement[bool]
JOB = "votes.close_petition"
MOST_GROUPS, MOST_SIGNATURES, LONGEST = 100, 100_000_000, timedelta(days=366)
petitions, signatures, tree = map(table_of, (PetitionRow, SignatureRow, SpaceTree))
preparing = frozenset({"steward", "administrator"})


def visible(row: Row) -> Test:
    """Whoever reads the space, once it was open; until then its author, and those who open it."""
    mine = or_(row.author_id == VIEWER, holds(preparing, row.space_id))
    return and_(readable(row.space_id), or_(row.opened_at.is_not(None), mine))


def signed_by(row: Row) -> Test:
    """One's own signatures: nobody sees another's."""
    mine: Test = row.participant_id == VIEWER
    return mine


def texts() -> Select[Any]:
    """The titles and texts of petitions, with their ids: what is found of them."""
    it = petitions.c
    return select(it.id, func.coalesce(it.title, ""), func.coalesce(it.text, ""))


def viewer_signed(row: Row) -> Test:
    """Whether the viewer signed this petition."""
    it = signatures.alias().c
    return select(1).where(it.petition_id == row.id, it.participant_id == VIEWER).correlate(row.id.table).exists()


async def create(session: Session, actor: Actor, *, space: UUID, title: str, text: str) -> PetitionRow:
    """A DRAFT, for its author and for those who may open it."""
    place = await session.authorize(actor, "votes.create_petition", SpaceRow, space, lock="share")
    author = await _person(session, actor)
    title, text = _name("title", title), _said("text", text)
    row = PetitionRow(space_id=place.id, author_id=author.id, title=title, text=text, created_at=session.now)
    session.add(row)
    await session.flush()
    await search_index.put(session, "Petition", row.id, title, text)
    session.record(actor, "votes.petition_drafted", row)
    return row


async def update(
    session: Session, actor: Actor, *, petition: UUID, title: str | None = None, text: str | None = None
) -> PetitionRow:
    """Other words, while it is a DRAFT."""
    row = await session.authorize(actor, "votes.update_petition", PetitionRow, petition)
    row.title = row.title if title is None else _name("title", title)
    row.text = row.text if text is None else _said("text", text)
    await search_index.put(session, "Petition", row.id, row.title or "", row.text or "")
    session.record(actor, "votes.petition_drafted", row)
    return row


async def open_(
    session: Session, actor: Actor, *, petition: UUID, needed: int, closes_at: datetime,
    criterion: str | None = None, parameters: dict[str, Any] | None = None,
    groups: Sequence[dict[str, Any]] = (), groups_needed: int | None = None,
) -> PetitionRow:  # fmt: skip
    """DRAFT → OPEN: what is needed, until when and who may sign is fixed, and its text frozen.

    groups: {name, criterion, parameters, needed}; `groups_needed` of them (all, if not said) must have theirs.
    """
    row = await session.authorize(actor, "votes.open_petition", PetitionRow, petition)
    if not row.text:
        raise Refused(RefusalCode.WRONG_STATE, "Its author took its words back: there is nothing to sign.")
    if not 1 <= needed <= MOST_SIGNATURES:
        raise invalid("needed", f"It takes 1 to {MOST_SIGNATURES} signatures.")
    if not session.now < closes_at <= session.now + LONGEST:
        raise invalid("closesAt", f"It closes in the future, at most {LONGEST.days} days from now.")
    if criterion is not None:
        check_criterion(session.app, (criterion, parameters or {}))
    row.groups = _groups(session.app, groups)
    row.groups_needed = len(groups) if groups_needed is None else groups_needed
    if not (1 if groups else 0) <= row.groups_needed <= len(groups):
        raise invalid("groupsNeeded", f"There are {len(groups)} groups: say how many of them, from 1 on.")
    row.criterion, row.parameters, row.needed, row.closes_at = criterion, parameters or {}, needed, closes_at
    row.kind = "PETITION" if criterion in session.app.plugin_settings["votes"].registers else "INTERPELLATION"
    row.rules = {locale: wording.rules(session.app, row, locale) for locale in ("en", "fr")}
    row.rules_hash = wording.hashed(row.rules)
    row.state, row.opened_at = "OPEN", session.now
    await session.enqueue(JOB, row.id.hex, at=closes_at, once=f"{JOB}:{row.id.hex}")
    session.record(actor, "votes.petition_opened", row)
    return row


async def sign(session: Session, actor: Actor, *, petition: UUID) -> PetitionRow:
    """One signature of a person; a second time changes nothing. Enough of them: OPEN → REACHED."""
    row = await session.authorize(actor, "votes.sign", PetitionRow, petition)
    await check_space_state(session, row.space_id, "OPEN", told="one signs")
    assert row.closes_at is not None, "it is fixed when it opens"
    if row.closes_at <= session.now:
        raise Refused(RefusalCode.WRONG_STATE, "It is closed: signatures came until its day.")
    person = await _person(session, actor)
    asked = [(one["criterion"], one["parameters"]) for one in row.groups]
    if row.criterion is not None:
        asked.append((row.criterion, row.parameters))
    held = await meets(session, person.id, asked)
    if row.criterion is not None and not held.pop():
        told = describe_criterion(session.app, row.criterion)
        raise Refused(RefusalCode.NOT_ALLOWED, f"It is for those of whom this is true: {told}.")
    mine = SignatureRow(
        participant_id=person.id, petition_id=row.id, space_id=row.space_id,
        groups=[place for place, true_of_them in enumerate(held) if true_of_them],
        at=datetime.combine(session.now.date(), time(), UTC),
    )  # fmt: skip
    if await session.add_once(mine):
        _count(row, mine, 1)
        session.record(ANYONE, "votes.petition_signed", row)  # that someone did; who is in no journal
        if row.state == "OPEN" and reached(row):
            row.state, row.reached_at = "REACHED", session.now
            session.record(ANYONE, "votes.petition_reached", row, reason=str(row.signatures))
    return row


async def unsign(session: Session, actor: Actor, *, petition: UUID) -> PetitionRow:
    """Take one's signature back, while the petition is OPEN: what it has reached stays reached."""
    row = await session.get(PetitionRow, petition, with_for_update=True)
    its = col(SignatureRow.participant_id) == actor.id, col(SignatureRow.petition_id) == petition
    found = (await session.execute(select(col(SignatureRow.id)).where(*its))).scalar()
    mine = await session.authorize(actor, "votes.withdraw_signature", SignatureRow, found)
    assert row is not None
    if row.state != "OPEN":
        raise Refused(RefusalCode.WRONG_STATE, f"It is {row.state}: signatures are taken back while it is OPEN.")
    await session.delete(mine)
    _count(row, mine, -1)
    session.record(ANYONE, "votes.petition_unsigned", row)
    return row


async def answer(session: Session, actor: Actor, *, petition: UUID, text: str) -> PetitionRow:
    """REACHED or LAPSED → ANSWERED: what the collectivité says, in public."""
    row = await session.authorize(actor, "votes.answer_petition", PetitionRow, petition)
    row.state, row.answer, row.answered_at = "ANSWERED", _said("text", text), session.now
    session.record(actor, "votes.petition_answered", row)
    return row


async def withdraw(session: Session, actor: Actor, *, petition: UUID) -> PetitionRow:
    """DRAFT or OPEN → WITHDRAWN, by its author."""
    row = await session.authorize(actor, "votes.withdraw_petition", PetitionRow, petition)
    told = "votes.petition_withdrawn" if row.state == "OPEN" else "votes.petition_discarded"
    row.state = "WITHDRAWN"
    session.record(actor, told, row)
    return row


async def close(app: Application, petition: str) -> None:
    """OPEN → LAPSED, when its day has come. For the timer; harmless if it comes again."""
    async with app.write() as session:
        row = await session.get(PetitionRow, UUID(petition), with_for_update=True)
        if row is None or row.state != "OPEN" or row.closes_at is None or row.closes_at > session.now:
            return
        row.state = "LAPSED"
        session.record(SYSTEM, "votes.petition_lapsed", row, reason=str(row.signatures))


def reached(row: PetitionRow) -> bool:
    """Whether there are enough signatures, and enough groups with enough of theirs."""
    enough = sum(one["signatures"] >= one["needed"] for one in row.groups)
    return row.needed is not None and row.signatures >= row.needed and enough >= row.groups_needed


def _count(row: PetitionRow, signature: SignatureRow, step: int) -> None:
    """One more, or one less: in all, on its day, and in each group that it counts for."""
    day = signature.at.date().isoformat()
    row.signatures += step
    row.days = {**row.days, day: row.days.get(day, 0) + step}
    row.groups = [
        {**one, "signatures": one["signatures"] + step} if place in signature.groups else one
        for place, one in enumerate(row.groups)
    ]


def _groups(app: Application, groups: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    if len(groups) > MOST_GROUPS:
        raise invalid("groups", f"A petition has {MOST_GROUPS} groups at most.")
    told, names = list[dict[str, Any]](), set[str]()
    for place, one in enumerate(groups):
        path, given = f"groups.{place}", one.get("parameters") or {}
        name = _name(f"{path}.name", one["name"])
        if name in names:
            raise invalid(f"{path}.name", "Each group has a name of its own.")
        if not 1 <= one["needed"] <= MOST_SIGNATURES:
            raise invalid(f"{path}.needed", f"It takes 1 to {MOST_SIGNATURES} signatures.")
        check_criterion(app, (one["criterion"], given), f"{path}.criterion", f"{path}.parameters")
        names.add(name)
        told.append({
            "name": name, "criterion": one["criterion"], "parameters": given, "needed": one["needed"], "signatures": 0,
        })  # fmt: skip
    return told


async def _person(session: Session, actor: Actor) -> ParticipantRow:
    person = await session.get(ParticipantRow, actor.id) if actor.id else None
    if person is None or person.kind != "PERSON":
        raise Refused(RefusalCode.NOT_ALLOWED, "Petitions are for people: a structure says what it thinks elsewhere.")
    return person


def _name(path: str, text: str) -> str:
    try:
        return clean_name(text)
    except ValueError as error:
        raise invalid(path, f"This cannot be kept: {error}.") from None


def _said(path: str, text: str) -> str:
    if not text.strip():
        raise invalid(path, "Say something.")
    return text


def _public() -> Select[Any]:
    it = petitions.c
    told = it.id, it.space_id, it.title, it.kind, it.state, it.signatures, it.needed, it.closes_at
    return select(*told).where(readable(it.space_id), it.opened_at.is_not(None)).order_by(it.id)


def _in_subtree(space: ColumnElement[UUID]) -> Select[Any]:
    joined = petitions.join(tree, tree.c.descendant_id == petitions.c.space_id)
    return (
        select(func.coalesce(func.sum(petitions.c.signatures), 0))
        .select_from(joined)
        .where(tree.c.ancestor_id == space, readable(tree.c.descendant_id))
    )


OPEN_DATA = OpenData(
    "petitions", "What people asked together, and how many signed.", query=_public,
    columns={
        "id": "Its id.", "space_id": "The id of its space.", "title": "What it is about.",
        "kind": "Petition, or interpellation.",
        "state": "Where it stands.", "signatures": "How many signed.", "needed": "How many it takes.",
        "closes_at": "Until when one signs.",
    },
    on=PetitionRow, people=["signatures"],
    way_back="A petition is its signatures, and those who signed do not come: nobody signs by an import.",
)  # fmt: skip
FIGURES = [Figure("signatures", "How often people signed a petition.", query=_in_subtree)]
