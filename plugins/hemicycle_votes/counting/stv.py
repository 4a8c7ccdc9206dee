"""Single transferable vote, as in Scotland's local elections (weighted inclusive Gregory method)."""

from collections import defaultdict
from fractions import Fraction
from typing import Any

from hemicycle_votes.counting.piles import Equal, next_group, prepared
from hemicycle_votes.counting.profiles import CannotCount, Number, Order, Rankings
from hemicycle_votes.counting.result import Result
from hemicycle_votes.counting.ties import EARLIER, Ties
from hemicycle_votes.counting.words import Sentence, english, exact, french, listed

UNIT = 10**5
"""A vote is counted in hundred-thousandths: five decimals, and what is beyond is left out, as the rule says."""

Papers = tuple[Order, int, int, int]
"""Ballots of one order in a pile: the order, the place reached, how many, and what each is worth in units."""


class Count:
    """A count by single transferable vote.

    Each round passes on one surplus, the largest first, or else takes out the candidate with the fewest votes. Of
    equals, the one who had more (or fewer) votes in the latest earlier round where they differed; then the tie-break.
    Source: The Scottish Local Government Elections Order 2011, schedule 1, rules 45 to 52.
    """

    def __init__(self, profile: Rankings, seats: int, ties: Ties, equal: Equal) -> None:
        self.names, self.seats, self.ties, self.equal = profile.candidates, seats, ties, equal
        self.running = set(range(len(self.names)))
        self.piles: dict[int, list[Papers]] = {one: [] for one in self.running}
        self.votes = dict.fromkeys(self.running, 0)
        self.elected: list[int] = []
        self.surplus: list[int] = []
        self.history: list[dict[int, int]] = []
        self.rounds: list[dict[str, Any]] = []
        self.spent = self.valid = 0
        for order, count in prepared(profile.ballots.items(), equal):
            if order:
                self._put(order, 0, count, UNIT)
                self.valid += count
        self.quota = (self.valid // (seats + 1) + 1) * UNIT

    def run(self) -> None:
        """All rounds, until every seat is filled."""
        self._close({})
        while len(self.elected) < self.seats and self.running:
            if len(self.running) <= self.seats - len(self.elected):
                self._elect(self.running, {"remaining": True})
            elif self.surplus:
                self._close(self._transfer())
            else:
                self._close(self._exclude())

    def _put(self, order: Order, start: int, count: int, worth: int) -> dict[int, int]:
        at, group = next_group(order, start, self.running)
        part = worth // len(group) if group else 0
        for candidate in group:
            self.piles[candidate].append((order, at, count, part))
            self.votes[candidate] += part * count
        self.spent += (worth - part * len(group)) * count
        return dict.fromkeys(group, part * count)

    def _transfer(self) -> dict[str, Any]:
        """Pass on one surplus: each ballot goes on at surplus × worth ÷ votes, five decimals."""
        giving = self._chosen(self.surplus, "surplus", most=True)
        self.surplus.remove(giving)
        total, extra = self.votes[giving], self.votes[giving] - self.quota
        moved: dict[int, int] = defaultdict(int)
        before = self.spent
        for order, at, count, worth in self.piles.pop(giving):
            for candidate, part in self._put(order, at, count, extra * worth // total).items():
                moved[candidate] += part
        # What the truncation took away is not transferable either.
        self.spent = before + extra - sum(moved.values())
        self.votes[giving] = self.quota
        return {"surplus_of": self.names[giving], "transfers": self._told(moved)}

    def _exclude(self) -> dict[str, Any]:
        leaving = self._chosen(sorted(self.running), "eliminated", most=False)
        self.running.remove(leaving)
        del self.votes[leaving]
        moved: dict[int, int] = defaultdict(int)
        for order, at, count, worth in self.piles.pop(leaving):
            for candidate, part in self._put(order, at, count, worth).items():
                moved[candidate] += part
        return {"eliminated": [self.names[leaving]], "transfers": self._told(moved)}

    def _chosen(self, among: list[int], about: str, *, most: bool) -> int:
        """Who has the most (or the fewest) votes. Equals: earlier rounds are looked at, then the tie-break."""
        equal, number = list(among), len(self.rounds)
        for past in [self.votes, *reversed(self.history)]:
            end = (max if most else min)(past[one] for one in equal)
            kept = [one for one in equal if past[one] == end]
            if past is not self.votes and len(kept) < len(equal) and len(kept) == 1:
                return self.ties.settled(sorted(equal), kept[0], about, number, EARLIER)
            equal = kept
            if len(equal) == 1:
                return equal[0]
        return (self.ties.first if most else self.ties.last)(equal, about, number)

    def _close(self, done: dict[str, Any]) -> None:
        """End a round: note the votes, and elect whoever has reached the quota."""
        self._elect({one for one in self.running if self.votes[one] >= self.quota}, done)

    def _elect(self, reached: set[int], done: dict[str, Any]) -> None:
        """Note a round that ends with these elected, in the order of their votes."""
        order = self.ties.ranked(reached)
        order.sort(key=lambda one: -self.votes[one])
        self.history.append(dict(self.votes))
        said = {"round": len(self.rounds) + 1, **done, "votes": self._told(self.votes)}
        said |= {"exhausted": exact(_votes(self.spent)), "elected": [self.names[one] for one in order]}
        self.rounds.append(said)
        self.running -= reached
        self.elected += order
        self.surplus += [one for one in order if self.votes[one] > self.quota]

    def _told(self, votes: dict[int, int]) -> dict[str, int | str]:
        return {self.names[one]: exact(_votes(votes[one])) for one in sorted(votes)}

    def why(self) -> Sentence:
        """Who was elected, and what it took."""
        who = listed([self.names[one] for one in self.elected])
        elected = ("is", "est élu") if len(self.elected) == 1 else ("are", "sont élus")
        rounds, tours = ("round", "tour") if len(self.rounds) == 1 else ("rounds", "tours")
        quota = _votes(self.quota)
        said = Sentence(
            f"{who.en} {elected[0]} elected, in {len(self.rounds)} {rounds}: {english(quota)} of the "
            f"{english(self.valid)} valid votes assure a seat (the quota for {self.seats}).",
            f"{who.fr} {elected[1]}, en {len(self.rounds)} {tours} : {french(quota)} des {french(self.valid)} voix "
            f"valables assurent un siège (le quota pour {self.seats}).",
        )
        last = listed([name for one in self.rounds if one.get("remaining") for name in one["elected"]])
        if not last.en:
            return said
        return said + Sentence(
            f"Below the quota, the seats that remained went to the last left: {last.en}.",
            f"Sous le quota, les sièges restants vont aux derniers en lice : {last.fr}.",
        )


def stv(profile: Rankings, seats: int, ties: Ties, equal: Equal = Equal.SPLIT) -> Result:
    """The elected, in the order of their election. An equal rank is split, five decimals, or exhausts the ballot."""
    if equal is Equal.WHOLE:
        raise CannotCount(
            "STV gives every ballot one vote: an equal rank cannot count fully for each. Take --equal split or exhaust."
        )
    if seats > len(profile.candidates):
        raise CannotCount(f"There are {seats} seats for {len(profile.candidates)} candidates: say fewer --seats.")
    count = Count(profile, seats, ties, equal)
    count.run()
    rules = {
        "equal_ranks": equal.value, "blanks": "not counted", "quota": str(exact(_votes(count.quota))),
        "transfers": "weighted inclusive Gregory, five decimals", "ties_first": EARLIER,
    }  # fmt: skip
    winners = [profile.candidates[one] for one in count.elected]
    return Result("stv", profile.size, winners, count.rounds, ties, count.why(), rules)


def _votes(units: int) -> Number:
    return Fraction(units, UNIT)
