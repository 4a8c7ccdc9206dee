"""How one value leaves: as a cell of CSV, as JSON, and as a type of Table Schema."""

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Boolean, Date, DateTime, Float, Integer, Numeric
from sqlalchemy.types import TypeDecorator, TypeEngine

TYPES: list[tuple[type[TypeEngine[Any]], str]] = [
    (Boolean, "boolean"), (DateTime, "datetime"), (Date, "date"), (Integer, "integer"), (Float, "number"),
    (Numeric, "number"), (JSON, "any"),
]  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How text begins that a spreadsheet would run."""


def type_of(column: TypeEngine[Any]) -> str:
    """The type of Table Schema of a column."""
    plain = column.impl_instance if isinstance(column, TypeDecorator) else column
    return next((name for known, name in TYPES if isinstance(plain, known)), "string")


def as_json(value: Any) -> Any:
    """A value as JSON has it: moments in UTC as 2026-01-31T12:00:00Z."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def as_cell(value: Any) -> str:
    """A value as a cell. Text that a spreadsheet would run as a formula gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA) else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(as_json(value))
