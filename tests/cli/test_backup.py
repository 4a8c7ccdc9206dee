"""`hemicycle backup` and `hemicycle restore` say what they did, what is not in the file, and what to do next."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from hemicycle.app import build
from hemicycle.cli.backup import backup, restore
from hemicycle.kernel.backup.archive import header, written
from hemicycle.kernel.db.migrations import owners_of, upgrade
from hemicycle.kernel.errors import StartupError
from hemicycle.kernel.settings import CONFIG, load

app = typer.Typer()
app.command()(backup)
app.command()(restore)
SETTINGS = """instance = "here"
plugins = {plugins}
database_url = "sqlite:///here.db"
erasure_journal = "kept/erasures.jsonl"
[plugin.votes]
keys = "/elsewhere/keys"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An instance with tables and without anyone."""
    (tmp_path / "hemicycle.toml").write_text(SETTINGS.format(plugins='["votes"]'))
    monkeypatch.setenv(CONFIG, str(tmp_path / "hemicycle.toml"))
    known = build(load())
    upgrade(known.db.url, owners_of(known.plugins))
    return tmp_path


def test_a_backup_says_what_is_not_in_it_and_a_restore_what_comes_next(folder: Path) -> None:
    file = folder / "one.backup"
    told = run("backup", str(file)).stderr
    assert f"Wrote {file}: " in told
    apart = told.partition("Not in it:")[2]
    assert [line.strip() for line in apart.splitlines()[1::2]] == [
        f"{folder}/hemicycle.toml", f"{folder}/kept/erasures.jsonl", "/elsewhere/keys",
    ]  # fmt: skip
    assert "with its key and a backup, anyone reads who voted what" in apart
    with pytest.raises(StartupError, match="one.backup is there already: name another file, or say --force"):
        run("backup", str(file))
    (folder / "here.db").unlink()
    assert "Next: `hemicycle check`" in run("restore", str(file)).stderr
    with pytest.raises(StartupError, match="which this would replace. Back it up, then say it again with --yes"):
        run("restore", str(file))


def test_plugins_that_are_not_enabled_come_along_and_those_that_are_not_installed_are_named(folder: Path) -> None:
    file = folder / "one.backup"
    said = as_json("backup", str(file))
    assert said["heads"].keys() == {"core", "votes"}
    assert said["bytes"] == file.stat().st_size
    (folder / "hemicycle.toml").write_text(SETTINGS.format(plugins="[]").partition("[plugin")[0])
    (folder / "here.db").unlink()
    told = as_json("restore", str(file))
    assert (told["instance"], told["rows"], told["upgraded"]) == ("here", said["rows"], [])
    assert as_json("backup", str(file), "--force")["heads"].keys() == {"core", "votes"}
    with written(file, force=True) as writer:
        writer.head(header(file)._replace(heads={"core": "core_0001", "strange": "strange_0001"}))
    with pytest.raises(StartupError, match="tables of strange, whose package is not installed: install it, or leave"):
        run("restore", str(file), "--check")
    assert as_json("restore", str(file), "--check", "--without", "strange")["rows"] == 0
    with pytest.raises(typer.BadParameter, match="the core cannot be left out"):
        run("restore", str(file), "--without", "core")


def run(*words: str) -> Result:
    done = CliRunner().invoke(app, words, standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return done


def as_json(*words: str) -> Any:
    return json.loads(run(*words, "--json").stdout)
