"""From what a voter says to a ballot that fits the method, and from a box of ballots to what is counted."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from hemicycle.api import invalid
from hemicycle_votes.counting import Budget, Equal, Grades, Method, Options, Profile, Project, Rankings
from hemicycle_votes.counting.profiles import Number
from hemicycle_votes.polls.kinds import BUDGETS, RANKED
from hemicycle_votes.polls.models import OptionRow, PollRow

Choice = list[Any]
"""A ranking is a list of groups of places; grades are a list with one for each option, or None; choices, of places."""


def read(poll: PollRow, places: Mapping[UUID, int], said: Mapping[str, Any]) -> Choice:
    """The ballot that was said with `choices`, `ranking`, `grades` or `blank`. Refused if it does not fit the method.

    places: the place of each option, by its id.
    """
    given = [name for name in ("choices", "ranking", "grades") if said.get(name)]
    takes = _takes(poll.method)
    if said.get("blank"):
        if given:
            raise invalid("blank", f"A blank ballot names no option: leave {given[0]} out, or do not say blank.")
        if poll.method == "APPROVAL":
            return [0] * len(places)
        return [None] * len(places) if takes == "grades" else []
    if given != [takes]:
        raise invalid(
            takes, f"This poll is counted by {poll.method}: say `{takes}` and nothing else, or `blank: true`."
        )
    if takes == "grades":
        return _grades(poll, places, said["grades"])
    if takes == "ranking":
        return _ranking(places, said["ranking"])
    chosen = _places(places, said["choices"], "choices")
    if poll.method == "PLURALITY":
        if len(chosen) > 1:
            raise invalid("choices", f"One option is chosen in this poll, and this ballot names {len(chosen)}.")
        return [[chosen[0]]]
    if poll.method == "APPROVAL":
        return [1 if place in chosen else 0 for place in range(len(places))]
    return sorted(chosen)


def written(choice: Choice) -> bytes:
    """A ballot as it is sealed."""
    return json.dumps(choice, separators=(",", ":")).encode()


def longest(poll: PollRow, options: int) -> int:
    """No ballot of this poll is longer than so many bytes."""
    widest = max(
        len(str(number)) for number in (options, poll.worst, poll.best, poll.credits or 0, -(poll.credits or 0))
    )
    return 8 + options * max(widest + 5, len("null,"))


def profile(poll: PollRow, options: Sequence[OptionRow], box: Iterable[Choice]) -> Profile:
    """All ballots of the box, identical ones together."""
    names = tuple(one.label for one in options)
    if poll.method in BUDGETS:
        projects = tuple(Project(one.label, one.label, one.cost or 0) for one in options)
        approved: Counter[tuple[tuple[int, Number], ...]] = Counter(
            tuple((place, 1) for place in choice) for choice in box
        )
        return Budget(projects, poll.budget or 0, approved)
    if poll.method in RANKED:
        return Rankings(names, Counter(tuple(tuple(group) for group in choice) for choice in box))
    graded = Counter(tuple(choice) for choice in box)
    if poll.method == "QUADRATIC":
        return Grades(names, graded)
    return Grades(names, graded, *((0, 1) if poll.method == "APPROVAL" else (poll.worst, poll.best)))


def options_of(poll: PollRow, lot: str | None = None) -> Options:
    """How the poll said that it would be counted. lot: the text of the lot, known since it closed."""
    ties = f"lot:{lot}" if poll.tie_break == "LOT" else "order"
    return Options(poll.seats, Equal[poll.equal_ranks], ties, poll.credits)


def method_of(poll: PollRow) -> Method:
    """The method, as the counting knows it."""
    return Method[poll.method]


def _takes(method: str) -> str:
    if method in ("PLURALITY", "APPROVAL", *BUDGETS):
        return "choices"
    return "ranking" if method in RANKED else "grades"


def _ranking(places: Mapping[UUID, int], groups: Sequence[Sequence[UUID]]) -> Choice:
    seen = set[int]()
    ranking = []
    for at, group in enumerate(groups):
        found = _places(places, group, f"ranking.{at}")
        if again := seen.intersection(found):
            raise invalid(f"ranking.{at}", f"The option at place {min(again) + 1} is ranked twice: keep one of them.")
        seen.update(found)
        if found:
            ranking.append(sorted(found))
    return ranking


def _grades(poll: PollRow, places: Mapping[UUID, int], said: Sequence[Mapping[str, Any]]) -> Choice:
    grades: Choice = [None] * len(places)
    for at, one in enumerate(said):
        place = _places(places, [one["option"]], f"grades.{at}.option")[0]
        grade = one["grade"]
        if grades[place] is not None:
            raise invalid(f"grades.{at}.option", "This option has two grades: keep one of them.")
        ends = sorted((poll.worst, poll.best))
        if poll.method != "QUADRATIC" and not ends[0] <= grade <= ends[1]:
            raise invalid(
                f"grades.{at}.grade", f"Grades go from {poll.worst} (worst) to {poll.best} (best), not {grade}."
            )
        grades[place] = grade
    spent = sum((grade or 0) ** 2 for grade in grades)
    if poll.method == "QUADRATIC" and spent > (poll.credits or 0):
        raise invalid("grades", f"These votes cost {spent} credits (v votes cost v²), and {poll.credits} may be spent.")
    return grades


def _places(places: Mapping[UUID, int], options: Sequence[UUID], path: str) -> list[int]:
    found = list[int]()
    for at, option in enumerate(options):
        if option not in places:
            raise invalid(f"{path}.{at}", "This is no option of this poll: take the ids of `Poll.options`.")
        if places[option] in found:
            raise invalid(f"{path}.{at}", "The same option is named twice: keep one of them.")
        found.append(places[option])
    return found
