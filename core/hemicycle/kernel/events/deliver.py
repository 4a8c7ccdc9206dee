"""Deliver one event to one handler: the outbox holds a job for each."""

from typing import TYPE_CHECKING
from uuid import UUID

from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.declarations import Handler
from hemicycle.kernel.events.journal import occurrences
from hemicycle.kernel.events.models import JournalRow

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application


def handler_of(app: "Application", argument: str) -> Handler | None:
    """The handler that a delivery is for; None if no enabled module declares it any more.

    argument: the id of the event in the journal, in hexadecimal; a colon; the handler's name.
    """
    handler: Handler | None = app.declared[Handler].get(argument.partition(":")[2])
    return handler


async def deliver(app: "Application", argument: str) -> None:
    """Run the handler with what happened. LookupError if the journal does not hold it, or nothing handles it."""
    handler, key = handler_of(app, argument), UUID(argument.partition(":")[0])
    async with app.db.read() as connection:
        found = await occurrences(connection, table_of(JournalRow).c.id == key)
    if handler is None or not found:
        raise LookupError(f"the delivery {argument} has no event in the journal, or no handler")
    await handler.run(app, found[0])
