"""The tables of search: which objects have words, and, beside it, the words themselves."""

from uuid import UUID

from sqlalchemy import DDL, UniqueConstraint, event
from sqlmodel import Field, SQLModel

from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.db.types import Code
from hemicycle.kernel.search import ddl


class SearchRow(SQLModel, table=True):
    """An object that search finds. Its words are in the row of `core_search_fts` that has the same number."""

    __tablename__ = "core_search"
    __table_args__ = (UniqueConstraint("object_id", "type"),)

    number: int | None = Field(default=None, primary_key=True)  # FTS5 knows rows by numbers only
    type: str = Field(sa_type=Code)
    object_id: UUID


for _dialect, _lines in ddl.CREATE.items():
    for _when, _line in [*(("after_create", line) for line in _lines), ("before_drop", ddl.DROP)]:
        _statement = DDL(_line).execute_if(dialect=_dialect)  # type: ignore[no-untyped-call]
        event.listen(table_of(SearchRow), _when, _statement)
