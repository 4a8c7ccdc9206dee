"""`hemicycle db …` says what it did, and what to do next."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from hemicycle.app import CORE
from hemicycle.cli import db
from hemicycle.kernel.application import Application
from hemicycle.kernel.db.migrations import Owner, owners_of
from hemicycle.kernel.errors import StartupError
from hemicycle.kernel.plugins import Plugins
from hemicycle.testing import World

FIRST = """import sqlalchemy as sa
from alembic import op

revision = "{name}_0001"
down_revision = None

def upgrade():
    op.create_table("{name}_one", sa.Column("id", sa.Integer()))

def downgrade():
    op.drop_table("{name}_one")
"""


@pytest.fixture
def owners(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Owner]:
    """The instance's owners, over an empty SQLite database; a test may take one away."""
    known = [Owner("core", tmp_path / "core"), Owner("marks", tmp_path / "marks")]
    for one in known:
        assert one.folder is not None
        one.folder.mkdir()
        (one.folder / f"{one.name}_0001.py").write_text(FIRST.format(name=one.name))
    monkeypatch.setattr(db, "_opened", lambda: (f"sqlite:///{tmp_path}/instance.db", known))
    return known


def run(*arguments: str) -> Result:
    return CliRunner().invoke(db.app, arguments)


def test_it_says_how_far_the_tables_are(owners: list[Owner]) -> None:
    before = run("status")
    assert (before.exit_code, before.stdout.splitlines()) == (1, [
        "core\t-\tneeds core_0001: run `hemicycle db upgrade`",
        "marks\t-\tneeds marks_0001: run `hemicycle db upgrade`",
    ])  # fmt: skip
    assert run("upgrade").stderr.splitlines() == ["core: nothing → core_0001", "marks: nothing → marks_0001"]
    assert run("upgrade").stderr.splitlines() == ["All tables are the current ones."]
    del owners[1]
    after = run("status")
    assert (after.exit_code, after.stdout.splitlines()) == (0, [
        "core\tcore_0001\tcurrent",
        "marks\t-\tnot enabled: its tables stay, until `hemicycle db purge marks --yes`",
    ])  # fmt: skip


def test_it_goes_back(owners: list[Owner]) -> None:
    run("upgrade")
    assert run("downgrade", "marks", "base").stderr == "marks: now at base\n"
    assert run("status").stdout.splitlines()[1].startswith("marks\t-\tneeds marks_0001")


def test_it_purges_only_when_told_twice(owners: list[Owner]) -> None:
    run("upgrade")
    with pytest.raises(StartupError, match="destroys all that marks keeps. Back up, then say it again with --yes"):
        raise_of(run("purge", "marks"))
    assert run("status").exit_code == 0
    told = run("purge", "marks", "--yes").stderr
    assert "Dropped marks_alembic_version, marks_one." in told
    assert "Take 'marks' out of `plugins` in the settings" in told
    assert run("status").exit_code == 1


def test_it_writes_the_next_revision(owners: list[Owner]) -> None:
    told = run("revision", "marks", "More of them").stderr
    assert "marks_0002_more_of_them.py. Read it" in told
    assert owners[1].folder is not None
    assert (owners[1].folder / "marks_0002_more_of_them.py").exists()


def raise_of(result: Result) -> None:
    assert result.exception is not None
    raise result.exception


def test_a_revision_is_written_in_the_format_of_the_house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    core = replace(owners_of(Plugins(CORE, []))[0], folder=tmp_path / "versions")  # as if it had no migration yet
    monkeypatch.setattr(db, "_opened", lambda: ("", [core]))
    told = run("revision", "core", "First tables").stderr
    made = tmp_path / "versions" / "core_0001_first_tables.py"
    assert told == f"Wrote {made}. Read it, correct it where it guesses, then `hemicycle db upgrade`.\n"
    text = made.read_text()
    assert '    op.create_table(\n        "core_' in text
    assert '"""First tables"""' in text


async def test_words_are_read_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    @asynccontextmanager
    async def opened() -> AsyncIterator[Application]:
        yield world.app

    monkeypatch.setattr(db, "opened", opened)
    told = await db._reindex()
    assert told["read"]["Contribution"] > 1
    assert told["kept_as_they_were"] == []
