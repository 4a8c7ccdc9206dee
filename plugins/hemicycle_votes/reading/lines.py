"""The lines of a file of ballots, and what is said when one of them is wrong."""

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from hemicycle_votes.counting.profiles import Number

_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?")
_WHOLE = re.compile(r"[0-9]{1,15}")


class Unreadable(Exception):
    """A file that cannot be counted: which, in what line, what is wrong, and what to do."""

    def __init__(self, path: Path, line: int | None, message: str) -> None:
        super().__init__(f"{path}, line {line}: {message}" if line else f"{path}: {message}")


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines with their numbers, without their ends and the mark that some programs put at the start."""
    number = 0
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                bare = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
                yield number, bare.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise Unreadable(path, number, f"byte {error.start + 1} is not UTF-8. Save the file as UTF-8.") from None
    except OSError as error:
        raise Unreadable(path, None, f"it cannot be read: {error.strerror}. Name a file that exists.") from None


def number(text: str) -> Number | None:
    """A number such as 3, -1 or 12.50, exactly; None if it is none."""
    bare = text.strip()
    if not _NUMBER.fullmatch(bare):
        return None
    value = Fraction(bare)
    return int(value) if value.denominator == 1 else value


def whole(text: str) -> int | None:
    """A whole number from 0 on; None if it is none."""
    bare = text.strip()
    return int(bare) if _WHOLE.fullmatch(bare) else None


def distinct(path: Path, line: int | None, names: list[str], what: str) -> tuple[str, ...]:
    """The names; Unreadable if there is none, if one is empty, or if two are the same."""
    if not names:
        raise Unreadable(path, line, f"no {what} is named. Name at least one.")
    seen: set[str] = set()
    for name in names:
        if not name:
            raise Unreadable(path, line, f"a {what} has no name. Give it one.")
        if name in seen:
            raise Unreadable(path, line, f"two of the {what}s are called {name!r}. Give them different names.")
        seen.add(name)
    return tuple(names)
