"""The spaces of an export: each is one that is here already, or comes back as it was."""

from datetime import datetime

from sqlalchemy import select

from hemicycle.api import SYSTEM, RefusalCode, Refused, Session, SpaceRow, create_as_it_was
from hemicycle_exchange.opendata.files import Line

TEXTS = {"title": "titles", "summary": "summaries", "modalities": "modalities", "information": "information",
         "results": "results"}  # fmt: skip
DATES = ("opened_at", "ends_at", "closed_at", "results_due_at")


async def bring_spaces(session: Session, lines: list[Line]) -> tuple[dict[str, SpaceRow], list[Line]]:
    """The space here of each space there (the root, the one of the same slug, or a new one), and which are new."""
    rows = (await session.execute(select(SpaceRow))).scalars().all()
    known = {row.slug: row for row in rows}
    root = next(row for row in rows if row.parent_id is None)
    places, made = dict[str, SpaceRow](), list[Line]()
    waiting = lines
    while waiting:
        later = []
        for line in waiting:
            if line["parent_id"] is None:
                places[line["id"]] = root
            elif line["slug"] in known:
                places[line["id"]] = known[line["slug"]]
            elif line["parent_id"] in places:
                places[line["id"]] = await _space(session, line, places[line["parent_id"]])
                made.append(line)
            else:
                later.append(line)
        if len(later) == len(waiting):
            named = ", ".join(line["slug"] for line in later)
            raise Refused(
                RefusalCode.INVALID_INPUT, f"These spaces stand below one that is not in the export: {named}."
            )
        waiting = later
    return places, made


async def _space(session: Session, line: Line, above: SpaceRow) -> SpaceRow:
    return await create_as_it_was(
        session, SYSTEM, parent=above.id, slug=line["slug"], kind=line["kind"],
        state="CLOSED" if line["state"] == "ARCHIVED" else line["state"],  # until all is there
        texts={name: line[column] for name, column in TEXTS.items()},
        dates={name: _moment(line[name]) for name in DATES},
    )  # fmt: skip


def _moment(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None
