"""What happens now, told to whoever listens: live only. Whoever loses the thread reads the lists again."""

import asyncio
import logging
import random
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from graphql import GraphQLError

from hemicycle.kernel.access.actor import Actor
from hemicycle.kernel.declarations import Occurrence
from hemicycle.kernel.events import feeds
from hemicycle.kernel.graphql.errors import bad

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application
    from hemicycle.kernel.db.session import Session

log = logging.getLogger(__name__)

MOST = 100
"""Events that may wait for one listener."""
PATIENCE = 10.0
"""Seconds that a new listener waits for a stream that was lost."""
LONGEST = 10.0
"""Seconds between two attempts to find it again, at most."""

SIGNED_OUT = "You signed out: sign in, then subscribe again."
SESSION_ENDED = "participant.session_ended"
"""The event about a session that ends what was asked through that session, and nothing else."""
CLOSING = {
    "participant.suspended": "You are suspended.",
    "participant.erased": "This account was erased.",
    "role.revoked": "A role of yours ended: subscribe again to what you may still read.",
}
"""Events about a participant that end all that they listen to, with what they are told."""


class _Listener:
    """One subscription: what waits for it, and why it ended if it did."""

    def __init__(self, events: frozenset[str], actor: Actor) -> None:
        self.events, self.participant, self.session = events, actor.id, actor.session
        self._waiting: deque[Occurrence] = deque()
        self._news = asyncio.Event()
        self._end: GraphQLError | None = None

    def tell(self, one: Occurrence) -> None:
        if len(self._waiting) < MOST:
            self._waiting.append(one)
            self._news.set()
        else:
            self.end("SLOW_CONSUMER", "Events came faster than you took them: read the lists, then subscribe again.")

    def end(self, code: str, message: str) -> None:
        self._end = self._end or bad(code, message)
        self._news.set()

    def __aiter__(self) -> AsyncIterator[Occurrence]:
        return self

    async def __anext__(self) -> Occurrence:
        while self._end is None and not self._waiting:
            self._news.clear()
            await self._news.wait()
        if self._end is not None:
            raise self._end
        return self._waiting.popleft()


class Broadcast:
    """The listeners of one process, fed from the database by a task that lives while someone listens."""

    def __init__(self, app: "Application") -> None:
        self.app = app
        self._listeners: set[_Listener] = set()
        self._bells: set[asyncio.Event] = set()
        self._wanted = 0  # listeners, and those that are about to be
        self._ready = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def listening(self) -> int:
        """How many listen in this process."""
        return len(self._listeners)

    async def announce(self, session: "Session") -> None:
        """Called inside the transaction, with what it recorded in `session.recorded`."""
        await feeds.announce(session)

    def committed(self) -> None:
        """Called after a commit of this process."""
        for bell in self._bells:
            bell.set()

    @contextmanager
    def bell(self) -> Iterator[asyncio.Event]:
        """Something that commits of this process set, for the time of a `with`; whoever waits for it clears it."""
        one = asyncio.Event()
        self._bells.add(one)
        try:
            yield one
        finally:
            self._bells.discard(one)

    @asynccontextmanager
    async def listen(self, events: frozenset[str], actor: Actor) -> AsyncIterator[AsyncIterator[Occurrence]]:
        """What any process commits from now on, of these events.

        Taking the next one raises a GraphQLError: SLOW_CONSUMER if more than 100 wait, STREAM_LOST if something may
        have been missed, SIGNED_OUT if a session or a right of the actor ended. Nothing is told after it.
        """
        listener = _Listener(events, actor)
        self._wanted += 1
        try:
            await self._connect()
            self._listeners.add(listener)
            yield listener
        finally:
            self._listeners.discard(listener)
            self._wanted -= 1
            if not self._wanted:
                await self._stop()

    def close_for(self, participant: UUID, message: str = SIGNED_OUT) -> None:
        """End all that this participant listens to in this process. Events of CLOSING do it in every process."""
        for one in self._listeners:
            if one.participant == participant:
                one.end("SIGNED_OUT", message)

    async def close(self) -> None:
        """End every subscription, and stop listening."""
        self._lose()
        await self._stop()

    async def _connect(self) -> None:
        if self._task is None:
            self._ready = asyncio.Event()
            self._task = asyncio.create_task(self._run(self._ready))
        try:
            async with asyncio.timeout(PATIENCE):
                while not self._ready.is_set():
                    await self._ready.wait()
        except TimeoutError:
            raise bad("STREAM_LOST", "The stream of events cannot be reached: subscribe again later.") from None

    async def _stop(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self, ready: asyncio.Event) -> None:
        pause = 0.1
        while True:
            try:
                with self.bell() as bell:
                    async with aclosing(feeds.feed(self.app, bell)) as news:  # type: ignore[type-var]
                        async for some in news:
                            ready.set()
                            pause = 0.1
                            for one in some:
                                self._tell(one)
            except Exception as error:
                log.warning("the stream of events was lost (%s): it is looked for again", type(error).__name__)
            ready.clear()
            self._lose()
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # not every process at once
            pause = min(2 * pause, LONGEST)

    def _tell(self, one: Occurrence) -> None:
        if one.event in CLOSING and one.subject_type == "Participant":
            self.close_for(one.subject_id, CLOSING[one.event])
        if one.event == SESSION_ENDED:
            for listener in self._listeners:
                if listener.session == one.subject_id:
                    listener.end("SIGNED_OUT", SIGNED_OUT)
        for listener in self._listeners:
            if one.event in listener.events:
                listener.tell(one)

    def _lose(self) -> None:
        for one in self._listeners:
            one.end("STREAM_LOST", "The stream of events was interrupted: read the lists, then subscribe again.")
