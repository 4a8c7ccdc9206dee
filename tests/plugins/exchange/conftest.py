"""What the tests of exchange share: a small mapping, and files made of a few records."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from hemicycle.spaces.rules import ensure_root
from hemicycle.testing import World
from hemicycle.testing.databases import Databases, learn_tables
from hemicycle.testing.world import open_world
from hemicycle_exchange.mapping import Mapping

MAPPING: dict[str, Any] = {
    "system": "old.example.org",
    "fields": {
        "id": "id", "title": "title", "text": {"field": "body"}, "author": "by", "published_at": "at",
        "parent": "answers", "alignment": {"field": "side", "values": {"yes": "FOR", "no": "AGAINST"}},
        "categories": "themes",
    },
    "ignore": ["votes"],
}  # fmt: skip
IDEA = {"id": 1, "title": "An idea", "body": "Its words.", "by": "ada", "at": "2015-09-26T02:27:54+0200"}
ANSWER = {"id": "a1", "answers": 1, "side": "no", "body": "No.", "by": "bob", "at": "2015-09-27T02:27:54+0200"}

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes records (or lines, as text or bytes) into a file; returns its path."""

    def lines(*records: dict[str, Any] | str | bytes, name: str = "said.jsonl") -> Path:
        path = tmp_path / name
        texts = (json.dumps(one) if isinstance(one, dict) else one for one in records)
        path.write_bytes(b"\n".join(one.encode() if isinstance(one, str) else one for one in texts) + b"\n")
        return path

    return lines


@pytest_asyncio.fixture
async def empty(databases: Databases, plugins: dict[str, Any]) -> AsyncIterator[World]:
    """Another instance, with nothing but its root."""
    learn_tables(plugins["plugins"])
    with databases.fresh() as url:
        async with open_world(url, **plugins, samples=False, instance="other") as made:
            await ensure_root(made.app)
            yield made


def mapping(**fields: Any) -> Mapping:
    """The small mapping, with other fields in place of its own."""
    return Mapping.model_validate(MAPPING | {"fields": MAPPING["fields"] | fields})
