"""The same counts, written as plainly as their rules are told: slow, and only for comparison."""

from fractions import Fraction
from itertools import pairwise, permutations

Ballots = list[list[list[int]]]
"""One entry a ballot: groups of candidates, the preferred first."""


def preferred(ballots: Ballots, a: int, b: int) -> int:
    """How many people rank a above b, with who is not ranked below all others."""

    def rank(ballot: list[list[int]], one: int) -> int:
        return next((at for at, group in enumerate(ballot) if one in group), len(ballot))

    return sum(rank(ballot, a) < rank(ballot, b) for ballot in ballots)


def strongest(ballots: Ballots, size: int, a: int, b: int) -> int:
    """The strength of the strongest path from a to b: every path is tried."""
    best = 0
    others = [one for one in range(size) if one not in (a, b)]
    for length in range(len(others) + 1):
        for middle in permutations(others, length):
            path = [a, *middle, b]
            strengths = []
            for one, next_ in pairwise(path):
                for_, against = preferred(ballots, one, next_), preferred(ballots, next_, one)
                strengths.append(for_ if for_ > against else 0)
            best = max(best, min(strengths))
    return best


def runoff(ballots: Ballots, size: int) -> int | None:
    """The instant runoff with split ranks, counted anew in each round; of equals, the later in the file leaves."""
    left = list(range(size))
    while True:
        votes = {one: Fraction(0) for one in left}
        for ballot in ballots:
            first = next((found for group in ballot if (found := [one for one in group if one in left])), [])
            for one in first:
                votes[one] += Fraction(1, len(first))
        if not any(votes.values()):
            return None
        if len(left) == 1:
            return left[0]
        left.remove(max(one for one in left if votes[one] == min(votes.values())))


def better(one: list[int], other: list[int]) -> int:
    """1 if the first grades are better by majority judgment, -1 if worse: one median after another is removed."""
    mine, theirs = sorted(one), sorted(other)
    while mine:
        middle = (len(mine) - 1) // 2
        a, b = mine.pop(middle), theirs.pop(middle)
        if a != b:
            return 1 if a > b else -1
    return 0


def shares(costs: list[int], budget: int, ballots: list[dict[int, int]]) -> list[int]:
    """Equal Shares with its completion: each person's money is a fraction of its own."""
    each = budget // len(ballots)
    supported = {project for ballot in ballots for project in ballot}
    bought = _bought(costs, each, ballots)
    while len(bought) < len(supported):
        more = _bought(costs, each + 1, ballots)
        if sum(costs[one] for one in more) > budget:
            return bought
        each, bought = each + 1, more
    return bought


def _bought(costs: list[int], each: int, ballots: list[dict[int, int]]) -> list[int]:
    money = [Fraction(each)] * len(ballots)
    bought: list[int] = []
    while True:
        prices = []
        for project, cost in enumerate(costs):
            if project in bought:
                continue
            givers = [voter for voter, ballot in enumerate(ballots) if ballot.get(project)]
            if givers and sum(money[voter] for voter in givers) >= cost:
                prices.append((_price(cost, project, givers, money, ballots), cost, project))
        if not prices:
            return bought
        price, _, chosen = min(prices)
        for voter, ballot in enumerate(ballots):
            money[voter] -= min(money[voter], price * costs[chosen] * ballot.get(chosen, 0))
        bought.append(chosen)


def _price(
    cost: int, project: int, givers: list[int], money: list[Fraction], ballots: list[dict[int, int]]
) -> Fraction:
    """The price is one of those at which one more person runs out of money, or beyond: every set is tried in turn."""
    rich = sorted(givers, key=lambda voter: money[voter] / ballots[voter][project])
    for poor in range(len(rich)):
        paid = sum(money[voter] for voter in rich[:poor])
        per_point = Fraction(cost - paid) / sum(ballots[voter][project] for voter in rich[poor:])
        if all(per_point * ballots[voter][project] <= money[voter] for voter in rich[poor:]):
            return per_point / cost
    raise AssertionError("they cannot pay")
