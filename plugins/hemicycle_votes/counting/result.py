"""What a count says: the winners, how it came to them, and why."""

from dataclasses import asdict, dataclass, field
from typing import Any

from hemicycle_votes.counting.ties import Ties
from hemicycle_votes.counting.words import Sentence


@dataclass(frozen=True)
class Result:
    """The result of a count.

    ballots: how many were read. winners: names in order (ids of projects for a budget). rounds: what happened, step by
    step, with exact numbers. rules: how blanks, equal ranks and ties are counted. ranking: for majority judgment.
    data: what a picture of it needs beyond the rounds (`pairwise`, `profiles`, `budget`).
    """

    method: str
    ballots: int
    winners: list[str]
    rounds: list[dict[str, Any]]
    ties: Ties
    because: Sentence
    rules: dict[str, str] = field(default_factory=dict)
    ranking: list[dict[str, Any]] | None = None
    data: dict[str, Any] = field(default_factory=dict)

    def explanation(self) -> Sentence:
        """Why the winners won, and which ties were broken."""
        told = self.ties.told()
        return self.because + told if told else self.because

    def as_json(self) -> dict[str, Any]:
        """As `hemicycle votes tally --json` prints it."""
        said: dict[str, Any] = {
            "method": self.method,
            "ballots": self.ballots,
            "winners": self.winners,
            "rounds": self.rounds,
            "ties": [asdict(tie) | {"names": list(tie.names)} for tie in self.ties.met],
            "rules": {**self.rules, "ties": self.ties.rule},
            "explanation": asdict(self.explanation()),
        }
        if self.ranking is not None:
            said["ranking"] = self.ranking
        return said | self.data
