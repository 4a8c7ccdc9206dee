"""Ties: every one is reported, and broken by a rule that was stated before."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from hemicycle_votes.counting.profiles import CannotCount
from hemicycle_votes.counting.words import Sentence, listed

ORDER = "order"
LOT = "lot:"
EARLIER = "earlier rounds"
CHEAPER = "the cheaper project"

_SAID = {
    ORDER: Sentence("the order of the file", "l’ordre du fichier"),
    EARLIER: Sentence(EARLIER, "les tours précédents"),
    CHEAPER: Sentence(CHEAPER, "le projet le moins cher"),
}
"""How the rules are called. A lot is called by its own text."""


@dataclass(frozen=True)
class Tie:
    """Who was equal, for what (`elected`, `eliminated`, …), in which round, who was taken, and by which rule."""

    names: tuple[str, ...]
    about: str
    round: int
    taken: str
    rule: str


@dataclass
class Ties:
    """The rule, and what it had to settle so far.

    `order`: the one who comes first in the file is preferred. `lot:TEXT`: the one whose SHA-256 of TEXT and name, with
    a line feed between, is the smaller is preferred: a lot that anyone can draw again, if TEXT is known only after the
    ballots were cast.
    """

    candidates: tuple[str, ...]
    rule: str = ORDER
    met: list[Tie] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.rule != ORDER and not (self.rule.startswith(LOT) and len(self.rule) > len(LOT)):
            raise CannotCount(f"There is no tie-break {self.rule!r}: take `order`, or `lot:` and a text.")
        places = list(range(len(self.candidates)))
        if self.rule != ORDER:
            places.sort(key=lambda at: (self._drawn(at), at))
        self.place = {candidate: place for place, candidate in enumerate(places)}
        """Each candidate's place in the order of preference: the smaller is preferred."""

    def _drawn(self, candidate: int) -> bytes:
        return hashlib.sha256(f"{self.rule.removeprefix(LOT)}\n{self.candidates[candidate]}".encode()).digest()

    def ranked(self, candidates: Iterable[int]) -> list[int]:
        """The candidates, the preferred first."""
        return sorted(candidates, key=self.place.__getitem__)

    def first(self, equal: Sequence[int], about: str, round_: int) -> int:
        """The preferred of equals; a tie is noted where there are several."""
        return self._take(equal, self.ranked(equal)[0], about, round_, self.rule)

    def last(self, equal: Sequence[int], about: str, round_: int) -> int:
        """The least preferred of equals: the one to leave."""
        return self._take(equal, self.ranked(equal)[-1], about, round_, self.rule)

    def settled(self, equal: Sequence[int], taken: int, about: str, round_: int, rule: str) -> int:
        """Note a tie that another rule, which comes before this one, has broken."""
        return self._take(equal, taken, about, round_, rule)

    def _take(self, equal: Sequence[int], taken: int, about: str, round_: int, rule: str) -> int:
        if len(equal) > 1:
            names = tuple(self.candidates[one] for one in sorted(equal))
            self.met.append(Tie(names, about, round_, self.candidates[taken], rule))
        return taken

    def told(self) -> Sentence | None:
        """What a reader should know of them; None if there were none."""
        if not self.met:
            return None
        shown, montre = list[str](), list[str]()
        for tie in self.met[:3]:
            names, rule = listed(tie.names), _SAID.get(tie.rule, Sentence(tie.rule, tie.rule))
            shown.append(f"{tie.taken} ({names.en}: {rule.en})")
            montre.append(f"{tie.taken} ({names.fr} : {rule.fr})")
        more = ", …" if len(self.met) > 3 else ""
        return Sentence(
            f"Ties were broken by the stated rule: {', '.join(shown)}{more}.",
            f"Des égalités ont été départagées par la règle annoncée : {', '.join(montre)}{more}.",
        )
