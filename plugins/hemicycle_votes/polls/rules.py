"""Who sees a poll, how it is prepared, opened and called off. `casting.py` has its ballots, `closing.py` its end."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, delete, func, or_, select
from sqlmodel import col

from hemicycle.api import (
    SYSTEM,
    VIEWER,
    Actor,
    Application,
    Figure,
    OpenData,
    Ref,
    RefusalCode,
    Refused,
    Row,
    Session,
    SpaceRow,
    SpaceTree,
    check_space_state,
    holds,
    invalid,
    readable,
    search_index,
    table_of,
)
from hemicycle_votes.polls import eligibility, keys, promises
from hemicycle_votes.polls.kinds import BUDGETS
from hemicycle_votes.polls.models import (
    BallotRow,
    EnvelopeRow,
    OptionRow,
    PaperRow,
    PollRow,
    ResultRow,
    TrackerRow,
    VoterRow,
)

Test = ColumnElement[bool]
ORGANISERS = ("poll_organiser", "steward")
organising = frozenset({"poll_organiser", "steward", "administrator"})
polls, voters, results, tree = map(table_of, (PollRow, VoterRow, ResultRow, SpaceTree))
OPEN_JOB, CLOSE_JOB, DESTROY_JOB = "votes.open_poll", "votes.close_poll", "votes.destroy_key"
ONE_SEAT = ("IRV", "CONDORCET")
MAY_BE_NULL = ("opens_at", "lot_source", "credits", "budget")
MOST_OPTIONS = 100
NUMBERS = {"seats": (1, 100), "worst": (-1000, 1000), "best": (-1000, 1000), "credits": (1, 10_000),
           "budget": (1, 2 * 10**9), "quorum": (0, 10**9), "proxies": (0, 10)}  # fmt: skip


def texts() -> Select[Any]:
    """The questions of polls and what one should know, with their ids: what is found of them."""
    return select(polls.c.id, polls.c.question, polls.c.information)


def visible(row: Row) -> Test:
    """Whoever reads the space, once it was open; a draft, also one that was called off, those who prepare it."""
    return and_(readable(row.space_id), or_(row.rules_hash.is_not(None), holds(organising, row.space_id)))


def told(row: Row) -> Test:
    """A result: to those who prepare polls as soon as there is one, to whoever sees the poll once it is published."""
    it = polls.alias().c
    seen = or_(it.state == "PUBLISHED", holds(organising, it.space_id))
    its = select(1).where(it.id == row.id, readable(it.space_id), seen)
    return its.correlate(row.id.table).exists()


def published(row: Row) -> Test:
    """What came out of the box: to whoever sees the poll, once it is published and nothing is withheld."""
    it, said = polls.alias(), results.alias()
    joined = it.join(said, said.c.id == it.c.id)
    its = select(1).select_from(joined).where(it.c.id == row.poll_id, readable(it.c.space_id))
    return its.where(it.c.state == "PUBLISHED", said.c.withheld.is_(False)).correlate(row.id.table).exists()


def turnout(row: Row) -> ColumnElement[int]:
    """How many have voted."""
    it = voters.alias().c
    return select(func.count()).where(it.poll_id == row.id).correlate(row.id.table).scalar_subquery()


def mine(name: str) -> Callable[[Row], ColumnElement[Any]]:
    """A column of the viewer's own row among those who voted."""

    def expression(row: Row) -> ColumnElement[Any]:
        it = voters.alias().c
        own = select(it[name]).where(it.poll_id == row.id, it.participant_id == VIEWER)
        return own.correlate(row.id.table).scalar_subquery()

    return expression


def has_voted(row: Row) -> Test:
    """Whether the viewer has."""
    it = voters.alias().c
    own = select(1).where(it.poll_id == row.id, it.participant_id == VIEWER)
    return own.correlate(row.id.table).exists()


async def create(
    session: Session, actor: Actor, *, space: UUID, question: str, options: Sequence[dict[str, Any]], method: str,
    closes_at: datetime, secrecy: str = "CONFIDENTIAL", **said: Any,
) -> PollRow:  # fmt: skip
    """A poll, DRAFT. options: {label, description, cost, about}. said: what the columns of the poll are called, and
    criteria: {criterion, parameters}."""
    place = await session.authorize(actor, "votes.prepare_poll", SpaceRow, space, lock="share")
    row = PollRow(
        space_id=place.id, question=_said("question", question), method=method, secrecy=_secrecy(secrecy, method),
        closes_at=closes_at, created_at=session.now,
    )  # fmt: skip
    await _set(session, row, said)
    session.add(row)
    await session.flush()
    await _write_options(session, actor, row, options)
    await _announce(session, row)
    session.record(actor, "votes.poll_prepared", row)
    return row


async def update(
    session: Session, actor: Actor, *, poll: UUID, options: Sequence[dict[str, Any]] | None = None, **said: Any
) -> PollRow:
    """Change a draft; what is not said stays, and options are replaced as a whole."""
    row, said = await session.authorize(actor, "votes.change_poll", PollRow, poll), _given(said)
    row.secrecy = _secrecy(said.pop("secrecy", row.secrecy), said.get("method", row.method))
    await _set(session, row, said)
    if options is not None:
        await session.execute(delete(OptionRow).where(col(OptionRow.poll_id) == row.id))
        await _write_options(session, actor, row, options)
    else:
        _check_costs(row, await options_of(session, row.id))
    await _announce(session, row)
    session.record(actor, "votes.poll_prepared", row)
    return row


async def import_roll(session: Session, actor: Actor, *, poll: UUID, entries: Sequence[str]) -> PollRow:
    """Put people on the roll of a draft: from then on only they vote in it."""
    row = await session.authorize(actor, "votes.import_roll", PollRow, poll)
    await eligibility.write_roll(session, row, entries)
    session.record(actor, "votes.roll_imported", row)
    return row


async def open_poll(session: Session, actor: Actor, *, poll: UUID) -> PollRow:
    """DRAFT → OPEN: its rules are written down and hashed, and its key is made. Nothing about it changes any more."""
    row = await session.authorize(actor, "votes.open_poll", PollRow, poll)
    await check_space_state(session, row.space_id, "OPEN", told="a poll opens")
    if row.closes_at <= session.now:
        raise invalid("closes_at", "It would close before it opens: change closesAt first.")
    row.state, row.opens_at = "OPEN", session.now
    row.rules = promises.rules_of(row, await options_of(session, row.id), await eligibility.size(session, row.id))
    row.rules_hash = promises.hash_of(row.rules)
    if row.secrecy != "BELENIOS":
        row.public_key = await keys.make(session.app, row.id)
    await session.enqueue(CLOSE_JOB, str(row.id), at=row.closes_at)
    session.record(actor, "votes.poll_opened", row)
    return row


async def cancel(session: Session, actor: Actor, *, poll: UUID, reason: str) -> PollRow:
    """DRAFT, OPEN or CLOSED → CANCELLED: the envelopes go unopened, and the key with them."""
    row = await session.authorize(actor, "votes.cancel_poll", PollRow, poll)
    row.cancelled_because, row.state = _said("reason", reason), "CANCELLED"
    await drop_envelopes(session, row)
    for box in (BallotRow, TrackerRow):
        await session.execute(delete(box).where(table_of(box).c.poll_id == row.id))
    await eligibility.drop_roll(session, row)
    await session.enqueue(DESTROY_JOB, str(row.id))
    told = "votes.poll_discarded" if row.rules_hash is None else "votes.poll_cancelled"
    session.record(actor, told, row, reason=row.cancelled_because)
    return row


async def open_on_time(app: Application, argument: str) -> None:
    """The timer that opens a poll, if the moment is still the one that its draft says."""
    async with app.write() as session:
        row = await session.get(PollRow, UUID(argument), with_for_update=True)
        if row is not None and row.state == "DRAFT" and row.opens_at is not None and row.opens_at <= session.now:
            await open_poll(session, SYSTEM, poll=row.id)


async def drop_envelopes(session: Session, row: PollRow) -> None:
    """Nothing sealed is left."""
    for table in (EnvelopeRow, PaperRow):
        await session.execute(delete(table).where(table_of(table).c.poll_id == row.id))


async def options_of(session: Session, poll: UUID) -> list[OptionRow]:
    """The options of a poll, in their order."""
    its = select(OptionRow).where(col(OptionRow.poll_id) == poll).order_by(col(OptionRow.place))
    return list((await session.execute(its)).scalars())


def _given(said: dict[str, Any]) -> dict[str, Any]:
    """What was said: where a poll has no null, a null says nothing."""
    return {name: value for name, value in said.items() if value is not None or name in MAY_BE_NULL}


async def _set(session: Session, row: PollRow, said: dict[str, Any]) -> None:
    for name, value in _given(said).items():
        if name in NUMBERS and value is not None and not NUMBERS[name][0] <= value <= NUMBERS[name][1]:
            least, most = NUMBERS[name]
            raise invalid(name, f"{name} is {value}: say {least} to {most}.")
        kept = _said(name, value) if name == "question" else value
        setattr(row, name, eligibility.checked(session, value) if name == "criteria" else kept)
    if row.closes_at <= max(row.opens_at or session.now, session.now):
        raise invalid("closes_at", "A poll closes after it opens, and in the future: take a later moment.")
    if row.opens_at is not None and row.opens_at <= session.now:
        raise invalid(
            "opens_at", "It opens by itself at a moment that is still to come: take a later one, or openPoll."
        )
    if row.seats > 1 and row.method in ONE_SEAT:
        raise invalid("seats", f"{row.method} elects one: for {row.seats} take STV.")
    if row.seats > 1 and row.method in BUDGETS:
        raise invalid("seats", f"In {row.method} the budget says how many win: leave seats out.")
    if row.method == "STV" and row.equal_ranks == "WHOLE":
        raise invalid(
            "equal_ranks", "In STV a ballot is one vote, and counts fully for one only: take SPLIT or EXHAUST."
        )
    if row.tie_break == "ORDER":
        row.lot_source = None
    elif not (row.lot_source or "").strip():
        raise invalid(
            "lot_source",
            "Say from where the text of the lot will come, such as a public draw after closing: whoever counts could "
            "choose it else.",
        )
    if row.method == "QUADRATIC" and row.credits is None:
        raise invalid("credits", "Say how many credits each person may spend.")
    if row.method in BUDGETS and row.budget is None:
        raise invalid("budget", "Say how much there is to spend.")
    if row.worst == row.best:
        raise invalid("best", "The best grade is another one than the worst.")


async def _write_options(session: Session, actor: Actor, row: PollRow, options: Sequence[dict[str, Any]]) -> None:
    if not 2 <= len(options) <= MOST_OPTIONS:
        raise invalid("options", f"A poll has 2 to {MOST_OPTIONS} options, not {len(options)}.")
    seen, made = set[str](), list[OptionRow]()
    for place, one in enumerate(options):
        label = _said(f"options.{place}.label", one["label"])
        if label.casefold() in seen:
            raise invalid(f"options.{place}.label", f"The option {label} is there twice: keep one.")
        seen.add(label.casefold())
        about: Ref | None = one.get("about")
        if about is not None and not await session.sees(actor, about):
            raise Refused(
                RefusalCode.NOT_FOUND, f"Option {place + 1}: there is nothing under that id, or none for you."
            )
        option = OptionRow(
            poll_id=row.id, place=place, label=label, description=one.get("description") or "", cost=one.get("cost"),
            type=about.type if about else None, object_id=about.key if about else None,
        )  # fmt: skip
        made.append(option)
    _check_costs(row, made)
    session.add_all(made)
    await session.flush()


def _check_costs(row: PollRow, options: Sequence[OptionRow]) -> None:
    for one in options:
        if row.method in BUDGETS and (one.cost is None or one.cost < 1):
            raise invalid(f"options.{one.place}.cost", f"Say what {one.label} costs: 1 or more.")
        if row.method not in BUDGETS and one.cost is not None:
            raise invalid(
                f"options.{one.place}.cost", f"Only a budget has costs, and {row.method} is none: leave it out."
            )
    if row.seats >= len(options):
        raise invalid("seats", f"{row.seats} seats for {len(options)} options leave nothing to choose.")


async def _announce(session: Session, row: PollRow) -> None:
    """Have it found by those who see it, and opened at its moment."""
    await search_index.put(session, "Poll", row.id, row.question, row.information)
    if row.opens_at is not None:
        await session.enqueue(OPEN_JOB, str(row.id), at=row.opens_at)


def _secrecy(secrecy: str, method: str) -> str:
    if secrecy == "SEALED":
        raise invalid(
            "secrecy",
            "SEALED (ballots that even the operator cannot link) is not offered until it has been reviewed: take "
            "CONFIDENTIAL, or BELENIOS for what binds.",
        )
    if secrecy == "BELENIOS" and method != "PLURALITY":
        raise invalid(
            "method", "The result that comes back from Belenios is a count of one choice each: take PLURALITY."
        )
    return secrecy


def _said(path: str, text: str) -> str:
    if not text.strip():
        raise invalid(path, f"The {path.rpartition('.')[2]} is empty: write it.")
    return text.strip()


def _public() -> Select[Any]:
    it, said = polls, results
    joined = it.join(said, said.c.id == it.c.id)
    rows = select(it.c.id, it.c.space_id, it.c.question, it.c.method, it.c.secrecy, it.c.closes_at, it.c.rules_hash,
                  said.c.ballots, said.c.quorum_reached, said.c.withheld,
                  case((said.c.withheld.is_(False), said.c.data)).label("result"))  # fmt: skip
    shown = readable(it.c.space_id), it.c.state == "PUBLISHED"
    return rows.select_from(joined).where(*shown).order_by(it.c.id)


def _in_subtree(space: ColumnElement[UUID]) -> Select[Any]:
    joined = polls.join(tree, tree.c.descendant_id == polls.c.space_id)
    counted = select(func.count()).select_from(joined)
    below = tree.c.ancestor_id == space, readable(tree.c.descendant_id)
    return counted.where(*below, polls.c.state.not_in(["DRAFT", "CANCELLED"]))


OPEN_DATA = OpenData(
    "polls", "Polls whose result is published.", query=_public,
    columns={
        "id": "The id.", "space_id": "The id of its space.", "question": "The question.",
        "method": "How it was counted.",
        "secrecy": "What was promised about ballots.", "closes_at": "When it closed.",
        "rules_hash": "The SHA-256 of its rules.", "ballots": "How many ballots were counted.",
        "quorum_reached": "Whether so many voted as it asked for.",
        "withheld": "Whether so few voted that the result would tell who.", "result": "What the count said.",
    },
    on=PollRow, people=["ballots"],
    way_back="A result stands on ballots that are counted here, and they do not come: it stays that of its instance.",
)  # fmt: skip
FIGURES = [Figure("polls", "Polls that were opened.", query=_in_subtree)]
