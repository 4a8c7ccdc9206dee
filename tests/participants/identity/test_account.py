"""One's own account: consent, and another address."""

import pytest

from hemicycle.kernel.jobs.run import run_due
from hemicycle.participants.identity.models import IdentityRow
from hemicycle.participants.identity.samples import EMAIL
from hemicycle.testing import World
from tests.asking import rows
from tests.participants.identity.browser import Browser, identify, read_mail

NEW = "lovelace@example.org"


async def test_one_agrees_to_be_written_to_and_takes_it_back(browser: Browser) -> None:
    await browser.sign_in()
    for yes in (True, False):
        answer = await browser.change("updateConsent", "consentContact", contact=yes)
        assert answer["consentContact"] is yes


async def test_who_has_no_address_is_told(world: World) -> None:
    for mutation, given in (("updateConsent", {"contact": True}), ("changeEmail", {"email": NEW})):
        assert (await world.change(mutation, "participant", **given))["code"] == "NOT_FOUND"
        assert (await world.change(mutation, "visitor", **given))["code"] == "SIGN_IN_FIRST"


async def asked(browser: Browser, email: str = NEW) -> tuple[str, str]:
    """The key and the code of a change of address that was asked for."""
    answer = await browser.change("changeEmail", "requestKey", email=email)
    mail = await read_mail(browser.world)
    assert mail.to == email
    assert mail.token == "", "there is no link: the code is typed where it was asked for"
    return answer["requestKey"], mail.code


async def test_one_moves_to_another_address(world: World, browser: Browser) -> None:
    other = Browser(world)
    await browser.sign_in()
    await other.sign_in(transport="BEARER")
    key, code = await asked(browser)
    assert "ada@example.org" in [one.to for one in world.letters.sent][-2:], "the present address is told"
    assert (await browser.myself())["email"] == "ada@example.org"
    answer = await browser.change("confirmEmail", "email", code=code, requestKey=key)
    assert answer["email"] == NEW
    assert (await browser.myself())["email"] == NEW, "this session goes on"
    assert await identify(world, str(other.secret)) is None, "the others end"
    again = await Browser(world).sign_in(NEW)
    assert again["participant"]["email"] == NEW


async def test_another_account_cannot_use_the_code(world: World, browser: Browser) -> None:
    """As CVE-2026-35407 of Saleor: N21."""
    await browser.sign_in()
    key, code = await asked(browser)
    thief = Browser(world)
    await thief.sign_in("mallory@example.org")
    answer = await thief.change("confirmEmail", code=code, requestKey=key)
    assert answer["code"] == "NOT_ALLOWED"
    assert (await thief.myself())["email"] == "mallory@example.org"
    assert await rows(world, IdentityRow, email=NEW) == []


async def test_the_code_signs_nobody_in(world: World, browser: Browser) -> None:
    """And the code of a sign-in moves nobody."""
    await browser.sign_in()
    key, code = await asked(browser)
    assert (await Browser(world).change("signIn", code=code, requestKey=key))["code"] == "EXPIRED"
    mail = await Browser(world).request(NEW)
    assert (await browser.change("confirmEmail", code=mail.code, requestKey=mail.key))["code"] == "EXPIRED"
    assert (await browser.change("confirmEmail", "email", code=code, requestKey=key))["email"] == NEW


async def test_a_wrong_code_is_counted(browser: Browser) -> None:
    await browser.sign_in()
    key, code = await asked(browser)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        answer = await browser.change("confirmEmail", code=wrong, requestKey=key)
        assert answer["problems"] == [{"path": "input.code"}]
    assert (await browser.change("confirmEmail", code=code, requestKey=key))["code"] == "EXPIRED"


async def test_the_address_of_another_account_stays_theirs(world: World, browser: Browser) -> None:
    await browser.sign_in()
    key, code = await asked(browser, EMAIL)
    assert (await browser.change("confirmEmail", code=code, requestKey=key))["code"] == "CONFLICT"
    assert (await browser.myself())["email"] == "ada@example.org"


async def test_one_may_move_to_the_address_that_one_has(browser: Browser) -> None:
    await browser.sign_in()
    key, code = await asked(browser, "ada@example.org")
    assert (await browser.change("confirmEmail", "email", code=code, requestKey=key))["email"] == "ada@example.org"


@pytest.mark.parametrize("again", [True, False])
async def test_a_code_serves_once_and_for_a_while(world: World, browser: Browser, again: bool) -> None:
    await browser.sign_in()
    key, code = await asked(browser)
    if again:
        assert (await browser.change("confirmEmail", "email", code=code, requestKey=key))["email"] == NEW
    else:
        world.clock.forward(minutes=15)
    assert (await browser.change("confirmEmail", code=code, requestKey=key))["code"] == "EXPIRED"


async def test_a_mail_to_nobody_harms_nothing(world: World, browser: Browser) -> None:
    """The account went before its mail was sent."""
    await browser.sign_in()
    await browser.change("changeEmail", email=NEW)
    await browser.change("eraseMe", scope="ACCOUNT", confirm="ada@example.org")
    world.letters.sent.clear()
    await run_due(world.app)
    assert world.letters.sent == []
