"""The key that signs transcripts: made once, kept by its owner alone, looked after by `hemicycle check`."""

from pathlib import Path
from typing import Any

import pytest

from hemicycle.api import Check, Finding, Refused
from hemicycle.testing.modules import start
from hemicycle_panels.signing import chain_of, key_file


def application(folder: Path, **settings: Any) -> Any:
    return start(plugins=["panels"], erasure_journal=folder / "erasures.jsonl", plugin={"panels": settings})


async def findings(app: Any) -> list[Finding]:
    return [one async for one in app.declared[Check]["panels.key"].run(app)]


async def test_it_is_made_once_beside_the_erasure_journal(tmp_path: Path) -> None:
    app = application(tmp_path)
    assert [one.serious for one in await findings(app)] == [False]  # there is none yet
    first = chain_of(app)
    assert key_file(app) == tmp_path / "panels-signing-key.pem"
    assert key_file(app).stat().st_mode & 0o077 == 0
    assert chain_of(app).public == first.public
    assert list(tmp_path.iterdir()) == [key_file(app)]
    assert await findings(app) == []


async def test_a_key_that_others_read_or_that_is_none_fails_the_check(tmp_path: Path) -> None:
    app = application(tmp_path, signing_key=tmp_path / "mine.pem")
    chain_of(app)
    key_file(app).chmod(0o644)
    (found,) = await findings(app)
    assert (found.serious, "Others can read" in found.message) == (True, True)
    key_file(app).write_text("no key")
    (found,) = await findings(app)
    assert (found.serious, "cannot be used" in found.message) == (True, True)


async def test_another_key_than_the_published_one_signs_nothing(tmp_path: Path) -> None:
    app = application(tmp_path)
    with pytest.raises(Refused, match="bring the first back"):
        chain_of(app, key="0" * 64)
