"""Read grades: a CSV with one row for each ballot, and one column for each candidate."""

import csv
import re
from collections import Counter
from pathlib import Path

from hemicycle_votes.counting.profiles import Grades, Number
from hemicycle_votes.reading.lines import Unreadable, distinct, lines, number

IDS = ("", "#", "id", "ballot", "ballotid", "bulletin", "voter", "voterid", "votant", "électeur", "index")
"""What the first column is called where it numbers the ballots, and is no candidate."""


def read_grades(
    path: Path, worst: Number | None = None, best: Number | None = None, blank: Number | None = None
) -> Grades:
    """The ballots of the file, identical ones together; an empty cell and `blank` are blanks.

    Commas, semicolons or tabs between the cells; a decimal comma where they are not commas.
    """
    text = [line for _, line in lines(path)]
    if not text or not text[0].strip():
        raise Unreadable(path, 1, "the first line is empty. It names the candidates, one in each column.")
    # What separates is what the first line has the most of, outside of quotation marks.
    between = max(",;\t", key=re.sub(r'"[^"]*"', "", text[0]).count)
    rows = csv.reader(text, delimiter=between, strict=True)
    ballots: Counter[tuple[Number | None, ...]] = Counter()
    try:
        head = [name.strip() for name in next(rows)]
        start = 1 if head[0].lower().replace("_", "").replace(" ", "") in IDS else 0
        names = distinct(path, 1, head[start:], "candidate")
        known: dict[str, Number | None] = {"": None}
        for row in rows:
            if not row:
                continue
            if len(row) != len(head):
                raise Unreadable(
                    path, rows.line_num, f"it has {len(row)} cells, and the first line {len(head)}: correct the row."
                )
            grades = []
            for name, cell in zip(names, row[start:], strict=True):
                if cell not in known:
                    grade = number(cell if between == "," else cell.replace(",", "."))
                    if grade is None and cell.strip():
                        raise Unreadable(path, rows.line_num, f"{name} has {cell!r}, which is no number: correct it.")
                    known[cell] = None if grade == blank else grade
                grade = known[cell]
                if grade is not None and None not in (worst, best) and not _between(grade, worst, best):
                    raise Unreadable(
                        path, rows.line_num, f"{name} has the grade {grade}, outside of the scale from {worst} (worst) "
                        f"to {best} (best): correct it, or say the right --worst, --best and --blank."
                    )  # fmt: skip
                grades.append(grade)
            ballots[tuple(grades)] += 1
    except csv.Error as error:
        raise Unreadable(path, rows.line_num, f"it is no CSV: {error}. Correct the quotation marks.") from None
    return Grades(names, ballots, worst, best)


def _between(grade: Number, worst: Number | None, best: Number | None) -> bool:
    assert worst is not None
    assert best is not None
    return min(worst, best) <= grade <= max(worst, best)
