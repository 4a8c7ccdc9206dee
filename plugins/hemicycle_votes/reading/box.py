"""Read our own boxes: JSON lines, the first of which names the candidates, and each other a ballot."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from hemicycle_votes.counting.profiles import Budget, Grades, Number, Order, Project, Rankings
from hemicycle_votes.reading.lines import Unreadable, distinct, lines, number

HEAD = '`{"box": "rankings", "candidates": ["Ana", "Bo"]}` (or "grades", "budget")'


def read_box(path: Path) -> Rankings | Grades | Budget:
    """The ballots of the box, identical ones together. Unreadable if anything in it is wrong.

    The first line: `{"box": "rankings", "grades" or "budget", "candidates": […], …}`, with `"worst"` and `"best"` for
    grades, `"budget"` and `"costs"` (a list) for a budget. A ranking: `{"ranking": ["Ana", ["Bo", "Cy"]]}`, equals in
    a list of their own. Grades: `{"grades": {"Ana": 5}}`, who is not named is a blank. In a budget: `{"approves":
    ["Ana"]}`. `"count": 12` says how many people cast it.
    """
    head: dict[str, Any] | None = None
    index: dict[str, int] = {}
    orders: Counter[Order] = Counter()
    grades: Counter[tuple[Number | None, ...]] = Counter()
    approved: Counter[tuple[tuple[int, Number], ...]] = Counter()
    for at, line in lines(path):
        if not line.strip():
            continue
        said = _object(path, at, line)
        if head is None:
            head = said
            index = {name: place for place, name in enumerate(_candidates(path, at, head))}
            continue
        times = said.get("count", 1)
        if not isinstance(times, int) or isinstance(times, bool) or times < 1:
            raise Unreadable(path, at, f"the count is {times!r}: a whole number from 1 on is expected.")
        if head["box"] == "rankings":
            orders[_order(path, at, said.get("ranking"), index)] += times
        elif head["box"] == "grades":
            grades[_grades(path, at, said.get("grades"), index)] += times
        else:
            approved[_approved(path, at, said.get("approves"), index)] += times
    if head is None:
        raise Unreadable(path, 1, f"the file is empty. Its first line is {HEAD}.")
    if head["box"] == "rankings":
        return Rankings(tuple(index), orders)
    if head["box"] == "budget":
        return Budget(_projects(path, head, list(index)), _number(path, 1, head.get("budget"), "the budget"), approved)
    ends = {name: _number(path, 1, head[name], name) for name in ("worst", "best") if head.get(name) is not None}
    return Grades(tuple(index), grades, **ends)


def _object(path: Path, at: int, line: str) -> dict[str, Any]:
    try:
        said = json.loads(line, parse_float=str)
    except (ValueError, RecursionError) as error:
        raise Unreadable(path, at, f"it is not JSON: {error}. Write one object on each line.") from None
    if not isinstance(said, dict):
        raise Unreadable(path, at, "it is no JSON object. Write one object on each line.")
    return said


def _candidates(path: Path, at: int, head: dict[str, Any]) -> tuple[str, ...]:
    names = head.get("candidates")
    if head.get("box") not in ("rankings", "grades", "budget") or not isinstance(names, list):
        raise Unreadable(path, at, f"it does not say what the box holds. The first line is {HEAD}.")
    if wrong := [name for name in names if not isinstance(name, str)]:
        raise Unreadable(path, at, f"{wrong[0]!r} is no name of a candidate: names are texts.")
    return distinct(path, at, names, "candidate")


def _order(path: Path, at: int, said: object, index: dict[str, int]) -> Order:
    if not isinstance(said, list):
        raise Unreadable(path, at, 'it has no ranking. A ballot is `{"ranking": ["Ana", ["Bo", "Cy"]]}`.')
    seen, order = set[int](), list[tuple[int, ...]]()
    for group in said:
        places = [_place(path, at, name, index) for name in (group if isinstance(group, list) else [group])]
        for place in places:
            if place in seen:
                raise Unreadable(path, at, f"{list(index)[place]} is ranked twice: keep one of them.")
            seen.add(place)
        if places:
            order.append(tuple(sorted(places)))
    return tuple(order)


def _grades(path: Path, at: int, said: object, index: dict[str, int]) -> tuple[Number | None, ...]:
    if not isinstance(said, dict):
        raise Unreadable(path, at, 'it has no grades. A ballot is `{"grades": {"Ana": 5, "Bo": 2}}`.')
    grades: list[Number | None] = [None] * len(index)
    for name, grade in said.items():
        if grade is not None:
            grades[_place(path, at, name, index)] = _number(path, at, grade, f"the grade of {name}")
    return tuple(grades)


def _approved(path: Path, at: int, said: object, index: dict[str, int]) -> tuple[tuple[int, Number], ...]:
    if not isinstance(said, list):
        raise Unreadable(path, at, 'it approves of nothing. A ballot is `{"approves": ["A park", "A road"]}`.')
    places = [_place(path, at, name, index) for name in said]
    if twice := [name for name, times in Counter(said).items() if times > 1]:
        raise Unreadable(path, at, f"{twice[0]} is named twice: keep one of them.")
    return tuple((place, 1) for place in sorted(places))


def _projects(path: Path, head: dict[str, Any], names: list[str]) -> tuple[Project, ...]:
    costs = head.get("costs")
    if not isinstance(costs, list) or len(costs) != len(names):
        raise Unreadable(path, 1, f'it has no costs. Say `"costs"`, {len(names)} numbers in the order of candidates.')
    told = [_number(path, 1, cost, f"the cost of {name}") for name, cost in zip(names, costs, strict=True)]
    return tuple(Project(name, name, cost) for name, cost in zip(names, told, strict=True))


def _place(path: Path, at: int, name: object, index: dict[str, int]) -> int:
    if not isinstance(name, str) or name not in index:
        raise Unreadable(path, at, f"{name!r} is no candidate: the names are those of the first line.")
    return index[name]


def _number(path: Path, at: int, said: object, what: str) -> Number:
    value = number(str(said)) if isinstance(said, int | str) and not isinstance(said, bool) else None
    if value is None:
        raise Unreadable(path, at, f"{what} is {said!r}: a number is expected.")
    return value
