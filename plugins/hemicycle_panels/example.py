"""What panels show in the example instance: one for each department, drawn from a pool that nobody volunteered for."""

import asyncio
import itertools
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from hemicycle.api import SYSTEM, Actor, Application, Example, Placed, Session, grant_role, new_participant
from hemicycle_panels import candidacy, committing, computing, drawing, rules
from hemicycle_panels.models import DrawRow, PanelRow

NEEDED = "they are called, and not drawn: pip install 'hemicycle[panels]', and begin with a new database"


async def load(app: Application, placed: Placed, said: dict[str, Any]) -> None:
    """A panel for each department, from its design to the last line of its transcript."""
    first, second = (Actor(placed.participants[said[name]]) for name in ("prepared_by", "drawn_by"))
    async with app.write() as session:
        for one in said["panels"]:
            space = placed.spaces[one["space"]]
            assert second.id is not None
            await grant_role(session, SYSTEM, space=space, participant=second.id, role="panel_organiser")
            panel = await _call(session, space, one["title"], said)
            await _volunteer(session, panel, one, said["quotas"])
            if _drawable():
                await _draw(session, panel, one["balls"], first, second)


async def tell(app: Application) -> dict[str, Any]:
    """The verdict on each transcript."""
    titles = select(col(PanelRow.title), col(DrawRow.key), col(DrawRow.pool_size), col(DrawRow.min_probability),
                    col(DrawRow.transcript)).join(DrawRow, col(DrawRow.id) == col(PanelRow.id))  # fmt: skip
    async with app.db.read() as connection:
        draws = (await connection.execute(titles.order_by(col(PanelRow.title)))).all()
    verdicts = {title: _verdict(key, pool, lowest or 0.0, written) for title, key, pool, lowest, written in draws}
    return {"panels": verdicts or NEEDED}


def _verdict(key: str, pool: int, lowest: float, transcript: str) -> str:
    from hemicycle_panels.transcript.chain import Broken
    from hemicycle_panels.transcript.verify import verify

    try:
        verdict = verify(transcript.encode(), key)
    except Broken as broken:
        return f"NOT VERIFIED: {broken}"
    unchecked = f"; not checked: {'; '.join(verdict.unchecked)}" if verdict.unchecked else ""
    return f"verified: {len(verdict.panel)} of {pool}, the lowest chance is {lowest:.1%}{unchecked}"


async def _call(session: Session, space: UUID, title: str, said: dict[str, Any]) -> PanelRow:
    quotas = [
        {"feature": feature, "value": value, "minimum": least, "maximum": most}
        for feature, values in said["quotas"].items()
        for value, (least, most) in values.items()
    ]
    panel = await rules.create(
        session, SYSTEM, space=space, title=title, question=said["question"], lottery_size=said["lottery"],
        colleges=[{"kind": "CITIZENS", "seats": said["seats"], "method": "LOTTERY", "quotas": quotas}],
    )  # fmt: skip
    end = session.now + timedelta(days=30)
    return await rules.open_call(session, SYSTEM, panel=panel.id, text=said["call"], ends_at=end)


async def _volunteer(session: Session, panel: PanelRow, one: dict[str, Any], quotas: dict[str, dict[str, Any]]) -> None:
    """Its pool: so many people of each profile, in the order of the quotas."""
    profiles = itertools.chain.from_iterable(
        itertools.repeat(profile, count)
        for profile, count in zip(itertools.product(*quotas.values()), one["volunteers"], strict=True)
    )
    for number, profile in enumerate(profiles, 1):
        person = new_participant(session, f"Volontaire {number}, {one['title']}")
        features = [{"feature": name, "value": value} for name, value in zip(quotas, profile, strict=True)]
        await session.flush()
        await candidacy.apply(
            session, Actor(person.id), panel=panel.id, college="CITIZENS", features=features, consent=True
        )


async def _draw(session: Session, panel: PanelRow, balls: str, first: Actor, second: Actor) -> None:
    """Step by step, as two people do; the lottery is small enough to be waited for."""
    await drawing.close_pool(session, first, panel=panel.id)
    draw = await drawing.commit(session, first, draw=panel.id)
    asked = await committing.question(session, panel.id)
    assert asked is not None
    await committing.write(session, draw, await asyncio.to_thread(computing.answer, asked))
    await drawing.promise(session, first, draw=panel.id)
    await drawing.draw_panel(session, second, draw=panel.id, balls=balls)
    await drawing.close_draw(session, first, draw=panel.id)


def _drawable() -> bool:
    """Whether what a draw needs is installed."""
    try:
        import highspy  # noqa: F401

        from hemicycle_panels.transcript import chain  # noqa: F401
    except ImportError:
        return False
    return True


EXAMPLE = Example(load, tell)
