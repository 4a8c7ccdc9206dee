"""How many signed on which days, told so that no day shows fewer than five."""

from datetime import date

FEWEST = 5  # people: what fewer share is not told
MOST = 100  # lines

Days = tuple[date, date, int]
"""The first day, the last one, and how many signed from one to the other."""


def merged(counts: dict[str, int]) -> list[Days]:
    """Days in a row, put together until each line has five signatures; all lines together have every signature.

    At most a hundred lines. None while fewer than five signed at all.
    """
    days = sorted((date.fromisoformat(day), count) for day, count in counts.items() if count)
    if not days:
        return []
    span = -(-((days[-1][0] - days[0][0]).days + 1) // MOST)
    lines: list[Days] = []
    open_line = False
    for day, count in days:
        if not open_line:
            lines.append((day, day, count))
        else:
            lines[-1] = lines[-1][0], day, lines[-1][2] + count
        open_line = lines[-1][2] < FEWEST or (day - lines[-1][0]).days + 1 < span
    if lines[-1][2] < FEWEST:
        _, last, count = lines.pop()
        if not lines:
            return []
        lines[-1] = lines[-1][0], last, lines[-1][2] + count
    return lines
