"""What territories show in the example instance: the region, its departments and its living areas."""

from typing import Any

from sqlalchemy import func, select

from hemicycle.api import Application, Example, Placed
from hemicycle_territories.loading import load as load_territories
from hemicycle_territories.placing import place
from hemicycle_territories.reading.own import parse_own
from hemicycle_territories.sets import territories


async def load(app: Application, placed: Placed, said: dict[str, Any]) -> None:
    """All of the file; a second time changes nothing."""
    own = parse_own(said, "territories.yaml")
    async with app.write() as session:
        await load_territories(session, own.said, vintage=own.vintage)
        await place(session, {slug: named for slug, named in own.spaces.items() if slug in placed.spaces})


async def tell(app: Application) -> dict[str, Any]:
    """How many living areas are attested, and how many inferred."""
    it = territories.c
    count = select(it.evidence, func.count()).where(it.kind == "LIVING_AREA").group_by(it.evidence)
    async with app.db.read() as connection:
        found = {evidence.lower(): number for evidence, number in await connection.execute(count)}
    return {"living_areas": found}


EXAMPLE = Example(load, tell)
