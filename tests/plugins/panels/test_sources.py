"""Secrets of three parties as the source of chance; the proof that one is in the pool. Both verifiers check them."""

import importlib.util
import json
import random
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from hemicycle_panels.lottery.lottery import make_lottery
from hemicycle_panels.lottery.pool import Person, Pool, Quota
from hemicycle_panels.transcript.chain import Broken, Chain
from hemicycle_panels.transcript.merkle import leaf, path
from hemicycle_panels.transcript.record import Record
from hemicycle_panels.transcript.sources import commitment_of, reveals
from hemicycle_panels.transcript.steps import Steps
from hemicycle_panels.transcript.verify import verify

SCRIPT = Path(__file__).parents[3] / "examples" / "verify_draw" / "verify.py"
SECRETS = {"A journalist": "aa" * 32, "A notary": "0b" * 32, "The opposition": "cd" * 32}
FIXED = {party: commitment_of(party, secret) for party, secret in SECRETS.items()}
REVEALED = [SECRETS[party] for party in sorted(SECRETS)]


@pytest.fixture(scope="module")
def independent() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_draw_sources", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def fresh() -> Record:
    """A draw whose lottery is fixed, and whose source is not yet promised."""
    people = [Person(f"k{at}", {"age": "young" if at < 6 else "old"}) for at in range(13)]
    pool = Pool(people, [Quota("age", "young", 1, 2), Quota("age", "old", 1, 2)], 3)
    return Record(pool, make_lottery(pool, size=20))


@pytest.fixture
def steps(fresh: Record) -> Steps:
    """The same, to go on with."""
    return Steps.resume(Chain(fresh.chain._key, fresh.transcript))


def draw_and_replace(steps: Steps) -> tuple[list[int], bytes]:
    """Both numbers from reveals; the panel in the end, and the transcript."""
    steps.promise_reveals(FIXED)
    panel = steps.draw(REVEALED)
    steps.promise_reveals(FIXED, [panel[0]])
    steps.announce(REVEALED)
    profiles = json.loads(steps.chain.written[1])["said"]["profiles"]
    alike = [one for one, profile in enumerate(profiles) if profile == profiles[panel[0]] and one not in panel]
    comes = steps.replace(REVEALED, panel[0], alike)
    steps.close()
    return sorted([*panel[1:], comes]), steps.chain.transcript


def both_refuse(independent: ModuleType, data: bytes) -> str:
    with pytest.raises(Broken) as broken:
        verify(data)
    with pytest.raises((independent.Wrong, ValueError, KeyError, TypeError, IndexError)):
        independent.verify(data)
    return str(broken.value)


def test_the_independent_verifier_is_short_enough_to_be_read() -> None:
    assert len(SCRIPT.read_text().splitlines()) < 200


def test_both_verifiers_agree_on_a_draw_by_secrets(steps: Steps, independent: ModuleType) -> None:
    panel, transcript = draw_and_replace(steps)
    assert verify(transcript).panel == panel
    assert independent.verify(transcript)[1] == panel


def test_every_secret_counts(fresh: Record) -> None:
    """Whichever party changes theirs, the panel is drawn anew: twenty changes draw more than one panel."""
    for party in SECRETS:
        drawn = set()
        for change in range(20):
            secrets = SECRETS | {party: f"{change:064x}"}
            it = Steps.resume(Chain(fresh.chain._key, fresh.transcript))
            it.promise_reveals({one: commitment_of(one, secret) for one, secret in secrets.items()})
            drawn.add(tuple(it.draw([secrets[one] for one in sorted(secrets)])))
        assert len(drawn) > 1, party


@pytest.mark.parametrize(
    "commitments",
    [
        dict(list(FIXED.items())[:2]),
        FIXED | {"A notary": FIXED["A journalist"]},
        FIXED | {"A notary": "xy"},
        FIXED | {" ": "ab" * 32},
    ],
)
def test_fewer_than_three_parties_or_no_commitments_are_refused(commitments: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="promises"):
        reveals(commitments)


@pytest.mark.parametrize("came", [REVEALED[:2], ["ff" * 32, *REVEALED[1:]], REVEALED[::-1], "123"])
def test_other_secrets_than_those_that_were_fixed_are_not_written(steps: Steps, came: Any) -> None:
    steps.promise_reveals(FIXED)
    before = steps.chain.transcript
    with pytest.raises(ValueError, match="than the one that was fixed|not from the source"):
        steps.draw(came)
    assert steps.chain.transcript == before


FORGERIES: dict[str, tuple[int, Any]] = {
    "two parties": (3, lambda said: said["commitments"].pop()),
    "one party twice": (3, lambda said: said["commitments"][1].__setitem__(0, said["commitments"][0][0])),
    "one commitment twice": (3, lambda said: said["commitments"][1].__setitem__(1, said["commitments"][0][1])),
    "another source": (3, lambda said: said.update(source="dice")),
    "something more promised": (3, lambda said: said.update(replaces=[1])),
    "another secret": (4, lambda said: said["reveals"].__setitem__(0, "ff" * 32)),
    "a secret too few": (4, lambda said: said["reveals"].pop()),
    "balls instead": (4, lambda said: (said.clear(), said.update(balls="123"))),
    "balls beside": (4, lambda said: said.update(balls="123")),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_an_organiser_who_signs_a_forgery_is_caught(forgery: str, steps: Steps, independent: ModuleType) -> None:
    place, forge = FORGERIES[forgery]
    _, transcript = draw_and_replace(steps)
    lines = [json.loads(line) for line in transcript.splitlines()]
    forged = Chain()
    lines[0]["said"]["key"] = forged.public
    forge(lines[place]["said"])
    for line in lines:
        forged.add(line["kind"], **line["said"])
    both_refuse(independent, forged.transcript)


def test_any_altered_byte_is_caught_by_both(steps: Steps, independent: ModuleType) -> None:
    chance, (_, data) = random.Random(7), draw_and_replace(steps)
    for _ in range(1000):
        at, other = chance.randrange(len(data)), chance.randrange(1, 256)
        both_refuse(independent, data[:at] + bytes([data[at] ^ other]) + data[at + 1 :])


def test_a_person_checks_with_the_script_that_they_are_in_the_pool(fresh: Record, steps: Steps, tmp_path: Path) -> None:
    _, transcript = draw_and_replace(steps)
    people = fresh.opening["people"]
    leaves = [leaf(one["salt"], one["id"], one["profile"]) for one in people]
    (tmp_path / "draw.jsonl").write_bytes(transcript)
    proof = {**people[4], "path": path(leaves, 4)}
    for given, code in ((proof, 0), ({**proof, "id": "someone else"}, 1), ({**proof, "path": path(leaves, 5)}, 1)):
        (tmp_path / "proof.json").write_text(json.dumps(given))
        command = [sys.executable, str(SCRIPT), str(tmp_path / "draw.jsonl"), "--proof", str(tmp_path / "proof.json")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stderr
        assert ("you are in the pool" in done.stdout) is (code == 0)
