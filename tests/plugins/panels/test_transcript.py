"""The record of a draw: two verifiers agree on it, and catch whatever was altered or forged."""

import hashlib
import importlib.util
import json
import os
import random
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner

from hemicycle_panels.commands import app
from hemicycle_panels.lottery.lottery import Lottery, make_lottery
from hemicycle_panels.lottery.pool import Person, Pool, Quota
from hemicycle_panels.transcript import chain
from hemicycle_panels.transcript.canonical import canonical
from hemicycle_panels.transcript.chain import Broken, Chain
from hemicycle_panels.transcript.merkle import includes, leaf, path, root
from hemicycle_panels.transcript.record import Record
from hemicycle_panels.transcript.verify import verify

SCRIPT = Path(__file__).parents[3] / "examples" / "verify_draw" / "verify.py"


@pytest.fixture(scope="module")
def independent() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_draw", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _pool(young: int = 6, old: int = 7) -> Pool:
    people = [Person(f"k{at}", {"age": "young" if at < young else "old"}) for at in range(young + old)]
    return Pool(people, [Quota("age", "young", 1, 2), Quota("age", "old", 1, 2)], 3)


def _record(pool: Pool, lottery: Lottery | None = None, balls: str = "123") -> Record:
    record = Record(pool, lottery or make_lottery(pool, size=20))
    record.promise_balls()
    record.draw_and_close(balls)
    return record


@pytest.fixture(scope="module")
def record() -> Record:
    return _record(_pool())


def test_both_verifiers_agree_on_a_true_transcript(record: Record, independent: ModuleType) -> None:
    key, opening = chain.fingerprint(record.chain.public), json.dumps(record.opening).encode()
    verdict = verify(record.transcript, key, opening)
    assert independent.verify(record.transcript, key, opening) == (key, verdict.panel, [])
    assert verdict.unchecked == []
    line = json.loads(record.transcript.splitlines()[5])
    assert verdict.panel == line["said"]["panel"]


def test_the_panel_is_the_one_that_the_formula_names(record: Record) -> None:
    lines = [json.loads(line) for line in record.transcript.splitlines()]
    seed = hashlib.sha256(f"hemicycle-draw-v1|{lines[3]['hash']}|123".encode()).digest()
    index = int.from_bytes(hashlib.sha256(seed + bytes(4)).digest(), "big") % 20
    assert lines[5]["said"] == {"seed": seed.hex(), "index": index, "panel": lines[2]["said"]["panels"][index]}


def test_any_altered_byte_is_caught_by_both(record: Record, independent: ModuleType) -> None:
    chance, data = random.Random(5), record.transcript
    for _ in range(10_000):
        at, other = chance.randrange(len(data)), chance.randrange(1, 256)
        changed = data[:at] + bytes([data[at] ^ other]) + data[at + 1 :]
        line = data.count(b"\n", 0, at) + 1
        with pytest.raises(Broken) as broken:
            verify(changed)
        with pytest.raises(independent.Wrong) as wrong:
            independent.verify(changed)
        # Named: its own line, or the next or first where what was altered is what joins them.
        assert str(wrong.value).startswith("line "), str(wrong.value)
        assert broken.value.line in {1, line, line + 1}, (line, str(broken.value))


def test_a_line_taken_out_or_moved_is_caught_by_both(record: Record, independent: ModuleType) -> None:
    lines = record.transcript.splitlines(keepends=True)
    for at in range(len(lines)):
        for changed in (lines[:at] + lines[at + 1 :], [*lines[:at], *lines[at + 1 :], lines[at]]):
            if changed != lines:
                _refused(b"".join(changed), independent)


def test_rare_profiles_stay_private_and_an_opening_shows_them(independent: ModuleType) -> None:
    record = _record(_pool(young=4))
    opening = json.dumps(record.opening).encode()
    assert json.loads(record.transcript.splitlines()[1])["said"]["profiles"] is None
    assert any("quotas" in one for one in verify(record.transcript).unchecked)
    assert any("quotas" in one for one in independent.verify(record.transcript)[2])
    assert not any("quotas" in one for one in verify(record.transcript, opening=opening).unchecked)
    record.opening["people"][0]["profile"] = ["other"]
    _refused(record.transcript, independent, opening=json.dumps(record.opening).encode())


def test_another_key_than_the_published_one_is_refused(record: Record, independent: ModuleType) -> None:
    _refused(record.transcript, independent, key="0" * 64)


FORGERIES = {
    "a panel that breaks a quota": (2, lambda said: said["panels"][0].__setitem__(slice(None), said["young"])),
    "a panel too small": (2, lambda said: said["panels"][0].pop()),
    "someone twice": (2, lambda said: said["panels"][0].__setitem__(1, said["panels"][0][0])),
    "other probabilities": (2, lambda said: said["probabilities"].__setitem__(0, "0.900000000")),
    "a profile too few": (1, lambda said: said["profiles"].pop()),
    "another source": (3, lambda said: said.update(source="dice")),
    "a number that is none": (4, lambda said: said.update(balls="12")),
    "another panel": (5, lambda said: said.update(index=(said["index"] + 1) % 20)),
    "another end": (6, lambda said: said.update(lines=6)),
    "no panels at all": (2, lambda said: said.pop("panels")),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_an_organiser_who_signs_a_forgery_is_caught(forgery: str, record: Record, independent: ModuleType) -> None:
    place, forge = FORGERIES[forgery]
    lines = [json.loads(line) for line in record.transcript.splitlines()]
    young = [at for at, profile in enumerate(lines[1]["said"]["profiles"]) if profile == ["young"]][:3]
    forged = Chain()
    lines[0]["said"]["key"] = forged.public
    for at, line in enumerate(lines):
        said = line["said"] | ({"young": young} if at == place == 2 else {})
        if at == place:
            forge(said)
            said.pop("young", None)
        forged.add(line["kind"], **said)
    _refused(b"".join(line + b"\n" for line in forged.written), independent)


def test_a_person_can_prove_that_they_are_in_the_pool(record: Record) -> None:
    people = record.opening["people"]
    leaves = [leaf(one["salt"], one["id"], one["profile"]) for one in people]
    published = json.loads(record.transcript.splitlines()[1])["said"]["root"]
    for at, one in enumerate(leaves):
        assert includes(published, one, path(leaves, at))
        assert not includes(published, one, path(leaves, (at + 1) % len(leaves)))
    assert root(leaves) == published


@pytest.mark.parametrize("value", [0.5, {1: 2}, {"é": 1}, 2**53, [float("nan")], b"x"])
def test_what_has_more_than_one_spelling_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        canonical(value)


def test_canonical_json_is_spelt_as_the_standard_says() -> None:
    assert canonical({"b": [1, True, None], "a": "é\n\u001f€"}) == '{"a":"é\\n\\u001f€","b":[1,true,null]}'.encode()


def test_the_commands_write_and_verify(tmp_path: Path) -> None:
    (tmp_path / "quotas.csv").write_text("category,feature,min,max\nage,young,1,2\nage,old,1,2\n")
    (tmp_path / "pool.csv").write_text("age\n" + "young\n" * 4 + "old\n" * 8)
    out, opening = tmp_path / "t.jsonl", tmp_path / "opening.json"
    given = [
        f"--quotas={tmp_path / 'quotas.csv'}",
        f"--pool={tmp_path / 'pool.csv'}",
        "--size=3",
        "--balls=5",
        "--json",
    ]
    drawn = CliRunner().invoke(app, ["draw", *given, f"--out={out}", f"--opening={opening}"])
    told = json.loads(drawn.stdout)
    assert opening.stat().st_mode & 0o077 == 0
    done = CliRunner().invoke(app, ["verify", str(out), "--key", told["key"], "--opening", str(opening), "--json"])
    verdict = json.loads(done.stdout)
    people = json.loads(opening.read_text())["people"]
    assert (verdict["verified"], verdict["unchecked"]) == (True, [])
    assert sorted(people[one]["id"] for one in verdict["panel"]) == told["panel"]
    command = [sys.executable, str(SCRIPT), str(out), "--key", told["key"], "--opening", str(opening)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, env={"PATH": os.environ["PATH"]}).stdout
    assert said.startswith(f"verified: the panel is {verdict['panel']}")
    out.write_bytes(out.read_bytes().replace(b"leximin", b"maximin"))
    done = CliRunner().invoke(app, ["verify", str(out), "--json"])
    assert (done.exit_code, json.loads(done.stdout)["line"]) == (1, 1)
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1
    assert CliRunner().invoke(app, ["draw", *given, f"--opening={opening}"]).exit_code == 1
    missing = CliRunner().invoke(app, ["verify", str(tmp_path / "none.jsonl")])
    assert (missing.exit_code, "cannot be read" in missing.stderr) == (1, True)


def _refused(data: bytes, independent: ModuleType, key: str | None = None, opening: bytes | None = None) -> None:
    with pytest.raises(Broken):
        verify(data, key, opening)
    with pytest.raises((independent.Wrong, ValueError, KeyError, TypeError, IndexError)):
        independent.verify(data, key, opening)
