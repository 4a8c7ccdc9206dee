"""Every example query is run: a front end may copy it as it stands."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from graphql import OperationType, parse, validate

from hemicycle.testing import World

FOLDER = Path(__file__).parents[2] / "examples" / "queries"
QUERIES = sorted(FOLDER.glob("*.graphql"))


def _head(text: str, name: str) -> str | None:
    found = re.search(rf"^# {name}: (.*)$", text, re.MULTILINE)
    return found[1] if found else None


def _with_ids(world: World, value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_ids(world, one) for key, one in value.items()}
    if isinstance(value, list):
        return [_with_ids(world, one) for one in value]
    return world.gid(value) if isinstance(value, str) and value in world.ids else value


@pytest.fixture
def plugins(path: Path) -> dict[str, Any]:
    """Those that the example needs; the core alone, if it names none."""
    return {"plugins": (_head(path.read_text("utf-8"), "plugins") or "").split()}


def test_there_are_examples() -> None:
    assert len(QUERIES) > 8


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
async def test_an_example_answers(world: World, path: Path) -> None:
    text = path.read_text("utf-8")
    document = parse(text)
    assert validate(world.app.schema._schema, document) == []
    if document.definitions[0].operation is OperationType.SUBSCRIPTION:  # type: ignore[attr-defined]
        return  # run over a websocket in tests/kernel/http
    variables = _with_ids(world, json.loads(_head(text, "variables") or "{}"))
    data = await world.ask(text, _head(text, "as") or "visitor", **variables)
    for answer in data.values():
        assert answer is not None, "it finds nothing"
        assert answer.get("code") is None, answer
