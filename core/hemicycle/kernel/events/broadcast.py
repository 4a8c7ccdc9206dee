"""What happens now, told to whoever listens."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from hemicycle.kernel.access.actor import Actor
from hemicycle.kernel.declarations import Occurrence

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application
    from hemicycle.kernel.db.session import Session


class Broadcast:
    """Listeners of one process, fed from the database."""

    def __init__(self, app: "Application") -> None:
        self.app = app

    async def announce(self, session: "Session") -> None:
        """Called inside the transaction, with what it recorded in `session.recorded`."""

    def committed(self) -> None:
        """Called after a commit of this process."""

    @asynccontextmanager
    async def listen(self, events: frozenset[str], actor: Actor) -> AsyncIterator[AsyncIterator[Occurrence]]:
        """What happens from now on, of these events."""

        async def nothing() -> AsyncIterator[Occurrence]:
            return
            yield

        yield nothing()

    async def close(self) -> None:
        """Stop listening."""
