"""An outside judge: schemathesis asks a running instance for whatever the schema allows, and for some that it does not.

The instance holds one sample of everything in every state, so that random documents meet something. What must hold of
each answer is ours to say (`fuzz.wrong`): a documented code, no failure of ours, nothing told of the inside, in time.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from hemicycle import _postgres
from hemicycle.app import build
from hemicycle.kernel.graphql.ids import encode_id
from hemicycle.kernel.settings import BUNDLED, load
from hemicycle.participants.identity import sessions
from hemicycle.testing import open_world
from hemicycle.testing.databases import KINDS
from hemicycle.testing.processes import Instance
from tests.judges.conftest import HERE, PUBLISHED, ROLES, UNHURRIED, Judged, words_for

SEED = os.environ.get("JUDGE_SEED", "1")
CASES = int(os.environ.get("JUDGE_CASES", "200"))  # for each role
LONG = int(os.environ.get("JUDGE_CASES", "100" if os.environ.get("SOAK") == "short" else "10000"))
WHO = {"participant": "Participant:outsider", "moderator": "Participant:moderator"}
INSTALLED = Path(sys.prefix) / "judges"


@pytest_asyncio.fixture(params=KINDS)
async def sampled_instance(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Judged]:
    """An instance of samples that is being served; what they are called stands in `known.json` beside its settings."""
    url = f"sqlite:///{tmp_path}/sampled.db"
    if request.param == "postgresql":
        url = _postgres.create_database(request.getfixturevalue("postgres_server"), "fuzzed")
    instance = Instance(tmp_path, url, plugins=BUNDLED, environment=UNHURRIED)
    instance.command("db", "upgrade")
    async with open_world(url, plugins=BUNDLED) as world:
        ids = world.ids
    known: dict[str, list[str]] = {"slug": ["sample-root"], "locale": ["fr", "en"], "language": ["fr"]}
    for name, key in ids.items():
        for word in words_for(name.partition(":")[0]):
            known.setdefault(word, []).append(encode_id(name.partition(":")[0], key))
    (tmp_path / "known.json").write_text(json.dumps(known), "utf-8")
    app, tokens = build(load(tmp_path / "hemicycle.toml", database_url=url)), {"visitor": ""}
    async with app.write() as session:
        for role in ROLES[1:]:
            who = ids[WHO.get(role, f"Participant:{role}")]
            tokens[role], _ = await sessions.begin(session, who, "BEARER")
    await app.close()
    with instance.start():
        yield Judged(instance, tokens)
    if request.param == "postgresql":
        _postgres.drop_database(request.getfixturevalue("postgres_server"), "fuzzed")


def judge(judged: Judged, cases: int) -> None:
    """Every role asks the same documents at the same time, so many of them. Nothing may be wrong with any answer."""
    assert INSTALLED.is_dir(), "schemathesis is installed apart: `make judges` does it"
    known = judged.instance.folder / "known.json"
    words = [HERE / "fuzz.py", judged.url, PUBLISHED / "full.graphql", known, cases, SEED]
    environment = {**os.environ, "PYTHONPATH": str(INSTALLED), "TOKENS": json.dumps(judged.tokens)}
    said = subprocess.run(
        [sys.executable, *map(str, words)], env=environment, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr
    told = json.loads(said.stdout)
    print(json.dumps(told, indent=1, ensure_ascii=False))  # shown by `pytest -s`, and where something is wrong
    assert {role: one["cases"] for role, one in told.items()} == dict.fromkeys(ROLES, cases)
    assert not any(one["problems"] for one in told.values())
    codes = sum((Counter(one["codes"]) for one in told.values()), Counter[str]())
    assert codes["VALIDATION_FAILED"] < codes.total() / 2, "most documents are not even valid: what is judged?"


@pytest.mark.judge
@pytest.mark.parametrize("sampled_instance", ["sqlite"], indirect=True)
def test_no_document_meets_what_nobody_foresaw(sampled_instance: Judged) -> None:
    judge(sampled_instance, CASES)


@pytest.mark.soak
def test_no_document_meets_it_for_long(sampled_instance: Judged) -> None:
    judge(sampled_instance, LONG)
