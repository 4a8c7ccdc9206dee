"""Exports of open data, as small as they can be, for tests of the way back."""

import json
from pathlib import Path
from typing import Any

SPACE = {
    "id": "s", "parent_id": "r", "slug": "then", "kind": "PROGRAMME", "state": "ARCHIVED", "titles": {"fr": "Alors"},
    "summaries": {}, "modalities": {}, "information": {}, "results": {"fr": "Fini.", "en": "Done."},
    "opened_at": "2019-01-17T09:38:20Z", "ends_at": None, "closed_at": None, "results_due_at": None,
}  # fmt: skip
FIRST = SPACE | {"slug": "first", "id": "1"}
SAID_THEN = {
    "id": "a", "space_id": "s", "parent_id": None, "kind": "IDEA", "state": "PUBLISHED", "alignment": None,
    "channel": "POST", "language": "fr", "categories": ["b"], "published_at": "2019-01-18T09:38:20Z", "version": 1,
    "written_at": "2019-01-18T09:38:20Z",
    "title": "A", "text": "B", "person": "0123456789abcdef", "structure": None, "origin_system": None,
    "origin_id": None,
}  # fmt: skip


def folder_of(folder: Path, spaces: list[Any], said: list[Any]) -> Path:
    """An export, as small as one can be."""
    folder.mkdir()
    (folder / "datapackage.json").write_text('{"name": "tours"}')
    root = SPACE | {"id": "r", "parent_id": None, "slug": "root"}
    for name, rows in (("spaces", [*spaces, root]), ("contributions", said)):
        (folder / f"{name}.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return folder


def add_table(folder: Path, name: str, *lines: dict[str, Any]) -> None:
    """One more table of an export."""
    (folder / f"{name}.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
