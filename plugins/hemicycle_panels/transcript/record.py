"""Write the first lines of a transcript, what is fixed before the number comes, and the opening that stays private."""

import secrets
from collections import Counter
from collections.abc import Mapping
from typing import Any

from hemicycle_panels.lottery.lottery import Lottery
from hemicycle_panels.lottery.pool import PersonId, Pool
from hemicycle_panels.transcript.chain import Chain
from hemicycle_panels.transcript.merkle import leaf, root
from hemicycle_panels.transcript.steps import Steps

FORMAT = "hemicycle-draw-v1"
FEWEST = 5  # a profile that fewer people share is not published


class Record(Steps):
    """A draw in the making: the lines open, pool and lottery, and then the steps.

    In public, people are numbers: their places among the sorted hashes of the pool. `opening` says who is who: it is
    for the organiser, and for an auditor who is sworn to keep it.
    """

    def __init__(
        self, pool: Pool, lottery: Lottery, chain: Chain | None = None, salts: Mapping[PersonId, str] | None = None
    ) -> None:
        """salts: 32 random bytes of each person, in hex, where they were sealed before; new ones, if not given."""
        chain = chain or Chain()
        salt_of = salts or {person.id: secrets.token_hex(32) for person in pool.people}
        at = {person.id: type_ for type_, members in enumerate(pool.members) for person in members}
        salted = [(person.id, salt_of[person.id], at[person.id]) for person in pool.people]
        sealed = sorted((leaf(salt, id_, pool.profiles[type_]), id_, salt, type_) for id_, salt, type_ in salted)
        self.ids = [id_ for _, id_, _, _ in sealed]
        self.opening: dict[str, Any] = {
            "people": [
                {"id": id_, "profile": list(pool.profiles[type_]), "salt": salt} for _, id_, salt, type_ in sealed
            ]
        }
        types = [type_ for *_, type_ in sealed]
        open_ = min(Counter(types).values()) >= FEWEST
        chain.add(
            "open", format=FORMAT, key=chain.public, size=pool.size, algorithm=lottery.algorithm,
            solver=lottery.solver, features=list(pool.features),
            quotas=[[one.feature, one.value, one.minimum, one.maximum] for one in pool.quotas],
        )  # fmt: skip
        chain.add(
            "pool", people=len(sealed), root=root([one for one, *_ in sealed]),
            profiles=[list(pool.profiles[type_]) for type_ in types] if open_ else None,
        )  # fmt: skip
        number = {id_: at for at, id_ in enumerate(self.ids)}
        panels = sorted(sorted(number[id_] for id_ in panel) for panel in lottery.panels)
        chain.add(
            "lottery", panels=panels, certificate_gap=f"{lottery.certificate_gap:.3e}",
            deviation=f"{lottery.deviation:.9f}",
            probabilities=[f"{lottery.probabilities[id_]:.9f}" for id_ in self.ids],
        )  # fmt: skip
        super().__init__(chain, panels)

    def draw_and_close(self, balls: str) -> list[PersonId]:
        """The number that was drawn, and the panel that it names; the transcript is closed. Returns the panel's ids."""
        panel = self.draw(balls)
        self.close()
        return sorted((self.ids[one] for one in panel), key=lambda id_: (isinstance(id_, str), id_))

    @property
    def transcript(self) -> bytes:
        return self.chain.transcript
