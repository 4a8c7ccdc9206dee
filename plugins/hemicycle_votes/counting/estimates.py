"""What equal shares would spend, in floating point: many times faster, and silent wherever it is not sure.

The completion of equal shares counts hundreds of steps, of which only the last is told; of the others it matters that
they do not overspend. Two numbers that are nearer to each other than MARGIN, far above any rounding, may be equal: then
nothing is said, and the step is counted exactly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, inf

MARGIN = 1e-8


class Unsure(Exception):
    """Floating point cannot tell which of two numbers is the greater."""


@dataclass(frozen=True)
class Backing:
    """A project in floating point: its cost; of each group that supports it the place, the people, the points of each
    and of all; their sum, and the most that one person gives."""

    cost: float
    groups: Sequence[int]
    people: Sequence[float]
    points: Sequence[float]
    given: Sequence[float]
    total: float
    most: float

    @classmethod
    def of(cls, cost: float, givers: Sequence[tuple[int, int, int]]) -> "Backing":
        """givers: the group, how many people, and the points of each."""
        given = [float(people * points) for _, people, points in givers]
        groups, people, points = zip(*givers, strict=True)
        return cls(
            cost,
            groups,
            [float(one) for one in people],
            [float(one) for one in points],
            given,
            fsum(given),
            max(map(float, points)),
        )


def purchases(backings: dict[int, Backing], groups: int, each: float) -> list[int]:
    """The projects that are bought, in order, when each person starts with so much. Unsure where two are too near.

    backings: by project. The rule is that of `equal_shares.Shares`, and so are the bounds: prices only rise.
    """
    money, bought = [each] * groups, list[int]()
    bounds = {project: 1 / one.total for project, one in backings.items()}
    while True:
        best, price, next_ = -1, inf, inf
        for project in sorted(bounds, key=bounds.__getitem__):
            if bounds[project] > price * (1 + MARGIN):
                break
            now = _price(backings[project], money)
            if now is None:
                del bounds[project]
                continue
            bounds[project] = now
            if now < price:
                best, price, next_ = project, now, price
            else:
                next_ = min(next_, now)
        if best < 0:
            return bought
        if next_ <= price * (1 + MARGIN):
            raise Unsure
        del bounds[best]
        bought.append(best)
        chosen = backings[best]
        for group, points in zip(chosen.groups, chosen.points, strict=True):
            money[group] = max(0.0, money[group] - price * chosen.cost * points)


def _price(one: Backing, money: Sequence[float]) -> float | None:
    """The price of a project now; None if its supporters cannot pay for it."""
    has = [money[group] for group in one.groups]
    held = fsum([mine * people for mine, people in zip(has, one.people, strict=True)])
    if held < one.cost * (1 - MARGIN):
        return None
    if held <= one.cost * (1 + MARGIN) or not one.cost:
        raise Unsure
    due, points = one.cost, one.total
    rate = due / points
    if min(has) >= rate * one.most:
        return rate / one.cost
    left = list(zip(has, one.points, one.people, one.given, strict=True))
    # Who cannot pay the rate pays all they have, and the rate rises for the others, until all who pay it can.
    while poor := [mine for mine in left if mine[0] < rate * mine[1]]:
        due -= fsum([mine[0] * mine[2] for mine in poor])
        points -= fsum([mine[3] for mine in poor])
        left = [mine for mine in left if mine[0] >= rate * mine[1]]
        if points <= 0 or due <= 0:
            raise Unsure
        rate = due / points
    return rate / one.cost
