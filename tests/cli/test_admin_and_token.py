"""`hemicycle admin` makes the first administrator, `hemicycle token create` a token, each without anyone's help."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from sqlalchemy import select
from typer.testing import CliRunner, Result

from hemicycle.app import build
from hemicycle.cli import admin, token
from hemicycle.kernel.access.actor import Actor
from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.db.migrations import owners_of, upgrade
from hemicycle.kernel.errors import Refused
from hemicycle.kernel.settings import Settings, load
from hemicycle.participants.identity.models import IdentityRow
from hemicycle.participants.models import ParticipantRow
from hemicycle.spaces.models import RoleRow
from hemicycle.testing.databases import Databases

EMAIL = "ada@example.org"


@pytest.fixture
def instance(databases: Databases, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """The settings of an instance whose tables are made, and where nobody is yet."""
    with databases.bare() as url:
        (tmp_path / "hemicycle.toml").write_text('plugins = []\nlocale = "en"\n', "utf-8")
        monkeypatch.setenv("HEMICYCLE_CONFIG", str(tmp_path / "hemicycle.toml"))
        monkeypatch.setenv("DATABASE_URL", url)
        app = build(load())
        upgrade(app.db.url, owners_of(app.plugins))
        yield load()


def run(*arguments: str) -> Result:
    commands = typer.Typer()
    commands.command("admin")(admin.admin)
    commands.add_typer(token.app, name="token")
    return CliRunner().invoke(commands, arguments)


def said(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.exception
    return json.loads(result.stdout)


def rows(settings: Settings, table: type) -> list[Any]:
    async def look() -> list[Any]:
        app = build(settings)
        try:
            async with app.db.read() as connection:
                return list((await connection.execute(select(table_of(table)))).all())
        finally:
            await app.close()

    return asyncio.run(look())


def identify(settings: Settings, secret: str) -> Actor | None:
    async def look() -> Actor | None:
        app = build(settings)
        try:
            found: list[Actor | None] = await app.plugins.tell("identify_actor", app=app, credential=secret)
            return found[0]
        finally:
            await app.close()

    return asyncio.run(look())


def test_someone_is_made_an_administrator_once(instance: Settings) -> None:
    assert said("admin", "Ada@example.org") == {
        "administrator": EMAIL, "sign_in": "http://127.0.0.1:8000/identity/sign-in"
    }  # fmt: skip
    said("admin", EMAIL)
    (identity,), (person,), (role,) = (rows(instance, one) for one in (IdentityRow, ParticipantRow, RoleRow))
    assert (identity.email, person.state, role.role) == (EMAIL, "PENDING", "administrator")
    assert identity.participant_id == person.id == role.participant_id


def test_it_says_what_to_do_next(instance: Settings) -> None:
    told = run("admin", EMAIL)
    assert "hemicycle serve" in told.stderr
    assert told.stdout == ""


def test_it_prints_a_link_for_development(instance: Settings) -> None:
    link = said("admin", EMAIL, "--link")["link"]
    assert link.startswith("http://127.0.0.1:8000/identity/sign-in?link=")
    assert "&request=" in link


def test_not_in_production(instance: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEMICYCLE_PRODUCTION", "true")
    monkeypatch.setenv("HEMICYCLE_SECRET_KEY", "s" * 40)
    monkeypatch.setenv("HEMICYCLE_URL", "https://debat.example.org")
    result = run("admin", EMAIL, "--link")
    assert isinstance(result.exception, Refused)
    assert rows(instance, ParticipantRow) == [], "nothing is half done"


def test_what_is_no_address_is_refused(instance: Settings) -> None:
    assert isinstance(run("admin", "ada").exception, Refused)
    assert rows(instance, IdentityRow) == []


def test_a_token_is_printed_alone_on_standard_output(instance: Settings) -> None:
    said("admin", EMAIL)
    pending = run("token", "create", EMAIL, "--scope", "read")
    assert isinstance(pending.exception, Refused), "they sign in first"
    _activate(instance)
    made = run("token", "create", EMAIL, "--scope", "read", "--scope", "contribution.contribute", "--days", "30")
    assert made.exit_code == 0, made.exception
    (secret,) = made.stdout.splitlines()
    actor = identify(instance, secret)
    assert actor is not None
    assert actor.scopes == {"read", "contribution.contribute"}
    assert said("token", "create", EMAIL, "--scope", "read")["scopes"] == ["read"]


@pytest.mark.parametrize(
    "arguments", [(EMAIL, "--scope", "everything"), ("nobody@example.org", "--scope", "read"), (EMAIL,)]
)
def test_a_token_that_cannot_be_is_refused(instance: Settings, arguments: tuple[str, ...]) -> None:
    said("admin", EMAIL)
    _activate(instance)
    result = run("token", "create", *arguments)
    assert result.exit_code != 0
    assert "hmc_" not in result.stdout


def _activate(settings: Settings) -> None:
    async def change() -> None:
        app = build(settings)
        try:
            async with app.write() as session:
                for row in (await session.execute(select(ParticipantRow))).scalars():
                    row.state = "ACTIVE"
        finally:
            await app.close()

    asyncio.run(change())
