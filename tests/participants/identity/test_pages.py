"""The core's own pages: they work without a script, and opening one changes nothing."""

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from hemicycle.kernel.http.asgi import asgi
from hemicycle.kernel.jobs.run import run_due
from hemicycle.participants.identity import links
from hemicycle.participants.identity.models import IdentityRow, SessionRow, SignInLinkRow
from hemicycle.testing import World
from tests.asking import rows
from tests.participants.identity.browser import Browser, read_mail

PAGE = "/identity/sign-in"
EMAIL = "ada@example.org"


@pytest_asyncio.fixture
async def web(world: World, browser: Browser) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser, over HTTP."""
    transport = httpx2.ASGITransport(asgi(world.app))
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        client.headers["accept-language"] = "en"
        yield client


async def asked(web: httpx2.AsyncClient, world: World, email: str = EMAIL) -> Any:
    answer = await web.post(PAGE, data={"step": "ask", "email": email})
    assert answer.status_code == 200, answer.text
    return await read_mail(world)


async def who(web: httpx2.AsyncClient) -> Any:
    answer = await web.post("/graphql", json={"query": "{ viewer { email } }"})
    return answer.json()["data"]["viewer"]


async def test_one_signs_in_by_the_link_and_out_again(world: World, web: httpx2.AsyncClient) -> None:
    first = await web.get(PAGE)
    assert '<input id="email" name="email" required type="email"' in first.text
    mail = await asked(web, world)
    assert list(web.cookies) == ["hemicycle-request"]
    page = await web.get(f"{PAGE}?link={mail.token}")
    assert f'value="{mail.token}"' in page.text
    done = await web.post(PAGE, data={"step": "enter", "link": mail.token})
    assert "You are signed in." in done.text
    assert list(web.cookies) == ["hemicycle"]
    (cookie,) = [one for one in done.headers.get_list("set-cookie") if one.startswith("hemicycle=")]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert await who(web) == {"email": EMAIL}
    await web.post(PAGE, data={"step": "leave"})
    assert list(web.cookies) == []
    assert await who(web) is None


async def test_one_signs_in_by_the_code(world: World, web: httpx2.AsyncClient) -> None:
    mail = await asked(web, world)
    wrong = await web.post(PAGE, data={"step": "enter", "code": "000000" if mail.code != "000000" else "111111"})
    assert wrong.status_code == 400
    assert '<p role="alert">That is not what the mail says: 4 tries are left.</p>' in wrong.text
    await web.post(PAGE, data={"step": "enter", "code": mail.code})
    assert await who(web) == {"email": EMAIL}


async def test_opening_a_link_changes_nothing(world: World, web: httpx2.AsyncClient) -> None:
    """Programs that look for malware open every link of a mail."""
    mail = await asked(web, world)
    before = await rows(world, SignInLinkRow), await rows(world, SessionRow)
    for _ in range(10):
        assert (await web.get(f"{PAGE}?link={mail.token}")).status_code == 200
        assert (await web.head(f"{PAGE}?link={mail.token}")).status_code == 200
    assert (await rows(world, SignInLinkRow), await rows(world, SessionRow)) == before
    assert list(web.cookies) == ["hemicycle-request"]


async def test_another_browser_is_told_what_to_do(world: World, web: httpx2.AsyncClient) -> None:
    mail = await asked(web, world)
    web.cookies.clear()
    answer = await web.post(PAGE, data={"step": "enter", "link": mail.token})
    assert answer.status_code == 400
    assert "Ask for a link in this very browser" in answer.text
    assert await who(web) is None


async def test_a_stranger_cannot_sign_someone_in_as_themselves(world: World, web: httpx2.AsyncClient) -> None:
    """The key in an address is believed in development only; other sites cannot send the form."""
    async with world.app.write() as session:
        address = await links.direct(session, EMAIL)
    key = address.partition("&request=")[2]
    assert f'name="request" value="{key}"' in (await web.get(address)).text
    world.app.settings = world.app.settings.model_copy(update={"production": True})
    assert key not in (await web.get(address)).text
    form = {"step": "enter", "link": "some", "request": key}
    for headers in ({"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}):
        assert (await web.post(PAGE, data=form, headers=headers)).status_code == 403


async def test_a_link_for_development_works_without_a_mail(world: World, web: httpx2.AsyncClient) -> None:
    async with world.app.write() as session:
        address = await links.direct(session, EMAIL)
    page = await web.get(address)
    form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', page.text))
    await web.post(PAGE, data=form)
    assert await who(web) == {"email": EMAIL}


async def test_a_session_that_ended_keeps_nobody_out(world: World, web: httpx2.AsyncClient) -> None:
    web.cookies.set("hemicycle", "no-session-at-all", domain="127.0.0.1")
    mail = await asked(web, world)
    await web.post(PAGE, data={"step": "enter", "link": mail.token})
    assert await who(web) == {"email": EMAIL}


async def test_an_api_takes_the_cookie_of_a_session_that_ended_away(web: httpx2.AsyncClient) -> None:
    """No script can: it would keep people from signing in again."""
    web.cookies.set("hemicycle", "no-session-at-all", domain="127.0.0.1")
    answer = await web.post("/graphql", json={"query": "{ viewer { id } }"})
    assert answer.status_code == 401
    assert await who(web) is None


async def test_the_pages_load_and_tell_nothing(world: World, web: httpx2.AsyncClient) -> None:
    for path in (PAGE, f"{PAGE}?link=some", "/identity/unsubscribe?key=some"):
        page = await web.get(path)
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "form-action 'self'" in policy
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["cache-control"] == "no-store"
        assert "<script" not in page.text
        assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', page.text)
        assert page.text.count("<h1>") == page.text.count("<main>") == 1


@pytest.mark.parametrize(
    ("asks", "lang"), [("fr-FR,fr;q=0.9", "fr"), ("en-GB", "en"), ("de, en;q=0.5", "en"), ("de", "fr"), ("", "fr")]
)
async def test_they_speak_the_language_of_the_browser(web: httpx2.AsyncClient, asks: str, lang: str) -> None:
    page = await web.get(PAGE, headers={"accept-language": asks})
    assert f'<html lang="{lang}">' in page.text


async def test_what_is_sent_back_is_harmless(web: httpx2.AsyncClient) -> None:
    hostile = '"><script>alert(1)</script>'
    for page in (
        await web.get(PAGE, params={"link": hostile, "request": hostile}),
        await web.post(PAGE, data={"step": "enter", "link": hostile, "request": hostile}),
        await web.get("/identity/unsubscribe", params={"key": hostile}),
        await web.post("/identity/unsubscribe", params={"key": hostile}),
        await web.post(PAGE, data={"step": "ask", "email": hostile}),
    ):
        assert "<script" not in page.text


@pytest.mark.parametrize(
    ("form", "status"),
    [(b"", 400), (b"step=other", 200), (b"step=leave", 400), (b"\xff\xfe", 400), (b"&".join([b"a=b"] * 20), 400)],
)
async def test_what_is_no_form_of_ours_is_refused(web: httpx2.AsyncClient, form: bytes, status: int) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = await web.post(PAGE, content=form, headers=headers)
    assert answer.status_code == status


async def test_asking_too_often_is_refused(world: World, web: httpx2.AsyncClient) -> None:
    for _ in range(5):
        await asked(web, world)
    answer = await web.post(PAGE, data={"step": "ask", "email": EMAIL})
    assert answer.status_code == 429
    assert 'role="alert"' in answer.text


async def test_mail_ends_by_a_button_or_by_a_bare_post(world: World, web: httpx2.AsyncClient) -> None:
    await world.change("updateConsent", "author", contact=True)
    given = {"contribution": world.gid("Contribution:PUBLISHED"), "reason": "A reason."}
    await world.change("hideContribution", "moderator", **given)
    await run_due(world.app)
    address = world.letters.sent[-1].unsubscribe
    assert address is not None
    opened = await web.get(address)
    assert "<button>Receive no more news</button>" in opened.text
    assert (await rows(world, IdentityRow, email="sample@example.org"))[0].consent_contact is True
    for _ in range(2):
        ended = await web.post(address, content=b"List-Unsubscribe=One-Click")
        assert ended.status_code == 200
        assert "no more news" in ended.text
        assert (await rows(world, IdentityRow, email="sample@example.org"))[0].consent_contact is False
    assert (await web.post("/identity/unsubscribe?key=guessed")).status_code == 400
    assert await who(web) is None
