"""Outside judges: Apollo Client, urql and graphql-ws, as front ends use them, on both databases."""

import asyncio
import json
import os
import re
import subprocess
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from tests.judges.conftest import Judged, Node

pytestmark = pytest.mark.judge

CONTRIBUTE = "mutation($input: ContributeInput!) { contribute(input: $input) { __typename } }"


@pytest.mark.parametrize(("client", "tests"), [("apollo", 8), ("urql", 7), ("graphql_ws", 6)])
def test_a_client_works(node: Node, served: Judged, client: str, tests: int) -> None:
    said = node.run("--test-reporter=tap", f"{client}.mjs", served.url, TOKEN=served.tokens["participant"])
    assert said.returncode == 0, said.stdout + said.stderr
    assert re.findall(r"^# (?:pass|fail|skipped|todo) (\d+)$", said.stdout, re.MULTILINE) == [str(tests), "0", "0", "0"]


async def test_a_listener_comes_back_after_a_restart(node: Node, served: Judged) -> None:
    """What is said before and after is heard; the program did nothing for it."""
    token = served.tokens["participant"]
    listener = await asyncio.create_subprocess_exec(
        "node", "reconnect.mjs", served.url, cwd=node.folder, env={**os.environ, "TOKEN": token},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert listener.stdout is not None

    async def told(what: str) -> Any:
        async with asyncio.timeout(60):
            return json.loads(await listener.stdout.readline())[what]  # type: ignore[union-attr]

    async def say(title: str, space: str) -> None:
        words = {"space": space, "title": title, "text": "Said by a judge.", "kind": "IDEA"}
        async with httpx2.AsyncClient() as client:
            await served.instance.ask(client, CONTRIBUTE, token, input=words)

    try:
        space = await told("connected")
        await until_heard(told, say, "Before", space)
        served.instance.stop()
        served.instance.start()
        assert await told("connected") == space
        await until_heard(told, say, "After", space)
    finally:
        listener.kill()
        await listener.wait()


async def until_heard(told: Callable[..., Any], say: Callable[..., Any], title: str, space: str) -> None:
    """It is subscribed to soon after it is connected: say the same again until it is heard."""
    hearing = asyncio.create_task(told("heard"))
    while not hearing.done():
        await say(title, space)
        await asyncio.wait([hearing], timeout=0.5)
    assert hearing.result() == title
