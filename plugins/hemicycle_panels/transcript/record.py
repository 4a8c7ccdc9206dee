"""Write the transcript of a draw, step by step, and the opening that stays private."""

import secrets
from collections import Counter
from typing import Any

from hemicycle_panels.index import index_of, seed_of
from hemicycle_panels.lottery.lottery import Lottery
from hemicycle_panels.lottery.pool import PersonId, Pool
from hemicycle_panels.transcript.chain import Chain
from hemicycle_panels.transcript.merkle import leaf, root

FORMAT = "hemicycle-draw-v1"
FEWEST = 5  # a profile that fewer people share is not published


class Record:
    """A draw in the making. A step is a line: open, pool and lottery, then promise, number, draw, close.

    In public, people are numbers: their places among the sorted hashes of the pool. `opening` says who is who: it is
    for the organiser, and for an auditor who is sworn to keep it.
    """

    def __init__(self, pool: Pool, lottery: Lottery) -> None:
        self.chain = Chain()
        at = {person.id: type_ for type_, members in enumerate(pool.members) for person in members}
        salted = [(person.id, secrets.token_hex(32), at[person.id]) for person in pool.people]
        sealed = sorted((leaf(salt, id_, pool.profiles[type_]), id_, salt, type_) for id_, salt, type_ in salted)
        self.ids = [id_ for _, id_, _, _ in sealed]
        self.opening: dict[str, Any] = {
            "people": [
                {"id": id_, "profile": list(pool.profiles[type_]), "salt": salt} for _, id_, salt, type_ in sealed
            ]
        }
        types = [type_ for *_, type_ in sealed]
        open_ = min(Counter(types).values()) >= FEWEST
        self.chain.add(
            "open", format=FORMAT, key=self.chain.public, size=pool.size, algorithm=lottery.algorithm,
            solver=lottery.solver, features=list(pool.features),
            quotas=[[one.feature, one.value, one.minimum, one.maximum] for one in pool.quotas],
        )  # fmt: skip
        self.chain.add(
            "pool", people=len(sealed), root=root([one for one, *_ in sealed]),
            profiles=[list(pool.profiles[type_]) for type_ in types] if open_ else None,
        )  # fmt: skip
        number = {id_: at for at, id_ in enumerate(self.ids)}
        self.panels = sorted(sorted(number[id_] for id_ in panel) for panel in lottery.panels)
        self.chain.add(
            "lottery", panels=self.panels, certificate_gap=f"{lottery.certificate_gap:.3e}",
            deviation=f"{lottery.deviation:.9f}",
            probabilities=[f"{lottery.probabilities[id_]:.9f}" for id_ in self.ids],
        )  # fmt: skip

    def promise_balls(self) -> None:
        """Say in advance that three lottery balls, 000 to 999, will decide."""
        self.commitment = self.chain.add("beacon_promise", source="balls")

    def draw(self, balls: str) -> list[PersonId]:
        """The number that was drawn, and the panel that it names; the transcript is closed. Returns the panel's ids."""
        self.chain.add("beacon", balls=balls)
        seed = seed_of(self.commitment, balls)
        index = index_of(seed, len(self.panels))
        self.chain.add("draw", seed=seed.hex(), index=index, panel=self.panels[index])
        self.chain.add("close", lines=len(self.chain.written) + 1)
        return sorted((self.ids[one] for one in self.panels[index]), key=lambda id_: (isinstance(id_, str), id_))

    @property
    def transcript(self) -> bytes:
        return b"".join(line + b"\n" for line in self.chain.written)
