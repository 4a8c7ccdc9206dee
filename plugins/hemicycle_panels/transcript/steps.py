"""The steps after the lottery: the source is promised, its number comes, seats are filled again, all is closed."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from hemicycle_panels.index import index_of, seed_of
from hemicycle_panels.transcript.chain import Chain
from hemicycle_panels.transcript.sources import Beacon, line_of, reveals, text_of


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
            it.promised, it.commitment = promises[-1]["said"], promises[-1]["hash"]
            it.replaces = it.promised.get("replaces", [])
        return it

    def promise_balls(self, replaces: Sequence[int] = ()) -> None:
        """Say in advance that three lottery balls, 000 to 999, will decide: which panel; or who takes these seats."""
        self._promise({"source": "balls"}, replaces)

    def promise_reveals(self, commitments: Mapping[str, str], replaces: Sequence[int] = ()) -> None:
        """The same with secrets that parties have fixed: name -> commitment (`sources.commitment_of`), three at least.

        Whoever does not reveal their secret stops the draw, and everyone sees who it was.
        """
        self._promise(reveals(commitments), replaces)

    def draw(self, beacon: Beacon) -> list[int]:
        """The number that came, and the panel that it names. ValueError where it is not from what was promised."""
        self.announce(beacon)
        seed = seed_of(self.commitment, self._text(beacon))
        index = index_of(seed, len(self.panels))
        self.chain.add("draw", seed=seed.hex(), index=index, panel=self.panels[index])
        return self.panels[index]

    def announce(self, beacon: Beacon) -> None:
        """The number that came for the seats that were promised; `replace` follows for each of them, in that order."""
        self._text(beacon)
        self.chain.add("beacon", **line_of(beacon))

    def replace(self, beacon: Beacon, leaves: int, alternates: Sequence[int]) -> int:
        """Who comes for whoever leaves: one of the alternates, by the same number mixed with who leaves."""
        seed = seed_of(self.commitment, f"{self._text(beacon)}|{leaves}")
        index = index_of(seed, len(alternates))
        said: Mapping[str, object] = {"out": leaves, "alternates": list(alternates), "seed": seed.hex()}
        self.chain.add("replace", **said, index=index, **{"in": alternates[index]})
        return alternates[index]

    def close(self) -> None:
        """Nothing follows."""
        self.chain.add("close", lines=len(self.chain.written) + 1)

    def _promise(self, source: dict[str, Any], replaces: Sequence[int]) -> None:
        self.promised, self.replaces = source | ({"replaces": list(replaces)} if replaces else {}), list(replaces)
        self.commitment = self.chain.add("beacon_promise", **self.promised)

    def _text(self, beacon: Beacon) -> str:
        return text_of(self.promised, line_of(beacon))
