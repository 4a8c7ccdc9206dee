"""Totals as bars, the most first: plurality, approval, score, quadratic."""

from hemicycle_votes.counting.result import Result
from hemicycle_votes.pictures.svg import LOST, NAMES, WON, Drawing, plain, scaled


def bars(result: Result) -> str:
    """An SVG with one bar for each candidate; a bar below zero is an outline."""
    drawing = Drawing(f"{result.method}: {result.ballots} ballots", result.explanation())
    votes: dict[str, int | str] = result.rounds[0]["votes"]
    length = scaled(max(abs(plain(number)) for number in votes.values()), drawing.width - NAMES - 90)
    for name in sorted(votes, key=lambda one: (one not in result.winners, -plain(votes[one]))):
        won = name in result.winners
        number = plain(votes[name])
        drawing.name(name, won=won)
        drawing.box(NAMES, length(abs(number)), WON if won else LOST, f"{name}: {votes[name]}", empty=number < 0)
        drawing.words(NAMES + length(abs(number)) + 8, f"{votes[name]}{' ✓' if won else ''}", bold=won)
        drawing.next()
    return drawing.text()
