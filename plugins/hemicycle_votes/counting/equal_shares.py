"""Participatory budget by the Method of Equal Shares: everyone holds an equal part, and supporters pay together."""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, lcm
from typing import Any

from hemicycle_votes.counting.estimates import Backing, Unsure, purchases
from hemicycle_votes.counting.greedy import budget_result, cheapest_first, eligible
from hemicycle_votes.counting.profiles import Budget, Number
from hemicycle_votes.counting.result import Result
from hemicycle_votes.counting.ties import Ties
from hemicycle_votes.counting.words import Sentence, english, exact, french

RULES = {
    "utility": "cost × points",
    "completion": "from floor(budget / people), one unit more for each person, until the next step would overspend",
}
NEAR = 1e-12
"""Far above the rounding of a floating point number: bounds are widened by it, and prices compared exactly."""


@dataclass(frozen=True)
class Purchase:
    """A project, and its price: what a point costs a supporter with enough money, as a part of the project's cost."""

    project: int
    price: Fraction


Giver = tuple[int, int, int, int]
"""People who cast the same ballot: their group, how many, the points of each, and `reach` / points of all alike."""


class Shares:
    """The purchases that follow from how much money each person starts with.

    A project is worth its cost to a supporter, for each point that they give. Of the projects whose supporters can pay
    for them together, the one with the lowest price is bought: everyone pays by their points, or all they have left.
    Money is held in whole numbers of a part of the unit (`scale` of them make one), so that every sum is exact; what
    a group holds is brought to a finer scale only when it is looked at.
    Source: Peters, Pierczyński and Skowron, Proportional Participatory Budgeting with Additive Utilities, 2021.
    """

    def __init__(self, profile: Budget, within: frozenset[int]) -> None:
        """within: the projects that can be bought at all. People who differ in others only are one group."""
        self.profile = profile
        ballots: Counter[tuple[tuple[int, Number], ...]] = Counter()
        for ballot, people in profile.ballots.items():
            ballots[tuple(one for one in ballot if one[0] in within and one[1] > 0)] += people
        self.groups = len(ballots)
        self.cents = lcm(*(Fraction(project.cost).denominator for project in profile.projects))
        self.costs = [int(project.cost * self.cents) for project in profile.projects]
        given = {points for ballot in profile.ballots for _, points in ballot if points > 0}
        whole = lcm(*(Fraction(points).denominator for points in given))
        reach = lcm(*(int(points * whole) for points in given))
        self.givers: dict[int, list[Giver]] = {project: [] for project in sorted(within)}
        for group, (ballot, people) in enumerate(ballots.items()):
            for project, points in ballot:
                mine = int(points * whole)
                self.givers[project].append((group, people, mine, reach // mine))
        self.reach = reach
        self.points = {project: sum([one[1] * one[2] for one in some]) for project, some in self.givers.items()}

    @cached_property
    def backings(self) -> dict[int, Backing]:
        """The same in floating point."""
        return {
            project: Backing.of(float(self.profile.projects[project].cost), [one[:3] for one in some])
            for project, some in self.givers.items()
        }

    def buy(self, each: int, ties: Ties) -> list[Purchase]:
        """The purchases, in order, when each person starts with so many units."""
        self.scale = self.cents
        self.money, self.scales = [each * self.scale] * self.groups, [self.scale] * self.groups
        bounds = {project: (1 - NEAR) / self.points[project] for project in self.points}
        bought: list[Purchase] = []
        while True:
            best, price = list[int](), Fraction(0)
            # Prices only rise while money is spent: where the last one is too high already, no new look is needed.
            for project in sorted(bounds, key=bounds.__getitem__):
                if best and bounds[project] > price:
                    break
                now = self.price(project)
                if now is None:
                    del bounds[project]
                    continue
                bounds[project] = float(now) * (1 - NEAR)
                if not best or now < price:
                    best, price = [project], now
                elif now == price:
                    best.append(project)
            if not best:
                return bought
            chosen = cheapest_first(self.profile, best, ties, len(bought) + 1)
            del bounds[chosen]
            self.pay(chosen, price)
            bought.append(Purchase(chosen, price))

    def price(self, project: int) -> Fraction | None:
        """The price of a project now; None if its supporters cannot pay for it."""
        cost, givers = self._cost(project), self.givers[project]
        money = [self.money[group] * (self.scale // self.scales[group]) for group, _, _, _ in givers]
        if sum([has * one[1] for has, one in zip(money, givers, strict=True)]) < cost:
            return None
        if not cost:
            return Fraction(0)
        due, points = cost, self.points[project]
        # Those with the least money for each point first: who cannot pay the price pays all they have.
        for each_point, at in sorted([(has * givers[at][3], at) for at, has in enumerate(money)]):
            if due * self.reach <= each_point * points:
                break
            _, people, each, _ = givers[at]
            due -= money[at] * people
            points -= people * each
        return Fraction(due, points * cost)

    def pay(self, project: int, price: Fraction) -> None:
        """Take the price from the supporters' money."""
        due = price * self._cost(project)
        self.scale *= due.denominator
        for group, _, points, _ in self.givers[project]:
            has = self.money[group] * (self.scale // self.scales[group])
            self.money[group] = has - min(has, due.numerator * points)
            self.scales[group] = self.scale

    def _cost(self, project: int) -> int:
        """What a project costs, in parts of the unit."""
        return self.costs[project] * (self.scale // self.cents)


class Completion:
    """What is bought with so much for each person, step by step; projects that are out of reach are left out."""

    def __init__(self, profile: Budget) -> None:
        self.profile, self.backers = profile, _backers(profile)
        self.supported = {one for one in eligible(profile) if self.backers[one]}
        self.known: Shares | None = None
        self.until = 0

    def idle(self) -> int:
        """Up to so much for each person no step can overspend, nor buy everything: they need not be looked at.

        A project is in reach from its cost / its supporters on, and what is in reach must cost more than the budget.
        """
        costs, spent, each = [project.cost for project in self.profile.projects], Fraction(0), 0
        for least, project in sorted((ceil(Fraction(costs[one]) / self.backers[one]), one) for one in self.supported):
            spent, each = spent + costs[project], least
            if spent > self.profile.amount:
                return least - 1
        return each

    def shares(self, each: int) -> Shares:
        """What all supporters of a project together cannot pay for, now and some steps on, is nothing to look at."""
        if self.known is None or each > self.until:
            self.until = each + each // 16
            costs = [project.cost for project in self.profile.projects]
            within = [one for one in self.supported if costs[one] <= self.until * self.backers[one]]
            self.known = Shares(self.profile, frozenset(within))
        return self.known

    def bought(self, each: int) -> list[int]:
        """The projects, in order: in floating point where it is sure, else exactly."""
        shares = self.shares(each)
        try:
            return purchases(shares.backings, shares.groups, each)
        except Unsure:
            return [one.project for one in shares.buy(each, Ties(self.profile.candidates))]


def equal_shares(profile: Budget, ties: Ties) -> Result:
    """The projects in the order of their purchase, with the completion that RULES states."""
    people, steps = profile.size, Completion(profile)
    each = max(int(profile.amount // people), steps.idle()) if people else 0
    funded = steps.bought(each)
    while len(funded) < len(steps.supported):
        more = steps.bought(each + 1)
        if _cost(profile, more) > profile.amount:
            break
        each, funded = each + 1, more
    bought = steps.shares(each).buy(each, ties)
    spent, rounds = Fraction(0), list[dict[str, Any]]()
    for number, purchase in enumerate(bought, 1):
        project = profile.projects[purchase.project]
        spent += project.cost
        rounds.append({
            "round": number, "project": project.id, "cost": exact(project.cost),
            "pays_a_point": exact(purchase.price * project.cost), "supporters": steps.backers[purchase.project],
            "left": exact(profile.amount - spent),
        })  # fmt: skip
    rules = {**RULES, "each": str(each)}
    funded = [purchase.project for purchase in bought]
    why = _why(profile, each, bought, spent, everything=len(bought) == len(steps.supported))
    return budget_result("equal-shares", profile, funded, rounds, ties, why, rules)


def _backers(profile: Budget) -> list[int]:
    """How many people give a point to each project."""
    found = [0] * len(profile.projects)
    for project, points, people in profile.supports():
        found[project] += people if points > 0 else 0
    return found


def _cost(profile: Budget, bought: list[int]) -> Number:
    return sum(profile.projects[project].cost for project in bought)


def _why(profile: Budget, each: int, bought: list[Purchase], spent: Number, *, everything: bool) -> Sentence:
    count = len(bought)
    said = Sentence(
        f"With an equal part of {english(each)} for each of {english(profile.size)} people, supporters pay for {count} "
        f"project{'s' if count != 1 else ''} together: {english(spent)} of {english(profile.amount)}.",
        f"Avec une part égale de {french(each)} pour chacune des {french(profile.size)} personnes, les soutiens paient "
        f"ensemble {count} projet{'s' if count > 1 else ''} : {french(spent)} sur {french(profile.amount)}.",
    )
    if everything and profile.least:
        return said + Sentence("That is all that has enough points.", "C’est tout ce qui a assez de points.")
    if everything:
        return said + Sentence("That is all that anyone voted for.", "C’est tout ce qui a reçu au moins une voix.")
    return said + Sentence(
        "One unit more for each would overspend.", "Une unité de plus par personne dépasserait le budget."
    )
