"""Open data comes back: what of an export has a way back, into an instance that may be empty."""

from pathlib import Path

from hemicycle.api import SYSTEM, Application, SpaceRow, archive_space
from hemicycle_exchange.opendata.arrivals import Arrivals, Progress, Returned
from hemicycle_exchange.opendata.files import lines_of, source_of
from hemicycle_exchange.opendata.places import bring_spaces
from hemicycle_exchange.opendata.tables import bring_tables
from hemicycle_exchange.opendata.threads import bring_contributions
from hemicycle_exchange.spaces import Undone, all_or_nothing


async def bring_back(
    app: Application, folder: Path, *, dry_run: bool = False, progress: Progress = lambda written, of: None
) -> Returned:
    """Bring the spaces and contributions of an export into this instance, and each table that declares its way back.

    A space whose slug is here already is taken as it is; the others are made, in the state that they had. What was
    itself imported keeps its origin; the others have the instance that was exported, and their id there.
    Refused if a space takes no more. StartupError if the folder is not an export.
    """
    source, spaces = source_of(folder), [line for _, line in lines_of(folder, "spaces")]
    async with all_or_nothing(app, "open data") as session:
        arrivals = Arrivals(session, source, Returned(dry_run), progress)
        places, made = await bring_spaces(session, spaces)
        arrivals.here["spaces"] = {there: place.id for there, place in places.items()}
        arrivals.archived = {place.id for place in places.values() if place.state == "ARCHIVED"}
        arrivals.report.spaces_created = len(made)
        await bring_contributions(arrivals, folder)
        await bring_tables(arrivals, folder)
        for place, many in arrivals.written.items():
            if many:
                session.record(
                    SYSTEM, "import.completed", await session.get_one(SpaceRow, place), reason=f"{source}: {many}"
                )
        for line in made:
            if line["state"] == "ARCHIVED":
                await archive_space(session, SYSTEM, space=places[line["id"]].id)
        if dry_run:
            raise Undone
    return arrivals.report
