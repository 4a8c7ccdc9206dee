"""How many people prefer each candidate to each other, and the Condorcet winner: who beats all others, one by one."""

from typing import Any

from hemicycle_votes.counting.profiles import Rankings
from hemicycle_votes.counting.result import Result
from hemicycle_votes.counting.ties import Ties
from hemicycle_votes.counting.words import Sentence, english, french, listed

RULES = {"equal_ranks": "for neither", "unranked": "below all ranked", "blanks": "for nobody"}

Matrix = list[list[int]]
"""matrix[a][b]: how many people prefer a to b."""


def matrix(profile: Rankings) -> Matrix:
    """Shape (candidates, candidates). Who is ranked is preferred to who is not; of equals, neither is preferred.

    Each row is one large integer with a lane for each opponent: a ballot then costs one addition per candidate.
    """
    size = len(profile.candidates)
    width = profile.size.bit_length() + 1
    lane = [1 << (width * candidate) for candidate in range(size)]
    everyone, rows = sum(lane), [0] * size
    for order, count in profile.ballots.items():
        below = everyone
        for group in order:
            for candidate in group:
                below -= lane[candidate]
            part = below * count
            for candidate in group:
                rows[candidate] += part
    mask = (1 << width) - 1
    return [[row >> (width * other) & mask for other in range(size)] for row in rows]


def condorcet(profile: Rankings, ties: Ties) -> Result:
    """The candidate who beats every other; no winner if there is none (a cycle or a draw), which is said."""
    beats, names = matrix(profile), profile.candidates
    everyone = range(len(names))
    winners = [a for a in everyone if all(beats[a][b] > beats[b][a] for b in everyone if b != a)]
    if winners:
        why = beaten_by(names, beats, winners[0])
    else:
        top = [names[one] for one in smith(beats)]
        who = listed(top)
        why = Sentence(
            f"Nobody beats all others, one by one: {who.en} are left, and none of them beats all the rest.",
            f"Personne ne bat tous les autres en duel : il reste {who.fr}, dont aucun ne bat tous les autres.",
        )
    won = [names[one] for one in winners]
    return Result(
        "condorcet", profile.size, won, duels(names, beats), ties, why, RULES, data={"pairwise": told(names, beats)}
    )


def smith(beats: Matrix) -> list[int]:
    """The smallest group of candidates who each beat everyone outside of it (Smith set)."""
    size = len(beats)
    reached = [[a == b or beats[a][b] >= beats[b][a] for b in range(size)] for a in range(size)]
    for middle in range(size):
        for a in range(size):
            if reached[a][middle]:
                reached[a] = [x or y for x, y in zip(reached[a], reached[middle], strict=True)]
    return [one for one in range(size) if all(reached[one])]


def beaten_by(names: tuple[str, ...], beats: Matrix, winner: int) -> Sentence:
    """Why a Condorcet winner wins: even the closest duel is won."""
    others = [one for one in range(len(names)) if one != winner]
    if not others:
        return Sentence(f"{names[winner]} is the only candidate.", f"{names[winner]} est la seule candidature.")
    closest = min(others, key=lambda one: beats[winner][one] - beats[one][winner])
    mine, theirs = beats[winner][closest], beats[closest][winner]
    return Sentence(
        f"{names[winner]} beats every other candidate, one by one; the closest is {names[closest]}, "
        f"by {english(mine)} to {english(theirs)}.",
        f"{names[winner]} bat chaque autre candidat en duel ; le plus serré est face à {names[closest]}, "
        f"par {french(mine)} contre {french(theirs)}.",
    )


def told(names: tuple[str, ...], numbers: Matrix) -> dict[str, dict[str, int]]:
    """A matrix by names, without its diagonal."""
    return {name: {other: numbers[a][b] for b, other in enumerate(names) if a != b} for a, name in enumerate(names)}


def duels(names: tuple[str, ...], beats: Matrix) -> list[dict[str, Any]]:
    """One round: how many duels each has won, lost and drawn."""
    rows: dict[str, dict[str, int]] = {}
    for a, name in enumerate(names):
        others = [b for b in range(len(names)) if b != a]
        won = sum(beats[a][b] > beats[b][a] for b in others)
        lost = sum(beats[a][b] < beats[b][a] for b in others)
        rows[name] = {"won": won, "lost": lost, "drawn": len(others) - won - lost}
    return [{"round": 1, "duels": rows}]
