"""Majority judgment: the best median grade wins; equal medians are told apart by the grades around them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cmp_to_key
from typing import Any

from hemicycle_votes.counting.profiles import CannotCount, Grades, Number
from hemicycle_votes.counting.result import Result
from hemicycle_votes.counting.ties import Ties
from hemicycle_votes.counting.words import Sentence, english, exact, french

Runs = list[tuple[int, int]]
"""Equal grades in a row, as (grade, how many)."""


LONGEST = 100
"""Up to this length, a scale of whole grades is told in full, also those that nobody gave."""


@dataclass(frozen=True)
class Tally:
    """How often each grade was given, the worst grade first: shape (grades,)."""

    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """How many grades there are."""
        return sum(self.counts)

    @property
    def median(self) -> int:
        """The place of the median, the lower one where their number is even. CannotCount without any grade."""
        if not self.total:
            raise CannotCount("Nobody has given a grade: there is no median. Count a file that has ballots.")
        place, seen = 0, self.counts[0]
        while 2 * seen < self.total:
            place += 1
            seen += self.counts[place]
        return place

    @property
    def above(self) -> int:
        """How many grades are better than the median."""
        return sum(self.counts[self.median + 1 :])

    @property
    def below(self) -> int:
        """How many grades are worse than the median."""
        return sum(self.counts[: self.median])

    def halves(self) -> tuple[Runs, Runs]:
        """The grades below and above the middle one (or the middle two), those nearest to it last."""
        half = self.total // 2
        places = range(len(self.counts))
        return self._outer(places, half), self._outer(reversed(places), half)

    def _outer(self, places: Iterable[int], wanted: int) -> Runs:
        runs: Runs = []
        for place in places:
            if taken := min(wanted, self.counts[place]):
                runs.append((place, taken))
                wanted -= taken
        return runs


def compare(one: Tally, other: Tally) -> int:
    """Below 0 if the first is the better, above 0 if the second, 0 if nothing tells them apart.

    The rule: take one median grade away from both, and compare the medians that remain, again and again. These steps
    go outwards from the middle, by turns below and above; runs of equal grades are passed at once, so that the cost
    follows the number of grades, not of ballots. CannotCount if they do not hold as many grades.
    Source: Balinski and Laraki, Majority Judgment, 2010.
    """
    if one.total != other.total:
        raise CannotCount(f"{one.total} grades cannot be compared with {other.total}: every ballot grades everyone.")
    if one.median != other.median:
        return other.median - one.median
    halves = [*one.halves(), *other.halves()]
    while all(halves):
        below, above, their_below, their_above = (half[-1][0] for half in halves)
        if below != their_below:
            return their_below - below
        if above != their_above:
            return their_above - above
        steps = min(half[-1][1] for half in halves)
        for half in halves:
            grade, left = half.pop()
            if left > steps:
                half.append((grade, left - steps))
    return 0


def tallies(profile: Grades) -> tuple[list[Number], list[Tally]]:
    """The grades, the worst first, and each candidate's tally. A blank counts as the worst grade."""
    profile.check_scale()
    worst, best = profile.worst, profile.best
    if worst is None or best is None or worst == best:
        raise CannotCount("Majority judgment needs both ends of its scale: say --worst and --best, two numbers.")
    given = {grade for ballot in profile.ballots for grade in ballot if grade is not None}
    low, high = (worst, best) if worst < best else (best, worst)
    if low == int(low) and high == int(high) and high - low <= LONGEST:
        given.update(range(int(low), int(high) + 1))
    scale = sorted(given | {worst, best}, reverse=worst > best)
    place = {grade: at for at, grade in enumerate(scale)}
    counts = [[0] * len(scale) for _ in profile.candidates]
    for ballot, count in profile.ballots.items():
        for candidate, grade in enumerate(ballot):
            counts[candidate][0 if grade is None else place[grade]] += count
    return scale, [Tally(tuple(one)) for one in counts]


def majority_judgment(profile: Grades, seats: int, ties: Ties) -> Result:
    """Everyone in order, by median; the first `seats` win. `above` and `below` count the grades around it."""
    names = profile.candidates
    scale, every = tallies(profile)

    def versus(one: int, other: int) -> int:
        return compare(every[one], every[other])

    order = sorted(ties.ranked(range(len(names))), key=cmp_to_key(versus))
    ranking: list[dict[str, Any]] = [
        {"name": names[one], "median": exact(scale[every[one].median]), "above": every[one].above,
         "below": every[one].below} for one in order
    ]  # fmt: skip
    winners = order[:seats]
    equal = [one for one in order if not versus(one, winners[-1])]
    if not set(equal) <= set(winners):
        ties.first([one for one in equal if one not in winners[: order.index(equal[0])]], "elected", 1)
    profiles = {
        "grades": [exact(grade) for grade in scale],
        "counts": {names[one]: list(every[one].counts) for one in order},
    }
    medians = {names[one]: exact(scale[every[one].median]) for one in order}
    return Result(
        "majority-judgment", profile.size, [names[one] for one in winners], [{"round": 1, "medians": medians}], ties,
        _why(names, scale, every, order), {"blanks": "the worst grade", "median": "the lower one"}, ranking,
        data={"profiles": profiles},
    )  # fmt: skip


def _why(names: tuple[str, ...], scale: list[Number], every: list[Tally], order: list[int]) -> Sentence:
    best = every[order[0]]
    median, half = scale[best.median], best.total - best.below
    said = Sentence(
        f"{names[order[0]]} has the best median grade, {english(median)}: {english(half)} of {english(best.total)} "
        "ballots give this or better.",
        f"{names[order[0]]} a la meilleure mention médiane, {french(median)} : {french(half)} bulletins sur "
        f"{french(best.total)} donnent celle-ci ou mieux.",
    )
    if len(order) > 1 and every[order[1]].median == best.median:
        said += _apart(names[order[1]], best, every[order[1]])
    return said


def _apart(name: str, best: Tally, next_: Tally) -> Sentence:
    """Why the next comes after the first, who has the same median: by the majority gauge, where that tells it."""
    if not compare(best, next_):
        return Sentence(f"{name} has the same grades.", f"{name} a les mêmes mentions.")
    rising, next_rising = best.above > best.below, next_.above > next_.below
    numbers: tuple[int, ...] = next_.above, best.above
    if rising and not next_rising:
        numbers = next_.above, next_.below, best.above, best.below
        told = "does not have more grades above it than below, {} to {}, against {} to {}"
        dit = "n’a pas plus de mentions au-dessus qu’en dessous, {} pour {}, contre {} pour {}"
    elif rising and next_.above < best.above:
        told, dit = "has fewer grades above it, {} against {}", "a moins de mentions au-dessus, {} contre {}"
    elif not next_rising and next_.below > best.below:
        numbers = next_.below, best.below
        told, dit = "has more grades below it, {} against {}", "a plus de mentions en dessous, {} contre {}"
    else:
        told = "is behind when medians are taken away one after another ({} grades above it, against {})"
        dit = "est derrière quand on retire les médianes une à une ({} mentions au-dessus, contre {})"
    return Sentence(
        f"{name} has the same median, and {told.format(*map(english, numbers))}.",
        f"{name} a la même médiane, et {dit.format(*map(french, numbers))}.",
    )
