"""What a panel works on: spaces, contributions, and whatever else has an id."""

from uuid import UUID

from hemicycle.api import Actor, Ref, RefusalCode, Refused, Session
from hemicycle_panels.models import LinkRow, PanelRow


async def link(session: Session, actor: Actor, *, panel: UUID, target: Ref) -> LinkRow:
    """Say that the panel works on it. The actor must see it."""
    row = await session.authorize(actor, "panels.link", PanelRow, panel)
    if not await session.sees(actor, target):
        raise Refused(RefusalCode.NOT_FOUND, "There is nothing to link under that id, or none for you.")
    its = LinkRow(panel_id=row.id, space_id=row.space_id, type=target.type, object_id=target.key)
    if not await session.add_once(its):
        raise Refused(RefusalCode.ALREADY_DONE, "This panel is linked to it already.")
    session.record(actor, "panels.linked", row)
    return await session.get_one(LinkRow, its.id)


async def unlink(session: Session, actor: Actor, *, link: UUID) -> PanelRow:
    """Take a link back."""
    its = await session.authorize(actor, "panels.unlink", LinkRow, link)
    row = await session.get_one(PanelRow, its.panel_id)
    await session.delete(its)
    session.record(actor, "panels.linked", row)
    return row
