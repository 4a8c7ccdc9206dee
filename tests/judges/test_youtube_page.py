"""A real browser opens the example's page of an episode: nobody but the instance is asked before a click."""

import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, Route, async_playwright

from hemicycle.testing.processes import Instance

FOLDER = Path(__file__).parents[2] / "examples" / "youtube_page"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

pytestmark = pytest.mark.judge


class Quiet(SimpleHTTPRequestHandler):
    """Serves the page, and says nothing of it."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    """Where the page is, beside the instance: another origin."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(FOLDER)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def instance(tmp_path: Path, site: str) -> Instance:
    """The demonstration, which lets this one page ask it."""
    plugins = ["votes", "exchange", "panels", "youtube"]
    made = Instance(
        tmp_path, f"sqlite:///{tmp_path}/demo.db", plugins=plugins,
        environment={"HEMICYCLE_CORS_ORIGINS": f'["{site}"]'},
    )  # fmt: skip
    made.command("demo", "--no-serve")
    return made


async def test_nobody_else_is_asked_before_a_click(instance: Instance, site: str) -> None:
    browser = next((found for one in BROWSERS if (found := shutil.which(one))), None)
    assert browser, "this judge needs Chromium: install it (Debian: apt-get install chromium)"
    asked: list[str] = []

    async def note(route: Route) -> None:
        host = urlsplit(route.request.url).hostname or ""
        asked.append(host)
        await (route.continue_() if host == "127.0.0.1" else route.abort())

    with instance.start():
        async with async_playwright() as playwright:
            opened = await playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
            page = await opened.new_page()
            wrong: list[str] = []
            page.on("pageerror", lambda error: wrong.append(str(error)))
            await page.route("**/*", note)
            await page.goto(f"{site}/index.html?api={instance.url}")
            await page.wait_for_selector("#chapters li")
            await _shows_the_episode(page)
            await page.wait_for_timeout(500)
            assert set(asked) == {"127.0.0.1"}, "before a click"
            await page.click("#links li button")
            await page.wait_for_selector("iframe")
            await page.wait_for_timeout(500)
            assert set(asked) == {"127.0.0.1", "www.youtube-nocookie.com"}, "after it"
            frame = await page.get_attribute("iframe", "src")
            assert frame is not None
            assert frame.startswith("https://www.youtube-nocookie.com/embed/demo-ep-01_?start=87")
            assert not wrong
            await opened.close()


async def _shows_the_episode(page: Page) -> None:
    assert "Épisode 1" in await page.inner_text("#title")
    assert await page.locator("#chapters li").count() == 4
    assert await page.locator("#transcript li").count() == 5
    first = await page.locator("#links li").first.inner_text()
    assert first.startswith("01:27")
    assert "répondre à chaque contribution" in first


def test_the_page_is_under_a_hundred_lines() -> None:
    assert len((FOLDER / "index.html").read_text("utf-8").splitlines()) < 100
