"""What may leave of a row: no small count of people, and no id of a person."""

import hmac
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

from hemicycle.api import OpenData

FEWEST = 5
"""A count of people below this could tell who they are."""

SUPPRESSED = "suppressed"
"""The column that names the counts that are not told."""

Guard = Callable[[Sequence[Any]], tuple[list[Any], list[str]]]


def guard_of(table: OpenData, names: Sequence[str], secret: str) -> Guard:
    """A function from a row to (its values as they leave, the names of the counts that do not).

    secret: of this instance; without it nobody finds the person behind a pseudonym.
    """
    places = {name: at for at, name in enumerate(names)}
    people = [(name, places[name]) for name in table.people]
    pseudonyms = [(places[person], places[space]) for person, space in table.pseudonyms.items()]
    key = hmac.new(secret.encode(), b"open data", sha256).digest()

    def guard(row: Sequence[Any]) -> tuple[list[Any], list[str]]:
        values, suppressed = list(row), []
        for person, space in pseudonyms:
            if values[person] is not None:
                values[person] = _pseudonym(key, values[person], values[space])
        for name, at in people:
            if values[at] is not None and values[at] < FEWEST:
                values[at] = None
                suppressed.append(name)
        return values, suppressed

    return guard


def _pseudonym(key: bytes, person: Any, space: Any) -> str:
    return hmac.new(key, f"{space}/{person}".encode(), sha256).hexdigest()[:16]
