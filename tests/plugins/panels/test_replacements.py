"""Seats that are filled again by a second number: in the transcript, for both verifiers."""

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from hemicycle_panels.lottery.lottery import make_lottery
from hemicycle_panels.lottery.pool import Person, Pool, Quota
from hemicycle_panels.transcript.alternates import alternates
from hemicycle_panels.transcript.chain import Broken, Chain
from hemicycle_panels.transcript.record import Record
from hemicycle_panels.transcript.steps import Steps
from hemicycle_panels.transcript.verify import verify

SCRIPT = Path(__file__).parents[3] / "examples" / "verify_draw" / "verify.py"
QUOTAS: list[list[str | int]] = [["age", "young", 1, 2], ["age", "old", 1, 2]]


@pytest.fixture(scope="module")
def independent() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_draw", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def transcript() -> bytes:
    """A panel of three, two of whom are replaced with one number, and one of these again."""
    people = [Person(f"k{at}", {"age": "young" if at < 6 else "old"}) for at in range(13)]
    pool = Pool(people, [Quota(*one) for one in QUOTAS], 3)  # type: ignore[arg-type]
    record = Record(pool, make_lottery(pool, size=20))
    record.promise_balls()
    panel, gone = set(record.draw("123")), set[int]()
    profiles = json.loads(record.chain.written[1])["said"]["profiles"]
    for balls, leavers in (("007", sorted(panel)[:2]), ("999", None)):
        steps = Steps.resume(Chain(record.chain._key, record.transcript))  # as another process would go on
        leaving = leavers or [max(panel)]
        steps.promise_balls(leaving)
        steps.announce(balls)
        for one in leaving:
            comes = steps.replace(balls, one, alternates(profiles, ["age"], QUOTAS, panel, one, gone))
            panel, gone = panel - {one} | {comes}, gone | {one}
        record.chain.written, record.chain.head = steps.chain.written, steps.chain.head
    record.close()
    return record.transcript


def test_both_verifiers_find_the_panel_that_sits_in_the_end(transcript: bytes, independent: ModuleType) -> None:
    verdict = verify(transcript)
    assert independent.verify(transcript)[1] == verdict.panel
    lines = [json.loads(line) for line in transcript.splitlines()]
    replaced = [line["said"] for line in lines if line["kind"] == "replace"]
    assert len(replaced) == 3
    assert set(verdict.panel) == (set(lines[5]["said"]["panel"]) | {one["in"] for one in replaced}) - {
        one["out"] for one in replaced
    }


def _another(said: dict[str, Any]) -> None:
    said["index"] = (said["index"] + 1) % len(said["alternates"])
    said["in"] = said["alternates"][said["index"]]


FORGERIES: dict[str, tuple[str, Callable[[dict[str, Any]], object]]] = {
    "someone else comes": ("replace", _another),
    "an alternate is left out": ("replace", lambda said: said["alternates"].pop()),
    "someone else leaves": ("replace", lambda said: said.update(out=said["in"])),
    "another seat was promised": ("beacon_promise", lambda said: said.update(replaces=[12])),
    "another source": ("beacon_promise", lambda said: said.update(source="dice")),
    "a number that is none": ("beacon", lambda said: said.update(balls="7")),
    "one seat more was promised": ("beacon_promise", lambda said: said["replaces"].append(0)),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_an_organiser_who_signs_a_forgery_is_caught(forgery: str, transcript: bytes, independent: ModuleType) -> None:
    kind, forge = FORGERIES[forgery]
    lines = [json.loads(line) for line in transcript.splitlines()]
    at = max(at for at, line in enumerate(lines) if line["kind"] == kind)
    forge(lines[at]["said"])
    forged = Chain()
    lines[0]["said"]["key"] = forged.public
    for line in lines:
        forged.add(line["kind"], **line["said"])
    with pytest.raises(Broken):
        verify(forged.transcript)
    with pytest.raises((independent.Wrong, ValueError, KeyError, TypeError, IndexError)):
        independent.verify(forged.transcript)


def test_where_nobody_is_alike_whoever_keeps_the_quotas_may_come() -> None:
    profiles = [["a", "x"], ["b", "x"], ["b", "y"], ["a", "y"], ["b", "x"]]
    quotas: list[list[str | int]] = [["one", "a", 1, 1], ["one", "b", 1, 1], ["two", "x", 1, 2], ["two", "y", 0, 1]]
    assert alternates(profiles, ["one", "two"], quotas, {0, 1}, 0, set()) == [3]
    assert alternates(profiles, ["one", "two"], quotas, {0, 1}, 1, set()) == [4]
    assert alternates(profiles, ["one", "two"], quotas, {0, 1}, 1, {4}) == [2]
    assert alternates(profiles, ["one", "two"], quotas, {0, 1}, 0, {3}) == []
