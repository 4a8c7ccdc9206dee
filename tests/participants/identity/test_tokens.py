"""API tokens: what they may do, how long, for whom, and where."""

import re
from datetime import timedelta
from typing import Any

import pytest

from hemicycle.kernel.access.actor import Actor
from hemicycle.participants.identity.models import TokenRow
from hemicycle.participants.identity.secrets import hashed, is_token
from hemicycle.testing import World
from hemicycle.testing.databases import Databases
from hemicycle.testing.world import open_world
from tests.asking import read, rows, verdict
from tests.participants.identity.browser import Browser, identify


async def token(world: World, *scopes: str, who: str = "author", **given: Any) -> str:
    """A new token's secret."""
    made = await world.change("createToken", who, "id secret expiresAt", label="A program", scopes=[*scopes], **given)
    assert made["__typename"] == "NewToken", made
    secret: str = made["secret"]
    return secret


async def behind(world: World, secret: str) -> Actor:
    found = await identify(world, secret)
    assert found is not None
    return found


async def test_it_is_shown_once_and_kept_as_a_hash(world: World) -> None:
    secret = await token(world, "read")
    assert re.fullmatch(r"hmc_[A-Za-z0-9_-]{43}[0-9a-f]{8}", secret), "what scanners of published code look for"
    (row,) = await rows(world, TokenRow, secret_hash=hashed(world.app, "token", secret))
    assert secret not in str(row)
    found = await world.ask("{ viewer { tokens { nodes { label scopes lastUsedAt expiresAt } } } }", "author")
    assert found["viewer"]["tokens"]["nodes"][0] == {
        "label": "A program", "scopes": ["read"], "lastUsedAt": None,
        "expiresAt": (row.created_at + timedelta(days=90)).isoformat(),
    }  # fmt: skip


async def test_a_checksum_tells_a_token_from_noise(world: World) -> None:
    secret = await token(world, "read")
    other = secret[:-1] + ("0" if secret[-1] != "0" else "1")
    assert is_token(secret)
    assert not is_token(other)
    assert await identify(world, other) is None
    assert await identify(world, secret) is not None


async def test_it_says_whose_it_is_and_what_it_may_do(world: World) -> None:
    secret = await token(world, "read", "contribution.contribute")
    assert await identify(world, secret) == Actor(
        world.ids["Participant:ACTIVE"], frozenset({"read", "contribution.contribute"})
    )


async def test_when_it_was_used_is_shown(world: World) -> None:
    secret = await token(world, "read")
    await identify(world, secret)
    (row,) = await rows(world, TokenRow, secret_hash=hashed(world.app, "token", secret))
    assert row.last_used_at is not None
    world.clock.forward(minutes=5)
    await identify(world, secret)
    assert (await rows(world, TokenRow, id=row.id))[0].last_used_at == row.last_used_at
    world.clock.forward(minutes=6)
    await identify(world, secret)
    assert (await rows(world, TokenRow, id=row.id))[0].last_used_at > row.last_used_at


DRAFT = "Contribution:DRAFT"


async def test_read_public_sees_what_everyone_sees(world: World) -> None:
    actor = await behind(world, await token(world, "read:public"))
    assert await read(world, actor, DRAFT, "title") is None
    assert await read(world, actor, "Contribution:PUBLISHED", "title") is not None
    assert await verdict(world, "withdrawContribution", actor, contribution="Contribution:PUBLISHED") == "NOT_ALLOWED"
    data = await world.ask("{ viewer { id } }", actor)
    assert data["viewer"] is None


async def test_read_sees_what_its_owner_sees_and_changes_nothing(world: World) -> None:
    actor = await behind(world, await token(world, "read"))
    assert await read(world, actor, DRAFT, "title") is not None
    assert await verdict(world, "withdrawContribution", actor, contribution="Contribution:PUBLISHED") == "NOT_ALLOWED"


async def test_write_does_what_its_owner_does(world: World) -> None:
    actor = await behind(world, await token(world, "write"))
    assert await verdict(world, "publishContribution", actor, contribution=DRAFT) == "done"
    assert await verdict(world, "hideContribution", actor, contribution="Contribution:REPLY", reason="Mine.") == (
        "NOT_ALLOWED"
    )


async def test_an_action_is_that_action_alone(world: World) -> None:
    actor = await behind(world, await token(world, "contribution.withdraw"))
    assert await verdict(world, "publishContribution", actor, contribution=DRAFT) == "NOT_ALLOWED"
    assert await verdict(world, "withdrawContribution", actor, contribution=DRAFT) == "done"


@pytest.mark.parametrize(
    ("mutation", "given"),
    [
        ("createToken", {"label": "Another", "scopes": ["write"]}),
        ("changeEmail", {"email": "other@example.org"}),
        ("confirmEmail", {"code": "123456", "requestKey": "some"}),
        ("eraseMe", {"scope": "ACCOUNT", "confirm": "sample@example.org"}),
    ],
)
async def test_what_outlives_it_takes_a_person(world: World, mutation: str, given: dict[str, Any]) -> None:
    actor = await behind(world, await token(world, "write"))
    answer = await world.change(mutation, actor, **given)
    assert (answer["code"], answer["message"]) == ("NOT_ALLOWED", "A token cannot do this: sign in.")


async def test_nor_does_it_take_everything_away(world: World) -> None:
    actor = await behind(world, await token(world, "write"))
    data = await world.ask("mutation { exportMe { __typename ... on Refusal { code } } }", actor)
    assert data["exportMe"] == {"__typename": "NotAllowed", "code": "NOT_ALLOWED"}


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("scopes", {"scopes": []}),
        ("scopes", {"scopes": ["read", "everything"]}),
        ("label", {"label": " "}),
        ("label", {"label": "x" * 101}),
        ("expiresAt", {"expiresAt": "2025-01-01T00:00:00Z"}),
        ("expiresAt", {"expiresAt": "2027-03-03T00:00:00Z"}),
        ("expiresAt", {"expiresAt": "2026-06-01T00:00:00"}),
    ],
)
async def test_what_cannot_be_is_refused(world: World, path: str, given: dict[str, Any]) -> None:
    before = len(await rows(world, TokenRow))
    answer = await world.change("createToken", "author", **({"label": "A program", "scopes": ["read"]} | given))
    assert (answer["code"], [one["path"] for one in answer["problems"]]) == ("INVALID_INPUT", [f"input.{path}"])
    assert len(await rows(world, TokenRow)) == before


async def test_visitors_have_none(world: World) -> None:
    answer = await world.change("createToken", "visitor", label="A program", scopes=["read"])
    assert answer["code"] == "SIGN_IN_FIRST"


async def test_it_ends_when_it_was_said(world: World) -> None:
    secret = await token(world, "read", expiresAt="2026-03-12T09:00:00Z")
    world.clock.forward(days=9)
    assert await identify(world, secret) is not None
    world.clock.forward(days=1)
    assert await identify(world, secret) is None


async def test_it_is_taken_back_by_its_owner_alone(world: World) -> None:
    secret = await token(world, "read")
    mine = world.gid("ApiToken")
    for who in ("visitor", "participant", "administrator"):
        assert (await world.change("revokeToken", who, token=mine))["code"] == "NOT_FOUND"
    other = (await world.ask("{ viewer { tokens { nodes { id label } } } }", "author"))["viewer"]["tokens"]["nodes"][0]
    assert (await world.change("revokeToken", "author", token=other["id"]))["__typename"] == "Participant"
    assert await identify(world, secret) is None
    assert (await world.change("revokeToken", "author", token=other["id"]))["code"] == "NOT_FOUND"


async def test_that_of_someone_suspended_does_not_work(world: World) -> None:
    secret = await token(world, "read")
    who = world.gid("Participant:ACTIVE")
    await world.change("suspendParticipant", "administrator", participant=who, reason="A reason.")
    assert await identify(world, secret) is None


async def test_secrets_of_another_instance_are_refused(databases: Databases) -> None:
    """Even where its tables were copied here."""
    with databases.fresh() as url:
        async with open_world(url, instance="tours") as tours:
            of_tours = await token(tours, "write")
            signed_in = (await Browser(tours).sign_in(transport="BEARER"))["secret"]
            assert await identify(tours, of_tours) is not None
        async with open_world(url, samples=False, instance="orleans") as orleans:
            orleans.clock.moment = tours.clock.moment
            assert len(await rows(orleans, TokenRow)) == 2
            assert await identify(orleans, of_tours) is None
            assert await identify(orleans, signed_in) is None
        async with open_world(url, samples=False, instance="tours") as again:
            again.clock.moment = tours.clock.moment
            assert await identify(again, of_tours) is not None
            assert await identify(again, signed_in) is not None
