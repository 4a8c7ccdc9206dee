"""Counting: from ballots to a result that anyone can count again. No database, no network, exact numbers only."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from hemicycle_votes.counting.equal_shares import equal_shares
from hemicycle_votes.counting.greedy import greedy
from hemicycle_votes.counting.irv import irv
from hemicycle_votes.counting.majority_judgment import majority_judgment
from hemicycle_votes.counting.pairwise import condorcet
from hemicycle_votes.counting.piles import Equal
from hemicycle_votes.counting.profiles import Budget, CannotCount, Grades, Profile, Project, Rankings
from hemicycle_votes.counting.result import Result
from hemicycle_votes.counting.schulze import schulze
from hemicycle_votes.counting.stv import stv
from hemicycle_votes.counting.ties import ORDER, Tie, Ties
from hemicycle_votes.counting.totals import approval, plurality, quadratic, score
from hemicycle_votes.counting.words import Sentence

__all__ = [
    "Budget", "CannotCount", "Equal", "Grades", "Method", "Options", "Profile", "Project", "Rankings", "Result",
    "Sentence", "Tie", "Ties", "count",
]  # fmt: skip


class Method(Enum):
    PLURALITY = "plurality"
    APPROVAL = "approval"
    SCORE = "score"
    QUADRATIC = "quadratic"
    IRV = "irv"
    CONDORCET = "condorcet"
    SCHULZE = "schulze"
    STV = "stv"
    MAJORITY_JUDGMENT = "majority-judgment"
    GREEDY = "greedy"
    EQUAL_SHARES = "equal-shares"


@dataclass(frozen=True)
class Options:
    """What a poll states before it opens: seats, how equal ranks count, the tie-break, and the credits of a person."""

    seats: int = 1
    equal: Equal = Equal.SPLIT
    ties: str = ORDER
    credits: int | None = None


_RANKINGS: dict[Method, Callable[[Rankings, Options, Ties], Result]] = {
    Method.PLURALITY: lambda cast, said, ties: plurality(cast, said.seats, ties, said.equal),
    Method.IRV: lambda cast, said, ties: irv(cast, ties, said.equal),
    Method.CONDORCET: lambda cast, said, ties: condorcet(cast, ties),
    Method.SCHULZE: lambda cast, said, ties: schulze(cast, said.seats, ties),
    Method.STV: lambda cast, said, ties: stv(cast, said.seats, ties, said.equal),
}
_GRADES: dict[Method, Callable[[Grades, Options, Ties], Result]] = {
    Method.APPROVAL: lambda cast, said, ties: approval(cast, said.seats, ties),
    Method.SCORE: lambda cast, said, ties: score(cast, said.seats, ties),
    Method.QUADRATIC: lambda cast, said, ties: quadratic(cast, said.seats, ties, said.credits),
    Method.MAJORITY_JUDGMENT: lambda cast, said, ties: majority_judgment(cast, said.seats, ties),
}
_BUDGET: dict[Method, Callable[[Budget, Options, Ties], Result]] = {
    Method.APPROVAL: lambda cast, said, ties: approval(cast, said.seats, ties),
    Method.SCORE: lambda cast, said, ties: score(cast, said.seats, ties),
    Method.GREEDY: lambda cast, said, ties: greedy(cast, ties),
    Method.EQUAL_SHARES: lambda cast, said, ties: equal_shares(cast, ties),
}
ONE_SEAT = (Method.IRV, Method.CONDORCET)


def count(profile: Profile, method: Method, options: Options | None = None) -> Result:
    """Count ballots by a method. CannotCount if they do not fit it."""
    said = options or Options()
    ties = Ties(profile.candidates, said.ties)
    if not profile.candidates:
        raise CannotCount("There is no candidate: nothing can be counted.")
    if said.seats < 1:
        raise CannotCount(f"{said.seats} seats cannot be filled: say 1 or more.")
    if said.seats > 1 and method in ONE_SEAT:
        raise CannotCount(f"{method.value} elects one: for {said.seats} seats take stv.")
    if isinstance(profile, Rankings) and method in _RANKINGS:
        return _RANKINGS[method](profile, said, ties)
    if isinstance(profile, Grades) and method in _GRADES:
        return _GRADES[method](profile, said, ties)
    if isinstance(profile, Budget) and method in _BUDGET:
        return _BUDGET[method](profile, said, ties)
    kinds = ((_RANKINGS, Rankings, "ranked ballots"), (_GRADES, Grades, "grades"), (_BUDGET, Budget, "a budget"))
    held = next(name for _, kind, name in kinds if isinstance(profile, kind))
    fits = " or ".join(name for methods, _, name in kinds if method in methods)
    raise CannotCount(
        f"{method.value} counts {fits}, and this file holds {held}: take another method, or another file."
    )
