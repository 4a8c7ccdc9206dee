"""Many published contributions at once, without going through the rules."""

from collections.abc import Sequence
from uuid import UUID

import pytest

from hemicycle.contributions.models import ContributionRow, VersionRow
from hemicycle.kernel.clock import new_id
from hemicycle.kernel.search import index
from hemicycle.testing import World


class Corpus:
    """Texts published in a space, each a contribution that search knows."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def add(self, texts: Sequence[str], space: str = "Space:OPEN") -> list[UUID]:
        """The ids of the new contributions, in the order of the texts."""
        ids, author = [new_id() for _ in texts], self.world.ids["Participant:ACTIVE"]
        async with self.world.app.write() as session:
            now = session.now
            for key in ids:
                session.add(
                    ContributionRow(
                        id=key, space_id=self.world.ids[space], author_id=author, kind="IDEA", state="PUBLISHED",
                        created_at=now, published_at=now, listed_at=now,
                    )
                )  # fmt: skip
            await session.flush()
            session.add_all(
                VersionRow(contribution_id=key, number=1, title=f"Text {number}", text="Some words.", at=now)
                for number, key in enumerate(ids)
            )
            await index.put_many(session, "Contribution", zip(ids, texts, strict=True))
        return ids


@pytest.fixture
def corpus(world: World) -> Corpus:
    """What publishes many texts at once."""
    return Corpus(world)
