"""Methods that add up: plurality, approval, score and quadratic voting. The most wins."""

from fractions import Fraction

from hemicycle_votes.counting.piles import Equal, prepared
from hemicycle_votes.counting.profiles import Budget, CannotCount, Grades, Number, Rankings
from hemicycle_votes.counting.result import Result
from hemicycle_votes.counting.ties import Ties
from hemicycle_votes.counting.words import Sentence, english, exact, french, listed


def plurality(profile: Rankings, seats: int, ties: Ties, equal: Equal = Equal.SPLIT) -> Result:
    """First preferences. Several candidates ranked first count as `equal` says."""
    totals: list[Number] = [0] * len(profile.candidates)
    blank = 0
    for order, count in prepared(profile.ballots.items(), equal):
        if not order:
            blank += count
            continue
        first = order[0]
        part = count if equal is not Equal.SPLIT or len(first) == 1 else Fraction(count, len(first))
        for candidate in first:
            totals[candidate] += part
    rules = {"equal_ranks": equal.value, "blanks": "not counted"}
    return _most("plurality", profile, totals, seats, ties, rules, {"blank": blank})


def approval(profile: Grades | Budget, seats: int, ties: Ties) -> Result:
    """How many people approve of each. Among grades, `best` (1 if not said) approves, and `worst` (0) does not."""
    totals: list[Number] = [0] * len(profile.candidates)
    if isinstance(profile, Budget):
        for project, _, count in profile.supports():
            totals[project] += count
    else:
        best = 1 if profile.best is None else profile.best
        worst = 0 if profile.worst is None else profile.worst
        for ballot, count in profile.ballots.items():
            for candidate, grade in enumerate(ballot):
                if grade == best:
                    totals[candidate] += count
                elif grade not in (worst, None):
                    raise CannotCount(
                        f"A ballot gives {profile.candidates[candidate]} a {grade}: an approval is {best} and its "
                        f"absence {worst}. Correct the ballot, or say --worst and --best."
                    )
    return _most("approval", profile, totals, seats, ties, {"blanks": "not approved"}, {})


def score(profile: Grades | Budget, seats: int, ties: Ties) -> Result:
    """The sum of the points that each was given. A blank gives none."""
    totals: list[Number] = [0] * len(profile.candidates)
    if isinstance(profile, Budget):
        for project, points, count in profile.supports():
            totals[project] += points * count
    else:
        profile.check_scale()
        for ballot, count in profile.ballots.items():
            for candidate, grade in enumerate(ballot):
                totals[candidate] += (grade or 0) * count
    return _most("score", profile, totals, seats, ties, {"blanks": "no points"}, {})


def quadratic(profile: Grades, seats: int, ties: Ties, credits_: int | None = None) -> Result:
    """The sum of the votes v, of which a person may cast any number, also against, as long as Σ v² ≤ credits.

    CannotCount if a ballot spends more. Where the credits are not said, the result tells the most that anyone spent.
    Source: Lalley and Weyl, Quadratic Voting, 2018.
    """
    totals: list[Number] = [0] * len(profile.candidates)
    most: Number = 0
    for ballot, count in profile.ballots.items():
        spent = sum((vote or 0) ** 2 for vote in ballot)
        most = max(most, spent)
        if credits_ is not None and spent > credits_:
            raise CannotCount(
                f"A ballot spends {spent} credits, and {credits_} may be spent (votes: "
                f"{', '.join(str(vote or 0) for vote in ballot)}). Correct the ballot, or say the right --credits."
            )
        for candidate, vote in enumerate(ballot):
            totals[candidate] += (vote or 0) * count
    spend = "not said" if credits_ is None else str(credits_)
    rules = {"blanks": "no votes", "credits": spend, "most_spent": str(exact(most))}
    return _most("quadratic", profile, totals, seats, ties, rules, {})


def _most(
    method: str, profile: Rankings | Grades | Budget, totals: list[Number], seats: int, ties: Ties,
    rules: dict[str, str], also: dict[str, int],
) -> Result:  # fmt: skip
    names = profile.candidates
    left, winners = list(range(len(names))), list[int]()
    for seat in range(min(seats, len(names))):
        most = max(totals[one] for one in left)
        equal = [one for one in left if totals[one] == most]
        # Equals who all get a seat are not torn apart by a tie-break: only their order follows it.
        taken = ties.ranked(equal)[0] if len(equal) <= seats - seat else ties.first(equal, "elected", 1)
        winners.append(taken)
        left.remove(taken)
    tally = {name: exact(total) for name, total in zip(names, totals, strict=True)}
    return Result(
        method, profile.size, [names[one] for one in winners], [{"round": 1, "votes": tally, **also}], ties,
        _why(method, names, totals, winners, left), rules,
    )  # fmt: skip


def _why(method: str, names: tuple[str, ...], totals: list[Number], winners: list[int], left: list[int]) -> Sentence:
    unit = {
        "plurality": ("first preferences", "premières préférences"),
        "approval": ("approvals", "approbations"),
        "score": ("points", "points"),
        "quadratic": ("votes", "voix"),
    }[method]
    who = listed([names[one] for one in winners])
    have = listed([english(totals[one]) for one in winners]).en, listed([french(totals[one]) for one in winners]).fr
    verb = ("wins", "l’emporte") if len(winners) == 1 else ("win", "l’emportent")
    said = Sentence(f"{who.en} {verb[0]} with {have[0]} {unit[0]}", f"{who.fr} {verb[1]} avec {have[1]} {unit[1]}")
    if not left:
        return Sentence(f"{said.en}.", f"{said.fr}.")
    next_ = max(left, key=lambda one: totals[one])
    return Sentence(
        f"{said.en}; the next, {names[next_]}, has {english(totals[next_])}.",
        f"{said.fr} ; {names[next_]}, qui suit, en a {french(totals[next_])}.",
    )
