"""Duels as a table: Condorcet and Schulze."""

from hemicycle_votes.counting.result import Result
from hemicycle_votes.pictures.svg import FAINT, NAMES, WON, Drawing

COLUMN, SHORT = 84, 10


def matrix(result: Result) -> str:
    """An SVG of who is preferred to whom, by how many: the line to the column. A duel that is won is filled.

    Where a name is too long for its column, the columns have the numbers of the lines.
    """
    beats: dict[str, dict[str, int]] = result.data["pairwise"]
    duels = result.rounds[0]["duels"]
    order = sorted(beats, key=lambda name: (name not in result.winners, -duels[name]["won"]))
    drawing = Drawing(
        f"{result.method}: {result.ballots} ballots", result.explanation(), NAMES + COLUMN * len(order) + 20
    )
    numbered = any(len(name) > SHORT for name in order)
    for at, name in enumerate(order):
        drawing.words(NAMES + at * COLUMN + 5, str(at + 1) if numbered else name, whole=name)
    drawing.next()
    for line, name in enumerate(order, 1):
        drawing.name(f"{line}. {name}" if numbered else name, won=name in result.winners)
        for at, other in enumerate(order):
            if name == other:
                continue
            mine, theirs = beats[name][other], beats[other][name]
            won = mine > theirs
            x = NAMES + at * COLUMN
            drawing.box(x, COLUMN - 6, WON if won else FAINT, f"{name} – {other}: {mine} – {theirs}")
            drawing.words(x + 5, f"{mine}{' ✓' if won else ''}", colour="#ffffff" if won else "#1b1f24", bold=won)
        drawing.next()
    return drawing.text()
