"""`hemicycle check` says what is wrong and what mends it."""

import json
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from hemicycle.app import CORE
from hemicycle.cli import check as module
from hemicycle.kernel.db import migrations
from hemicycle.kernel.plugins import Plugins
from hemicycle.kernel.settings import Settings
from hemicycle.testing.databases import Databases


def found(monkeypatch: pytest.MonkeyPatch, **settings: Any) -> tuple[int, dict[str, str]]:
    """The exit code, and what it says: each message with its remedy."""
    monkeypatch.setattr(module, "load", lambda: Settings(**settings))
    command = typer.Typer()
    command.command()(module.check)
    done = CliRunner().invoke(command, ["--json"])
    said = json.loads(done.stdout)
    assert said["ok"] is (done.exit_code == 0)
    return done.exit_code, {one["message"]: one["remedy"] for one in said["findings"]}


def test_a_package_that_is_gone_is_advice(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    with databases.bare() as url:
        migrations.upgrade(url, migrations.owners_of(Plugins(CORE, [])))
        code, said = found(monkeypatch, database_url=url, plugins=["vanished"])
    assert code == 0
    told = said["The plugin vanished is in the settings, but its package is not installed."]
    assert "its data stays (`hemicycle db purge vanished --yes` destroys it)" in told


def test_tables_that_are_behind_are_serious(monkeypatch: pytest.MonkeyPatch) -> None:
    code, said = found(monkeypatch, database_url="sqlite:///:memory:", plugins=[])
    assert code == 1
    assert said["The tables of core are not the current ones."] == "Run `hemicycle db upgrade`."


def test_production_is_looked_at_closely(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {"database_url": "sqlite:///:memory:", "plugins": [], "production": True, "secret_key": "short"}
    code, said = found(monkeypatch, **settings)
    assert code == 1
    assert {"secret_key is short or the one of development.", "url is not https.", "allowed_hosts is empty."} <= set(
        said
    )
    assert said["There is no mail server: letters, and the links to sign in, go to the console."] == (
        "Set mail.host and mail.sender."
    )
