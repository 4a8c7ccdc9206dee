"""Tie spaces to territories by their names: what a file of an instance says."""

from sqlalchemy import select
from sqlmodel import col

from hemicycle.api import SYSTEM, Session, SpaceRow, StartupError
from hemicycle_territories import rules
from hemicycle_territories.models import PlaceRow, TerritoryRow


async def place(session: Session, spaces: dict[str, tuple[str, str, str]]) -> int:
    """spaces: slug -> (scheme, kind, code). How many changed. StartupError names what is not there."""
    changed = 0
    for slug, (scheme, kind, code) in spaces.items():
        space = (await session.execute(select(col(SpaceRow.id)).where(col(SpaceRow.slug) == slug))).scalar()
        if space is None:
            raise StartupError(f"There is no space {slug}: create it first, or leave it out of `spaces`.")
        its = select(col(TerritoryRow.id)).where(
            col(TerritoryRow.scheme) == scheme, col(TerritoryRow.kind) == kind, col(TerritoryRow.code) == code
        )
        territory = (await session.execute(its)).scalar()
        if territory is None:
            raise StartupError(
                f"The space {slug} is to be about {kind} {code} ({scheme}), which is not there: load it."
            )
        known = await session.get(PlaceRow, space)
        if known is None or known.territory_id != territory:
            await rules.set_space(session, SYSTEM, space=space, territory=territory)
            changed += 1
    return changed
