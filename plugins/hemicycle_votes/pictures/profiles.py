"""Profiles of grades: majority judgment."""

from itertools import accumulate

from hemicycle_votes.counting.result import Result
from hemicycle_votes.pictures.svg import NAMES, Drawing

WORST, MIDDLE, BEST = (178, 88, 46), (240, 236, 226), (11, 83, 148)


def profiles(result: Result) -> str:
    """An SVG with a bar for each candidate, the best grades at the left; the dashed line is the middle of the ballots.

    The grade under the line is the median.
    """
    found = result.data["profiles"]
    grades: list[int | str] = found["grades"]
    drawing = Drawing(f"{result.method}: {result.ballots} ballots", result.explanation())
    width = drawing.width - NAMES - 70
    ranking = result.ranking or []
    drawing.words(NAMES + width / 2, "50 %", end=True)
    drawing.words(drawing.width - 10, "median", end=True)
    drawing.next()
    start = drawing.at
    for one in ranking:
        name, counts = one["name"], found["counts"][one["name"]]
        won = name in result.winners
        drawing.name(name, won=won, mark=True)
        best_first = list(reversed(counts))
        edges = [0, *accumulate(best_first)]
        for at, count in enumerate(best_first):
            if count:
                x, long = NAMES + width * edges[at] / result.ballots, width * count / result.ballots
                place = len(grades) - 1 - at
                drawing.box(x, long, _colour(place, len(grades)), f"{name}, {grades[place]}: {count}")
        drawing.words(drawing.width - 10, str(one["median"]), bold=won, end=True)
        drawing.next()
    end, drawing.at = drawing.at, start
    drawing.upright(NAMES + width / 2, len(ranking), "50 %")
    drawing.at = end
    x = float(NAMES)
    for at, grade in reversed(list(enumerate(grades))):
        if len(grades) <= 12:
            drawing.box(x, 14, _colour(at, len(grades)), str(grade))
            drawing.words(x + 18, str(grade))
            x += 26 + 8 * len(str(grade))
    return drawing.text()


def _colour(grade: int, size: int) -> str:
    """From the colour of the worst over that of the middle to that of the best; dark to light to dark."""
    place = 2 * grade / (size - 1) - 1 if size > 1 else 1
    end = BEST if place > 0 else WORST
    mixed = (round(middle + (far - middle) * abs(place)) for middle, far in zip(MIDDLE, end, strict=True))
    return "#" + "".join(f"{part:02x}" for part in mixed)
