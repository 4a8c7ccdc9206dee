"""What anyone may take away of spaces."""

from typing import Any

from sqlalchemy import Select, select

from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.declarations import OpenData
from hemicycle.spaces.models import SpaceRow
from hemicycle.spaces.tree import readable

COLUMNS = {
    "id": "The id.", "parent_id": "The id of the space above it.", "slug": "Its name in addresses.",
    "kind": "What sort of space.", "state": "OPEN, CLOSED or ARCHIVED.", "titles": "What it is called, by language.",
    "summaries": "What it is about, by language.", "modalities": "Its rules, by language.",
    "information": "What one should know, by language.", "results": "What came of it, by language.",
    "opened_at": "When it opened.", "ends_at": "When it ends.", "closed_at": "When it closed.",
    "results_due_at": "Until when its results are promised.",
}  # fmt: skip


def _public() -> Select[Any]:
    it = table_of(SpaceRow).c
    return select(*(it[name] for name in COLUMNS)).where(readable(it.id)).order_by(it.id)


OPEN_DATA = OpenData(
    "spaces", "The spaces that anyone may read.", query=_public, columns=COLUMNS,
    way_back="`hemicycle import open-data` makes them with `create_as_it_was`, before all that is in them.",
)  # fmt: skip
