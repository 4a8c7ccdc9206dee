"""Random documents, valid and not, made by schemathesis of our schema and sent to a running instance.

A program of its own, for what it needs is installed apart (requirements/judges.txt):
`python fuzz.py URL SCHEMA KNOWN CASES SEED`, with a token for each role in TOKENS (JSON): all of them ask the same at
the same time. KNOWN is a JSON file: names of arguments, and values for them that mean something there. It prints one
JSON object: for each role, what was asked, what came back, and what is wrong.
"""

import json
import os
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import requests
import schemathesis
from graphql import (
    ArgumentNode,
    FieldNode,
    ListValueNode,
    NameNode,
    ObjectFieldNode,
    OperationDefinitionNode,
    OperationType,
    StringValueNode,
    Visitor,
    parse,
    print_ast,
    visit,
)
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.graphql import nodes

from hemicycle.kernel.graphql.errors import CODES

SLOWEST = 5.0  # seconds that any answer may take
# What no message of ours says: it would tell how we are made.
INSIDE = re.compile(r"Traceback|sqlalchemy|sqlite3|asyncpg|site-packages|\.py\b|Error\(|\bat 0x", re.IGNORECASE)
# They end the session that the rest is asked with.
LAST = ("Mutation.signOut", "Mutation.eraseMe")
HOSTILE = [
    "", " ", "\x00", "\x07bell", "\u202etxt.exe", "\u200b", "e\u0301" * 50, "a" * 60_000, "<script>alert(1)</script>",
    "[x](javascript:alert(1))", "'; DROP TABLE core_space; --", '" OR 1=1 --', "%", "_", "\\", "=cmd|' /C calc'!A0",
    "{{7*7}}", "\r\nBcc: everyone@example.org", "../../etc/passwd", "http://169.254.169.254/", "😀" * 30, "NaN", "null",
    "-1", "1e309", "0000-00-00", "9999-12-31T23:59:59.999999Z", "2026-02-30",
]  # fmt: skip
DATES = st.dates().map(lambda day: nodes.String(day.isoformat()))
NOW = datetime.now()  # noqa: DTZ005  (said with a Z)
SOON = st.datetimes(NOW - timedelta(days=2), NOW + timedelta(days=60))
MOMENTS = (st.datetimes() | SOON).map(lambda moment: nodes.String(f"{moment.isoformat()}Z"))
TEXTS = st.one_of(st.text(max_size=40), st.sampled_from(HOSTILE)).map(nodes.String)


class Aimed(Visitor):
    """Puts values that mean something in place of most random ones, so that the document reaches what it names."""

    def __init__(self, known: dict[str, list[str]], dice: random.Random) -> None:
        super().__init__()
        self.known, self.dice = known, dice
        self.any = [one for values in known.values() for one in values]

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: Any) -> Any:
        """Have each change say what came of it."""
        if node.operation is not OperationType.MUTATION:
            return None
        asked = tuple(map(_telling, node.selection_set.selections))
        return replace(node, selection_set=replace(node.selection_set, selections=asked))

    def enter_argument(self, node: ArgumentNode, *_: Any) -> Any:
        """An argument of a field."""
        return self._aim(node)

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> Any:
        """A field of an input."""
        return self._aim(node)

    def _aim(self, node: Any) -> Any:
        name, value = node.name.value, node.value
        if isinstance(value, StringValueNode):
            return replace(node, value=self._meant(name, value))
        if isinstance(value, ListValueNode):
            return replace(node, value=replace(value, values=tuple(self._meant(name, one) for one in value.values)))
        return None

    def _meant(self, name: str, value: Any) -> Any:
        if not isinstance(value, StringValueNode) or self.dice.random() < 0.25:
            return value
        # What is no id may be a moment, or words: half of them stay what they are.
        values = self.known.get(name) or (self.any if name in ("id", "ids") else [value.value, "Some words."])
        return StringValueNode(value=self.dice.choice(values))


def _telling(node: Any) -> Any:
    if not isinstance(node, FieldNode) or node.selection_set is None:
        return node
    kind = FieldNode(name=NameNode(value="__typename"))
    return replace(node, selection_set=replace(node.selection_set, selections=(kind, *node.selection_set.selections)))


def wrong(response: requests.Response) -> tuple[Counter[str], str]:
    """(the codes of an answer, and what changes it tells of; what is wrong with it)."""
    if response.status_code >= 500:
        return Counter(), f"status {response.status_code}"
    if (seconds := response.elapsed.total_seconds()) > SLOWEST:
        return Counter(), f"it took {seconds:.1f} seconds"
    answer = response.json()
    errors = answer.get("errors", [])
    codes = Counter(str(one.get("extensions", {}).get("code")) for one in errors)
    if "INTERNAL" in codes or not CODES.keys() >= codes.keys():
        return codes, f"codes {dict(codes)}"
    if told := [one["message"] for one in errors if INSIDE.search(one["message"])]:
        return codes, f"it tells of the inside: {told[0]}"
    for one in (answer.get("data") or {}).values():
        codes[one["__typename"] if isinstance(one, dict) and "__typename" in one else "answered"] += 1
    return codes, ""


class Asker:
    """One person who asks an instance, and what came back."""

    def __init__(self, url: str, token: str) -> None:
        self.url, self.session = url, requests.Session()
        if token:
            self.session.headers["Authorization"] = f"Bearer {token}"
        self.cases, self.slowest = 0, 0.0
        self.codes: Counter[str] = Counter()
        self.problems: list[dict[str, str]] = []

    def ask(self, document: str) -> None:
        """Ask, and judge the answer."""
        response = self.session.post(self.url, json={"query": document}, timeout=60)
        codes, problem = wrong(response)
        self.cases += 1
        self.codes += codes
        self.slowest = max(self.slowest, round(response.elapsed.total_seconds(), 3))
        if problem:
            self.problems.append({"problem": problem, "document": document, "answer": response.text[:2000]})

    def told(self) -> dict[str, Any]:
        """What came of it all."""
        return {"cases": self.cases, "codes": self.codes, "slowest": self.slowest, "problems": self.problems}


def documents(schema: str, known: dict[str, list[str]], cases: int, first: int) -> Iterator[str]:
    """So many documents: each operation as often as the others, four valid ones for each that is not."""
    dice = random.Random(first)
    operations = [one.ok() for one in schemathesis.graphql.from_path(schema).get_all_operations()]
    dice.shuffle(operations)
    operations.sort(key=lambda one: one.label in LAST)
    aimed = Aimed(known, dice)
    for number, operation in enumerate(operations):
        most = cases // len(operations) + (number < cases % len(operations))
        for document in _of(operation, most, first) if most else ():
            yield print_ast(visit(parse(document), aimed))


def _of(operation: Any, most: int, first: int) -> Iterator[str]:
    """Documents of one operation, so many at most. The first ones that Hypothesis makes are the simplest: not those."""
    made: list[str] = []
    valid, spoilt = (operation.as_strategy(generation_mode=mode) for mode in GenerationMode)
    cases = st.integers(0, 4).flatmap(lambda number: valid if number else spoilt)

    def note(case: Any) -> None:
        made.append(case.body)

    asked: Callable[[], None] = seed(f"{first} {operation.label}")(
        settings(
            max_examples=most + 4, database=None, deadline=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )(given(cases)(note))
    )  # fmt: skip
    asked()
    yield from made[-most:]


def main() -> None:
    """Ask, and say what came of it."""
    url, schema, known, cases, first = sys.argv[1:]
    for name, values in {"Date": DATES, "DateTime": MOMENTS, "JSON": TEXTS, "ID": TEXTS, "String": TEXTS}.items():
        schemathesis.graphql.scalar(name, values)
    askers = {role: Asker(url, token) for role, token in json.loads(os.environ["TOKENS"]).items()}
    with ThreadPoolExecutor(len(askers)) as pool:
        for document in documents(schema, json.loads(Path(known).read_text("utf-8")), int(cases), int(first)):
            for done in [pool.submit(one.ask, document) for one in askers.values()]:
                done.result()
    print(json.dumps({role: one.told() for role, one in askers.items()}))


if __name__ == "__main__":
    main()
