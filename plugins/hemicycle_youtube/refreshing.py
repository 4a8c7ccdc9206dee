"""Ask the sites of videos again, now and then: within the quota, with patience, and without losing the place."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlmodel import col

from hemicycle.api import SYSTEM, Application, OutboundError, table_of
from hemicycle_youtube import rules
from hemicycle_youtube.models import EpisodeRow, PosterRow, QuotaRow, ShowRow
from hemicycle_youtube.sites import LOST, Outcome, Reply, VideoSite

DAY = ZoneInfo("America/Los_Angeles")  # where the day of the quota ends
EVERY = timedelta(minutes=10)  # the timer
YOUNG, FRESH, USUAL = timedelta(days=30), timedelta(hours=6), timedelta(days=3)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=10), timedelta(days=2)
A_ROUND = 500  # episodes of one site
PICTURE = 300_000  # bytes
KINDS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
quotas = table_of(QuotaRow)


@dataclass
class Round:
    """What a round did: how many were asked about, by outcome; the units it cost; whether the quota ended it."""

    asked: int = 0
    units: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    stopped: bool = False

    def as_json(self) -> dict[str, Any]:
        return {"asked": self.asked, "units": self.units, "outcomes": self.outcomes, "stopped": self.stopped}


async def refresh_due(app: Application, argument: str = "") -> None:
    """The job of the timer."""
    await round_of(app)
    await look_at_channels(app)


async def refresh_one(app: Application, argument: str) -> None:
    """The job of a new episode: it does not wait for the next round."""
    await round_of(app, only=UUID(argument))


async def round_of(app: Application, *, only: UUID | None = None) -> Round:
    """Ask about the episodes that are due, those that wait longest first, some at a time, until a quota is used up."""
    done = Round()
    for site in app.declared[VideoSite].values():
        due = await _due(app, site.name, only)
        for at in range(0, len(due), site.at_once):
            some = due[at : at + site.at_once]
            if not await _spend(app, site.name):
                done.stopped = True
                break
            done.units += 1
            replies = await site.refresh(app, [video for _, video in some])
            if any(replies[video].outcome == Outcome.QUOTA for _, video in some):
                done.stopped = True  # these stay due: the next round begins with them
                break
            for key, video in some:
                reply = replies[video]
                done.asked += 1
                done.outcomes[reply.outcome.name] = done.outcomes.get(reply.outcome.name, 0) + 1
                await _keep(app, key, reply)
    return done


async def look_at_channels(app: Application) -> int:
    """Declare what is new in the feeds of channels. A feed that fails says nothing. How many are new."""
    async with app.db.read() as connection:
        known = select(col(ShowRow.id), col(ShowRow.channel)).where(col(ShowRow.channel).is_not(None))
        shows = (await connection.execute(known)).all()
    new = 0
    for show, channel in shows:
        for site in app.declared[VideoSite].values():
            entries = await site.newest(app, channel)
            for video, said in entries.items() if isinstance(entries, dict) else ():
                new += await _announce(app, show, site.name, video, said.published_at)
    return new


async def _announce(app: Application, show: UUID, site: str, video: str, at: datetime | None) -> bool:
    async with app.write() as session:
        series = await session.get_one(ShowRow, show)
        row = EpisodeRow(
            show_id=show, space_id=series.space_id, site=site, video=video, aired_at=at or session.now,
            due_at=session.now,
        )  # fmt: skip
        if not await session.add_once(row):
            return False
        session.record(SYSTEM, "youtube.declared", row)
        return True


async def _due(app: Application, site: str, only: UUID | None) -> Sequence[tuple[UUID, str]]:
    mine = select(col(EpisodeRow.id), col(EpisodeRow.video)).where(col(EpisodeRow.site) == site)
    mine = mine.where(col(EpisodeRow.id) == only) if only else mine.where(col(EpisodeRow.due_at) <= app.clock.now())
    async with app.db.read() as connection:
        found = await connection.execute(mine.order_by(col(EpisodeRow.due_at), col(EpisodeRow.id)).limit(A_ROUND))
        return [(key, video) for key, video in found]


async def _spend(app: Application, site: str) -> bool:
    """One unit of the day's quota, if one is left. Counted before it is asked for: a crash costs one, never two."""
    most: int = app.plugin_settings["youtube"].daily_quota
    async with app.write() as session:
        today = {"site": site, "day": session.now.astimezone(DAY).date().isoformat()}
        await session.execute(session.insert_once(QuotaRow).values(units=0, **today).on_conflict_do_nothing())
        mine = [quotas.c[name] == value for name, value in today.items()]
        more = update(quotas).where(*mine, quotas.c.units < most).values(units=quotas.c.units + 1)
        return (await session.execute(more.returning(quotas.c.units))).first() is not None


async def _keep(app: Application, key: UUID, reply: Reply) -> None:
    """What was said, and when to ask again; each episode by itself, so one that fails keeps no other from it."""
    async with app.write() as session:
        row = await session.get(EpisodeRow, key, with_for_update=True)
        if row is None:
            return
        await rules.apply(session, SYSTEM, row, reply)
        passed = reply.outcome == Outcome.FOUND or reply.outcome in LOST
        row.failures = 0 if passed else row.failures + 1
        young = session.now - row.aired_at < YOUNG
        wait = FIRST_WAIT * 2 ** min(row.failures - 1, 20) if row.failures else FRESH if young else USUAL
        row.due_at = session.now + min(wait, LONGEST_WAIT if row.failures else USUAL)
        poster = await session.get(PosterRow, key)
        wanted = row.poster if row.poster is not None and (poster is None or poster.url != row.poster) else None
    if wanted is not None:
        await _picture(app, key, wanted)


async def _picture(app: Application, key: UUID, url: str) -> None:
    """Keep the picture here. If it cannot be had, the one before stays: it is asked for again next time."""
    try:
        answer = await app.outbound.get(url, most=PICTURE)
    except OutboundError:
        return
    kind = next((kind for first, kind in KINDS.items() if answer.body.startswith(first)), None)
    if answer.body[:4] == b"RIFF" and answer.body[8:12] == b"WEBP":
        kind = "image/webp"
    if answer.status != 200 or kind is None:
        return
    async with app.write() as session:
        await session.merge(PosterRow(episode_id=key, url=url, type=kind, image=answer.body))
