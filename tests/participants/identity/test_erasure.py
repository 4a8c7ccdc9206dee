"""Taking everything away, and going: what is handed over, and what is left of someone who went."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import Connection, MetaData, inspect, select

from hemicycle.kernel.access.actor import Actor
from hemicycle.kernel.errors import RefusalCode, Refused
from hemicycle.kernel.graphql.context import Context
from hemicycle.kernel.jobs.run import run_due
from hemicycle.kernel.privacy.erasures import replay
from hemicycle.participants.identity.account import erase_me, erase_person
from hemicycle.participants.identity.models import IdentityRow, SessionRow, SignInLinkRow, TokenRow, UnsubscribeRow
from hemicycle.participants.models import ParticipantRow
from hemicycle.testing import World
from tests.asking import events, rows
from tests.participants.identity.browser import Browser, identify

MARK = "zyqxw7"  # what is unique to the sentinel
EMAIL = f"{MARK}mail@example.org"


@pytest_asyncio.fixture
async def sentinel(world: World, browser: Browser) -> Browser:
    """Someone who has done a little of everything, each time with words that nobody else has."""
    me = (await browser.sign_in(EMAIL))["participant"]["id"]
    world.ids["Participant:sentinel"] = (await browser.actor()).id  # type: ignore[assignment]
    await browser.change("editProfile", displayName=f"{MARK}name")
    space, other = world.gid("Space:OPEN"), world.gid("Contribution:PUBLISHED")
    said = await browser.change(
        "contribute", "id version", space=space, title=f"{MARK}title", text=f"{MARK}text",
        categories=[f"{MARK}category"],
    )  # fmt: skip
    await browser.change(
        "editContribution", contribution=said["id"], version=said["version"], title=f"{MARK}two", text=f"{MARK}text two"
    )
    await browser.change("contribute", space=space, parent=other, text=f"{MARK}answer", alignment="FOR")
    await browser.change("contribute", space=space, title=f"{MARK}draft", text=f"{MARK}draft", draft=True)
    await browser.change("reportContribution", contribution=other, reason=f"{MARK}reason")
    await browser.change("follow", target=space)
    await browser.change("createToken", label=f"{MARK}label", scopes=["read"])
    await browser.change("updateConsent", contact=True)
    await browser.change("changeEmail", email=f"{MARK}other@example.org")
    await world.change("verifyParticipant", "administrator", participant=me)
    await run_due(world.app)
    return browser


async def left(world: World) -> dict[str, list[str]]:
    """Where a mark of the sentinel is left, by table: every column of every table."""

    def look(connection: Connection) -> dict[str, list[str]]:
        known = MetaData()
        known.reflect(connection, resolve_fks=False)
        names = [*known.tables, *([] if "core_search_fts" in known.tables else ["core_search_fts"])]
        assert len(names) >= len(inspect(connection).get_table_names())
        found: dict[str, list[str]] = {}
        for name in names:
            for row in connection.exec_driver_sql(f'select * from "{name}"'):
                if hits := re.findall(MARK, str(tuple(row))):
                    table = "core_search_fts" if name.startswith("core_search_fts") else name  # it is several to SQLite
                    found.setdefault(table, []).extend(hits)
        return found

    async with world.app.db.read() as connection:
        return await connection.run_sync(look)


async def confirm(browser: Browser, scope: str, confirm: str = EMAIL) -> Any:
    return await browser.change("eraseMe", "state displayName", scope=scope, confirm=confirm)


# -- taking everything away ---------------------------------------------------------------------------------------


async def test_everything_is_handed_over(world: World, sentinel: Browser) -> None:
    answer = await sentinel.change("exportMe", "json")
    told = json.loads(answer["json"])
    words = sorted(set(re.findall(rf"{MARK}[a-z@. ]*", answer["json"])))
    assert words == sorted(
        f"{MARK}{one}" for one in (
            "name", "mail@example.org", "other@example.org", "title", "text", "two", "text two", "category", "answer",
            "draft", "reason", "label",
        )
    )  # fmt: skip
    assert told["core_identity"][0]["consent_contact"] is True
    assert told["core_session"][0]["transport"] == "COOKIE"
    assert [one["attribute"] for one in told["core_verification"]] == ["identity"]
    assert "hash" not in answer["json"]


async def test_nothing_of_others_is_handed_over(world: World, sentinel: Browser) -> None:
    answer = await sentinel.change("exportMe", "json")
    strangers = Browser(world)
    await strangers.sign_in("bob@example.org")
    theirs = (await strangers.change("exportMe", "json"))["json"]
    assert MARK not in theirs
    assert "bob@example.org" in theirs
    for word in ("bob@example.org", "sample@example.org", "Sample words", "Sample member"):
        assert word not in answer["json"]


async def test_visitors_have_nothing_to_take_away(world: World) -> None:
    data = await world.ask("mutation { exportMe { __typename ... on Refusal { code } } }")
    assert data["exportMe"]["code"] == "SIGN_IN_FIRST"


# -- going --------------------------------------------------------------------------------------------------------


async def test_who_goes_with_their_content_leaves_nothing(world: World, sentinel: Browser) -> None:
    before = await left(world)
    assert {"core_identity", "core_participant", "core_contribution_version", "core_search_fts"} <= set(before)
    counts = await world.ask('{ space(slug: "sample-open") { contributions { totalCount } } }')
    answer = await confirm(sentinel, "ACCOUNT_AND_CONTENT")
    assert answer == {"__typename": "Participant", "state": "ERASED", "displayName": None}
    # A handler takes the categories, a job what SQLite keeps of deleted words in its index.
    assert set(await left(world)) <= {"core_contribution", "core_search_fts"}
    await run_due(world.app)
    assert await left(world) == {}
    assert await events(world, "Participant:sentinel") == [
        "participant.joined", "participant.changed", "participant.verified", "participant.erased",
        "participant.content_erased",
    ]  # fmt: skip
    after = await world.ask('{ space(slug: "sample-open") { contributions { totalCount nodes { state } } } }')
    assert after["space"]["contributions"]["totalCount"] == counts["space"]["contributions"]["totalCount"]
    assert "WITHDRAWN" in {one["state"] for one in after["space"]["contributions"]["nodes"]}


async def test_nothing_is_left_in_the_files_either(world: World, sentinel: Browser) -> None:
    if world.app.db.dialect != "sqlite":
        return  # there the server says how long it keeps what is dead: see kernel/privacy/maintenance.py
    path = Path(world.app.db.url.partition("///")[2])
    files = [path, path.with_name(path.name + "-wal")]
    assert MARK.encode() in b"".join(one.read_bytes() for one in files)
    await confirm(sentinel, "ACCOUNT_AND_CONTENT")
    await run_due(world.app)
    assert MARK.encode() not in b"".join(one.read_bytes() for one in files if one.exists())


async def test_who_goes_alone_leaves_their_words_without_a_name(world: World, sentinel: Browser) -> None:
    await confirm(sentinel, "ACCOUNT", f" {MARK}NAME ")
    await run_due(world.app)
    found = await left(world)
    assert set(found) == {
        "core_contribution", "core_contribution_category", "core_contribution_version", "core_search_fts"
    }  # fmt: skip
    data = await world.ask('{ search(text: "zyqxw7title") { nodes { ... on Contribution { author { id } } } } }')
    assert data["search"]["nodes"] in ([], [{"author": None}])
    assert "participant.content_erased" not in await events(world, "Participant:sentinel")


async def test_found_no_more_from_that_very_moment(world: World, sentinel: Browser) -> None:
    question = f'{{ search(text: "{MARK}text") {{ totalCount }} }}'
    assert (await world.ask(question))["search"]["totalCount"] == 1
    await confirm(sentinel, "ACCOUNT_AND_CONTENT")
    assert (await world.ask(question))["search"]["totalCount"] == 0


async def test_what_let_them_in_ends(world: World, sentinel: Browser) -> None:
    made = await sentinel.change("createToken", "secret", label="Another", scopes=["write"])
    session = sentinel.cookies["hemicycle"]
    mail = await Browser(world).request(EMAIL)
    await confirm(sentinel, "ACCOUNT")
    assert sentinel.cookies == {}
    assert await identify(world, session) is None
    assert await identify(world, made["secret"]) is None
    who = world.ids["Participant:sentinel"]
    for table in (IdentityRow, SessionRow, TokenRow, UnsubscribeRow, SignInLinkRow):
        assert await rows(world, table, participant_id=who) == []
    assert (await Browser(world).change("signIn", token=mail.token, requestKey=mail.key))["code"] == "EXPIRED"


async def test_who_comes_back_is_someone_new(world: World, sentinel: Browser) -> None:
    await confirm(sentinel, "ACCOUNT")
    done = await Browser(world).sign_in(EMAIL)
    assert done["participant"]["id"] != world.gid("Participant:sentinel")


@pytest.mark.parametrize("said", ["", "yes", "Sample member", "sample@example.org"])
async def test_nobody_goes_by_mistake(world: World, sentinel: Browser, said: str) -> None:
    answer = await confirm(sentinel, "ACCOUNT", said)
    assert (answer["code"], answer["problems"]) == ("INVALID_INPUT", [{"path": "input.confirm"}])
    assert (await sentinel.myself())["state"] == "ACTIVE"
    assert not world.app.settings.erasure_journal.exists()


async def test_a_structure_is_handed_over_first(world: World, sentinel: Browser) -> None:
    structure = (await sentinel.change("createStructure", "id", displayName="An association"))["id"]
    answer = await confirm(sentinel, "ACCOUNT")
    assert answer["code"] == "CONFLICT"
    assert "An association" in answer["message"]
    assert (await sentinel.myself())["email"] == EMAIL
    await sentinel.change("addStructureMember", structure=structure, participant=world.gid("Participant:member"))
    assert (await confirm(sentinel, "ACCOUNT"))["state"] == "ERASED"


async def test_of_two_members_who_go_at_once_one_stays(world: World, sentinel: Browser) -> None:
    other = Browser(world)
    theirs = (await other.sign_in("bob@example.org"))["participant"]["id"]
    structure = (await sentinel.change("createStructure", "id", displayName="An association"))["id"]
    await sentinel.change("addStructureMember", structure=structure, participant=theirs)
    answers = await asyncio.gather(confirm(sentinel, "ACCOUNT"), confirm(other, "ACCOUNT", "bob@example.org"))
    assert sorted(one["__typename"] for one in answers) == ["Conflict", "Participant"]


async def test_a_backup_that_is_restored_forgets_again(world: World, sentinel: Browser) -> None:
    """The journal of erasures is read again: here, over a database where nobody has gone yet."""
    who = world.ids["Participant:sentinel"]
    lines = [{"participant": str(who), "content": True}, {"participant": str(UUID(int=7)), "content": True}]
    world.app.settings.erasure_journal.write_text("".join(f"{json.dumps(one)}\n" for one in lines), "utf-8")
    for _ in range(2):
        assert await replay(world.app, erase_person) == 2
        await run_due(world.app)
        assert await left(world) == {}
        assert (await rows(world, ParticipantRow, id=who))[0].state == "ERASED"


async def test_erasures_are_written_outside_the_database(world: World, sentinel: Browser) -> None:
    await confirm(sentinel, "ACCOUNT")
    (line,) = world.app.settings.erasure_journal.read_text("utf-8").splitlines()
    said = json.loads(line)
    assert (said["participant"], said["content"]) == (str(world.ids["Participant:sentinel"]), False)
    assert MARK not in line


async def test_fifty_at_once_go_once(world: World, sentinel: Browser) -> None:
    actor = await sentinel.actor()
    answers = await asyncio.gather(*(world.change("eraseMe", actor, scope="ACCOUNT", confirm=EMAIL) for _ in range(50)))
    kinds = [one["__typename"] for one in answers]
    assert set(kinds) <= {"Participant", "NotAllowed", "Conflict"}
    assert kinds.count("Participant") == 1
    assert (await events(world, "Participant:sentinel")).count("participant.erased") == 1


async def test_who_waited_for_the_first_of_two_is_told_that_it_is_done(
    world: World, sentinel: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL both may be let in before one waits for the other."""
    actor = await sentinel.actor()
    async with world.app.write() as session:
        let_in = session.authorize_alone

        async def and_meanwhile(who: Actor, action: str) -> None:
            await let_in(who, action)
            (await session.get_one(ParticipantRow, who.id)).state = "ERASED"

        monkeypatch.setattr(session, "authorize_alone", and_meanwhile)
        with pytest.raises(Refused) as refused:
            await erase_me(session, actor, scope="ACCOUNT", confirm=EMAIL, context=Context(world.app, actor))
    assert refused.value.code == RefusalCode.ALREADY_DONE


async def test_someone_else_is_left_as_they_were(world: World, sentinel: Browser) -> None:
    await Browser(world).request("bob@example.org")
    before = await _of_others(world)
    browser = Browser(world)
    await browser.sign_in(EMAIL)
    await confirm(browser, "ACCOUNT_AND_CONTENT")
    assert await _of_others(world) == before
    assert len(await rows(world, SignInLinkRow, email="bob@example.org")) == 1, "they were about to sign in"


async def _of_others(world: World) -> list[Any]:
    me = world.ids["Participant:sentinel"]
    table = ParticipantRow.__table__  # type: ignore[attr-defined]
    async with world.app.db.read() as connection:
        return sorted((await connection.execute(select(table).where(table.c.id != me))).all())
