"""Keyset cursors: versioned, bound to their order, validated key by key."""

import base64
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.types import TypeDecorator, TypeEngine

from hemicycle.kernel.graphql.errors import bad

VERSION = 1
KINDS = (datetime, date, UUID, int, str)  # what a key may be
LONGEST = 4000  # characters of a cursor


def kind(of: TypeEngine[Any]) -> type:
    """The Python type of a key. (A TypeDecorator calls itself `object`; what it decorates knows better.)"""
    return kind(of.impl_instance) if isinstance(of, TypeDecorator) else of.python_type


def encode(order: str, keys: Sequence[Any]) -> str:
    """The cursor of a row: where it stands in this order."""
    plain = [key.isoformat() if isinstance(key, date) else key.hex if isinstance(key, UUID) else key for key in keys]
    return base64.urlsafe_b64encode(json.dumps([VERSION, order, *plain], separators=(",", ":")).encode()).decode()


def decode(text: str, order: str, kinds: Sequence[type]) -> list[Any]:
    """The keys, of exactly these Python types, or BAD_CURSOR: never a surprise for the database."""
    try:
        if len(text) > LONGEST:
            raise ValueError
        version, name, *keys = json.loads(base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True))
        if version != VERSION or name != order or len(keys) != len(kinds):
            raise ValueError
        return [_parse(key, kind) for key, kind in zip(keys, kinds, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise bad("BAD_CURSOR", f"Not a cursor of a list in order {order}: start again without it.") from None


def _parse(key: Any, kind: type) -> Any:
    if kind is datetime and isinstance(key, str):
        moment = datetime.fromisoformat(key)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    elif kind is date and isinstance(key, str):
        return date.fromisoformat(key)
    elif kind is UUID and isinstance(key, str):
        return UUID(hex=key)
    elif kind is int and type(key) is int and abs(key) < 2**63:
        return key
    elif kind is str and isinstance(key, str) and "\0" not in key:
        key.encode()  # a lone surrogate is a ValueError
        return key
    raise ValueError
