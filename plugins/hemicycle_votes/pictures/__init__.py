"""Pictures of results, one for each family of methods, drawn from the same data that the result publishes."""

from hemicycle_votes.counting.result import Result
from hemicycle_votes.pictures.bars import bars
from hemicycle_votes.pictures.budget import budget
from hemicycle_votes.pictures.matrix import matrix
from hemicycle_votes.pictures.profiles import profiles
from hemicycle_votes.pictures.rounds import rounds

__all__ = ["draw"]


def draw(result: Result) -> str:
    """An SVG of the result: duels, profiles of grades, the use of a budget, rounds, or totals."""
    for name, picture in (("pairwise", matrix), ("profiles", profiles), ("budget", budget)):
        if name in result.data:
            return picture(result)
    return rounds(result) if result.method in ("irv", "stv") else bars(result)
