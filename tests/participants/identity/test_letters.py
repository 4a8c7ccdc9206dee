"""What people are written, in which language, and how they end it."""

from typing import Any

import pytest

from hemicycle.kernel.declarations import Event, Occurrence
from hemicycle.kernel.events.models import JournalRow
from hemicycle.kernel.jobs.models import JobRow
from hemicycle.kernel.jobs.run import run_due
from hemicycle.kernel.mail import Message
from hemicycle.participants.identity import letters
from hemicycle.participants.identity.models import IdentityRow, SessionRow, TokenRow, UnsubscribeRow
from hemicycle.testing import World
from tests.asking import rows
from tests.participants.identity.browser import Browser, identify

REASON = "It insults someone."


async def told(world: World) -> list[Message]:
    """What the worker sends now."""
    world.letters.sent.clear()
    await run_due(world.app)
    return world.letters.sent


async def hide(world: World) -> None:
    given = {"contribution": world.gid("Contribution:PUBLISHED"), "reason": REASON}
    assert (await world.change("hideContribution", "moderator", **given))["__typename"] == "Contribution"


async def news(world: World, event: str, of: str, to: str) -> list[Message]:
    """What someone is sent of the last event of this name."""
    happened = (await rows(world, JournalRow, event=event, subject_id=world.ids[of]))[-1]
    world.letters.sent.clear()
    await letters.notify(world.app, f"{happened.id.hex}:{world.ids[to].hex}")
    return world.letters.sent


# -- links --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("locale", "word"), [("FR", "Bonjour"), ("EN", "Hello"), (None, "Bonjour")])
async def test_a_link_is_sent_in_their_language(browser: Browser, locale: str | None, word: str) -> None:
    mail = await browser.request(**({"locale": locale} if locale else {}))
    assert mail.text.startswith(word)
    assert f"http://127.0.0.1:8000/identity/sign-in?link={mail.token}\n" in mail.text


async def test_links_lead_to_the_page_of_the_instance(world: World, browser: Browser) -> None:
    """Behind a `#`: no server sees the token."""
    settings = world.app.settings.model_copy(update={"sign_in_url": "https://debat.example.org/entrer"})
    world.app.settings = settings
    mail = await browser.request()
    assert f"https://debat.example.org/entrer#link={mail.token}\n" in mail.text


# -- news ---------------------------------------------------------------------------------------------------------


async def test_a_decision_is_told_in_any_case(world: World, browser: Browser) -> None:
    await hide(world)
    (letter,) = await told(world)
    assert (letter.to, letter.subject) == ("sample@example.org", "Sample: news")
    assert letter.text.startswith(f"A contribution was hidden: {REASON}\n")


async def test_a_suspension_is_told_to_whom_it_hits(world: World, browser: Browser) -> None:
    given = {"participant": world.gid("Participant:ACTIVE"), "reason": REASON}
    await world.change("suspendParticipant", "administrator", **given)
    (letter,) = await told(world)
    assert letter.to == "sample@example.org"
    assert letter.text.startswith(f"Sample person active was suspended: {REASON}\n")
    await world.change("reinstateParticipant", "administrator", **given)
    (letter,) = await told(world)
    assert "may take part again" in letter.text


async def test_other_news_go_to_whoever_agreed(world: World, browser: Browser) -> None:
    event = ("contribution.published", "Contribution:REPLY", "Participant:ACTIVE")
    assert await news(world, *event) == []
    await world.change("updateConsent", "author", contact=True)
    (letter,) = await news(world, *event)
    assert letter.text.startswith("A contribution was published.\n")


async def test_it_is_in_their_language(world: World, browser: Browser) -> None:
    async with world.app.write() as session:
        (await session.get_one(IdentityRow, world.ids["Participant:ACTIVE"])).locale = "fr"
    await hide(world)
    (letter,) = await told(world)
    assert letter.text.startswith(f"Une contribution a été masquée : {REASON}\n")


async def test_a_private_reason_is_for_whom_it_concerns(world: World, browser: Browser) -> None:
    given = {"participant": world.gid("Participant:outsider"), "reason": REASON}
    await world.change("suspendParticipant", "administrator", **given)
    (letter,) = await news(world, "participant.suspended", "Participant:outsider", "Participant:ACTIVE")
    assert REASON not in letter.text


async def test_who_has_no_address_is_told_nothing(world: World, browser: Browser) -> None:
    assert await news(world, "contribution.published", "Contribution:REPLY", "Participant:member") == []


async def test_what_is_not_there_any_more_is_told_to_nobody(world: World, browser: Browser) -> None:
    nobody = world.ids["Space"].hex
    await letters.notify(world.app, f"{nobody}:{world.ids['Participant:ACTIVE'].hex}")
    await letters.send_link(world.app, nobody)
    await world.change("updateConsent", "author", contact=True)
    happened = (await rows(world, JournalRow, event="contribution.published"))[-1]
    async with world.app.write() as session:
        (await session.get_one(JournalRow, happened.id)).event = "gone.happened"
    await letters.notify(world.app, f"{happened.id.hex}:{world.ids['Participant:ACTIVE'].hex}")
    assert world.letters.sent == []


@pytest.mark.parametrize(("type_", "word"), [("Space", "space"), ("Gone", "Gone"), ("Participant", "Sample member")])
async def test_a_subject_is_called_by_its_name_or_by_what_it_is(
    world: World, browser: Browser, type_: str, word: str
) -> None:
    row = JournalRow(at=world.clock.now(), event="x", subject_type=type_, subject_id=world.ids["Participant:member"])
    async with world.app.write() as session:
        assert await letters._subject(world.app, session, row) == word


async def test_every_sentence_can_be_told(world: World, browser: Browser) -> None:
    for event in world.app.declared[Event].values():
        for locale in ("fr", "en"):
            told = event.sentence(locale, actor="", subject="It", reason="")
            assert told
            assert not {"{", "}"} & set(told)


async def test_an_event_is_told_once(world: World, browser: Browser) -> None:
    """A handler runs at least once: what it puts in the queue, it puts there once."""
    who, journal = world.ids["Participant:ACTIVE"], world.ids["Space"]
    happened = Occurrence(journal, "participant.suspended", world.clock.now(), None, None, "Participant", who)
    for _ in range(2):
        await letters.tell_subject(world.app, happened)
    assert len(await rows(world, JobRow, name="participant.notify")) == 1


# -- ending it ----------------------------------------------------------------------------------------------------


async def key_of_a_mail(world: World) -> str:
    await world.change("updateConsent", "author", contact=True)
    await hide(world)
    (letter,) = await told(world)
    assert letter.unsubscribe is not None
    assert letter.unsubscribe in letter.text
    page, _, key = letter.unsubscribe.partition("?key=")
    assert page == "http://127.0.0.1:8000/identity/unsubscribe"
    return key


async def test_the_key_of_a_mail_is_kept_as_a_hash(world: World, browser: Browser) -> None:
    key = await key_of_a_mail(world)
    kept = await rows(world, UnsubscribeRow)
    assert key not in str(kept)
    assert len({one.key_hash for one in kept}) == len(kept)


async def test_it_can_do_nothing_but_end_mail(world: World, browser: Browser) -> None:
    """As Loomio's, which signed people in: N20."""
    key = await key_of_a_mail(world)
    before = await rows(world, SessionRow), await rows(world, TokenRow)
    assert await identify(world, key) is None
    mail = await browser.request("sample@example.org")
    tries: list[tuple[str, dict[str, Any]]] = [
        ("signIn", {"token": key, "requestKey": mail.key}),
        ("signIn", {"code": key, "requestKey": mail.key}),
        ("signIn", {"token": mail.token, "requestKey": key}),
    ]
    for mutation, given in tries:
        assert (await browser.change(mutation, **given))["code"] in ("INVALID_INPUT", "EXPIRED")
    asked = await world.change("changeEmail", "author", "requestKey", email="new@example.org")
    for given in ({"code": key, "requestKey": asked["requestKey"]}, {"code": "123456", "requestKey": key}):
        assert (await world.change("confirmEmail", "author", **given))["code"] in ("INVALID_INPUT", "EXPIRED")
    assert (await rows(world, SessionRow), await rows(world, TokenRow)) == before
