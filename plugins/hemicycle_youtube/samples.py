"""A show, its episodes in every state, and what is in them, for tests."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from hemicycle.api import SYSTEM, Ref, Sample, Session
from hemicycle_youtube import linking, rules
from hemicycle_youtube.models import ChapterRow, CueRow, EpisodeRow, LinkRow, QuestionRow
from hemicycle_youtube.sites import Details, Outcome, Reply

WEBVTT = "WEBVTT\n\n00:01.000 --> 00:04.000\n<v Sample host>Sample words about trees\n"
FOUND = Reply(Outcome.FOUND, Details(title="Sample episode", duration=600))


async def _show(session: Session, world: dict[str, UUID]) -> UUID:
    return (await rules.create_show(session, SYSTEM, space=world["Space:OPEN"], title="Sample show")).id


def _episode(state: str, video: str, *steps: str) -> Sample:
    async def make(session: Session, world: dict[str, UUID]) -> UUID:
        row = EpisodeRow(show_id=world["Show"], space_id=world["Space:OPEN"], site="YOUTUBE", video=video,
                         aired_at=session.now, due_at=session.now + timedelta(days=1))  # fmt: skip
        session.add(row)
        await session.flush()
        if "fetch" in steps:
            await rules.apply(session, SYSTEM, row, FOUND)
        if "publish" in steps:
            await rules.publish(session, SYSTEM, episode=row.id)
        if "lose" in steps:
            await rules.apply(session, SYSTEM, row, Reply(Outcome.GONE, told="404: Not Found"))
        await session.flush()
        return row.id

    return Sample(f"Episode:{state}", f"An episode that is {state}.", make=make)


async def _chapter(session: Session, world: dict[str, UUID]) -> UUID:
    row = ChapterRow(episode_id=world["Episode:PUBLISHED"], at=0, title="Sample beginning")
    session.add(row)
    await session.flush()
    return row.id


async def _cue(session: Session, world: dict[str, UUID]) -> UUID:
    await rules.set_transcript(session, SYSTEM, episode=world["Episode:PUBLISHED"], text=WEBVTT)
    its = select(col(CueRow.id)).where(col(CueRow.episode_id) == world["Episode:PUBLISHED"])
    return (await session.execute(its)).scalar_one()


async def _link(session: Session, world: dict[str, UUID]) -> UUID:
    target = Ref("Contribution", world["Contribution:PUBLISHED"])
    return (await linking.link(session, SYSTEM, episode=world["Episode:PUBLISHED"], target=target, at=2, until=4,
                               label="Sample moment")).id  # fmt: skip


async def _suggestion(session: Session, world: dict[str, UUID]) -> UUID:
    row = LinkRow(
        episode_id=world["Episode:PUBLISHED"], space_id=world["Space:OPEN"], type="Space",
        object_id=world["Space:OPEN"], at=3, until=4, state="SUGGESTED",
    )  # fmt: skip
    session.add(row)
    await session.flush()
    return row.id


def _question(state: str, contribution: str, link: str | None = None) -> Sample:
    async def make(session: Session, world: dict[str, UUID]) -> UUID:
        row = QuestionRow(
            show_id=world["Show"], contribution_id=world[contribution], link_id=world[link] if link else None
        )
        session.add(row)
        await session.flush()
        return row.id

    return Sample(f"ShowQuestion:{state}", f"A question that is {state}.", make=make)


SAMPLES = [
    Sample("Show", "A show.", make=_show),
    _episode("DECLARED", "sample-001_"),
    _episode("METADATA_FETCHED", "sample-002_", "fetch"),
    _episode("PUBLISHED", "sample-003_", "fetch", "publish"),
    _episode("UNAVAILABLE", "sample-004_", "fetch", "publish", "lose"),
    Sample("Chapter", "The chapter of the published episode.", make=_chapter),
    Sample("Cue", "What is said in the published episode.", make=_cue),
    Sample("EpisodeLink:CONFIRMED", "A moment that speaks of Contribution:PUBLISHED.", make=_link),
    Sample("EpisodeLink:SUGGESTED", "A moment that may speak of Space:OPEN.", make=_suggestion),
    _question("WAITING", "Contribution:REPLY"),
    _question("ANSWERED", "Contribution:PUBLISHED", "EpisodeLink:CONFIRMED"),
]
