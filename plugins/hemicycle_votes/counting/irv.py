"""Instant runoff: the last leaves, round after round, until one has more than half of what still counts."""

from collections import defaultdict
from fractions import Fraction
from typing import Any

from hemicycle_votes.counting.piles import Equal, next_group, prepared
from hemicycle_votes.counting.profiles import Number, Order, Rankings
from hemicycle_votes.counting.result import Result
from hemicycle_votes.counting.ties import Ties
from hemicycle_votes.counting.words import Sentence, english, exact, french

Piece = tuple[Order, int, Number]
"""A ballot in a pile: its order, the place that it has reached, and what it is worth there."""


class Race:
    """The piles of an instant runoff. `votes`: what each candidate still in the race holds. `spent`: what is lost."""

    def __init__(self, profile: Rankings, equal: Equal) -> None:
        self.equal = equal
        self.piles: dict[int, list[Piece]] = {candidate: [] for candidate in range(len(profile.candidates))}
        self.votes: dict[int, Number] = dict.fromkeys(self.piles, 0)
        self.spent: Number = 0
        for order, count in prepared(profile.ballots.items(), equal):
            self._put(order, 0, count)

    def _put(self, order: Order, start: int, worth: Number) -> dict[int, Number]:
        at, group = next_group(order, start, self.piles)
        if not group:
            self.spent += worth
            return {}
        if len(group) > 1 and self.equal is Equal.SPLIT:
            worth = Fraction(worth) / len(group)
        for candidate in group:
            self.piles[candidate].append((order, at, worth))
            self.votes[candidate] += worth
        return dict.fromkeys(group, worth)

    def remove(self, leaving: int) -> dict[int, Number]:
        """Take a candidate out, and pass their ballots on. Returns who got how much."""
        pile = self.piles.pop(leaving)
        del self.votes[leaving]
        moved: dict[int, Number] = defaultdict(int)
        for order, at, worth in pile:
            shared = self.equal is Equal.WHOLE and any(one in self.piles for one in order[at])
            if not shared:  # else it counts fully for the others of that rank already
                for candidate, part in self._put(order, at, worth).items():
                    moved[candidate] += part
        return moved


def irv(profile: Rankings, ties: Ties, equal: Equal = Equal.SPLIT) -> Result:
    """The winner by instant runoff. One candidate leaves per round; of equals, the tie-break says who.

    A ballot without a candidate in the race counts no more. Under `whole`, where a ballot may count for several, the
    rounds go on until two are left: more than half is no proof there. No winner if every ballot is blank.
    """
    names, race = profile.candidates, Race(profile, equal)
    rounds: list[dict[str, Any]] = []
    while True:
        total = sum(race.votes.values())
        said = {"round": len(rounds) + 1, "votes": _told(names, race.votes), "exhausted": exact(race.spent)}
        rounds.append(said)
        if not total:
            return Result("irv", profile.size, [], rounds, ties, NOBODY, _rules(equal))
        most = max(race.votes.values())
        over = 2 * most > total and equal is not Equal.WHOLE
        if over or len(race.votes) <= 2:
            first = [one for one, votes in race.votes.items() if votes == most]
            winner = ties.first(first, "elected", len(rounds))
            why = _why(names[winner], race.votes[winner], total, len(rounds))
            return Result("irv", profile.size, [names[winner]], rounds, ties, why, _rules(equal))
        least = min(race.votes.values())
        leaving = ties.last([one for one, votes in race.votes.items() if votes == least], "eliminated", len(rounds))
        moved = race.remove(leaving)
        said |= {"eliminated": [names[leaving]], "transfers": _told(names, moved)}


NOBODY = Sentence(
    "Nobody wins: no ballot names a candidate.", "Personne ne l’emporte : aucun bulletin ne nomme de candidat."
)


def _rules(equal: Equal) -> dict[str, str]:
    return {"equal_ranks": equal.value, "blanks": "not counted"}


def _told(names: tuple[str, ...], votes: dict[int, Number]) -> dict[str, int | str]:
    return {names[one]: exact(votes[one]) for one in sorted(votes)}


def _why(name: str, votes: Number, total: Number, rounds: int) -> Sentence:
    share = Fraction(votes) / Fraction(total)
    told, dit = ("more than half", "plus de la moitié") if 2 * share > 1 else ("half", "la moitié")
    return Sentence(
        f"{name} wins in round {rounds} with {english(votes)} of the {english(total)} votes that still count, {told}.",
        f"{name} l’emporte au tour {rounds} avec {french(votes)} des {french(total)} voix encore en jeu, {dit}.",
    )
