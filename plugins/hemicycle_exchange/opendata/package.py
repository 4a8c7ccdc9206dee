"""What describes the files: a Data Package with a Table Schema for each table, and a page for people."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Select

from hemicycle.api import OpenData
from hemicycle_exchange.opendata.cells import type_of
from hemicycle_exchange.opendata.leaving import FEWEST, SUPPRESSED

PACKAGE = "datapackage.json"


@dataclass(frozen=True)
class Written:
    """A table that was written: how many rows, and how many counts do not leave."""

    table: OpenData
    owner: str
    query: Select[Any]
    rows: int
    suppressed: int


def describe(folder: Path, name: str, instance: str, at: datetime, written: Sequence[Written]) -> None:
    """Write `datapackage.json` and `README.md`. name: of the instance, for programs."""
    package = {
        "profile": "tabular-data-package", "name": name, "title": instance,
        "created": at.isoformat().replace("+00:00", "Z"), "resources": [_resource(one) for one in written],
    }  # fmt: skip
    told = json.dumps(package, ensure_ascii=False, indent=2)
    (folder / PACKAGE).write_text(f"{told}\n", "utf-8")
    (folder / "README.md").write_text(_page(instance, at, written), "utf-8")


def _resource(one: Written) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource", "name": one.table.name.replace("_", "-"), "path": f"{one.table.name}.csv",
        "lines": f"{one.table.name}.jsonl", "description": one.table.description, "format": "csv",
        "mediatype": "text/csv", "encoding": "utf-8", "schema": _schema(one),
    }  # fmt: skip


def _schema(one: Written) -> Mapping[str, Any]:
    fields = [
        {"name": column.name, "type": "string" if column.name in one.table.pseudonyms else type_of(column.type),
         "description": _told(one.table, column.name)}
        for column in one.query.selected_columns
    ]  # fmt: skip
    if one.table.people:
        fields.append({"name": SUPPRESSED, "type": "string", "description": _SUPPRESSED})
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if "id" in one.table.columns:
        schema["primaryKey"] = ["id"]
    return schema


_SUPPRESSED = f"The counts of people that are not told, because they are below {FEWEST}."


def _told(table: OpenData, name: str) -> str:
    more = f" Empty where it is below {FEWEST}." if name in table.people else ""
    return table.columns[name] + more


def _page(instance: str, at: datetime, written: Sequence[Written]) -> str:
    lines = [
        f"# {instance}: open data of {at:%Y-%m-%d}", "",
        "Each table is there twice: as CSV, for spreadsheets, and as JSON lines, exactly as it was said.",
        f"`{PACKAGE}` describes them for programs (Data Package, Table Schema).", "",
        f"- Counts of people below {FEWEST} are left empty; the column `{SUPPRESSED}` names them.",
        "- No person is named. A pseudonym holds in one space alone: it does not say what someone said elsewhere.",
        "- In CSV, text that a spreadsheet would run as a formula has an apostrophe before it; not so in JSON lines.",
        "- What is withdrawn later stands in older files: whoever publishes them puts the newest in their place.",
        "", "| table | rows | of | what |", "|---|---|---|---|",
        *(f"| {one.table.name} | {one.rows} | {one.owner} | {one.table.description} |" for one in written), "",
    ]  # fmt: skip
    for one in written:
        told = [f"- `{column.name}`: {_told(one.table, column.name)}" for column in one.query.selected_columns]
        lines += [f"## {one.table.name}", "", *told, ""]
    return "\n".join(lines)
