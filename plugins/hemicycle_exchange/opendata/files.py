"""The files of an export that comes back: of which instance it is, and its lines."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hemicycle.api import StartupError

Line = dict[str, Any]


def source_of(folder: Path) -> str:
    """The name of the instance that was exported. StartupError if the folder is not an export."""
    try:
        return str(json.loads((folder / "datapackage.json").read_text("utf-8"))["name"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StartupError(f"{folder} is not what `hemicycle export open-data` writes: {error}.") from None


def lines_of(folder: Path, table: str) -> Iterator[tuple[int, Line]]:
    """Each line of a table, with its number. StartupError if one cannot be read."""
    path, number = folder / f"{table}.jsonl", 0
    try:
        with path.open(encoding="utf-8") as file:
            for number, text in enumerate(file, 1):
                line = json.loads(text)
                if not isinstance(line, dict):
                    raise TypeError("it is no object")
                yield number, line
    except OSError as error:
        raise StartupError(f"{path}: it cannot be read: {error.strerror}.") from None
    except (ValueError, TypeError) as error:
        raise StartupError(f"{path}, line {number}: it is not JSON: {error}.") from None


def tables_of(folder: Path) -> set[str]:
    """The names of its tables."""
    return {path.stem for path in folder.glob("*.jsonl")}
