"""Shows and episodes: who makes them, what is known of them, and what is never lost."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select
from sqlmodel import col

from hemicycle.api import (
    Actor,
    Application,
    RefusalCode,
    Refused,
    Row,
    Session,
    SpaceRow,
    check_space_state,
    clean_name,
    holds,
    invalid,
    readable,
    search_index,
    table_of,
)
from hemicycle_youtube import chapters, subtitles
from hemicycle_youtube.models import ChapterRow, CueRow, EpisodeRow, PosterRow, ShowRow
from hemicycle_youtube.sites import LOST, Details, Moment, Outcome, Reply, VideoSite
from hemicycle_youtube.youtube import CHANNEL

MAKERS = frozenset({"producer", "steward", "administrator"})
Test = ColumnElement[bool]
posters = table_of(PosterRow)


def visible(row: Row) -> Test:
    """Shows, to whoever reads their space."""
    return readable(row.space_id)


def shown(row: Row) -> Test:
    """Episodes once they were published, also when their video is gone; before that, to those who make the show."""
    return and_(readable(row.space_id), or_(row.shown_at.is_not(None), holds(MAKERS, row.space_id)))


def with_poster(row: Row) -> ColumnElement[UUID]:
    """The id of the episode, if its picture is kept."""
    it = posters.alias().c
    return select(it.episode_id).where(it.episode_id == row.id).correlate(row.id.table).scalar_subquery()


def texts() -> Select[Any]:
    """What is found of cues: their words, and those that follow, so that what crosses a border is found too."""
    it = table_of(CueRow).c
    after = func.lead(it.text).over(partition_by=it.episode_id, order_by=(it.at, it.id))
    return select(it.id, it.text, func.coalesce(after, ""))


async def create_show(
    session: Session, actor: Actor, *, space: UUID, title: str, description: str | None = None,
    channel: str | None = None,
) -> ShowRow:  # fmt: skip
    """Begin a show in a space."""
    place = await session.authorize(actor, "youtube.create_show", SpaceRow, space, lock="share")
    row = ShowRow(space_id=place.id, title=title, description=description, channel=_channel(channel))
    session.add(row)
    await session.flush()
    session.record(actor, "youtube.show_created", row)
    return row


async def update_show(
    session: Session, actor: Actor, *, show: UUID, title: str | None = None, description: str | None = None,
    channel: str | None = None,
) -> ShowRow:  # fmt: skip
    """Change what is said of a show; what is not given stays. An empty channel is none."""
    row = await session.authorize(actor, "youtube.update_show", ShowRow, show)
    if title is not None:
        row.title = title
    if description is not None:
        row.description = description or None
    if channel is not None:
        row.channel = _channel(channel or None)
    return row


async def declare(session: Session, actor: Actor, *, show: UUID, video: str) -> EpisodeRow:
    """Add a video to a show, by its address or id. What its site says of it is asked soon after."""
    series = await session.authorize(actor, "youtube.declare", ShowRow, show, lock="share")
    await check_space_state(session, series.space_id, "DRAFT", "OPEN", "CLOSED", told="episodes are added")
    site, moment = resolve(session.app, video)
    row = EpisodeRow(
        show_id=series.id, space_id=series.space_id, site=site.name, video=moment.video, aired_at=session.now,
        due_at=session.now,
    )  # fmt: skip
    if not await session.add_once(row):
        raise Refused(RefusalCode.ALREADY_DONE, "This video is an episode of this show already.")
    session.record(actor, "youtube.declared", row)
    await session.enqueue("youtube.refresh_one", row.id.hex)
    return row


def resolve(app: Application, text: str) -> tuple[VideoSite, Moment]:
    """The site and the video that an address means. Refused if no site knows it."""
    problems = []
    for site in app.declared[VideoSite].values():
        try:
            return site, site.resolve(text)
        except ValueError as error:
            problems.append(str(error))
    raise invalid("video", f"{problems[0][:1].upper()}{problems[0][1:]}.")


async def describe(
    session: Session, actor: Actor, *, episode: UUID, title: str, description: str | None = None,
    duration: int | None = None, aired_at: datetime | None = None,
) -> EpisodeRow:  # fmt: skip
    """Say by hand what the site does not tell. What it tells later stands above."""
    row = await session.authorize(actor, "youtube.describe", EpisodeRow, episode)
    if duration is not None and not 0 < duration <= 7 * 24 * 3600:
        raise invalid("duration", "A duration is a number of seconds, up to a week.")
    await learn(session, row, Details(title=title, description=description, duration=duration, published_at=aired_at))
    return row


async def publish(session: Session, actor: Actor, *, episode: UUID) -> EpisodeRow:
    """METADATA_FETCHED → PUBLISHED: everyone who reads the space sees it."""
    row = await session.authorize(actor, "youtube.publish", EpisodeRow, episode)
    row.state, row.shown_at = "PUBLISHED", row.shown_at or session.now
    session.record(actor, "youtube.published", row)
    return row


async def set_chapters(session: Session, actor: Actor, *, episode: UUID, text: str) -> EpisodeRow:
    """The chapters, by hand: a time and a title on each line. The description no longer counts for them."""
    row = await session.authorize(actor, "youtube.describe", EpisodeRow, episode)
    found = chapters.read(text, row.duration)
    if text.strip() and not found:
        raise invalid(
            "text",
            "Chapters are three lines or more, as `0:00 Title`: the first at 0:00, each 10 seconds later at least.",
        )
    await _chapters(session, row, found, by_hand=bool(found))
    return row


async def set_transcript(session: Session, actor: Actor, *, episode: UUID, text: str) -> EpisodeRow:
    """What is said in it, from a .vtt or .srt file; in place of what was there. Empty: no transcript."""
    row = await session.authorize(actor, "youtube.describe", EpisodeRow, episode)
    try:
        cues = subtitles.read(text) if text.strip() else []
    except ValueError as error:
        raise invalid("text", f"This transcript cannot be read: {error}.") from None
    before = select(col(CueRow.id)).where(col(CueRow.episode_id) == row.id)
    await search_index.remove(session, "Cue", *(await session.execute(before)).scalars())
    await session.execute(delete(CueRow).where(col(CueRow.episode_id) == row.id))
    rows = [
        CueRow(episode_id=row.id, space_id=row.space_id, at=one.at, until=one.until, text=one.text,
               speaker=_name(one.speaker))
        for one in cues
    ]  # fmt: skip
    session.add_all(rows)
    await session.flush()
    # With the words that follow: what is said over the border of two cues is found too.
    after = [*(one.text for one in rows[1:]), ""][: len(rows)]
    texts = [(one.id, f"{one.text} {more}") for one, more in zip(rows, after, strict=True)]
    await search_index.put_many(session, "Cue", texts)
    session.record(actor, "youtube.transcribed", row)
    return row


async def apply(session: Session, actor: Actor, row: EpisodeRow, reply: Reply) -> None:
    """What a site said of an episode: nothing that we had is lost, whatever it was."""
    row.outcome, row.told, row.checked_at = reply.outcome.name, reply.told[:2000] or None, session.now
    if reply.outcome == Outcome.FOUND:
        await learn(session, row, reply.details)
        if row.state == "UNAVAILABLE":
            row.state = "PUBLISHED" if row.shown_at else "METADATA_FETCHED"
            row.reason = None
            session.record(actor, "youtube.found_again", row)
    elif reply.outcome in LOST:
        await learn(session, row, reply.details)
        if row.state != "UNAVAILABLE" or row.reason != reply.outcome.name:
            row.state, row.reason = "UNAVAILABLE", reply.outcome.name
            session.record(actor, "youtube.unavailable", row)


async def learn(session: Session, row: EpisodeRow, said: Details) -> None:
    """Keep what is said; what is not said stays as it was."""
    row.title, row.author = _name(said.title) or row.title, _name(said.author) or row.author
    row.poster, row.views = said.poster or row.poster, said.views if said.views is not None else row.views
    row.duration = said.duration or row.duration
    if said.published_at is not None:
        row.published_at = row.aired_at = said.published_at
    if said.description is not None and said.description != row.description:
        row.description = said.description
        mine = select(ChapterRow).where(col(ChapterRow.episode_id) == row.id, col(ChapterRow.by_hand)).limit(1)
        if (await session.execute(mine)).first() is None:
            await _chapters(session, row, chapters.read(said.description, row.duration), by_hand=False)
    if row.state == "DECLARED" and row.title is not None:
        row.state = "METADATA_FETCHED"


async def _chapters(session: Session, row: EpisodeRow, found: Sequence[chapters.Chapter], *, by_hand: bool) -> None:
    await session.execute(delete(ChapterRow).where(col(ChapterRow.episode_id) == row.id))
    session.add_all(
        ChapterRow(episode_id=row.id, at=one.at, title=_name(one.title) or "–", by_hand=by_hand) for one in found
    )
    await session.flush()


def _channel(text: str | None) -> str | None:
    if text is not None and not CHANNEL.fullmatch(text):
        raise invalid(
            "channel", "The id of a channel begins with UC and has 24 characters: see “Share channel”, “Copy id”."
        )
    return text


def _name(text: str | None) -> str | None:
    """A title that another site gave, as far as it can be kept."""
    if text is None:
        return None
    bare = "".join(one for one in text if one.isprintable())[:200]
    try:
        return clean_name(bare, longest=200) or None
    except ValueError:
        return None
