"""Reading: files of ballots become profiles, aggregated while they are read."""

from collections.abc import Callable
from pathlib import Path

from hemicycle_votes.counting.profiles import Number, Profile
from hemicycle_votes.reading.box import read_box
from hemicycle_votes.reading.grades import read_grades
from hemicycle_votes.reading.lines import Unreadable
from hemicycle_votes.reading.pabulib import read_pabulib
from hemicycle_votes.reading.preflib import read_preflib

__all__ = ["Unreadable", "read"]

_READERS: dict[str, Callable[[Path], Profile]] = {
    ".soi": read_preflib,
    ".soc": read_preflib,
    ".toi": read_preflib,
    ".toc": read_preflib,
    ".pb": read_pabulib,
    ".jsonl": read_box,
}


def read(path: Path, worst: Number | None = None, best: Number | None = None, blank: Number | None = None) -> Profile:
    """The ballots of a file, whose ending says what it is; the scale is that of grades in a CSV.

    Unreadable, naming the line, if anything in the file is wrong.
    """
    ending = path.suffix.lower()
    if ending == ".csv":
        return read_grades(path, worst, best, blank)
    if ending not in _READERS:
        known = ", ".join([".csv", *_READERS])
        raise Unreadable(path, None, f"its ending {ending!r} is not known. Rename the file to what it is: {known}.")
    return _READERS[ending](path)
