"""What every way in shares: who asks, how often, and how many streams stay open at once."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.requests import HTTPConnection

from hemicycle.kernel.graphql.context import Context
from hemicycle.kernel.graphql.errors import bad
from hemicycle.kernel.graphql.limits import LIMITS
from hemicycle.kernel.graphql.operations import Answer, failure
from hemicycle.kernel.http.answers import Rejected
from hemicycle.kernel.http.credentials import address_of, identify

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application

MINUTE = timedelta(minutes=1)


class Guard:
    """One per application, in front of HTTP, event streams and websockets alike."""

    def __init__(self, app: "Application") -> None:
        self.app = app
        self._open: Counter[str] = Counter()

    async def context(self, connection: HTTPConnection, secret: str | None) -> Context:
        """The context of one operation: its sender is identified anew, and counted.

        Rejected if the secret is not valid (401), or if they ask too often (429): per account, and per address for
        those who have none.
        """
        address = address_of(connection, self.app.settings)
        try:
            actor = await identify(self.app, secret)
        except Rejected:
            self._count(address)  # whoever guesses is counted too
            raise
        self._count(str(actor.id or address))
        return Context(self.app, actor, address, dict(connection.cookies))

    @contextmanager
    def stream(self, context: Context) -> Iterator[None]:
        """A place for one websocket or event stream, while it is open. Rejected (429) if there is none left."""
        key = str(context.actor.id or context.address)
        most = LIMITS.streams if context.actor.id else LIMITS.streams_per_address
        if self._open[key] >= most:
            raise Rejected("TOO_MANY_SUBSCRIPTIONS", f"{most} connections are open already: close one.")
        self._open[key] += 1
        try:
            yield
        finally:
            self._open[key] -= 1
            if not self._open[key]:
                del self._open[key]

    async def watched(self, answers: AsyncIterator[Answer], secret: str | None) -> AsyncIterator[Answer]:
        """The answers of a stream, as long as its credential is valid: some end by themselves, and no event tells."""
        seen, trust = self.app.clock.now(), timedelta(seconds=LIMITS.trust_seconds)
        async with aclosing(answers):  # type: ignore[type-var]
            async for answer in answers:
                if secret is not None and (now := self.app.clock.now()) > seen + trust:
                    try:
                        await identify(self.app, secret)
                    except Rejected:
                        yield failure(
                            bad("SIGNED_OUT", "The session or the token ended: sign in, then subscribe again.")
                        )
                        return
                    seen = now
                yield answer

    def _count(self, who: str) -> None:
        most = self.app.settings.limits.requests_per_minute
        if wait := self.app.rates.wait(f"requests {who}", most, MINUTE):
            message = f"{most} requests a minute are the most: wait {wait} seconds."
            raise Rejected("RATE_LIMITED", message, extensions={"retryAfter": wait})
