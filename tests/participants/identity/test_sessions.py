"""Sessions: how long they last, what ends them, and who sees them."""

from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.jobs.run import run_due
from hemicycle.participants.identity.models import SessionRow
from hemicycle.participants.identity.secrets import hashed
from hemicycle.participants.models import ParticipantRow
from hemicycle.testing import World
from tests.asking import events, rows
from tests.participants.identity.browser import Browser, identify

SESSIONS = "{ viewer { sessions { nodes { id transport lastSeenAt createdAt expiresAt } } } }"


async def session_of(world: World, secret: str) -> Any:
    (row,) = await rows(world, SessionRow, secret_hash=hashed(world.app, "session", secret))
    return row


async def administrate(world: World, browser: Browser) -> None:
    me = (await browser.myself())["id"]
    given = {"space": world.gid("Space"), "participant": me, "role": "ADMINISTRATOR"}
    assert (await world.change("grantRole", "administrator", **given))["__typename"] == "Space"


async def seen_every(world: World, secret: str, step: float, hours: float) -> bool:
    """Whether a session still works after so many hours, used at every `step` of hours."""
    for _ in range(int(hours / step)):
        world.clock.forward(hours=step)
        if await identify(world, secret) is None:
            return False
    return True


async def test_it_ends_when_it_is_not_used_for_half_a_day(world: World, browser: Browser) -> None:
    secret = (await browser.sign_in(transport="BEARER"))["secret"]
    assert await seen_every(world, secret, 11.5, 46)
    world.clock.forward(hours=12.5)
    assert await identify(world, secret) is None


async def test_it_ends_after_thirty_days_in_any_case(world: World, browser: Browser) -> None:
    secret = (await browser.sign_in(transport="BEARER"))["secret"]
    assert await seen_every(world, secret, 10, 24 * 30 - 10)
    assert not await seen_every(world, secret, 10, 20)


async def test_that_of_an_administrator_ends_sooner(world: World, browser: Browser) -> None:
    secret = (await browser.sign_in(transport="BEARER"))["secret"]
    await administrate(world, browser)
    assert await seen_every(world, secret, 0.9, 11.7)
    assert not await seen_every(world, secret, 0.9, 1.8)
    again = (await Browser(world).sign_in(transport="BEARER"))["secret"]
    assert await seen_every(world, again, 0.9, 2.7)
    world.clock.forward(hours=1.2)
    assert await identify(world, again) is None


async def test_when_it_was_used_is_written_once_in_ten_minutes(world: World, browser: Browser) -> None:
    secret = (await browser.sign_in(transport="BEARER"))["secret"]
    other = (await Browser(world).sign_in(transport="BEARER"))["secret"]
    begun = (await session_of(world, secret)).last_seen_at
    async with world.app.write() as session:  # another one, used at the very same moment
        (await session.get_one(SessionRow, (await session_of(world, other)).id)).last_seen_at = begun
    world.clock.forward(minutes=9)
    await identify(world, secret)
    assert (await session_of(world, secret)).last_seen_at == begun
    world.clock.forward(minutes=2)
    await identify(world, secret)
    assert (await session_of(world, secret)).last_seen_at > begun
    assert (await session_of(world, other)).last_seen_at == begun  # that one was not used


async def test_a_secret_is_kept_as_a_hash(world: World, browser: Browser) -> None:
    secret = (await browser.sign_in(transport="BEARER"))["secret"]
    assert len(secret) >= 43
    assert secret not in str(await session_of(world, secret))


@pytest.mark.parametrize("state", ["SUSPENDED", "PENDING", "ERASED"])
async def test_only_who_takes_part_is_known(world: World, browser: Browser, state: str) -> None:
    secret = (await browser.sign_in(transport="BEARER"))["secret"]
    row = await session_of(world, secret)
    assert await identify(world, secret) is not None
    async with world.app.write() as session:
        it = table_of(ParticipantRow)
        await session.execute(update(it).where(it.c.id == row.participant_id).values(state=state))
    assert await identify(world, secret) is None


@pytest.mark.parametrize("secret", ["", "x" * 43, "hmc_", "é", "\ud800", "'; --"])
async def test_a_secret_that_is_none_is_nobody(world: World, secret: str) -> None:
    assert await identify(world, secret) is None


async def test_one_signs_out_here_there_and_everywhere(world: World, browser: Browser) -> None:
    await browser.sign_in()
    there, elsewhere = Browser(world), Browser(world)
    for one in (there, elsewhere):
        await one.sign_in(transport="BEARER")
    mine = [one["id"] for one in (await browser.ask(SESSIONS))["viewer"]["sessions"]["nodes"]]
    assert len(mine) == 3
    assert (await browser.change("signOut", "id", id=mine[0]))["__typename"] == "Participant"
    assert await identify(world, str(elsewhere.secret)) is None
    assert (await browser.change("signOut", id=mine[0]))["code"] == "NOT_FOUND"
    kept = browser.cookies["hemicycle"]
    assert (await browser.change("signOut", "id"))["__typename"] == "Participant"
    assert browser.cookies == {}
    assert await identify(world, kept) is None
    assert await identify(world, str(there.secret)) is not None
    await browser.sign_in()
    assert (await browser.change("signOut", "id", all=True))["__typename"] == "Participant"
    assert browser.cookies == {}
    assert await identify(world, str(there.secret)) is None


async def test_signing_out_is_told_to_whoever_listens(world: World, browser: Browser) -> None:
    await browser.sign_in()
    world.ids["Participant:ada"] = (await browser.actor()).id  # type: ignore[assignment]
    await browser.change("signOut")
    assert (await events(world, "Participant:ada"))[-1] == "participant.signed_out"


async def test_nobody_ends_the_sessions_of_others(world: World, browser: Browser) -> None:
    await browser.sign_in()
    before = len(await rows(world, SessionRow))
    assert (await browser.change("signOut", id=world.gid("SignInSession")))["code"] == "NOT_FOUND"
    assert (await world.change("signOut", "visitor", all=True))["code"] == "SIGN_IN_FIRST"
    assert (await world.change("signOut", "author"))["code"] == "INVALID_INPUT", "it has no session to end"
    assert len(await rows(world, SessionRow)) == before


async def test_nobody_sees_the_sessions_and_the_address_of_others(world: World, browser: Browser) -> None:
    text = """query($id: ID!, $session: ID!, $token: ID!) {
        node(id: $session) { id } other: node(id: $token) { id }
        participant(id: $id) { email consentContact sessions { totalCount } tokens { totalCount } } }"""
    given = {name: world.gid(f"{of}") for name, of in
             (("id", "Participant:ACTIVE"), ("session", "SignInSession"), ("token", "ApiToken"))}  # fmt: skip
    for who in ("visitor", "participant", "moderator", "administrator"):
        assert await world.ask(text, who, **given) == {
            "node": None, "other": None,
            "participant": {
                "email": None, "consentContact": None, "sessions": {"totalCount": 0}, "tokens": {"totalCount": 0}
            },
        }  # fmt: skip
    mine = await world.ask(text, "author", **given)
    assert mine["node"] == {"id": given["session"]}
    assert mine["other"] == {"id": given["token"]}
    assert mine["participant"] == {
        "email": "sample@example.org", "consentContact": False, "sessions": {"totalCount": 1},
        "tokens": {"totalCount": 1},
    }  # fmt: skip


async def test_a_suspension_ends_them_for_good(world: World, browser: Browser) -> None:
    secret = (await browser.sign_in(transport="BEARER"))["secret"]
    me = (await browser.myself())["id"]
    for mutation in ("suspendParticipant", "reinstateParticipant"):
        await world.change(mutation, "administrator", participant=me, reason="A reason.")
        await run_due(world.app)
        assert await identify(world, secret) is None


async def test_what_has_expired_is_removed(world: World, browser: Browser) -> None:
    await browser.sign_in()
    kept = browser.cookies["hemicycle"]
    await browser.change("requestSignInLink", email="bob@example.org")
    world.clock.forward(hours=11)
    await identify(world, kept)
    world.clock.forward(hours=2)
    await run_due(world.app)
    assert [one.secret_hash for one in await rows(world, SessionRow)] == [hashed(world.app, "session", kept)]


async def test_a_full_disk_keeps_nobody_from_reading(world: World, browser: Browser) -> None:
    secret = (await browser.sign_in(transport="BEARER"))["secret"]
    world.clock.forward(hours=1.5)

    def full(*_: Any) -> Any:
        raise OperationalError("update", {}, OSError("disk full"))

    world.app.write, before = full, world.app.write  # type: ignore[method-assign, assignment]
    try:
        assert await identify(world, secret) is not None
    finally:
        world.app.write = before  # type: ignore[method-assign]
