"""Give the seats of a type to people: whoever had the fewest so far comes first, so all of a type come as often."""

import hashlib
from collections import Counter
from collections.abc import Iterable

from hemicycle_panels.lottery.pool import Person, PersonId, Pool, Whole


def seat(pool: Pool, panels: Iterable[tuple[Whole, int]]) -> list[tuple[PersonId, ...]]:
    """Panels of people from panels of types (each so many times), sorted within and among themselves.

    Neither depends on the order in which the pool was given: equals are told apart by a hash of their id.
    """
    queues = [sorted(members, key=_fixed_order) for members in pool.members]
    seats: Counter[PersonId] = Counter()
    seated = []
    for panel, times in panels:
        for _ in range(times):
            chosen: list[PersonId] = []
            taken: set[str] = set()  # households
            for type_, count in enumerate(panel.tolist()):
                if count:
                    # Sorting is stable: among the equally used, the fixed order decides.
                    queues[type_].sort(key=lambda person: seats[person.id])
                    chosen += [person.id for person in _seated(queues[type_], count, taken)]
            seats.update(chosen)
            seated.append(tuple(sorted(chosen, key=_by_id)))
    return sorted(seated, key=lambda one: [_by_id(id_) for id_ in one])


def _fixed_order(person: Person) -> bytes:
    return hashlib.sha256(f"hemicycle-seat-v1|{person.id}".encode()).digest()


def _by_id(id_: PersonId) -> tuple[bool, int | str]:
    return isinstance(id_, str), id_


def _seated(queue: list[Person], count: int, taken: set[str]) -> list[Person]:
    """The first of a queue, one of each household. There are enough: the pool has a row for each sort of household."""
    chosen: list[Person] = []
    for person in queue:
        if len(chosen) < count and person.household not in taken:
            chosen.append(person)
            if person.household is not None:
                taken.add(person.household)
    return chosen
