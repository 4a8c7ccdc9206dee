"""The use of a budget: greedy and equal shares."""

from hemicycle_votes.counting.result import Result
from hemicycle_votes.pictures.svg import FAINT, LOST, NAMES, WON, Drawing, plain, scaled


def budget(result: Result) -> str:
    """An SVG with what is spent, then a bar of its cost for each project; what is funded is filled."""
    use = result.data["budget"]
    drawing = Drawing(f"{result.method}: {result.ballots} ballots", result.explanation(), 860)
    width = drawing.width - NAMES - 190
    amount, spent = plain(use["amount"]), plain(use["spent"])
    drawing.words(10, "Budget")
    drawing.box(NAMES, width, FAINT, f"{use['amount']}")
    drawing.box(NAMES, scaled(amount, width)(spent), WON, f"{use['spent']} / {use['amount']}")
    drawing.words(NAMES + width + 8, f"{use['spent']} / {use['amount']}", bold=True)
    drawing.next(1.4)
    drawing.words(NAMES, "cost")
    drawing.words(drawing.width - 10, "votes", end=True)
    drawing.next()
    length = scaled(max(plain(one["cost"]) for one in use["projects"]), width)
    for one in sorted(use["projects"], key=lambda one: (not one["funded"], -plain(one["votes"]))):
        funded, cost = one["funded"], plain(one["cost"])
        name = f"{one['id']} {one['name']}".strip()
        drawing.name(name, won=funded)
        drawing.box(NAMES, length(cost), WON if funded else LOST, f"{name}: {one['cost']}", empty=not funded)
        drawing.words(NAMES + length(cost) + 8, f"{one['cost']}{' ✓' if funded else ''}", bold=funded)
        drawing.words(drawing.width - 10, str(one["votes"]), end=True)
        drawing.next()
    return drawing.text()
