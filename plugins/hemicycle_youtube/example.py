"""What the plugin shows in the example instance: a show with two episodes, which say that they are demonstrations."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from hemicycle.api import SYSTEM, Application, Example, Placed, Ref
from hemicycle_youtube import linking, rules
from hemicycle_youtube.models import EpisodeRow, LinkRow
from hemicycle_youtube.sites import Details, Outcome, Reply

NEVER = datetime(9999, 1, 1, tzinfo=UTC)


async def load(app: Application, placed: Placed, said: dict[str, Any]) -> None:
    """The shows of the file, in one transaction. Their videos do not exist: no site is asked about them."""
    async with app.write() as session:
        for show in said["shows"]:
            series = await rules.create_show(
                session,
                SYSTEM,
                space=placed.spaces[show["space"]],
                title=show["title"],
                description=show["description"],
            )
            for one in show["episodes"]:
                row = EpisodeRow(
                    show_id=series.id, space_id=series.space_id, site="YOUTUBE", video=one["video"],
                    aired_at=one["aired_at"], due_at=NEVER,
                )  # fmt: skip
                session.add(row)
                await session.flush()
                details = Details(
                    title=one["title"], author=show["title"], description=one["description"], duration=one["duration"],
                    published_at=one["aired_at"],
                )  # fmt: skip
                await rules.apply(session, SYSTEM, row, Reply(Outcome.FOUND, details))
                await rules.publish(session, SYSTEM, episode=row.id)
                if transcript := one.get("transcript"):
                    await rules.set_transcript(session, SYSTEM, episode=row.id, text=transcript)
                for moment in one.get("links", ()):
                    kind, key = next((kind, moment[kind]) for kind in ("contribution", "space") if kind in moment)
                    known = placed.contributions if kind == "contribution" else placed.spaces
                    await linking.link(
                        session, SYSTEM, episode=row.id, target=Ref(kind.capitalize(), known[key]), at=moment["at"],
                        until=moment.get("until"), label=moment.get("label"),
                    )  # fmt: skip


async def tell(app: Application) -> dict[str, Any]:
    """How many episodes, and how many of their moments are linked."""
    async with app.db.read() as connection:
        episodes = (await connection.execute(select(func.count(col(EpisodeRow.id))))).scalar_one()
        links = (await connection.execute(select(func.count(col(LinkRow.id))))).scalar_one()
    return {"episodes": episodes, "moments": links}


EXAMPLE = Example(load, tell)
