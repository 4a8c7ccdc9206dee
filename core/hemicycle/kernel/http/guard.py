"""What every way in shares: who asks, how often, and how many streams stay open at once."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.requests import HTTPConnection

from hemicycle.kernel.graphql.context import Context
from hemicycle.kernel.graphql.limits import LIMITS
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

    def _count(self, who: str) -> None:
        most = self.app.settings.limits.requests_per_minute
        if wait := self.app.rates.wait(f"requests {who}", most, MINUTE):
            message = f"{most} requests a minute are the most: wait {wait} seconds."
            raise Rejected("RATE_LIMITED", message, extensions={"retryAfter": wait})
