"""Time and chance, injected so that tests and fault injection can replace them."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

from uuid_utils.compat import uuid7


def utc_now() -> datetime:
    return datetime.now(UTC)


def new_id() -> UUID:
    """An id for an ordinary row. It tells its time: where that betrays someone, take `secret_id`."""
    return uuid7()


def secret_id() -> UUID:
    """An id that tells nothing: for ballots, supports, memberships and whatever has its time coarsened."""
    return uuid4()


@dataclass(frozen=True)
class Clock:
    """Now, in UTC, and unguessable text."""

    now: Callable[[], datetime] = utc_now
    token: Callable[[], str] = field(default=lambda: secrets.token_urlsafe(32))  # 256 bits
    digits: Callable[[], str] = field(default=lambda: f"{secrets.randbelow(10**6):06}")
