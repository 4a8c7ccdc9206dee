"""Participatory budget, greedy: the most supported project first, and what does not fit any more is skipped."""

from collections.abc import Iterable
from typing import Any

from hemicycle_votes.counting.profiles import Budget, Number
from hemicycle_votes.counting.result import Result
from hemicycle_votes.counting.ties import CHEAPER, Ties
from hemicycle_votes.counting.words import Sentence, english, exact, french


def points_of(profile: Budget) -> list[Number]:
    """The points of each project: the number of its votes, where people only approve."""
    points: list[Number] = [0] * len(profile.projects)
    for project, given, count in profile.supports():
        points[project] += given * count
    return points


def eligible(profile: Budget) -> set[int]:
    """The projects that may be funded: with points at all, and with as many as the election asks for."""
    return {one for one, given in enumerate(points_of(profile)) if given > 0 and given >= profile.least}


def cheapest_first(profile: Budget, equal: Iterable[int], ties: Ties, round_: int) -> int:
    """Of projects with equal support, the cheaper; then the tie-break decides. The tie is noted."""
    group = sorted(equal)
    least = min(profile.projects[one].cost for one in group)
    cheap = [one for one in group if profile.projects[one].cost == least]
    if len(cheap) == 1:
        return ties.settled(group, cheap[0], "funded", round_, CHEAPER)
    return ties.first(cheap, "funded", round_)


def greedy(profile: Budget, ties: Ties) -> Result:
    """Projects by points, the most first; each is funded if what is left pays for it. Without a vote, none is."""
    points, left, waiting = points_of(profile), profile.amount, eligible(profile)
    funded, rounds = list[int](), list[dict[str, Any]]()
    while waiting:
        most = max(points[one] for one in waiting)
        taken = cheapest_first(profile, [one for one in waiting if points[one] == most], ties, len(rounds) + 1)
        waiting.remove(taken)
        project = profile.projects[taken]
        fits = project.cost <= left
        if fits:
            left -= project.cost
            funded.append(taken)
        rounds.append({
            "round": len(rounds) + 1, "project": project.id, "votes": exact(most), "cost": exact(project.cost),
            "funded": fits, "left": exact(left),
        })  # fmt: skip
    count = len(funded)
    why = Sentence(
        f"Taken by their number of votes, {count} project{'s fit' if count != 1 else ' fits'} into the budget, and "
        f"{english(profile.amount - left)} of {english(profile.amount)} are spent.",
        f"Pris dans l’ordre des voix, {count} projet{'s entrent' if count > 1 else ' entre'} dans le budget : "
        f"{french(profile.amount - left)} sur {french(profile.amount)} sont dépensés.",
    )
    return budget_result("greedy", profile, funded, rounds, ties, why, {"skips": "what does not fit"})


def budget_result(
    method: str, profile: Budget, funded: list[int], rounds: list[dict[str, Any]], ties: Ties, why: Sentence,
    rules: dict[str, str],
) -> Result:  # fmt: skip
    """The result of either method, with how the budget is used."""
    spent = sum(profile.projects[one].cost for one in funded)
    points, chosen = points_of(profile), set(funded)
    use = {
        "amount": exact(profile.amount),
        "spent": exact(spent),
        "projects": [
            {"id": project.id, "name": project.name, "cost": exact(project.cost), "votes": exact(points[at]),
             "funded": at in chosen} for at, project in enumerate(profile.projects)
        ],
    }  # fmt: skip
    winners = [profile.projects[one].id for one in funded]
    rules = {**rules, "ties_first": CHEAPER} | ({"least_points": str(exact(profile.least))} if profile.least else {})
    return Result(method, profile.size, winners, rounds, ties, why, rules, data={"budget": use})
