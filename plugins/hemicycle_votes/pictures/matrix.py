"""Duels as a table: Condorcet and Schulze."""

from hemicycle_votes.counting.result import Result
from hemicycle_votes.pictures.svg import FAINT, NAMES, WON, Drawing

COLUMN = 84


def matrix(result: Result) -> str:
    """An SVG of who is preferred to whom, by how many: the line to the column. A duel that is won is filled."""
    beats: dict[str, dict[str, int]] = result.data["pairwise"]
    duels = result.rounds[0]["duels"]
    order = sorted(beats, key=lambda name: (name not in result.winners, -duels[name]["won"]))
    drawing = Drawing(
        f"{result.method}: {result.ballots} ballots", result.explanation(), NAMES + COLUMN * len(order) + 20
    )
    for at, name in enumerate(order):
        drawing.words(NAMES + at * COLUMN, name if len(name) < 11 else f"{name[:9]}…")
    drawing.next()
    for name in order:
        drawing.words(10, name, bold=name in result.winners, long=False)
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
