"""Exports as Decidim makes them, small, with what is difficult in them."""

import csv
import io
from pathlib import Path
from typing import Any

LILLE, NANCY = "https://lille.example.org/processes/p/f", "http://nancy.example.org/processes/p/f"
MOMENT = "2019-01-17 10:38:20 +0100"


def proposal(number: int, where: str = LILLE, **more: Any) -> dict[str, Any]:
    said = {
        "id": number, "category/id": 39, "category/name/en": "", "category/name/fr": "Mobilité & air",
        "title": "Un titre", "body": "Des lignes &amp; des\nmots.", "votes": "2.0", "comments": 1, "created_at": MOMENT,
        "url": f"{where}/111/proposals/{number}",
    }  # fmt: skip
    return said | more


def debate(number: int, where: str = LILLE, **more: Any) -> dict[str, Any]:
    said = {
        "id": number, "author_id": "", "title/fr": "Faut-il ?",
        "description/fr": "<p><strong>Air&nbsp;pur</strong></p>",
        "comments": 1, "created_at": MOMENT, "url": f"{where}/112/debates/{number}", "component/id": 112,
    }  # fmt: skip
    return said | more


def comment(number: int, above: str, where: str = LILLE, **more: Any) -> dict[str, Any]:
    """above: `Debates::Debate 23`, `Proposals::Proposal 4` or `Comments::Comment 5`."""
    kind, _, answered = above.partition(" ")
    said = {
        "id": number, "created_at": MOMENT, "body": f"Réponse {number}.", "author/id": "u1", "author/name": "",
        "alignment": 0, "depth": 0, "user_group/id": "", "user_group/name/fr": "", "commentable_id": answered,
        "commentable_type": f"Decidim::{kind}", "root_commentable_url": f"{where}/112/debates/23",
    }  # fmt: skip
    return said | more


def table(*rows: dict[str, Any], delimiter: str = ";", ends: str = "\n") -> str:
    """The rows as CSV."""
    file = io.StringIO()
    writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter, lineterminator=ends)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def write(folder: Path, name: str, *rows: dict[str, Any], encoding: str = "utf-8", **how: str) -> Path:
    path = folder / name
    path.write_bytes(table(*rows, **how).encode(encoding))
    return path
