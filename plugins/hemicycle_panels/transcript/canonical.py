"""JSON that has one spelling only (RFC 8785), for what is hashed. It has no floats: they are written as text."""

import json
from typing import Any

LARGEST = 2**53 - 1  # what every reader of JSON knows exactly


def canonical(value: Any) -> bytes:
    """Raises ValueError for floats, numbers too large, and keys that are not ASCII text."""
    _check(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _check(value: Any) -> None:
    if isinstance(value, dict):
        for key, one in value.items():
            if not (isinstance(key, str) and key.isascii()):
                raise ValueError(f"{key!r} cannot be a key: give ASCII text")
            _check(one)
    elif isinstance(value, list):
        for one in value:
            _check(one)
    elif isinstance(value, int) and not -LARGEST <= value <= LARGEST:
        raise ValueError(f"{value} is too large: write it as text")
    elif not (value is None or isinstance(value, str | int)):
        raise ValueError(f"{value!r} has more than one spelling: write it as text")
