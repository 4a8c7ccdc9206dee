"""Whatever a person says, and whoever they are, no line, no number and no span tells it."""

import logging
from typing import Any

from hemicycle.kernel.jobs.run import run_due
from hemicycle.testing import World
from tests.kernel.observability.conftest import SECRET, TOKEN
from tests.participants.identity.browser import read_mail

SENTINELS = {
    "mail": "zzmailzz@sentinel.example",
    "name": "Zznamezz Sentinel",
    "words": "zzwordszz",
    "title": "zztitlezz",
    "operation": "zzoperationzz",
    "token": "zztokenzz",
    "agent": "zzagentzz",
    "address": "192.0.2.7",
    "error": SECRET,
    "body": "zzbodyzz",
    "slug": "zzslugzz",
}
LINK = """mutation($input: RequestSignInLinkInput!) { requestSignInLink(input: $input) {
    ... on LinkRequested { requestKey } } }"""
SIGN_IN = "mutation($input: SignInInput!) { signIn(input: $input) { ... on SignedIn { secret } } }"
CONTRIBUTE = "mutation($input: ContributeInput!) { contribute(input: $input) { __typename } }"


async def test_nothing_of_a_person_is_told(world: World, client: Any, log: Any, spans: Any, monkeypatch: Any) -> None:
    told = SENTINELS

    asked = {"User-Agent": told["agent"], "X-Forwarded-For": "203.0.113.77"}
    link = (await client.ask(LINK, headers=asked, input={"email": told["mail"], "transport": "BEARER"})).json()
    mail = await read_mail(world, link["data"]["requestSignInLink"]["requestKey"])
    given = {"token": mail.token, "transport": "BEARER"} | ({"requestKey": mail.key} if mail.key else {})
    secret = (await client.ask(SIGN_IN, input=given)).json()["data"]["signIn"]["secret"]
    bearer = asked | {"Authorization": f"Bearer {secret}"}
    words = {"space": world.gid("Space"), "title": told["title"], "text": told["words"]}
    assert (await client.ask(CONTRIBUTE, headers=bearer, input=words)).json()["data"]
    await client.ask("query A { spaces { totalCount } }", told["operation"], headers=bearer)
    await client.ask("{ spaces { totalCount } }", headers={"Authorization": f"Bearer {told['token']}"})
    await client.ask("query($s: String!) { space(slug: $s) { id } }", headers=bearer, s=told["slug"])
    await client.ask(f'{{ space(slug: "{told["slug"]}") {{ {told["words"]} }} }}')
    await client.post(f"/graphql?{told['words']}", content=told["body"], headers={"Content-Type": "application/json"})

    def lost() -> Any:
        raise ValueError(told["error"])

    with monkeypatch.context() as patch:
        patch.setattr(world.app.db, "read", lost)
        answer = await client.ask("{ spaces { totalCount } }")
        assert answer.json()["errors"][0]["extensions"]["code"] == "INTERNAL"
    async with world.app.write() as session:
        await session.enqueue("bench.breaks")
    await run_due(world.app)
    logging.getLogger("asyncio").error("Task exception was never retrieved\nfuture: %r", ValueError(told["error"]))

    numbers = await client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    traces = "\n".join(one.to_json() for one in spans.ended())
    everything = {"log": "\n".join(log.lines), "metrics": numbers.text, "spans": traces}
    assert "IntegrityError" in everything["log"], "the job failed as it should"
    assert "ValueError" in everything["log"]
    assert 'name="bench.breaks",result="failed"' in everything["metrics"]
    assert "graphql mutation contribute" in everything["spans"]
    private = {**told, "code": mail.code, "link": mail.token, "secret": secret, "forwarded": "203.0.113.77"}
    for place, text in everything.items():
        assert not [name for name, one in private.items() if one and one in text], place
