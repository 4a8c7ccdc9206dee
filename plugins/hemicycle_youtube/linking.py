"""Moments of an episode, and what is spoken of there: both find each other."""

import asyncio
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlmodel import col

from hemicycle.api import (
    SYSTEM,
    VIEWER,
    Actor,
    ContributionRow,
    ParticipantRow,
    Ref,
    RefusalCode,
    Refused,
    Row,
    Session,
    SpaceTree,
    check_space_state,
    contribution_words,
    holds,
    invalid,
    readable,
    stems,
    table_of,
)
from hemicycle_youtube.models import CueRow, EpisodeRow, LinkRow
from hemicycle_youtube.rules import MAKERS

WINDOW = 45_000  # milliseconds of speech that are compared with a contribution
ALIKE = 0.25  # from this cosine on, a person should look at it
MOST = 20  # suggestions at a time
COMPARED = 2000  # contributions
Test = ColumnElement[bool]
episodes, links, participants, tree = map(table_of, (EpisodeRow, LinkRow, ParticipantRow, SpaceTree))


def visible(row: Row) -> Test:
    """Confirmed ones of an episode that everyone sees; all, to those who make the show."""
    it = episodes.alias().c
    public = select(1).where(it.id == row.episode_id, it.shown_at.is_not(None)).correlate(row.id.table).exists()
    return and_(readable(row.space_id), or_(and_(row.state == "CONFIRMED", public), holds(MAKERS, row.space_id)))


def of(type_name: str) -> Callable[[Row], Test]:
    """Links to objects of this type."""
    return lambda row: row.type == type_name


def is_linked(row: Row, yes: bool) -> Test:
    """A contribution that is spoken of in an episode, as far as the viewer sees."""
    it = links.alias().c
    mine = select(1).where(it.object_id == row.id, it.type == "Contribution", visible(it))
    found = mine.correlate(row.id.table).exists()
    return found if yes else ~found


def site(row: Row) -> ColumnElement[str]:
    """The site of the video that a link leads into."""
    return _of_episode(row, "site")


def video(row: Row) -> ColumnElement[str]:
    """The id of the video that a link leads into."""
    return _of_episode(row, "video")


def _of_episode(row: Row, column: str) -> ColumnElement[str]:
    it = episodes.alias().c
    mine: ColumnElement[str] = (
        select(it[column]).where(it.id == row.episode_id).correlate(row.id.table).scalar_subquery()
    )
    return mine


def of_participant(row: Row) -> Test:
    """Where a structure is spoken of; where a person is, only to themselves: nobody's opinions are lined up."""
    it = participants.alias().c
    structure = select(1).where(it.id == row.object_id, it.kind == "STRUCTURE").correlate(row.id.table).exists()
    return and_(row.type == "Participant", or_(structure, row.object_id == VIEWER))


async def link(
    session: Session, actor: Actor, *, episode: UUID, target: Ref, at: int, until: int | None = None,
    label: str | None = None,
) -> LinkRow:  # fmt: skip
    """Say that a moment of an episode is about an object that one sees."""
    row = await session.authorize(actor, "youtube.link", EpisodeRow, episode, lock="share")
    await check_space_state(session, row.space_id, "DRAFT", "OPEN", "CLOSED", told="moments are linked")
    if not await session.sees(actor, target):
        raise Refused(RefusalCode.NOT_FOUND, "There is no such object, or not for you: link to what you see.")
    if target.type == "Participant":
        person = await session.get_one(ParticipantRow, target.key)
        if person.kind != "STRUCTURE" and person.id != actor.id:
            raise Refused(RefusalCode.NOT_ALLOWED, "A person is linked to a moment by themselves alone.")
    check_moment(row, at, until)
    new = LinkRow(
        episode_id=row.id,
        space_id=row.space_id,
        type=target.type,
        object_id=target.key,
        at=at,
        until=until,
        label=label,
    )
    if not await session.add_once(new):
        raise Refused(RefusalCode.ALREADY_DONE, "This moment is linked to it already, or suggested to be.")
    session.record(actor, "youtube.linked", new)
    return new


async def confirm(session: Session, actor: Actor, *, link: UUID) -> LinkRow:
    """SUGGESTED → CONFIRMED: a person has listened."""
    row = await session.authorize(actor, "youtube.confirm", LinkRow, link)
    row.state = "CONFIRMED"
    session.record(actor, "youtube.linked", row)
    return row


async def unlink(session: Session, actor: Actor, *, link: UUID) -> UUID:
    """Take a link or a suggestion away. A question that it answered waits again."""
    row = await session.authorize(actor, "youtube.unlink", LinkRow, link)
    await session.delete(row)
    return row.episode_id


async def suggest(session: Session, actor: Actor, *, episode: UUID) -> EpisodeRow:
    """Compare what is said with the contributions of the space: moments that look alike wait for a person."""
    row = await session.authorize(actor, "youtube.link", EpisodeRow, episode)
    await check_space_state(session, row.space_id, "DRAFT", "OPEN", "CLOSED", told="moments are looked for")
    cues = list((await session.execute(
        select(CueRow).where(col(CueRow.episode_id) == row.id).order_by(col(CueRow.at), col(CueRow.id))
    )).scalars())  # fmt: skip
    if not cues:
        raise Refused(RefusalCode.WRONG_STATE, "There is no transcript: bring one in first (setTranscript).")
    known = select(col(LinkRow.object_id)).where(col(LinkRow.episode_id) == row.id, col(LinkRow.type) == "Contribution")
    linked = set((await session.execute(known)).scalars())
    texts = await _texts(session, row.space_id)
    found = await asyncio.to_thread(_alike, cues, texts)  # seconds, for hours of speech: others are answered meanwhile
    for score, at, until, contribution in found:
        if score < ALIKE or contribution in linked:
            continue
        await session.add_once(
            LinkRow(
                episode_id=row.id, space_id=row.space_id, type="Contribution", object_id=contribution, at=at // 1000,
                until=max(at // 1000 + 1, until // 1000), state="SUGGESTED",
            )
        )  # fmt: skip
    session.record(SYSTEM, "youtube.suggested", row)
    return row


def check_moment(row: EpisodeRow, at: int, until: int | None) -> None:
    """Refuse a moment that is not in the episode."""
    longest = row.duration if row.duration is not None else 7 * 24 * 3600
    if not 0 <= at <= longest:
        raise invalid("at", f"A moment is a second of the episode, from 0 to {longest}.")
    if until is not None and not at < until <= longest:
        raise invalid("until", f"It ends after it begins ({at}), and within the episode ({longest}).")


async def _texts(session: Session, space: UUID) -> list[tuple[UUID, str]]:
    """The newest published contributions of a space and below, with their words."""
    it = table_of(ContributionRow).alias()
    title, text = contribution_words("title")(it.c), contribution_words("text")(it.c)
    below = select(tree.c.descendant_id).where(tree.c.ancestor_id == space)
    here = select(it.c.id, title, text).where(it.c.state == "PUBLISHED", it.c.space_id.in_(below))
    found = await session.execute(here.order_by(it.c.listed_at.desc(), it.c.id.desc()).limit(COMPARED))
    return [(key, f"{title or ''} {text or ''}") for key, title, text in found]


def _alike(cues: list[CueRow], texts: Iterable[tuple[UUID, str]]) -> list[tuple[float, int, int, UUID]]:
    """(cosine, from, until, contribution): each contribution with the stretch of speech that is most like it."""
    windows = [(some[0].at, some[-1].until, Counter(stems(" ".join(one.text for one in some)).split()))
               for some in _windows(cues)]  # fmt: skip
    said = [(key, Counter(stems(text).split())) for key, text in texts]
    seen = Counter(word for words in (*(it for _, _, it in windows), *(it for _, it in said)) for word in words)
    rarity = {word: math.log((1 + len(windows) + len(said)) / number) for word, number in seen.items()}

    def weighted(words: Counter[str]) -> dict[str, float]:
        raw = {word: (1 + math.log(number)) * rarity[word] for word, number in words.items()}
        length = math.sqrt(sum(one * one for one in raw.values())) or 1
        return {word: one / length for word, one in raw.items()}

    heard: dict[str, list[tuple[int, float]]] = defaultdict(list)  # word -> the windows that have it, and its weight
    for number, (_, _, words) in enumerate(windows):
        for word, one in weighted(words).items():
            heard[word].append((number, one))
    found = []
    for key, words in said:
        alike: dict[int, float] = defaultdict(float)
        for word, mine in weighted(words).items():
            for number, one in heard.get(word, ()):
                alike[number] += mine * one
        if alike:
            number = max(alike, key=lambda it: (alike[it], -it))
            found.append((alike[number], *windows[number][:2], key))
    return sorted(found, key=lambda one: (-one[0], one[1], one[3]))[:MOST]


def _windows(cues: list[CueRow]) -> Iterable[list[CueRow]]:
    """Stretches of speech, each beginning in the middle of the one before."""
    first = 0
    while first < len(cues):
        some = [one for one in cues[first:] if one.at < cues[first].at + WINDOW]
        yield some
        half = [at for at, one in enumerate(some) if one.at >= cues[first].at + WINDOW // 2]
        first += half[0] if half and half[0] > 0 else len(some)
