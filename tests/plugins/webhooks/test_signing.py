"""Messages are signed as the Standard Webhooks specification says, and nobody reads a secret a second time."""

import base64
import json
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from hemicycle.kernel.db.types import metadata
from hemicycle.kernel.privacy.export import export
from hemicycle.testing import World
from hemicycle_webhooks.signing import shown, signature
from tests.plugins.votes.polls.test_silence import know_what_is_personal
from tests.plugins.webhooks.hooks import FOREVER, PAGE, VERIFY, register, say, work

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLw"
BODY, MOMENT = b'{"test": 2432232314}', datetime.fromtimestamp(1614265330, UTC)
# What version 1.1.0 of the package `standardwebhooks` makes of it.
SIGNED = "v1,/Xy7FLfFISa1TZH7WLT+0x/orG5MlcutAFOpVan3/00="
HEADERS = {"webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330", "webhook-signature": SIGNED}


def test_a_signature_is_that_of_the_specification() -> None:
    key = base64.b64decode(SECRET.removeprefix("whsec_") + "==")
    assert signature(key, HEADERS["webhook-id"], MOMENT, BODY) == SIGNED


def test_the_receiver_of_the_page_believes_no_other(subtests: pytest.Subtests) -> None:
    key = shown(base64.b64decode(SECRET.removeprefix("whsec_") + "=="))
    assert VERIFY(key, HEADERS, BODY, FOREVER) == {"test": 2432232314}
    forged = {
        "another body": (key, HEADERS, BODY + b" "),
        "another id": (key, {**HEADERS, "webhook-id": "msg_other"}, BODY),
        "another moment": (key, {**HEADERS, "webhook-timestamp": "1614265331"}, BODY),
        "another secret": (shown(b"x" * 32), HEADERS, BODY),
        "no signature": (key, {**HEADERS, "webhook-signature": ""}, BODY),
    }
    for name, given in forged.items():
        with subtests.test(name), pytest.raises(ValueError, match="not signed"):
            VERIFY(*given, FOREVER)
    with pytest.raises(ValueError, match="too old"):
        VERIFY(key, HEADERS, BODY)


@pytest.mark.judge
def test_the_receiver_in_javascript_does_the_same(tmp_path: Path) -> None:
    assert shutil.which("node"), "this judge needs Node 20 or newer"
    (code,) = re.findall(r"^```js\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    given = json.dumps([SECRET, HEADERS])
    (tmp_path / "receiver.mjs").write_text(
        f"{code}\nconst [secret, headers] = {given}, body = Buffer.from({json.dumps(BODY.decode())})\n"
        f"console.log(JSON.stringify(verify(secret, headers, body, {FOREVER})))\n"
        "for (const [one, two] of [[{...headers, 'webhook-id': 'msg_x'}, body], [headers, Buffer.from('{}')]])\n"
        f"  try {{ verify(secret, one, two, {FOREVER}); console.log('believed') }} catch (error) "
        "{ console.log(error.message) }\n"
        "try { verify(secret, headers, body); console.log('believed') } catch (error) { console.log(error.message) }\n"
    )
    done = subprocess.run(["node", "receiver.mjs"], cwd=tmp_path, capture_output=True, text=True, check=True)
    bad = "not signed with this secret"
    assert done.stdout.splitlines() == ['{"test":2432232314}', bad, bad, "too old, or from the future"]


async def test_a_secret_is_shown_once_and_changed_within_a_day(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "hemicycle")
    hook = await register(world)
    told = await world.change("rotateWebhookSecret", "steward", "secret", webhook=hook.id)
    former, hook.secret = hook.secret, told["secret"]
    assert former != hook.secret
    await say(world)
    await work(world)
    assert [one["type"] for one in hook.got] == ["contribution.published"]
    assert VERIFY(former, hook.asked[0].headers, hook.asked[0].body, FOREVER) == hook.got[0]
    world.clock.forward(hours=25)
    await say(world)
    await work(world)
    assert len(hook.got) == 2
    with pytest.raises(ValueError, match="not signed"):
        VERIFY(former, hook.asked[1].headers, hook.asked[1].body, FOREVER)
    secrets = [one.removeprefix("whsec_").rstrip("=") for one in (former, hook.secret)]
    kept = [*secrets, *(base64.b64decode(one + "==").hex() for one in secrets)]
    await know_what_is_personal(world)
    async with world.app.write() as session:
        mine = json.dumps(await export(session, world.ids["Participant:steward"]))
    assert hook.url in mine
    assert "salt" not in mine
    async with world.app.db.read() as connection:
        tables = [one.name for one in metadata.sorted_tables if one.name.startswith(("core_", "webhooks_"))]
        every = str([(await connection.execute(text(f"select * from {name}"))).all() for name in tables])
    assert hook.url in every
    for where in (mine, every, caplog.text):
        assert not [one for one in kept if one in where]
