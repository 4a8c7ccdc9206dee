"""What people ask of a show, and the moment at which it is answered. A question is a contribution like others."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from hemicycle.api import Actor, ContributionRow, Ref, RefusalCode, Refused, Row, Session, contribute, excerpt, table_of
from hemicycle_youtube import linking
from hemicycle_youtube.models import EpisodeRow, LinkRow, QuestionRow, ShowRow

questions = table_of(QuestionRow)


def asked_in(row: Row, show: UUID) -> Any:
    """Contributions that ask something of a show."""
    it = questions.alias().c
    return select(1).where(it.contribution_id == row.id, it.show_id == show).correlate(row.id.table).exists()


async def ask(session: Session, actor: Actor, *, show: UUID, text: str, title: str | None = None) -> QuestionRow:
    """Ask something for a coming episode; others may support it, as any contribution."""
    series = await session.authorize(actor, "youtube.ask", ShowRow, show, lock="share")
    asked = await contribute(
        session, actor, space=series.space_id, text=text, title=title or excerpt(text), kind="QUESTION"
    )
    return await _question(session, actor, series, asked)


async def record(
    session: Session, actor: Actor, *, show: UUID, text: str, display_name: str | None = None, consent: bool,
    episode: UUID | None = None, at: int | None = None,
) -> QuestionRow:  # fmt: skip
    """Write down what was asked in the show itself, with the consent of whoever asked."""
    series = await session.authorize(actor, "youtube.record", ShowRow, show, lock="share")
    nobody = "Dans le public" if session.app.settings.locale == "fr" else "In the audience"
    asked = await contribute(
        session, actor, space=series.space_id, text=text, title=excerpt(text), kind="QUESTION", channel="SHOW",
        on_behalf_of={"display_name": display_name or nobody, "consent": consent},
    )  # fmt: skip
    row = await _question(session, actor, series, asked)
    if episode is not None:
        return await answer(session, actor, question=row.id, episode=episode, at=at or 0)
    return row


async def answer(
    session: Session, actor: Actor, *, question: UUID, episode: UUID, at: int, until: int | None = None
) -> QuestionRow:
    """Say where in the show it is answered: once; take the link away first to say it anew."""
    row = await session.authorize(actor, "youtube.answer", QuestionRow, question)
    if row.link_id is not None:
        raise Refused(RefusalCode.ALREADY_DONE, "It is answered already: take that link away first (unlink).")
    spoken = await session.get(EpisodeRow, episode)
    if spoken is None or spoken.show_id != row.show_id:
        raise Refused(RefusalCode.NOT_FOUND, "There is no such episode of this show.")
    known = select(LinkRow).where(
        col(LinkRow.episode_id) == episode, col(LinkRow.type) == "Contribution",
        col(LinkRow.object_id) == row.contribution_id, col(LinkRow.at) == at,
    )  # fmt: skip
    there = (await session.execute(known)).scalar_one_or_none()
    if there is None:
        target = Ref("Contribution", row.contribution_id)
        there = await linking.link(session, actor, episode=episode, target=target, at=at, until=until)
    there.state = "CONFIRMED"
    row.link_id = there.id
    session.record(actor, "youtube.answered", row, space=spoken.space_id)
    return row


async def _question(session: Session, actor: Actor, show: ShowRow, asked: ContributionRow) -> QuestionRow:
    row = QuestionRow(show_id=show.id, contribution_id=asked.id)
    session.add(row)
    await session.flush()
    session.record(actor, "youtube.asked", row, space=show.space_id)
    return row
