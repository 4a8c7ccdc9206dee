"""The numbers that modules and plugins declare, of a space and all below it: for dashboards."""

from typing import TYPE_CHECKING
from uuid import UUID

import strawberry
from sqlalchemy import literal, select

from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.declarations import Figure
from hemicycle.spaces.models import SpaceRow
from hemicycle.spaces.rules import visible
from hemicycle.spaces.tree import active

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application

spaces = table_of(SpaceRow)


@strawberry.type(name="Figure", description="A number of a space and all below it, as far as you read that.")
class FigureType:
    name: str = strawberry.field(description="Its name: `contributions`.")
    description: str = strawberry.field(description="What it counts, in plain English.")
    value: int = strawberry.field(description="The number.")


async def figures_of(app: "Application", viewer: UUID | None, space: UUID) -> list[FigureType] | None:
    """Those of the modules and of the plugins that are active in the space, by name; in one statement.

    None if there is no such space, or none for this viewer.
    """
    declared = [one for _, one in sorted(app.declared[Figure].items())]
    owners = {app.declared.owner_of(one) for one in declared} & app.plugins.optional
    wanted = literal(space, spaces.c.id.type)
    on = select(*(active(owner, wanted).label(owner) for owner in sorted(owners)), visible(spaces.c).label("seen"))
    async with app.db.read() as connection:
        found = (await connection.execute(on.where(spaces.c.id == space), {"viewer": viewer})).mappings().first()
        if found is None or not found["seen"]:
            return None
        shown = [one for one in declared if found.get(app.declared.owner_of(one), True)]
        numbers = select(*(one.query(wanted).scalar_subquery().label(one.name) for one in shown))
        values = (await connection.execute(numbers, {"viewer": viewer})).mappings().one()
    return [FigureType(name=one.name, description=one.description, value=values[one.name]) for one in shown]
