"""Refusals are held back, so that whoever sends nothing else leaves the process to others."""

import asyncio

from hemicycle.kernel.graphql.limits import LIMITS

COUNTED = 0.05  # seconds: no document that is refused takes longer, unless the machine is busy with others


class Pacing:
    """Of all the time that passes, a tenth goes to documents that are refused. Nobody else waits for it."""

    def __init__(self) -> None:
        self._free_at = 0.0

    async def hold(self, spent: float) -> None:
        """Wait with the answer to a document that took so many seconds to refuse, and for those refused before it."""
        now = asyncio.get_running_loop().time()
        until = max(self._free_at, now) + LIMITS.held * min(spent, COUNTED)
        self._free_at = min(until, now + LIMITS.held_seconds)  # after a flood, nobody waits for all of it
        await asyncio.sleep(self._free_at - now)
