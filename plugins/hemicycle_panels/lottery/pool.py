"""Who can be drawn and what a panel must look like: people, quotas, and the profiles that people share."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Whole = NDArray[np.int64]
PersonId = int | str
Profile = tuple[str, ...]  # a value of each feature
Home = tuple[Profile, ...]  # the profiles of those who live together; empty: of nobody else in the pool


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
    """Someone in the pool, with a value of each feature that has quotas. A panel holds one of a household at most."""

    id: PersonId
    features: Mapping[str, str]
    household: str | None = None


class Pool:
    """People of the same profile are one type: the lottery is computed on types, so it treats them alike.

    Whoever shares a household is of one type with those who share theirs with the same profiles. `profiles`: of types.

    `counts` (types): people of each type. `matrix` (rows × types), `lower`, `upper` (rows): a panel with c people of
    each type is allowed when lower ≤ matrix · c ≤ upper and 0 ≤ c ≤ counts. Row 0 is the size of the panel; then come
    the quotas, then one row for each sort of household: of them all, no more sit in a panel than there are households.
    """

    def __init__(self, people: Sequence[Person], quotas: Sequence[Quota], size: int) -> None:
        """Raises LotteryError where people, quotas and size do not belong together."""
        self.people, self.quotas, self.size = tuple(people), tuple(quotas), size
        self.features = tuple(dict.fromkeys(quota.feature for quota in quotas))
        self._check()
        homes, shared = _homes(people, self.features)
        alike: dict[tuple[Profile, Home], list[Person]] = defaultdict(list)
        for person in sorted(people, key=lambda person: (isinstance(person.id, str), person.id)):
            home = shared.get(person.household, ()) if person.household is not None else ()
            alike[_profile(person, self.features), home].append(person)
        types = sorted(alike)
        self.profiles = tuple(profile for profile, _ in types)
        self.members = tuple(tuple(alike[one]) for one in types)
        self.counts: Whole = np.array([len(one) for one in self.members], dtype=np.int64)
        at = {feature: number for number, feature in enumerate(self.features)}
        rows = [[True] * len(types)]
        rows += [[profile[at[quota.feature]] == quota.value for profile, _ in types] for quota in quotas]
        rows += [[home == one for _, home in types] for one in homes]
        most = list(homes.values())
        self.matrix: Reals = np.array(rows, dtype=np.float64)
        self.lower: Reals = np.array([size, *(quota.minimum for quota in quotas), *(0 for _ in most)], np.float64)
        self.upper: Reals = np.array([size, *(quota.maximum for quota in quotas), *most], np.float64)

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


def _profile(person: Person, features: Sequence[str]) -> Profile:
    return tuple(person.features[feature] for feature in features)


def _homes(people: Sequence[Person], features: Sequence[str]) -> tuple[dict[Home, int], dict[str, Home]]:
    """How many households of two or more there are of each sort, and the sort of each of them."""
    living: dict[str, list[Profile]] = defaultdict(list)
    for person in people:
        if person.household is not None:
            living[person.household].append(_profile(person, features))
    shared: dict[str, Home] = {name: tuple(sorted(them)) for name, them in living.items() if len(them) > 1}
    return dict(sorted(Counter(shared.values()).items())), shared
