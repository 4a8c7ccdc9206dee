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


def stv(ballots: Ballots, size: int, seats: int) -> list[int]:
    """The Scottish count, paper by paper: who is elected, in order. Parts of votes are cut after five decimals."""
    running, elected, waiting = list(range(size)), list[int](), list[int]()
    held: dict[int, list[tuple[list[list[int]], Fraction]]] = {one: [] for one in running}
    quota = sum(bool(ballot) for ballot in ballots) // (seats + 1) + 1
    history: list[dict[int, Fraction]] = []

    def give(ballot: list[list[int]], worth: Fraction) -> None:
        for at, group in enumerate(ballot):
            if found := [one for one in group if one in running]:
                for one in found:
                    held[one].append((ballot[at:], cut(worth / len(found))))
                return

    def votes(one: int) -> Fraction:
        return sum((worth for _, worth in held[one]), Fraction(0))

    def before(one: int) -> list[Fraction]:
        return [past[one] for past in reversed(history)]

    for ballot in ballots:
        give(ballot, Fraction(1))
    while len(elected) < seats:
        reached = [one for one in running if votes(one) >= quota]
        if len(running) - len(reached) <= seats - len(elected) - len(reached):
            reached = list(running)
        history.append({one: votes(one) for one in range(size)})
        reached.sort(key=lambda one: (-votes(one), one))
        elected += reached
        running = [one for one in running if one not in reached]
        waiting += [one for one in reached if votes(one) > quota]
        if waiting:
            giving = max(waiting, key=lambda one: (votes(one), before(one), -one))
            waiting.remove(giving)
            total, papers = votes(giving), held[giving]
            held[giving] = [([], Fraction(quota))]
            for ballot, worth in papers:
                give(ballot, cut((total - quota) * worth / total))
        elif running and len(elected) < seats:
            leaving = min(running, key=lambda one: (votes(one), before(one), -one))
            running.remove(leaving)
            papers, held[leaving] = held[leaving], []
            for ballot, worth in papers:
                give(ballot, worth)
    return elected


def cut(worth: Fraction) -> Fraction:
    """Five decimals of it."""
    return Fraction(int(worth * 10**5), 10**5)


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
