"""Read quotas and pool from CSV files: `category,feature,min,max`, and one row for each person."""

import csv
from pathlib import Path

from hemicycle_panels.lottery.pool import LotteryError, Person, Pool, Quota


def read_pool(quotas: Path, people: Path, size: int, household: str | None = None) -> Pool:
    """The pool of two files. A person's id is the column `id`, or the 1-based number of their row where there is none.

    household: the column that says who live together; where it is empty, they live alone.
    Raises LotteryError naming file, row and column of what is wrong.
    """
    asked = _quotas(quotas)
    return Pool(_people(people, list(dict.fromkeys(quota.feature for quota in asked)), household), asked, size)


def _quotas(file: Path) -> list[Quota]:
    rows = _rows(file, ["category", "feature", "min", "max"])
    if not rows:
        raise LotteryError(f"{file.name} has no quotas: add a row for each value of each feature")
    return [
        Quota(row["category"], row["feature"], _whole(file, at, row, "min"), _whole(file, at, row, "max"))
        for at, row in enumerate(rows, 1)
    ]


def _people(file: Path, features: list[str], household: str | None) -> list[Person]:
    needed = [*features, household] if household else features
    return [
        Person(row.get("id", at), {name: row[name] for name in features}, row[household] or None if household else None)
        for at, row in enumerate(_rows(file, needed), 1)
    ]


def _rows(file: Path, needed: list[str]) -> list[dict[str, str]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.DictReader(opened, strict=True)
            columns = [name.strip() for name in reader.fieldnames or []]
            if missing := [name for name in needed if name not in columns]:
                raise LotteryError(
                    f"{file.name} has no column {', '.join(missing)}: its columns are {', '.join(columns)}"
                )
            reader.fieldnames = columns
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise LotteryError(f"{file} cannot be read ({error}): give a CSV file in UTF-8") from None
    for at, row in enumerate(rows, 1):
        if None in row or None in row.values():
            raise LotteryError(f"{file.name}, row {at} has not as many cells as the first line: correct it")
    return [{name: value.strip() for name, value in row.items()} for row in rows]


def _whole(file: Path, at: int, row: dict[str, str], column: str) -> int:
    try:
        return int(row[column])
    except ValueError:
        raise LotteryError(f"{file.name}, row {at}: {column} is {row[column]!r}: give a whole number") from None
