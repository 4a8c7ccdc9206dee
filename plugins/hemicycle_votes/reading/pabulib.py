"""Read participatory budgets in Pabulib's format, .pb (https://pabulib.org/format)."""

from collections import Counter
from collections.abc import Iterator
from csv import reader
from pathlib import Path

from hemicycle_votes.counting.profiles import Budget, Number, Project
from hemicycle_votes.reading.lines import Unreadable, distinct, lines, number, whole

SECTIONS = ("META", "PROJECTS", "VOTES")
TYPES = ("approval", "choose-1", "cumulative", "scoring", "ordinal")

Row = tuple[int, dict[str, str]]


def read_pabulib(path: Path) -> Budget:
    """The projects, the budget and the ballots, identical ones together. Unreadable if anything in it is wrong.

    Approval and choose-1 give one point to each project named; cumulative and scoring give the points of the file
    (scoring: `default_score` to those not named); ordinal gives the first as many points as a ballot may name projects
    (`max_length`), and each next one point less. A project with fewer points than `min_project_score_threshold` is not
    funded.
    """
    sections = _sections(path)
    nowhere: tuple[int | None, str] = (None, "")
    meta = {row.get("key", ""): (at, row.get("value", "")) for at, row in sections["META"]}
    where, money = meta.get("budget", nowhere)
    amount = _money(path, where, money, "the budget")
    where, kind = meta.get("vote_type", nowhere)
    kind = kind.lower()
    if kind not in TYPES:
        raise Unreadable(path, where, f"the vote_type {kind!r} is not counted. Those that are: {', '.join(TYPES)}.")
    projects = tuple(
        Project(
            _cell(path, at, row, "project_id"), row.get("name", ""), _money(path, at, row.get("cost", ""), "the cost")
        )
        for at, row in sections["PROJECTS"]
    )
    distinct(path, None, [project.id for project in projects], "project")
    index = {project.id: place for place, project in enumerate(projects)}
    least, unnamed = (
        _points(path, *meta.get(key, nowhere), key) for key in ("min_project_score_threshold", "default_score")
    )
    longest = _longest(path, *meta.get("max_length", nowhere), sections["VOTES"]) if kind == "ordinal" else 0
    ballots: Counter[tuple[tuple[int, Number], ...]] = Counter()
    for at, row in sections["VOTES"]:
        ballot = _ballot(path, at, row, index, kind, longest)
        if kind == "scoring" and unnamed:
            ballot = dict.fromkeys(index.values(), unnamed) | ballot
        ballots[tuple(sorted(ballot.items()))] += 1
    where, said = meta.get("num_votes", nowhere)
    if said and whole(said) != (read := sum(ballots.values())):
        raise Unreadable(path, where, f"num_votes is {said!r}, and the ballots are {read}: is the file complete?")
    return Budget(projects, amount, ballots, least)


def _sections(path: Path) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    current: list[Row] | None = None
    head: list[str] = []
    for at, cells in _cells(path):
        if len(cells) == 1 and cells[0].strip().upper() in SECTIONS:
            current, head = found.setdefault(cells[0].strip().upper(), []), []
        elif current is None:
            raise Unreadable(path, at, f"it starts with {cells[0][:40]!r}: a Pabulib file starts with META.")
        elif not head:
            head = [cell.strip() for cell in cells]
        else:
            row = [cell.strip() for cell in cells]
            if current is found.get("META"):
                row = [row[0], ";".join(row[1:])]  # a comment may have semicolons of its own
            elif any(row[len(head) :]):
                raise Unreadable(path, at, f"it has {len(row)} cells for {len(head)} columns: quote the semicolons.")
            current.append((at, dict(zip(head, row, strict=False))))
    if missing := [name for name in SECTIONS if name not in found]:
        raise Unreadable(path, None, f"it has no section {missing[0]}. A Pabulib file has META, PROJECTS and VOTES.")
    return found


def _cells(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows. Quotation marks are only meant at both ends of a cell: texts of real files hold others."""
    for at, line in lines(path):
        if not line.strip():
            continue
        (row,) = reader([line], delimiter=";", skipinitialspace=True)
        yield at, row


def _cell(path: Path, at: int, row: dict[str, str], name: str) -> str:
    if not row.get(name):
        raise Unreadable(path, at, f"it has no {name}. Give it one.")
    return row[name]


def _money(path: Path, at: int | None, text: str, what: str) -> Number:
    # Some cities write a decimal comma.
    value = number(text.replace(",", "."))
    if value is None or value < 0:
        raise Unreadable(path, at, f"{what} is {text!r}: a number from 0 on is expected.")
    return value


def _points(path: Path, at: int | None, text: str, what: str) -> Number:
    value = number(text.replace(",", ".")) if text else 0
    if value is None:
        raise Unreadable(path, at, f"{what} is {text!r}: a number is expected.")
    return value


def _longest(path: Path, at: int | None, said: str, votes: list[Row]) -> int:
    """How many projects a ballot may rank: `max_length`, or else what the longest one ranks."""
    if said and (limit := whole(said)):
        return limit
    if said:
        raise Unreadable(path, at, f"max_length is {said!r}: a whole number from 1 on is expected.")
    return max((len(_named(row)) for _, row in votes), default=0)


def _named(row: dict[str, str], column: str = "vote") -> list[str]:
    return [part.strip() for part in row.get(column, "").split(",") if part.strip()]


def _ballot(
    path: Path, at: int, row: dict[str, str], index: dict[str, int], kind: str, longest: int
) -> dict[int, Number]:
    named = _named(row)
    if kind in ("cumulative", "scoring"):
        given = _named(row, "points")
    elif kind == "ordinal":
        if len(named) > longest:
            raise Unreadable(path, at, f"{len(named)} projects are ranked, and max_length is {longest}.")
        given = [str(longest - place) for place in range(len(named))]
    else:
        given = ["1"] * len(named)
    if len(given) != len(named):
        raise Unreadable(path, at, f"{len(named)} projects have {len(given)} points: give each its points.")
    ballot: dict[int, Number] = {}
    for key, text in zip(named, given, strict=True):
        worth = number(text)
        if key not in index:
            raise Unreadable(path, at, f"{key!r} is no project: the ids are those of PROJECTS.")
        if index[key] in ballot:
            raise Unreadable(path, at, f"project {key} is named twice: keep one of them.")
        if worth is None or (worth < 0 and kind != "scoring"):
            raise Unreadable(path, at, f"project {key} has {text!r} points: a number from 0 on is expected.")
        ballot[index[key]] = worth
    return ballot
