"""Links and codes: whoever reads an address signs in, once, in the browser that asked, within a quarter of an hour."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import event

from hemicycle.kernel.access.actor import ANYONE
from hemicycle.kernel.errors import RefusalCode, Refused
from hemicycle.kernel.jobs.models import JobRow
from hemicycle.kernel.jobs.run import run_due
from hemicycle.participants.identity import links
from hemicycle.participants.identity.models import IdentityRow, SessionRow, SignInLinkRow
from hemicycle.participants.identity.rules import _new, invite
from hemicycle.participants.identity.samples import EMAIL
from hemicycle.participants.identity.secrets import hashed
from hemicycle.participants.models import ParticipantRow
from hemicycle.testing import World
from tests.asking import events, rows
from tests.participants.identity.browser import Browser, identify, read_mail

ADA = "ada@example.org"


async def test_the_first_time_they_begin_to_take_part(world: World, browser: Browser) -> None:
    done = await browser.sign_in(" Ada@Example.ORG ", "BEARER")
    assert done["participant"]["state"] == "ACTIVE"
    assert done["participant"]["email"] == ADA, "the rest of the document is answered to them"
    assert done["participant"]["displayName"].startswith("Participant·e ")
    (identity,) = await rows(world, IdentityRow, email=ADA)
    assert identity.consent_contact is False
    world.ids["Participant:ada"] = identity.participant_id
    assert await events(world, "Participant:ada") == ["participant.joined"]
    again = await Browser(world).sign_in(ADA, "BEARER")
    assert again["participant"]["id"] == done["participant"]["id"]
    assert await events(world, "Participant:ada") == ["participant.joined"]


async def test_who_was_invited_is_active_once_they_sign_in(world: World, browser: Browser) -> None:
    async with world.app.write() as session:
        person = await invite(session, ADA)
        assert await invite(session, ADA) == person
    (before,) = await rows(world, ParticipantRow, id=person)
    assert before.state == "PENDING"
    await browser.sign_in()
    (after,) = await rows(world, ParticipantRow, id=person)
    assert after.state == "ACTIVE"


async def test_a_cookie_is_set_and_nothing_is_shown(world: World, browser: Browser) -> None:
    asked = await browser.change("requestSignInLink", "requestKey", email=ADA, transport="COOKIE")
    assert asked["requestKey"] is None
    mail = await read_mail(world)
    done = await browser.change("signIn", "secret", token=mail.token, transport="COOKIE")
    assert done["secret"] is None
    assert set(browser.cookies) == {"hemicycle"}, "the key of the request is used up"
    assert (await browser.myself())["email"] == ADA


async def test_the_code_does_as_well_as_the_link(browser: Browser) -> None:
    mail = await browser.request()
    typed = f" {mail.code[:3]} {mail.code[3:]} "
    done = await browser.change("signIn", "expiresAt", code=typed, requestKey=mail.key)
    assert done["__typename"] == "SignedIn"


@pytest.mark.parametrize("with_what", ["token", "code"])
async def test_it_works_once(browser: Browser, with_what: str) -> None:
    mail = await browser.request()
    given = {with_what: getattr(mail, with_what), "requestKey": mail.key}
    assert (await browser.change("signIn", **given))["__typename"] == "SignedIn"
    assert (await browser.change("signIn", **given))["code"] == "EXPIRED"


async def test_it_works_for_a_quarter_of_an_hour(world: World, browser: Browser) -> None:
    mail = await browser.request()
    world.clock.forward(minutes=14)
    late = await browser.request("bob@example.org")
    world.clock.forward(minutes=1)
    assert (await browser.change("signIn", token=mail.token, requestKey=mail.key))["code"] == "EXPIRED"
    assert (await browser.change("signIn", token=late.token, requestKey=late.key))["__typename"] == "SignedIn"


async def test_another_browser_cannot_use_it(world: World, browser: Browser) -> None:
    mail = await browser.request()
    other = Browser(world)
    theirs = await other.request("bob@example.org")
    without = await other.change("signIn", token=mail.token)
    assert (without["code"], without["problems"]) == ("INVALID_INPUT", [{"path": "input.requestKey"}])
    assert (await other.change("signIn", token=mail.token, requestKey=theirs.key))["code"] == "INVALID_INPUT"
    assert (await other.change("signIn", token=mail.token, requestKey="guessed"))["code"] == "EXPIRED"
    assert (await browser.change("signIn", token=mail.token, requestKey=mail.key))["__typename"] == "SignedIn"


async def test_a_new_link_voids_the_old(browser: Browser) -> None:
    old = await browser.request()
    new = await browser.request()
    assert (await browser.change("signIn", token=old.token, requestKey=old.key))["code"] == "EXPIRED"
    assert (await browser.change("signIn", token=old.token, requestKey=new.key))["code"] == "INVALID_INPUT"
    assert (await browser.change("signIn", token=new.token, requestKey=new.key))["__typename"] == "SignedIn"


async def test_after_five_wrong_codes_the_right_one_does_not_help(browser: Browser) -> None:
    mail = await browser.request()
    wrong = "000000" if mail.code != "000000" else "111111"
    for left in (4, 3, 2, 1, 0):
        answer = await browser.change("signIn", code=wrong, requestKey=mail.key)
        assert answer["problems"] == [{"path": "input.code"}]
        assert f"{left} tries" in answer["message"]
    assert (await browser.change("signIn", code=mail.code, requestKey=mail.key))["code"] == "EXPIRED"
    assert (await browser.change("signIn", token=mail.token, requestKey=mail.key))["code"] == "EXPIRED"


async def test_guesses_at_one_address_are_limited_whatever_the_links(browser: Browser) -> None:
    answers = []
    for _ in range(3):
        mail = await browser.request()
        wrong = "000000" if mail.code != "000000" else "111111"
        answers += [(await browser.change("signIn", code=wrong, requestKey=mail.key))["code"] for _ in range(4)]
    assert answers == ["INVALID_INPUT"] * 10 + ["RATE_LIMITED"] * 2


@pytest.mark.parametrize("given", [{}, {"token": "one", "code": "123456"}])
async def test_either_the_link_or_the_code(browser: Browser, given: dict[str, str]) -> None:
    answer = await browser.change("signIn", requestKey="some", **given)
    assert (answer["code"], answer["problems"]) == ("INVALID_INPUT", [{"path": "input.token"}])


async def test_nothing_works_before_the_mail_is_sent(world: World, browser: Browser) -> None:
    asked = await browser.change("requestSignInLink", "requestKey", email=ADA)
    for given in ({"token": ""}, {"code": ""}, {"code": "None"}):
        answer = await browser.change("signIn", requestKey=asked["requestKey"], **given)
        assert answer["code"] == "INVALID_INPUT"
    assert await rows(world, SessionRow, transport="COOKIE") == []


@pytest.mark.parametrize(
    "email",
    ["", "ada", "ada@", "@example.org", "ada@example", "ada @example.org", "a@b@example.org", "ada@example.org\n.",
     "ada..l@example.org", f"{'a' * 250}@example.org", "ada@exa_mple.org", "Ada <ada@example.org>", "ada@" + "é" * 70],
)  # fmt: skip
async def test_what_is_no_address_is_refused(world: World, browser: Browser, email: str) -> None:
    answer = await browser.change("requestSignInLink", email=email)
    assert (answer["code"], answer["problems"]) == ("INVALID_INPUT", [{"path": "input.email"}])
    assert await rows(world, SignInLinkRow, purpose="SIGN_IN") == []


async def test_an_address_is_kept_in_one_form() -> None:
    assert links.email_of(" Ada.Lovelace+vote@Élysée.Example.FR") == "ada.lovelace+vote@xn--lyse-9oad.example.fr"


async def test_a_cookie_cannot_be_set_everywhere(world: World, browser: Browser) -> None:
    """On a websocket, say."""
    browser.can_set_cookies = False
    for mutation, given in (("requestSignInLink", {"email": ADA}), ("signIn", {"token": "some"})):
        answer = await browser.change(mutation, transport="COOKIE", **given)
        assert (answer["code"], answer["problems"]) == ("INVALID_INPUT", [{"path": "input.transport"}])


async def test_known_and_unknown_addresses_are_answered_alike(world: World, browser: Browser) -> None:
    """The same answer, and the same statements: nothing in a request depends on who is known."""
    seen: dict[str, list[str]] = {}
    answers: dict[str, Any] = {}
    engine = world.app.db.writing.sync_engine
    for email in (EMAIL, "nobody@example.org"):
        seen[email] = []

        def note(_c: Any, _cur: Any, statement: str, *_: Any, email: str = email) -> None:
            seen[email].append(statement)

        event.listen(engine, "before_cursor_execute", note)
        answers[email] = await browser.change("requestSignInLink", email=email)
        event.remove(engine, "before_cursor_execute", note)
        await read_mail(world)
    assert answers[EMAIL] == answers["nobody@example.org"] == {"__typename": "LinkRequested"}
    assert seen[EMAIL] == seen["nobody@example.org"] != []
    assert [one.to for one in world.letters.sent] == [EMAIL, "nobody@example.org"]


async def test_too_many_links_to_one_address_are_refused(world: World, browser: Browser) -> None:
    for number in range(5):
        await Browser(world, f"192.0.2.{number}").request()
    answer = await browser.change("requestSignInLink", "requestKey", email=ADA)
    assert answer["code"] == "RATE_LIMITED"
    await browser.request("bob@example.org")
    world.clock.forward(hours=1)
    await browser.request()


@pytest.fixture
def plugins() -> dict[str, Any]:
    return {"limits": {"links_per_hour_per_address": 8}}


async def test_too_many_links_from_one_place_are_refused(world: World, browser: Browser) -> None:
    codes = [(await browser.change("requestSignInLink", email=f"p{one}@example.org")).get("code") for one in range(9)]
    assert codes == [None] * 8 + ["RATE_LIMITED"]
    await Browser(world, "198.51.100.7").request()


async def test_who_is_suspended_is_told_so(world: World, browser: Browser) -> None:
    await browser.sign_in()
    me = (await browser.myself())["id"]
    await world.change("suspendParticipant", "administrator", participant=me, reason="Insults.")
    mail = await Browser(world).request()
    answer = await Browser(world).change("signIn", token=mail.token, requestKey=mail.key)
    assert answer["code"] == "NOT_ALLOWED"
    assert "suspended" in answer["message"]
    again = await Browser(world).change("signIn", token=mail.token, requestKey=mail.key)
    assert again["code"] == "EXPIRED", "the link is used up"


async def test_fifty_at_once_make_one_session(world: World, browser: Browser) -> None:
    mail = await browser.request()
    before = len(await rows(world, SessionRow))
    answers = await asyncio.gather(
        *(Browser(world).change("signIn", token=mail.token, requestKey=mail.key) for _ in range(50))
    )
    assert sorted(one["__typename"] for one in answers) == ["NotAllowed"] * 49 + ["SignedIn"]
    assert len(await rows(world, SessionRow)) == before + 1
    assert len(await rows(world, IdentityRow, email=ADA)) == 1


async def test_an_address_is_given_to_one_participant(world: World) -> None:
    """On PostgreSQL two requests may both find nobody there: the second is refused, and leaves nothing."""
    async with world.app.write() as session:
        await _new(session, ADA, "en", "PENDING")
    before = len(await rows(world, ParticipantRow))
    with pytest.raises(Refused, match="at the same moment") as refused:
        async with world.app.write() as session:
            await _new(session, ADA, "en", "PENDING")
    assert refused.value.code == RefusalCode.CONFLICT
    assert len(await rows(world, ParticipantRow)) == before


async def test_fifty_guesses_at_once_are_five(world: World, browser: Browser) -> None:
    mail = await browser.request()
    wrong = "000000" if mail.code != "000000" else "111111"
    answers = await asyncio.gather(
        *(Browser(world).change("signIn", code=wrong, requestKey=mail.key) for _ in range(50))
    )
    assert sorted(one["code"] for one in answers) == ["EXPIRED"] * 45 + ["INVALID_INPUT"] * 5


async def test_signing_in_again_ends_what_was_signed_in_before(world: World, browser: Browser) -> None:
    await browser.sign_in()
    first = browser.cookies["hemicycle"]
    await browser.sign_in("bob@example.org")
    assert browser.cookies["hemicycle"] != first
    assert await identify(world, first) is None
    assert (await browser.myself())["email"] == "bob@example.org"


async def test_no_table_and_no_queue_holds_a_secret(world: World, browser: Browser) -> None:
    asked = await browser.change("requestSignInLink", "requestKey", email=ADA)
    jobs = await rows(world, JobRow)
    assert all(asked["requestKey"] not in f"{one.argument}{one.once}" for one in jobs)
    mail = await read_mail(world, asked["requestKey"])
    (link,) = await rows(world, SignInLinkRow, email=ADA)
    kept = " ".join(map(str, link))
    assert not [one for one in (mail.key, mail.token, mail.code) if one in kept]
    assert link.token_hash == hashed(world.app, "link", mail.token)


async def test_a_mail_that_comes_too_late_is_not_sent(world: World, browser: Browser) -> None:
    await browser.change("requestSignInLink", email=ADA)
    world.clock.forward(minutes=15)
    await run_due(world.app)
    assert world.letters.sent == []


async def test_a_mail_that_fails_is_sent_again_with_new_secrets(world: World, browser: Browser) -> None:
    asked = await browser.change("requestSignInLink", "requestKey", email=ADA)
    sent, world.letters.send = world.letters.send, _fails  # type: ignore[method-assign]
    await run_due(world.app)
    (failed,) = await rows(world, SignInLinkRow, email=ADA)
    world.letters.send = sent  # type: ignore[method-assign]
    world.clock.forward(minutes=5)
    mail = await read_mail(world, asked["requestKey"])
    (link,) = await rows(world, SignInLinkRow, email=ADA)
    assert link.token_hash != failed.token_hash
    assert (await browser.change("signIn", token=mail.token, requestKey=mail.key))["__typename"] == "SignedIn"


async def _fails(_: Any) -> None:
    raise OSError("the mail server does not answer")


async def test_a_link_without_a_mail_is_for_development(world: World, browser: Browser) -> None:
    async with world.app.write() as session:
        address = await links.direct(session, ADA)
    await run_due(world.app)
    assert world.letters.sent == []
    page, _, query = address.partition("?")
    given = dict(one.split("=") for one in query.split("&"))
    assert page == "http://127.0.0.1:8000/identity/sign-in"
    done = await browser.change("signIn", token=given["link"], requestKey=given["request"])
    assert done["__typename"] == "SignedIn"


async def test_in_production_a_link_comes_by_mail_alone(world: World) -> None:
    world.app.settings = world.app.settings.model_copy(update={"production": True})
    with pytest.raises(Refused, match="by mail only") as refused:
        async with world.app.write() as session:
            await links.direct(session, ADA)
    assert refused.value.code == RefusalCode.NOT_ALLOWED
    assert await rows(world, SignInLinkRow, email=ADA) == []


async def test_a_link_without_a_mail_leaves_other_links_alone(world: World, browser: Browser) -> None:
    mail = await browser.request("bob@example.org")
    async with world.app.write() as session:
        await links.direct(session, ADA)
    assert (await browser.change("signIn", token=mail.token, requestKey=mail.key))["__typename"] == "SignedIn"


async def test_everyone_may_ask(world: World) -> None:
    assert await Browser(world).actor() == ANYONE
