"""Who may greet whom, and how often."""

from uuid import UUID

from hemicycle.api import Actor, ContributionRow, RefusalCode, Refused, Session
from hemicycle_hello.models import GreetingRow


async def greet(session: Session, actor: Actor, *, contribution: UUID, words: str | None = None) -> GreetingRow:
    """Greet the author of what is published, once. The first line refuses whoever may not."""
    target = await session.authorize(actor, "hello.greet", ContributionRow, contribution, lock="share")
    assert actor.id is not None
    words = words or session.app.plugin_settings["hello"].words
    row = GreetingRow(contribution_id=target.id, author_id=actor.id, words=words)
    if not await session.add_once(row):
        raise Refused(RefusalCode.ALREADY_DONE, "You greeted them already: once is enough.")
    session.record(actor, "hello.greeted", row, space=target.space_id)
    return row
