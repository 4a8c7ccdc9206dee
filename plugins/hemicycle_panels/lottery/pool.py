"""Who can be drawn and what a panel must look like: people, quotas, and the profiles that people share."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Whole = NDArray[np.int64]
PersonId = int | str


class LotteryError(Exception):
    """What keeps a lottery from being made: what is wrong, where, and what to do next."""


@dataclass(frozen=True)
class Quota:
    """How many members of the panel may have this value of this feature."""

    feature: str
    value: str
    minimum: int
    maximum: int

    @property
    def name(self) -> str:
        return f"{self.feature} = {self.value}"


@dataclass(frozen=True)
class Person:
    """Someone in the pool, with a value of each feature that has quotas."""

    id: PersonId
    features: Mapping[str, str]


class Pool:
    """People of the same profile are one type: the lottery is computed on types, so it treats them alike.

    `counts` (types): people of each type. `matrix` (rows × types), `lower`, `upper` (rows): a panel with c people of
    each type is allowed when lower ≤ matrix · c ≤ upper and 0 ≤ c ≤ counts. Row 0 is the size of the panel.
    """

    def __init__(self, people: Sequence[Person], quotas: Sequence[Quota], size: int) -> None:
        """Raises LotteryError where people, quotas and size do not belong together."""
        self.people, self.quotas, self.size = tuple(people), tuple(quotas), size
        self.features = tuple(dict.fromkeys(quota.feature for quota in quotas))
        self._check()
        alike: dict[tuple[str, ...], list[Person]] = defaultdict(list)
        for person in sorted(people, key=lambda person: (isinstance(person.id, str), person.id)):
            alike[tuple(person.features[feature] for feature in self.features)].append(person)
        self.profiles = tuple(sorted(alike))
        self.members = tuple(tuple(alike[profile]) for profile in self.profiles)
        self.counts: Whole = np.array([len(one) for one in self.members], dtype=np.int64)
        at = {feature: number for number, feature in enumerate(self.features)}
        rows = [[True] * len(self.profiles)]
        rows += [[profile[at[quota.feature]] == quota.value for profile in self.profiles] for quota in quotas]
        self.matrix: Reals = np.array(rows, dtype=np.float64)
        self.lower: Reals = np.array([size, *(quota.minimum for quota in quotas)], dtype=np.float64)
        self.upper: Reals = np.array([size, *(quota.maximum for quota in quotas)], dtype=np.float64)

    def allows(self, panel: Whole) -> bool:
        """Whether a panel with so many people of each type keeps its size and every quota."""
        seats = self.matrix @ panel
        inside = (panel >= 0).all() and (panel <= self.counts).all()
        return bool(inside and (seats >= self.lower).all() and (seats <= self.upper).all())

    def _check(self) -> None:
        if not 1 <= self.size <= len(self.people):
            raise LotteryError(
                f"a panel of {self.size} cannot be drawn from a pool of {len(self.people)}: ask for less"
            )
        allowed: dict[str, set[str]] = defaultdict(set)
        for quota in self.quotas:
            if quota.value in allowed[quota.feature]:
                raise LotteryError(f"the quota {quota.name} is there twice: keep one")
            if not 0 <= quota.minimum <= quota.maximum:
                raise LotteryError(f"the quota {quota.name} asks for {quota.minimum} to {quota.maximum}: mend it")
            allowed[quota.feature].add(quota.value)
        seen: set[PersonId] = set()
        for person in self.people:
            if person.id in seen:
                raise LotteryError(f"the id {person.id} is there twice: each person needs an id of their own")
            seen.add(person.id)
            for feature in self.features:
                if (value := person.features.get(feature)) not in allowed[feature]:
                    raise LotteryError(
                        f"person {person.id}: {feature} is {value!r}, which has no quota: correct it, or add the quota "
                        f"(the values are {', '.join(sorted(allowed[feature]))})"
                    )
