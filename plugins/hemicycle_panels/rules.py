"""Who sees a panel, how it is designed and called, and how it ends. `drawing.py` has its draw, `seats.py` its seats."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, delete, func, or_, select
from sqlmodel import col

from hemicycle.api import (
    VIEWER,
    Actor,
    Figure,
    OpenData,
    RefusalCode,
    Refused,
    Row,
    Session,
    SpaceRow,
    SpaceTree,
    check_criterion,
    check_space_state,
    clean_name,
    holds,
    invalid,
    readable,
    search_index,
    sort_key,
    speaks_for,
    table_of,
)
from hemicycle_panels.models import CandidacyRow, CollegeRow, DrawRow, MemberRow, PanelRow, QuotaRow

Test = ColumnElement[bool]
ORGANISERS = ("panel_organiser", "steward")
organising = frozenset({"panel_organiser", "steward", "administrator"})
panels, candidacies, members, tree = map(table_of, (PanelRow, CandidacyRow, MemberRow, SpaceTree))
FEWEST = 5  # people: what fewer share is not told
MOST_SEATS, MOST_PANELS = 1000, 10_000


def visible(row: Row) -> Test:
    """Whoever reads the space, once there is a call; until then, those who prepare it."""
    return and_(readable(row.space_id), or_(row.state != "DESIGNED", holds(organising, row.space_id)))


def texts() -> Select[Any]:
    """The titles and questions of panels, with their ids: what is found of them."""
    return select(panels.c.id, panels.c.title, panels.c.question)


def owned(row: Row) -> Test:
    """One's own, or that of a structure that one speaks for."""
    return or_(row.participant_id == VIEWER, speaks_for(row.participant_id))


def known(row: Row) -> Test:
    """A candidacy: to whoever it is about, to the organisers, and to an auditor."""
    return owned(row) | holds(organising | {"panel_auditor"}, row.space_id)


def candidate_count(row: Row) -> ColumnElement[int | None]:
    """How many are candidates; null while they are few."""
    it = candidacies.alias().c
    counted = select(case((func.count() >= FEWEST, func.count())))
    return counted.where(it.panel_id == row.id).correlate(row.id.table).scalar_subquery()


async def create(
    session: Session, actor: Actor, *, space: UUID, title: str, question: str, colleges: Sequence[dict[str, Any]],
    algorithm: str = "leximin", lottery_size: int = 1000, one_per_household: bool = False,
    criterion: str | None = None, criterion_parameters: dict[str, Any] | None = None,
) -> PanelRow:  # fmt: skip
    """A panel, DESIGNED. colleges: {kind, seats, method, quotas: [{feature, value, minimum, maximum, flex_…}]}."""
    place = await session.authorize(actor, "panels.design", SpaceRow, space, lock="share")
    row = PanelRow(
        space_id=place.id, title=_name("title", title, 200), sort_key=sort_key(title),
        question=said("question", question), algorithm=algorithm, lottery_size=_lottery_size(lottery_size),
        one_per_household=one_per_household, created_at=session.now,
    )  # fmt: skip
    _require(session, row, criterion, criterion_parameters)
    session.add(row)
    await session.flush()
    await _write_colleges(session, row, colleges)
    await search_index.put(session, "Panel", row.id, row.title, row.question)
    session.record(actor, "panels.designed", row)
    return row


async def update(
    session: Session, actor: Actor, *, panel: UUID, title: str | None = None, question: str | None = None,
    colleges: Sequence[dict[str, Any]] | None = None, algorithm: str | None = None, lottery_size: int | None = None,
    one_per_household: bool | None = None,
    criterion: str | None = None, criterion_parameters: dict[str, Any] | None = None,
) -> PanelRow:  # fmt: skip
    """Change the design before the call; the colleges are replaced as a whole."""
    row = await session.authorize(actor, "panels.change_design", PanelRow, panel)
    if title is not None:
        row.title, row.sort_key = _name("title", title, 200), sort_key(title)
    if question is not None:
        row.question = said("question", question)
    if lottery_size is not None:
        row.lottery_size = _lottery_size(lottery_size)
    row.algorithm = algorithm or row.algorithm
    row.one_per_household = row.one_per_household if one_per_household is None else one_per_household
    if criterion is not None:
        _require(session, row, criterion, criterion_parameters)
    if colleges is not None:
        mine = select(col(CollegeRow.id)).where(col(CollegeRow.panel_id) == row.id)
        await session.execute(delete(QuotaRow).where(col(QuotaRow.college_id).in_(mine)))
        await session.execute(delete(CollegeRow).where(col(CollegeRow.panel_id) == row.id))
        await _write_colleges(session, row, colleges)
    await search_index.put(session, "Panel", row.id, row.title, row.question)
    session.record(actor, "panels.designed", row)
    return row


async def adjust_quota(
    session: Session, actor: Actor, *, quota: UUID, minimum: int, maximum: int, reason: str
) -> PanelRow:
    """Another minimum and maximum, for a public reason: until the pool closes; after that only wider, and only where
    the lottery said that no panel keeps all quotas."""
    where = select(col(CollegeRow.panel_id)).join(QuotaRow, col(QuotaRow.college_id) == col(CollegeRow.id))
    key = (await session.execute(where.where(col(QuotaRow.id) == quota))).scalar_one_or_none()
    row = await session.authorize(actor, "panels.adjust_quota", PanelRow, key)
    its = await session.get(QuotaRow, quota)  # only now: while this waited, somebody else may have changed it
    if its is None:
        raise Refused(RefusalCode.NOT_FOUND, "The design was changed a moment ago: read its quotas anew.")
    college = await session.get_one(CollegeRow, its.college_id)
    if row.state == "POOL_CLOSED":
        draw = await session.get_one(DrawRow, row.id, with_for_update=True)
        if draw.state != "POOL_CLOSED" or draw.problem is None:
            raise Refused(
                RefusalCode.WRONG_STATE, "The quotas are frozen, unless the lottery finds that they cannot be kept."
            )
        if minimum > its.minimum or maximum < its.maximum:
            raise invalid(
                "minimum", "Once the pool is closed a quota only becomes wider: lower minimum, higher maximum."
            )
    _check_quota("", college.seats, minimum, maximum, min(minimum, its.flex_minimum), max(maximum, its.flex_maximum))
    its.minimum, its.maximum = minimum, maximum
    its.flex_minimum, its.flex_maximum = min(minimum, its.flex_minimum), max(maximum, its.flex_maximum)
    told = f"{its.feature} = {its.value}: {minimum}–{maximum}. {said('reason', reason)}"
    session.record(actor, "panels.quota_adjusted", row, reason=told)
    return row


async def open_call(session: Session, actor: Actor, *, panel: UUID, text: str, ends_at: datetime) -> PanelRow:
    """DESIGNED → CALL_OPEN."""
    row = await session.authorize(actor, "panels.open_call", PanelRow, panel)
    await check_space_state(session, row.space_id, "OPEN", "CLOSED", told="a panel calls for candidates")
    if ends_at <= session.now:
        raise invalid("ends_at", "The call ends in the future: take a later moment.")
    row.state, row.call, row.call_ends_at = "CALL_OPEN", said("text", text), ends_at
    session.record(actor, "panels.call_opened", row)
    return row


async def convene(session: Session, actor: Actor, *, panel: UUID) -> PanelRow:
    """DRAWN → CONVENED, once everyone who was drawn has answered: who accepted is ACTIVE."""
    row = await session.authorize(actor, "panels.convene", PanelRow, panel)
    seated = (await session.execute(select(MemberRow).where(col(MemberRow.panel_id) == row.id))).scalars().all()
    states = Counter(one.state for one in seated)
    if states["DRAWN"]:
        raise Refused(
            RefusalCode.CONFLICT,
            f"{states['DRAWN']} have not answered yet: wait for them, or release them (releaseMember).",
        )
    if not states["ACCEPTED"]:
        raise Refused(RefusalCode.CONFLICT, "Nobody has accepted a seat: there is nobody to convene.")
    for one in seated:
        one.state = "ACTIVE" if one.state == "ACCEPTED" else one.state
    row.state = "CONVENED"
    session.record(actor, "panels.convened", row)
    return row


async def dissolve(session: Session, actor: Actor, *, panel: UUID) -> PanelRow:
    """DELIVERED → DISSOLVED, once its draw is closed. What candidates said of themselves is deleted."""
    row = await session.authorize(actor, "panels.dissolve", PanelRow, panel)
    draw = await session.get_one(DrawRow, row.id, with_for_update=True)
    if draw.state != "CLOSED":
        raise Refused(RefusalCode.CONFLICT, "Its draw is not closed: end the transcript first (closeDraw).")
    await session.execute(delete(CandidacyRow).where(col(CandidacyRow.panel_id) == row.id))
    draw.profiles, draw.households, row.state = None, None, "DISSOLVED"
    session.record(actor, "panels.dissolved", row)
    return row


async def colleges_of(session: Session, panel: UUID) -> list[CollegeRow]:
    """The colleges of a panel, in the order of their kinds."""
    its = select(CollegeRow).where(col(CollegeRow.panel_id) == panel).order_by(col(CollegeRow.kind))
    return list((await session.execute(its)).scalars())


async def quotas_of(session: Session, panel: UUID) -> list[QuotaRow]:
    """The quotas of all its colleges, in the order in which they were written."""
    its = select(QuotaRow).join(CollegeRow, col(CollegeRow.id) == col(QuotaRow.college_id))
    its = its.where(col(CollegeRow.panel_id) == panel).order_by(col(QuotaRow.id))
    return list((await session.execute(its)).scalars())


def reason_of(text: str) -> str:
    """A reason that says something. Refused otherwise."""
    return said("reason", text)


def _require(session: Session, row: PanelRow, criterion: str | None, given: dict[str, Any] | None) -> None:
    """Who may be a candidate: a declared criterion, with parameters that it takes."""
    if criterion is None:
        return
    check_criterion(session.app, (criterion, given or {}), parameters="criterion_parameters")
    row.criterion, row.criterion_parameters = criterion, given or {}


async def _write_colleges(session: Session, row: PanelRow, colleges: Sequence[dict[str, Any]]) -> None:
    if not any(one["method"] == "LOTTERY" for one in colleges):
        raise invalid("colleges", "A panel has a college whose seats are drawn: say which (method LOTTERY).")
    if repeated := [kind for kind, times in Counter(one["kind"] for one in colleges).items() if times > 1]:
        raise invalid("colleges", f"The college {repeated[0]} is there twice: keep one.")
    if sum(one["seats"] for one in colleges) > MOST_SEATS:
        raise invalid("colleges", f"A panel has {MOST_SEATS} seats at most.")
    for at, one in enumerate(colleges):
        if one["seats"] < 1:
            raise invalid(f"colleges.{at}.seats", "A college has one seat or more.")
        college = CollegeRow(panel_id=row.id, kind=one["kind"], seats=one["seats"], method=one["method"])
        session.add(college)
        await session.flush()
        _write_quotas(session, college, one.get("quotas") or (), f"colleges.{at}.quotas")
        await session.flush()


def _write_quotas(session: Session, college: CollegeRow, quotas: Sequence[dict[str, Any]], path: str) -> None:
    if quotas and college.method != "LOTTERY":
        raise invalid(
            path, "Quotas are for a college whose seats are drawn: leave them out where members are designated."
        )
    least, most, seen = Counter[str](), Counter[str](), set[tuple[str, str]]()
    for at, one in enumerate(quotas):
        feature, value = (_name(f"{path}.{at}.{name}", one[name], 100) for name in ("feature", "value"))
        minimum, maximum = one["minimum"], one["maximum"]
        lowest, highest = one.get("flex_minimum", minimum), one.get("flex_maximum", maximum)
        _check_quota(f"{path}.{at}.", college.seats, minimum, maximum, lowest, highest)
        if (feature, value) in seen:
            raise invalid(f"{path}.{at}.value", f"The quota {feature} = {value} is there twice: keep one.")
        seen.add((feature, value))
        least[feature] += minimum
        most[feature] += maximum
        session.add(QuotaRow(
            college_id=college.id, feature=feature, value=value, minimum=minimum, maximum=maximum,
            flex_minimum=lowest, flex_maximum=highest,
        ))  # fmt: skip
    for feature in least:
        if not least[feature] <= college.seats <= most[feature]:
            told = f"its quotas ask for {least[feature]} to {most[feature]} seats, and the college has {college.seats}"
            raise invalid(path, f"{feature}: {told}: change minimum or maximum.")


def _check_quota(path: str, seats: int, minimum: int, maximum: int, lowest: int, highest: int) -> None:
    if not 0 <= minimum <= maximum <= seats:
        raise invalid(f"{path}minimum", f"0 ≤ minimum ≤ maximum ≤ {seats} seats, not {minimum} and {maximum}.")
    if not 0 <= lowest <= minimum or highest < maximum:
        raise invalid(
            f"{path}flex_minimum", "Flex is wider than the quota: 0 ≤ flexMinimum ≤ minimum, maximum ≤ flexMaximum."
        )


def _name(path: str, text: str, longest: int) -> str:
    try:
        return clean_name(text, longest=longest)
    except ValueError as error:
        raise invalid(path, f"This {path.rpartition('.')[2]} cannot be kept: {error}.") from None


def said(path: str, text: str) -> str:
    if not text.strip():
        raise invalid(path, f"The {path} is empty: write it.")
    return text.strip()


def _lottery_size(size: int) -> int:
    if not 1 <= size <= MOST_PANELS:
        raise invalid("lottery_size", f"A lottery has 1 to {MOST_PANELS} panels; 1000 go with three balls.")
    return size


def _public() -> Select[Any]:
    it, draw = panels.c, table_of(DrawRow)
    asked = select(
        it.id, it.space_id, it.title, it.state, draw.c.pool_size, draw.c.min_probability, draw.c.max_probability,
        draw.c.certificate_gap, draw.c.root, draw.c.key,
    )  # fmt: skip
    return asked.select_from(panels.outerjoin(draw, draw.c.id == it.id)).where(
        readable(it.space_id), it.state != "DESIGNED"
    ).order_by(it.id)  # fmt: skip


def _count(table: Any, *tests: Test) -> Any:
    def query(space: ColumnElement[UUID]) -> Select[Any]:
        joined = table.join(tree, tree.c.descendant_id == table.c.space_id)
        below = tree.c.ancestor_id == space, readable(tree.c.descendant_id)
        return select(func.count()).select_from(joined).where(*below, *tests)

    return query


OPEN_DATA = OpenData(
    "panels", "The panels, and how fair their lottery was.", query=_public,
    columns={
        "id": "The id.", "space_id": "The id of its space.", "title": "What it is called.", "state": "Where it stands.",
        "pool_size": "How many could be drawn.", "min_probability": "The lowest probability of anyone.",
        "max_probability": "The highest.", "certificate_gap": "How far the lottery is from the fairest, as measured.",
        "root": "The root of the tree that seals the pool.", "key": "The fingerprint of the key of its transcript.",
    },
    on=PanelRow, people=["pool_size"],
    way_back="A panel is the people who sit in it, and they do not come; the transcript of its lottery proves it.",
)  # fmt: skip
FIGURES = [
    Figure("panels", "Panels that were called.", query=_count(panels, panels.c.state != "DESIGNED")),
    Figure("panel_members", "People who sit in a panel.", query=_count(members, members.c.state == "ACTIVE")),
]
