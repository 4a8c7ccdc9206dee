"""The steps after the lottery: the source is promised, its number comes, seats are filled again, all is closed."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from hemicycle_panels.index import index_of, seed_of
from hemicycle_panels.transcript.chain import Chain


class Steps:
    """A transcript to go on with. People are numbers: their places among the sorted hashes of the pool."""

    def __init__(self, chain: Chain, panels: list[list[int]]) -> None:
        self.chain, self.panels = chain, panels
        self.terms: dict[str, Any] = json.loads(chain.written[0])["said"]  # of the first line: quotas, features…

    @classmethod
    def resume(cls, chain: Chain) -> "Steps":
        """Where a transcript stands that was written before, up to its lottery at least."""
        lines = [json.loads(line) for line in chain.written]
        it = cls(chain, lines[2]["said"]["panels"])
        promises = [line for line in lines if line["kind"] == "beacon_promise"]
        if promises:
            it.commitment, it.replaces = promises[-1]["hash"], promises[-1]["said"].get("replaces", [])
        return it

    def promise_balls(self, replaces: Sequence[int] = ()) -> None:
        """Say in advance that three lottery balls, 000 to 999, will decide: which panel; or who takes these seats."""
        said = {"source": "balls"} | ({"replaces": list(replaces)} if replaces else {})
        self.commitment, self.replaces = self.chain.add("beacon_promise", **said), list(replaces)

    def draw(self, balls: str) -> list[int]:
        """The number that came, and the panel that it names."""
        self.chain.add("beacon", balls=balls)
        seed = seed_of(self.commitment, balls)
        index = index_of(seed, len(self.panels))
        self.chain.add("draw", seed=seed.hex(), index=index, panel=self.panels[index])
        return self.panels[index]

    def announce(self, balls: str) -> None:
        """The number that came for the seats that were promised; `replace` follows for each of them, in that order."""
        self.chain.add("beacon", balls=balls)

    def replace(self, balls: str, leaves: int, alternates: Sequence[int]) -> int:
        """Who comes for whoever leaves: one of the alternates, by the same number mixed with who leaves."""
        seed = seed_of(self.commitment, f"{balls}|{leaves}")
        index = index_of(seed, len(alternates))
        said: Mapping[str, object] = {"out": leaves, "alternates": list(alternates), "seed": seed.hex()}
        self.chain.add("replace", **said, index=index, **{"in": alternates[index]})
        return alternates[index]

    def close(self) -> None:
        """Nothing follows."""
        self.chain.add("close", lines=len(self.chain.written) + 1)
