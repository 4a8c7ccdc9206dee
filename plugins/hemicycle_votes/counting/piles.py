"""Ballots in piles, one for each candidate still in the race; equal ranks are counted as the rule says."""

from collections.abc import Collection, Iterable, Iterator
from enum import Enum

from hemicycle_votes.counting.profiles import Order


class Equal(Enum):
    """How a ballot counts that ranks several candidates equally.

    SPLIT: in equal parts among those still in the race. WHOLE: fully for each of them. EXHAUST: no further; the ballot
    ends before its first equal rank.
    """

    SPLIT = "split"
    WHOLE = "whole"
    EXHAUST = "exhaust"


def prepared(ballots: Iterable[tuple[Order, int]], equal: Equal) -> Iterator[tuple[Order, int]]:
    """The ballots as they are counted: under EXHAUST, cut before the first equal rank."""
    for order, count in ballots:
        if equal is Equal.EXHAUST:
            cut = next((at for at, group in enumerate(order) if len(group) > 1), len(order))
            yield order[:cut], count
        else:
            yield order, count


def next_group(order: Order, start: int, running: Collection[int]) -> tuple[int, list[int]]:
    """Who a ballot is for, from a place on: (place, the candidates of that rank still in the race); [] at its end."""
    for at in range(start, len(order)):
        group = order[at]
        if len(group) == 1:
            if group[0] in running:
                return at, [group[0]]
        elif found := [one for one in group if one in running]:
            return at, found
    return len(order), []
