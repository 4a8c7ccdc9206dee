"""Write the first lines of a transcript, what is fixed before the number comes, and the opening that stays private."""

import secrets
from collections import Counter
from collections.abc import Sequence
from typing import Any

from hemicycle_panels.lottery.lottery import Lottery
from hemicycle_panels.lottery.pool import PersonId, Pool
from hemicycle_panels.transcript.chain import Chain
from hemicycle_panels.transcript.merkle import leaf, root
from hemicycle_panels.transcript.steps import Steps

FORMAT = "hemicycle-draw-v1"
FEWEST = 5  # a profile that fewer people share is not published


def first_lines(
    public: str, pool: Pool, lottery: Lottery, sealed: Sequence[PersonId], tree: str
) -> list[tuple[str, dict[str, Any]]]:
    """(kind, what it says) of open, pool and lottery. public: the key, in hex. sealed: who has which number. tree: its
    root, in hex."""
    type_of = {person.id: type_ for type_, members in enumerate(pool.members) for person in members}
    types = [type_of[id_] for id_ in sealed]
    open_ = min(Counter(types).values()) >= FEWEST
    number = {id_: at for at, id_ in enumerate(sealed)}
    quotas = [[one.feature, one.value, one.minimum, one.maximum] for one in pool.quotas]
    return [
        ("open", {
            "format": FORMAT, "key": public, "size": pool.size, "algorithm": lottery.algorithm,
            "solver": lottery.solver, "features": list(pool.features), "quotas": quotas,
        }),
        ("pool", {
            "people": len(sealed), "root": tree,
            "profiles": [list(pool.profiles[type_]) for type_ in types] if open_ else None,
        }),
        ("lottery", {
            "panels": sorted(sorted(number[id_] for id_ in panel) for panel in lottery.panels),
            "certificate_gap": f"{lottery.certificate_gap:.3e}", "deviation": f"{lottery.deviation:.9f}",
            "probabilities": [f"{lottery.probabilities[id_]:.9f}" for id_ in sealed],
        }),
    ]  # fmt: skip


class Record(Steps):
    """A draw in the making: the lines open, pool and lottery, and then the steps.

    In public, people are numbers: their places among the sorted hashes of the pool. `opening` says who is who: it is
    for the organiser, and for an auditor who is sworn to keep it.
    """

    def __init__(self, pool: Pool, lottery: Lottery) -> None:
        profile_of = {person.id: pool.profiles[at] for at, members in enumerate(pool.members) for person in members}
        salted = [(secrets.token_hex(32), person.id) for person in pool.people]
        sealed = sorted((leaf(salt, id_, profile_of[id_]), id_, salt) for salt, id_ in salted)
        self.ids = [id_ for _, id_, _ in sealed]
        self.opening: dict[str, Any] = {
            "people": [{"id": id_, "profile": list(profile_of[id_]), "salt": salt} for _, id_, salt in sealed]
        }
        chain = Chain()
        for kind, said in first_lines(chain.public, pool, lottery, self.ids, root([one for one, _, _ in sealed])):
            chain.add(kind, **said)
        super().__init__(chain, said["panels"])

    def draw_and_close(self, balls: str) -> list[PersonId]:
        """The number that was drawn, and the panel that it names; the transcript is closed. Returns the panel's ids."""
        panel = self.draw(balls)
        self.close()
        return sorted((self.ids[one] for one in panel), key=lambda id_: (isinstance(id_, str), id_))

    @property
    def transcript(self) -> bytes:
        return self.chain.transcript
