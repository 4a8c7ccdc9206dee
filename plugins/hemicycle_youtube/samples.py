"""A show, its episodes in every state, and what is in them, for tests."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from hemicycle.api import SYSTEM, Actor, Ref, Sample, Session, table_of
from hemicycle_youtube import linking, questions, rules
from hemicycle_youtube.models import ChapterRow, CueRow, EpisodeRow, LinkRow
from hemicycle_youtube.sites import Details, Outcome, Reply

WEBVTT = "WEBVTT\n\n00:01.000 --> 00:04.000\n<v Sample host>Sample words about trees\n"
DESCRIPTION = "0:00 Sample beginning\n1:00 Sample middle\n2:00 Sample end"
FOUND = Reply(Outcome.FOUND, Details(title="Sample episode", description=DESCRIPTION, duration=600))


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
            await rules.set_transcript(session, SYSTEM, episode=row.id, text=WEBVTT)
        if "lose" in steps:
            await rules.apply(session, SYSTEM, row, Reply(Outcome.GONE, told="404: Not Found"))
        await session.flush()
        return row.id

    return Sample(f"Episode:{state}", f"An episode that is {state}.", make=make)


def _first(row_class: type, name: str, told: str) -> Sample:
    async def make(session: Session, world: dict[str, UUID]) -> UUID:
        table = table_of(row_class)
        its = select(table.c.id).where(table.c.episode_id == world["Episode:PUBLISHED"])
        found: UUID = (await session.execute(its.limit(1))).scalar_one()
        return found

    return Sample(name, told, make=make)


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


def _question(state: str, *, answered: bool) -> Sample:
    async def make(session: Session, world: dict[str, UUID]) -> UUID:
        who = Actor(world["Participant:ACTIVE"])
        row = await questions.ask(session, who, show=world["Show"], text="Sample question to the show")
        if answered:
            await questions.answer(session, SYSTEM, question=row.id, episode=world["Episode:PUBLISHED"], at=5)
        return row.id

    return Sample(f"ShowQuestion:{state}", f"A question that is {state}.", make=make)


SAMPLES = [
    Sample("Show", "A show.", make=_show),
    _episode("DECLARED", "sample-001_"),
    _episode("METADATA_FETCHED", "sample-002_", "fetch"),
    _episode("PUBLISHED", "sample-003_", "fetch", "publish"),
    _episode("UNAVAILABLE", "sample-004_", "fetch", "publish", "lose"),
    _first(ChapterRow, "Chapter", "The first chapter of the published episode."),
    _first(CueRow, "Cue", "The first words of the published episode."),
    Sample("EpisodeLink:CONFIRMED", "A moment that speaks of Contribution:PUBLISHED.", make=_link),
    Sample("EpisodeLink:SUGGESTED", "A moment that may speak of Space:OPEN.", make=_suggestion),
    _question("WAITING", answered=False),
    _question("ANSWERED", answered=True),
]
