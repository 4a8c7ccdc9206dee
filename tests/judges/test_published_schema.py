"""Outside judges of the published schema: the rules of @graphql-eslint, and what changed since the last release.

`schema/released` holds what the last release promised; `make released` writes it. What breaks a front end stands in
CHANGELOG.md under **Breaking**, by its path in the schema (`Space.title`), or does not happen.
"""

import json
import re
from typing import Any

import pytest

from tests.judges.conftest import PUBLISHED, Node

pytestmark = pytest.mark.judge

SCHEMAS = ("core", "full")
CHANGES = PUBLISHED.parent / "CHANGELOG.md"


def eslint(node: Node, sdl: str) -> list[str]:
    """What the rules say of a schema: `line: message (rule)`."""
    (node.folder / "schema.graphql").write_text(sdl, "utf-8")
    command = ["node_modules/eslint/bin/eslint.js", "--format", "json", "schema.graphql"]
    said = node.run(*command, SCHEMA="./schema.graphql")
    assert said.stdout, said.stderr
    (found,) = json.loads(said.stdout)
    return [f"{one['line']}: {one['message']} ({one['ruleId']})" for one in found["messages"]]


def broken(node: Node, before: str, now: str, allowed: str = "") -> list[str]:
    """What breaks front ends between two schemas, but for the paths that a changelog names."""
    files = [node.folder / "before.graphql", node.folder / "now.graphql"]
    for file, sdl in zip(files, (before, now), strict=True):
        file.write_text(sdl, "utf-8")
    said = node.run("inspector.mjs", *map(str, files))
    assert said.returncode == 0, said.stderr
    changes: list[dict[str, Any]] = [json.loads(line) for line in said.stdout.splitlines()]
    named = set(re.findall(r"`([\w.]+)`", allowed))
    return [one["message"] for one in changes if one["level"] == "BREAKING" and one["path"] not in named]


def breaking_section() -> str:
    """What CHANGELOG.md says under **Breaking** of the release to come."""
    coming = CHANGES.read_text("utf-8").partition("\n## Unreleased\n")[2].partition("\n## ")[0]
    return coming.partition("\n### Breaking\n")[2].partition("\n### ")[0]


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_rules_of_relay_and_of_descriptions_hold(node: Node, name: str) -> None:
    assert eslint(node, (PUBLISHED / f"{name}.graphql").read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("was", "now", "rule"),
    [
        ('"""This instance."""\n  instance: Instance!', "instance: Instance!", "require-description"),
        ("\ntype Query {", '\ntype Lost { "It." it: Int }\n\ntype Query {', "no-unreachable-types"),
        ("  hasNextPage: Boolean!\n", "  hasNextPage: Int\n", "relay-page-info"),
        ("  cursor: String!\n", "  cursor: [String!]\n", "relay-edge-types"),
        ("  instance: Instance!", "  instance: Instance! @deprecated", "require-deprecation-reason"),
    ],
)
def test_the_rules_see_what_is_wrong(node: Node, was: str, now: str, rule: str) -> None:
    sdl = (PUBLISHED / "core.graphql").read_text("utf-8")
    assert was in sdl
    assert any(rule in one for one in eslint(node, sdl.replace(was, now)))


@pytest.mark.parametrize("name", SCHEMAS)
def test_nothing_that_was_released_is_broken(node: Node, name: str) -> None:
    released, now = ((folder / f"{name}.graphql").read_text("utf-8") for folder in (PUBLISHED / "released", PUBLISHED))
    wrong = broken(node, released, now, breaking_section())
    assert not wrong, "deprecate it first, or name it in CHANGELOG.md under **Breaking** by its path"


BEFORE = "type Query { it(like: Int): String! mood: Mood } enum Mood { GOOD BAD }"


@pytest.mark.parametrize(
    ("now", "path"),
    [
        (BEFORE.replace(" mood: Mood", " mine: Mood"), "Query.mood"),
        (BEFORE.replace("String!", "String"), "Query.it"),
        (BEFORE.replace("like: Int", "like: Int!"), "Query.it.like"),
        (BEFORE.replace("like: Int", "like: Int, new: Int!"), "Query.it.new"),
        (BEFORE.replace(" BAD", ""), "Mood.BAD"),
    ],
)
def test_what_breaks_is_seen_unless_the_changelog_names_it(node: Node, now: str, path: str) -> None:
    assert broken(node, BEFORE, now)
    assert broken(node, BEFORE, now, f"- `{path}` went.") == []


def test_what_is_added_breaks_nothing(node: Node) -> None:
    assert broken(node, BEFORE, BEFORE.replace("mood: Mood", "mood: Mood more: Int")) == []
