"""What was cast, with identical ballots put together: the cost of a count follows the number of different ballots."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

Number = int | Fraction
"""Always exact: no count uses floating point."""

Order = tuple[tuple[int, ...], ...]
"""One ballot: groups of candidates (by their index), the preferred first. Who is not named is ranked below, equally."""


class CannotCount(ValueError):
    """The method does not fit these ballots, or a ballot breaks its rule. The message says what to do."""


@dataclass(frozen=True)
class Rankings:
    """Ranked ballots. `ballots`: how many people cast each order; an empty order is a blank ballot."""

    candidates: tuple[str, ...]
    ballots: Mapping[Order, int]

    @property
    def size(self) -> int:
        """How many ballots there are, blank ones too."""
        return sum(self.ballots.values())


@dataclass(frozen=True)
class Grades:
    """Ballots with a number for each candidate, in their order; None where the voter left a blank.

    `worst` and `best` are the ends of the scale, where they are known; the worst may be the greater number.
    """

    candidates: tuple[str, ...]
    ballots: Mapping[tuple[Number | None, ...], int]
    worst: Number | None = None
    best: Number | None = None

    @property
    def size(self) -> int:
        """How many ballots there are."""
        return sum(self.ballots.values())

    def check_scale(self) -> None:
        """CannotCount unless every grade lies between the ends that are known."""
        ends = [end for end in (self.worst, self.best) if end is not None]
        if len(ends) < 2:
            return
        for ballot in self.ballots:
            for candidate, grade in zip(self.candidates, ballot, strict=True):
                if grade is not None and not min(ends) <= grade <= max(ends):
                    raise CannotCount(
                        f"A ballot gives {candidate} the grade {grade}, outside of the scale from {self.worst} (worst) "
                        f"to {self.best} (best): correct the ballot, or say the right --worst, --best and --blank."
                    )


@dataclass(frozen=True)
class Project:
    """What money may be given to. `cost` is in the unit of the budget."""

    id: str
    name: str
    cost: Number


@dataclass(frozen=True)
class Budget:
    """A participatory budget. A ballot gives points to projects (by their index), 1 where people only approve.

    `least`: with fewer points than this in all, a project is not funded.
    """

    projects: tuple[Project, ...]
    amount: Number
    ballots: Mapping[tuple[tuple[int, Number], ...], int]
    least: Number = 0

    @property
    def candidates(self) -> tuple[str, ...]:
        """The ids of the projects."""
        return tuple(project.id for project in self.projects)

    @property
    def size(self) -> int:
        """How many ballots there are, empty ones too."""
        return sum(self.ballots.values())

    def supports(self) -> Iterator[tuple[int, Number, int]]:
        """Every (project, points, number of people who give them)."""
        for ballot, count in self.ballots.items():
            for project, points in ballot:
                yield project, points, count


Profile = Rankings | Grades | Budget
