"""What a database keeps, as JSON, and back: the same text for SQLite and PostgreSQL."""

import base64
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Table

Change = Callable[[Any], Any]


def to_json(value: Any) -> Any:
    """A value of a row, as JSON knows it. What it does not know stays as it is."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def from_json(table: Table, columns: Sequence[str]) -> Callable[[Sequence[Any]], dict[str, Any]]:
    """What makes a row for this table of a line's values."""
    changes = [(name, _change(table.c[name])) for name in columns]

    def made(values: Sequence[Any]) -> dict[str, Any]:
        return {
            name: value if value is None or change is None else change(value)
            for (name, change), value in zip(changes, values, strict=True)
        }

    return made


def plain_json(table: Table) -> None:
    """Let JSON columns keep None as NULL, as our models do."""
    for one in table.columns:
        if isinstance(one.type, JSON):
            one.type = JSON(none_as_null=True)


def _change(column: Column[Any]) -> Change | None:
    if isinstance(column.type, JSON):
        return None
    kinds: dict[type, Change] = {
        UUID: UUID, Decimal: Decimal, bytes: base64.b64decode, date: date.fromisoformat, time: time.fromisoformat,
        datetime: datetime.fromisoformat if getattr(column.type, "timezone", False) else _without_zone,
    }  # fmt: skip
    try:
        return kinds.get(column.type.python_type)
    except NotImplementedError:  # a type of the database's own
        return None


def _without_zone(value: str) -> datetime:
    return datetime.fromisoformat(value).astimezone(UTC).replace(tzinfo=None)
