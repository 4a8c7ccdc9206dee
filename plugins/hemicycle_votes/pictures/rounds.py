"""Rounds side by side: instant runoff and STV."""

from hemicycle_votes.counting.result import Result
from hemicycle_votes.pictures.svg import LOST, NAMES, WON, Drawing, plain, scaled

COLUMN = 110


def rounds(result: Result) -> str:
    """An SVG with a line for each candidate and a column for each round; who leaves has no bar any more."""
    every = result.rounds
    drawing = Drawing(
        f"{result.method}: {result.ballots} ballots", result.explanation(), NAMES + COLUMN * len(every) + 20
    )
    first: dict[str, int | str] = every[0]["votes"]
    last = {name: at for at, one in enumerate(every) for name in one["votes"]}
    length = scaled(max(plain(number) for one in every for number in one["votes"].values()), COLUMN - 12)
    for at, one in enumerate(every):
        drawing.words(NAMES + at * COLUMN, str(one["round"]), bold=True)
    drawing.next()
    order = sorted(first, key=lambda name: (name not in result.winners, -last[name], -plain(first[name])))
    for name in order:
        won = name in result.winners
        drawing.name(name, won=won, mark=True)
        drawing.next(0.7)
        for at, one in enumerate(every):
            if name in one["votes"]:
                votes, x = one["votes"][name], NAMES + at * COLUMN
                drawing.box(x, length(plain(votes)), WON if won else LOST, f"{name}, {one['round']}: {votes}")
        drawing.at -= 18
        for at, one in enumerate(every):
            if name in one["votes"]:
                drawing.words(NAMES + at * COLUMN, f"{plain(one['votes'][name]):.10g}"[:10], bold=won)
        drawing.next(1.8)
    drawing.words(10, "Not counted any more")
    for at, one in enumerate(every):
        drawing.words(NAMES + at * COLUMN, f"{plain(one['exhausted']):.10g}"[:10])
    return drawing.text()
