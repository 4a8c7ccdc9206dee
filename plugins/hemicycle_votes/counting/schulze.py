"""Schulze's method: who is beaten by nobody along the strongest paths of duels."""

from hemicycle_votes.counting.pairwise import RULES, Matrix, beaten_by, duels, matrix, smith, told
from hemicycle_votes.counting.profiles import Rankings
from hemicycle_votes.counting.result import Result
from hemicycle_votes.counting.ties import Ties
from hemicycle_votes.counting.words import Sentence, listed


def strongest_paths(beats: Matrix) -> Matrix:
    """The strength of the strongest path from each to each, shape (candidates, candidates); 0 where there is none.

    A duel that is won is as strong as the number of people who prefer the winner (winning votes), and a path is as
    strong as its weakest duel. Source: Schulze, A new monotonic, clone-independent … method, 2011.
    """
    size = len(beats)
    paths = [[beats[a][b] if beats[a][b] > beats[b][a] else 0 for b in range(size)] for a in range(size)]
    for middle in range(size):
        for a in range(size):
            if a != middle:
                to_middle, row = paths[a][middle], paths[a]
                for b, onward in enumerate(paths[middle]):
                    if b not in (a, middle):
                        row[b] = max(row[b], min(to_middle, onward))
    return paths


def schulze(profile: Rankings, seats: int, ties: Ties) -> Result:
    """The first `seats` of Schulze's order. Those whom nobody left beats come first; the tie-break orders them."""
    beats, names = matrix(profile), profile.candidates
    paths = strongest_paths(beats)
    left, winners = list(range(len(names))), list[int]()
    for seat in range(min(seats, len(names))):
        unbeaten = [a for a in left if all(paths[a][b] >= paths[b][a] for b in left)]
        taken = ties.ranked(unbeaten)[0] if len(unbeaten) <= seats - seat else ties.first(unbeaten, "elected", 1)
        winners.append(taken)
        left.remove(taken)
    first = winners[0]
    if smith(beats) == [first]:
        why = beaten_by(names, beats, first)
    else:
        who = listed([names[one] for one in smith(beats)])
        why = Sentence(
            f"Nobody beats all others, one by one ({who.en} are left); along the strongest chains of duels, "
            f"nobody beats {names[first]}.",
            f"Personne ne bat tous les autres en duel (il reste {who.fr}) ; par les plus fortes chaînes de duels, "
            f"personne ne bat {names[first]}.",
        )
    if len(winners) > 1:
        order = listed([names[one] for one in winners])
        why += Sentence(f"In this order: {order.en}.", f"Dans cet ordre : {order.fr}.")
    return Result(
        "schulze", profile.size, [names[one] for one in winners], duels(names, beats), ties, why,
        {**RULES, "strength": "winning votes"}, data={"pairwise": told(names, beats), "paths": told(names, paths)},
    )  # fmt: skip
