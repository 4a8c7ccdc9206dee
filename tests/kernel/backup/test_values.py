"""What a database keeps is the same after its way through JSON, whatever its type."""

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import JSON, Column, Date, DateTime, Float, Integer, LargeBinary, MetaData, Numeric, Table, Text, Time
from sqlalchemy import Uuid as UuidType
from sqlalchemy.dialects.postgresql import TSVECTOR

from hemicycle.kernel.backup.values import from_json, plain_json, to_json

MOMENT = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
SAME: list[tuple[Any, Any]] = [
    (UuidType(), UUID("01a20704-c809-708f-9c4f-30cb14257d33")),
    (DateTime(timezone=True), MOMENT),
    (DateTime(), MOMENT.replace(tzinfo=None)),
    (Date(), date(2026, 3, 2)),
    (Time(), time(9, 0, 1)),
    (LargeBinary(), b"\x00\xff"),
    (Numeric(), Decimal("0.10")),
    (Float(), 0.1 + 0.2),
    (Integer(), 2**40),
    (Text(), "été \ud800"),
    (JSON(), {"a": [1, None, "é"]}),
    (TSVECTOR(), "'a':1"),
]


@pytest.mark.parametrize(("kind", "value"), SAME, ids=lambda one: repr(one)[:30])
def test_it_comes_back(kind: Any, value: Any) -> None:
    table = Table("t", MetaData(), Column("one", kind), Column("none", kind))
    line = json.loads(json.dumps([to_json(value), to_json(None)]))
    assert from_json(table, ["one", "none"])(line) == {"one": value, "none": None}


def test_moments_of_other_zones_are_kept_in_utc() -> None:
    assert to_json(MOMENT.astimezone(timezone(timedelta(hours=2)))) == to_json(MOMENT)


def test_nothing_in_a_column_of_json_is_null() -> None:
    table = Table("t", MetaData(), Column("one", JSON()))
    plain_json(table)
    assert table.c.one.type.none_as_null  # type: ignore[attr-defined]
