"""The job that writes a batch of a digest: each letter is marked before it leaves, and never leaves a second time.

Whoever's letter was leaving when a worker died may have got it or not: it is not sent again, and `hemicycle check`
tells how many there are.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Select, Uuid, bindparam, func, select, union_all, update
from sqlmodel import col

from hemicycle.api import (
    VIEWER,
    Application,
    Event,
    Finding,
    Message,
    ParticipantRow,
    Session,
    Utc,
    news_letter,
    readable,
    table_of,
)
from hemicycle_outcomes.digests import sight
from hemicycle_outcomes.digests.models import DigestRow, LetterRow
from hemicycle_outcomes.proposals.sight import current
from hemicycle_outcomes.trace.sight import subjects

PATIENCE = 3  # letters that a mail server refuses before the job waits
MOST = 40  # lines of a letter
INTRODUCTION = {
    "en": "Since {day}, of what you said, stand behind or follow:",
    "fr": "Depuis le {day}, pour ce que vous avez dit, cosigné ou suivi :",
}
UNNAMED = {"en": "A proposal", "fr": "Une proposition"}
MORE = {"en": "And more.", "fr": "Et d’autres nouvelles."}
LETTERS = table_of(LetterRow)


async def send(app: Application, argument: str) -> None:
    """Write to whoever of a batch waits for their letter. argument: `DIGEST:BATCH`. Raises if the mail does not leave.
    """  # fmt: skip
    digest, _, batch = argument.partition(":")
    refused = list[Exception]()
    while len(refused) < PATIENCE:
        letter, message = await _begin(app, UUID(digest), int(batch))
        if letter is None:
            break
        if message is None:
            await _mark(app, letter, "SKIPPED")
            continue
        try:
            await app.mailer.send(message)
        except Exception as error:
            refused.append(error)
            await _mark(app, letter, "TO_SEND")
        else:
            await _mark(app, letter, "SENT")
    if refused:
        raise refused[0]


async def _begin(app: Application, digest: UUID, batch: int) -> tuple[UUID | None, Message | None]:
    """Mark a letter of the batch as leaving, and write it: (its id, its text); no id: none is left; no text: no news.
    """  # fmt: skip
    async with app.write() as session:
        next_one = (
            select(LETTERS.c.id)
            .where(LETTERS.c.digest_id == digest, LETTERS.c.batch == batch, LETTERS.c.state == "TO_SEND")
            .order_by(LETTERS.c.tries, LETTERS.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        key = (await session.execute(next_one)).scalar()
        if key is None:
            return None, None
        marked = update(LETTERS).where(LETTERS.c.id == key, LETTERS.c.state == "TO_SEND")
        marked = marked.values(state="SENDING", tries=LETTERS.c.tries + 1).returning(LETTERS.c.participant_id)
        person = (await session.execute(marked)).scalar_one()
        row = await session.get_one(DigestRow, digest)
        known = await _news(session, row, person)
        return key, await news_letter(session, person, _text(app, row.since, known)) if known else None


async def _mark(app: Application, letter: UUID, state: str) -> None:
    async with app.write() as session:
        await session.execute(update(LETTERS).where(LETTERS.c.id == letter).values(state=state))


async def _news(session: Session, digest: DigestRow, person: UUID) -> Sequence[Mapping[str, Any]]:
    """What happened to the proposals that concern someone, as far as they may read it, by proposal."""
    given = {"viewer": person, "digest": digest.id, "since": digest.since, "until": digest.until}
    titles: dict[UUID, str | None] = {row.id: row.title for row in await session.execute(_titles(), given)}
    found = dict[UUID, dict[str, Any]]()
    for line in (await session.execute(_lines(), {**given, "proposals": list(titles)})).mappings():
        found.setdefault(line["id"], {**line, "title": titles[line["proposal"]]})
    return sorted(found.values(), key=lambda line: (line["proposal"], line["at"]))


@cache
def _titles() -> Select[Any]:
    """The proposals of a digest that concern the viewer: built once, for it is run for everyone."""
    theirs, it = sight.theirs(bindparam("digest", type_=Uuid()), VIEWER), sight.proposals
    mine = select(it.c.id, current("title")(it.c).label("title")).join(theirs, theirs.c[0] == it.c.id)
    return mine.where(readable(it.c.space_id)).limit(MOST)


@cache
def _lines() -> Select[Any]:
    """What happened to these proposals in the time of a digest, the latest first."""
    told, actor = sight.journal, table_of(ParticipantRow).alias()
    among: BindParameter[UUID] = bindparam("proposals", type_=Uuid(), expanding=True)
    pairs = union_all(*(one.where(one.selected_columns[1].in_(among)) for one in subjects())).subquery()
    joined = told.join(pairs, pairs.c[0] == told.c.subject_id).outerjoin(actor, actor.c.id == told.c.actor_id)
    then = (bindparam(name, type_=Utc()) for name in ("since", "until"))
    return (
        select(told.c.id, told.c.at, told.c.event, told.c.subject_type, told.c.reason, told.c.private,
               actor.c.display_name, pairs.c[1].label("proposal"))
        .select_from(joined).where(sight.happened(*then), readable(told.c.space_id))
        .order_by(told.c.at.desc(), told.c.id).limit(MOST + 1)
    )  # fmt: skip


def _text(app: Application, since: datetime, news: Sequence[Mapping[str, Any]]) -> Callable[[str], str]:
    """What the letter says, in the language of whoever reads it."""

    def tell(locale: str) -> str:
        lines, proposal = [INTRODUCTION[locale].format(day=_day(since, locale))], None
        for one in news[:MOST]:
            if one["proposal"] != proposal:
                proposal = one["proposal"]
                lines += ["", one["title"] or UNNAMED[locale]]
            event: Event = app.declared[Event][one["event"]]
            sentence = event.sentence(
                locale, actor=one["display_name"] or "", subject=one["subject_type"],
                reason="" if one["private"] else one["reason"] or "",
            )  # fmt: skip
            lines.append(f"- {_day(one['at'], locale)} : {sentence}")
        return "\n".join([*lines, *(["", MORE[locale]] if len(news) > MOST else [])])

    return tell


def _day(moment: datetime, locale: str) -> str:
    return f"{moment:%d/%m/%Y}" if locale == "fr" else f"{moment:%Y-%m-%d}"


async def tell_doubts(app: Application) -> AsyncIterator[Finding]:
    """For `hemicycle check`: letters that were leaving when a worker died."""
    async with app.db.read() as connection:
        doubtful = select(func.count()).select_from(LetterRow).where(col(LetterRow.state) == "SENDING")
        if number := (await connection.execute(doubtful)).scalar_one():
            yield Finding(
                f"{number} letters of digests were leaving when a worker stopped: they may not have arrived.",
                "Nothing, if digests are leaving right now; otherwise these people read the same in the timeline.",
                serious=False,
            )
