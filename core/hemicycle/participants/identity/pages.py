"""The core's own pages: signing in, for instances that have no other; and ending mail. Plain forms, no script at all.

Opening a link changes nothing, for programs that look for malware open every link of a mail: a person presses a button.
"""

from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from hemicycle.kernel.access.actor import ANYONE, Actor
from hemicycle.kernel.application import Application
from hemicycle.kernel.errors import RefusalCode, Refused
from hemicycle.kernel.graphql.context import Context
from hemicycle.kernel.http.answers import Rejected
from hemicycle.kernel.http.bodies import body
from hemicycle.kernel.http.credentials import address_of, check_site, cookie_name, identify, set_cookies
from hemicycle.participants.identity import html, rules
from hemicycle.participants.identity.unsubscribe import unsubscribe

STATUS = {RefusalCode.RATE_LIMITED: 429, RefusalCode.NOT_ALLOWED: 403}


async def sign_in(request: Request) -> Response:
    """The page that asks for an address, then for the code; and the one that a link leads to."""
    app, language = _app(request), _language(request)
    if request.method != "POST":
        link = request.query_params.get("link")
        # Only `hemicycle admin --link` makes such links. A stranger's would sign people in as someone else.
        key = "" if app.settings.production else request.query_params.get("request", "")
        return _page(html.confirm(language, link, key) if link else html.ask(language))
    check_site(request, app.settings)
    said = await _form(request)
    context = await _context(request)
    try:
        page = await STEPS[said.get("step", "ask")](context, said, language)
    except KeyError:
        page = html.ask(language)
    except Refused as refused:
        return _answer(context, _again(said, language, refused.message), STATUS.get(refused.code, 400))
    return _answer(context, page)


async def end_mail(request: Request) -> Response:
    """The page that the end of a mail leads to. Programs for mail may POST it by themselves (RFC 8058)."""
    language, key = _language(request), request.query_params.get("key", "")
    if request.method != "POST":
        return _page(html.unsubscribe(language, key))
    try:
        async with _app(request).write() as session:
            await unsubscribe(session, key=key)
    except Refused as refused:
        return _page(html.unsubscribe(language, key, refused.message), 400)
    return _page(html.unsubscribed(language))


async def _ask(context: Context, said: dict[str, str], language: str) -> str:
    async with context.app.write() as session:
        await rules.request_sign_in_link(
            session, ANYONE, email=said.get("email", ""), locale=language, transport="COOKIE", context=context
        )
    return html.enter(language)


async def _enter(context: Context, said: dict[str, str], language: str) -> str:
    async with context.app.write() as session:
        done = await rules.sign_in(
            session, context.actor, request_key=said.get("request") or None, token=said.get("link") or None,
            code=said.get("code") or None, transport="COOKIE", context=context,
        )  # fmt: skip
    if isinstance(done, Refused):
        raise done
    return html.done(language)


async def _leave(context: Context, said: dict[str, str], language: str) -> str:
    async with context.app.write() as session:
        await rules.sign_out(session, context.actor, context=context)
    return html.ask(language)


STEPS: dict[str, Any] = {"ask": _ask, "enter": _enter, "leave": _leave}


def _again(said: dict[str, str], language: str, problem: str) -> str:
    if said.get("link"):
        return html.confirm(language, said["link"], said.get("request", ""), problem)
    return html.enter(language, problem) if said.get("step") == "enter" else html.ask(language, problem)


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form, each once."""
    try:
        text = (await body(request)).decode()
        return {name: values[0] for name, values in parse_qs(text, max_num_fields=10).items()}
    except ValueError:
        raise Rejected("BAD_REQUEST", "This is not the form of that page.") from None


async def _context(request: Request) -> Context:
    app = _app(request)
    actor: Actor = ANYONE
    with suppress(Rejected):  # a session that ended must not keep anyone from beginning another
        actor = await identify(app, request.cookies.get(cookie_name(app.settings)))
    return Context(app, actor, address_of(request, app.settings), dict(request.cookies), can_set_cookies=True)


def _language(request: Request) -> str:
    """That of the browser, or the instance's own."""
    for one in request.headers.get("accept-language", "").split(","):
        if (known := one.strip()[:2].lower()) in html.WORDS:
            return known
    return _app(request).settings.locale


def _app(request: Request) -> Application:
    app: Application = request.app.state.hemicycle
    return app


def _answer(context: Context, page: str, status: int = 200) -> Response:
    answered = _page(page, status)
    set_cookies(answered, context.cookies, context.app.settings)
    return answered


def _page(page: str, status: int = 200) -> Response:
    return HTMLResponse(page, status, html.HEADERS)


ROUTES = [
    Route("/sign-in", sign_in, methods=["GET", "POST"]),
    Route("/unsubscribe", end_mail, methods=["GET", "POST"]),
]
