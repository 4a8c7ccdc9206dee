"""Column types: moments in UTC, and text that was cleaned before it is kept."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, DateTime, Dialect, MetaData, event
from sqlalchemy.types import JSON, String, Text, TypeDecorator
from sqlmodel import SQLModel

from hemicycle.kernel.text import LONGEST, LONGEST_NAME, clean, clean_name

# Said before any table is declared: a constraint without a name cannot be dropped later.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = SQLModel.metadata


class Utc(TypeDecorator[datetime]):
    """A moment, in UTC. SQLite forgets time zones, so they are put back."""

    impl, cache_ok = DateTime(timezone=True), True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone: give it one")
        return value if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


class NotKept(ValueError):
    """What a column may not keep. column: its name; "" where it is not known."""

    def __init__(self, column: str, why: object) -> None:
        super().__init__(f"The {column or 'value'} cannot be kept: {why}.")
        self.column = column


class _Cleaned(TypeDecorator[str]):
    """Text that is cleaned before it is kept, or refused with the name of its column."""

    impl: Any = Text
    cache_ok = True
    column = ""  # told when the column joins its table
    longest: int
    cleaned: Callable[..., str]

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        try:
            return value if value is None else type(self).cleaned(value, longest=self.longest)
        except ValueError as error:
            raise NotKept(self.column, error) from None


@event.listens_for(Column, "after_parent_attach")
def _tell(column: Column[Any], _table: object) -> None:
    if isinstance(column.type, _Cleaned):
        column.type.column = column.name


class Words(_Cleaned):
    """Text of several lines, as `text.clean` leaves it."""

    impl, cache_ok, cleaned = Text, True, staticmethod(clean)

    def __init__(self, longest: int = LONGEST) -> None:
        super().__init__()
        self.longest = longest


class Name(_Cleaned):
    """A title or a name, on one line, as `text.clean_name` leaves it."""

    impl, cache_ok, cleaned = String, True, staticmethod(clean_name)

    def __init__(self, longest: int = LONGEST_NAME) -> None:
        super().__init__(longest)
        self.longest = longest


class Code(TypeDecorator[str]):
    """A word of ours (a state, a kind, a role), never a person's: kept as it is."""

    impl, cache_ok = String(100), True


Json: Any = JSON(none_as_null=True)
