"""A session writes what may be there only once."""

from hemicycle.participants.models import VerificationRow
from hemicycle.testing import World


async def test_what_may_be_there_once_is_new_once(world: World) -> None:
    def verified(attribute: str) -> VerificationRow:
        return VerificationRow(
            participant_id=world.ids["Participant:member"], attribute=attribute, at=world.clock.now()
        )

    async with world.app.write() as session:
        assert await session.add_once(verified("height"))
        assert not await session.add_once(verified("height"))
        assert await session.add_once(verified("weight"))
    async with world.app.write() as session:
        assert not await session.add_once(verified("weight"))
