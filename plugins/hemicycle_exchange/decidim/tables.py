"""The files of an export of Decidim as rows: CSV of any delimiter and encoding, JSON, or a zip of them."""

import codecs
import csv
import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

from hemicycle.api import StartupError

Row = dict[str, str]
Opened = Callable[[], IO[bytes]]
LONGEST_CELL = 50_000_000
OF_OTHERS = ("PK\x03\x04", "%PDF")
"""How a broken zip or workbook, and a PDF begin; an old workbook has zeros, which no text has."""
UNPACKING = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)  # the last: a password, or an unknown compression
BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


@dataclass(frozen=True)
class Table:
    """One file. `rows()` reads it from its start: (line, row), or (line, what is wrong with that row)."""

    name: str
    encoding: str
    columns: Sequence[str]
    rows: Callable[[], Iterator[tuple[int, Row | str]]]


def tables(paths: Sequence[Path]) -> list[Table]:
    """The tables in these files. StartupError names a file that cannot be read, or is none."""
    return [table for path in paths for table in _tables(path)]


def _tables(path: Path) -> Iterator[Table]:
    try:
        if not zipfile.is_zipfile(path):
            yield _table(path.name, partial(_file, path))
            return
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if _is_table(name)]
        if not names:
            raise StartupError(f"{path}: there is no CSV and no JSON in it: export one of them.")
        for name in names:
            yield _table(f"{path.name}/{name}", partial(_member, path, name))
    except OSError as error:
        raise StartupError(f"{path}: it cannot be read: {error.strerror or error}.") from None
    except UNPACKING as error:
        raise StartupError(
            f"{path}: it cannot be unpacked: {error}. Fetch it again, or unpack it and import what is in it."
        ) from None


def _is_table(name: str) -> bool:
    """Macs put a second file beside each, which is none."""
    return name.lower().endswith((".csv", ".json")) and not name.startswith("__MACOSX/")


def _file(path: Path) -> IO[bytes]:
    return path.open("rb")


def _member(path: Path, name: str) -> IO[bytes]:
    return zipfile.ZipFile(path).open(name)


def _table(name: str, opened: Opened) -> Table:
    encoding, start = _encoding(opened)
    if start.startswith(OF_OTHERS) or "\0" in start:
        raise StartupError(f"{name}: it is neither CSV nor JSON, nor a zip of them: export it as one of these.")
    if start.lstrip()[:1] in ("[", "{"):
        rows = _objects(name, opened, encoding)
        columns = list(dict.fromkeys(key for row in rows if isinstance(row, dict) for key in row))
        return Table(name, encoding, columns, lambda: enumerate(rows, 1))
    head = start.lstrip("\ufeff \r\n")
    delimiter = max(";,\t", key=lambda sign: len(next(csv.reader(io.StringIO(head, newline=""), delimiter=sign), [])))
    columns = next((cells for _, cells in _cells(name, opened, encoding, delimiter)), [])
    columns = [column.strip().strip("\ufeff") for column in columns]
    return Table(name, encoding, columns, partial(_records, name, opened, encoding, delimiter, columns))


def _encoding(opened: Opened) -> tuple[str, str]:
    """The encoding, and the first characters. What is not UTF-8 was written by an old spreadsheet: cp1252."""
    with opened() as file:
        first = file.read(100_000)
        known = next((encoding for bom, encoding in BOMS.items() if first.startswith(bom)), None)
        if known is None:
            decoder, part = codecs.getincrementaldecoder("utf-8")(), first
            known = "utf-8"
            try:
                while part:
                    decoder.decode(part)
                    part = file.read(1_000_000)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                known = "cp1252"
    return known, first.decode(known, errors="replace")


def _cells(name: str, opened: Opened, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(the line on which it starts, its cells) of each record that is not blank."""
    csv.field_size_limit(LONGEST_CELL)
    with opened() as file:
        text = io.TextIOWrapper(file, encoding, errors="replace", newline="")
        reader = csv.reader(text, delimiter=delimiter, strict=True)  # else an open quotation mark swallows what follows
        line = 1
        try:
            for cells in reader:
                if any(cells):
                    yield line, cells
                line = reader.line_num + 1
        except csv.Error as error:
            raise StartupError(f"{name}, line {line}: it is not CSV: {error}. Look at its quotation marks.") from None


def _records(
    name: str, opened: Opened, encoding: str, delimiter: str, columns: Sequence[str]
) -> Iterator[tuple[int, Row | str]]:
    records = _cells(name, opened, encoding, delimiter)
    next(records, None)
    for line, cells in records:
        if len(cells) < len(columns) or any(cells[len(columns) :]):
            yield line, f"it has {len(cells)} cells, where the first line names {len(columns)} columns"
        else:
            yield line, dict(zip(columns, cells, strict=False))


def _objects(name: str, opened: Opened, encoding: str) -> list[Row | str]:
    with opened() as file:
        try:
            said = json.loads(file.read().decode(encoding, errors="replace"))
        except (ValueError, RecursionError) as error:
            raise StartupError(f"{name}: it is not JSON: {error}.") from None
    found = said if isinstance(said, list) else next((one for one in said.values() if _is_rows(one)), [said])
    return [dict(_flat(one)) if isinstance(one, dict) else "it is no object of JSON" for one in found]


def _is_rows(said: Any) -> bool:
    return isinstance(said, list) and isinstance(next(iter(said), None), dict)


def _flat(said: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """As Decidim writes the same in CSV: `title/fr`, and lists with commas."""
    if isinstance(said, dict):
        for key, value in said.items():
            yield from _flat(value, f"{path}/{key}" if path else str(key))
    elif isinstance(said, list):
        yield path, ", ".join(_word(one) for one in said)
    else:
        yield path, _word(said)


def _word(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):  # one name in several languages
        return json.dumps(value, ensure_ascii=False)
    return str(value).lower() if isinstance(value, bool) else str(value)
