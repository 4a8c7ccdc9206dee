"""Cursors and ids that someone tampered with are refused in one way, or are legal: they never surprise anyone."""

import base64
import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Integer

from hemicycle.kernel.db.types import Code, Name, Utc
from hemicycle.kernel.graphql import cursors, ids
from hemicycle.kernel.graphql.ids import Ref, decode_id, encode_id
from hemicycle.testing import World

KINDS = [datetime, date, UUID, int, str]
ORDER = "OLDEST"
KEYS: list[Any] = [
    datetime(2016, 10, 7, 12, 30, 1, 5, UTC),
    date(2016, 10, 7),
    UUID(int=2**127 + 3),
    -42,
    'É\U0001f5f3’"',
]
ALPHABET = [chr(byte) for byte in range(256)]


def refused(text: str, kinds: list[type] = KINDS) -> bool:
    """Whether it is BAD_CURSOR; if not, its keys are of the kinds that were asked for."""
    try:
        keys = cursors.decode(text, ORDER, kinds)
    except GraphQLError as error:
        return error.extensions == {"code": "BAD_CURSOR"} or pytest.fail(f"{error.extensions} for {text!r}")
    assert [type(key) for key in keys] == kinds
    return False


def forged(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


def test_a_cursor_holds_its_keys() -> None:
    assert cursors.decode(cursors.encode(ORDER, KEYS), ORDER, KINDS) == KEYS


@given(
    st.tuples(
        st.datetimes(timezones=st.just(UTC)),
        st.dates(),
        st.uuids(),
        st.integers(-(2**63) + 1, 2**63 - 1),
        st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=200),
    )
)
def test_every_key_comes_back(keys: tuple[Any, ...]) -> None:
    assert cursors.decode(cursors.encode(ORDER, keys), ORDER, KINDS) == list(keys)


def test_every_change_of_one_byte_is_refused_or_legal() -> None:
    cursor = cursors.encode(ORDER, KEYS)
    verdicts = [
        refused(cursor[:at] + other + cursor[at + 1 :])
        for at in range(len(cursor))
        for other in ALPHABET
        if other != cursor[at]
    ]
    assert verdicts.count(True) > verdicts.count(False) > 0


def test_every_cut_and_every_repetition_is_refused() -> None:
    cursor = cursors.encode(ORDER, KEYS)
    assert all(refused(cursor[:at]) for at in range(len(cursor)))
    assert all(refused(cursor[at:]) for at in range(1, len(cursor) + 1))
    assert refused(cursor * 2)


def test_every_change_of_one_byte_of_the_json_is_refused_or_legal() -> None:
    plain = base64.urlsafe_b64decode(cursors.encode(ORDER, KEYS))
    for at in range(len(plain)):
        for byte in range(256):
            refused(base64.urlsafe_b64encode(plain[:at] + bytes([byte]) + plain[at + 1 :]).decode())


@pytest.mark.parametrize(
    "text",
    [
        "", "?", "=", "é", "\0", "\ud800", "a" * (cursors.LONGEST + 1), "//8=",
        forged(), forged(1), forged(2, ORDER, 1), forged(1, "NEWEST", 1), forged(1, ORDER), forged(1, ORDER, 1, 1),
        forged(1, ORDER, "1"), forged(1, ORDER, 1.0), forged(1, ORDER, True), forged(1, ORDER, None),
        forged(1, ORDER, [1]), forged(1, ORDER, 2**63), forged(1, ORDER, -(2**63)), forged(1, ORDER, float("nan")),
        base64.urlsafe_b64encode(b'{"1": 1, "OLDEST": 2, "x": 3}').decode(),
        base64.urlsafe_b64encode(b'[1,"OLDEST",' + b"9" * 2900 + b"]").decode(),
        base64.urlsafe_b64encode(b"[" * 2900).decode(),
        base64.urlsafe_b64encode(b'"1OL"').decode(),
        base64.urlsafe_b64encode(b"7").decode(),
        base64.urlsafe_b64encode(b"null").decode(),
    ],
)  # fmt: skip
def test_what_is_no_cursor_of_this_list_is_refused(text: str) -> None:
    assert refused(text, kinds=[int])


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        (datetime, "2016-10-07T12:00:00"),  # no time zone
        (datetime, "0001-01-01T00:00:00+14:00"),  # before the first moment
        (datetime, "9999-12-31T23:59:59-14:00"),
        (datetime, "2016-13-01T00:00:00+00:00"),
        (datetime, 0),
        (date, "2016-02-30"),
        (date, "2016-10-07T12:00:00"),
        (UUID, "x" * 32),
        (UUID, ""),
        (UUID, 7),
        (str, "a\0"),
        (str, "\ud800"),
        (str, 1),
    ],
)
def test_a_key_that_a_database_would_choke_on_is_refused(kind: type, key: Any) -> None:
    assert refused(forged(1, ORDER, key), kinds=[kind])


def test_a_moment_of_another_zone_is_the_same_moment() -> None:
    moment = datetime(2016, 10, 7, 14, tzinfo=timezone(timedelta(hours=2)))
    (key,) = cursors.decode(forged(1, ORDER, moment.isoformat()), ORDER, [datetime])
    assert key == moment
    assert key.tzinfo is UTC


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), st.lists, max_leaves=8))
def test_whatever_json_is_refused_or_legal(value: Any) -> None:
    for kind in KINDS:
        refused(forged(1, ORDER, value), kinds=[kind])
    refused(base64.urlsafe_b64encode(json.dumps(value).encode()).decode())


@given(st.text(alphabet=st.characters(categories=None)))
def test_whatever_text_is_refused(text: str) -> None:
    assert refused(text)


def test_a_column_type_says_what_its_keys_are() -> None:
    assert [cursors.kind(one) for one in (Utc(), Code(), Name(), Integer())] == [datetime, str, str, int]


# -- ids ------------------------------------------------------------------------------------------------------------

KEY = UUID("0196a5c2-7e11-7abc-9def-0123456789ab")


@given(st.from_regex("[A-Z][A-Za-z]{0,60}", fullmatch=True), st.uuids())
def test_an_id_stands_for_its_object(name: str, key: UUID) -> None:
    assert decode_id(encode_id(name, key)) == Ref(name, key)


def test_every_change_of_one_byte_gives_another_object_or_none() -> None:
    text = encode_id("Contribution", KEY)
    found = [
        decode_id(text[:at] + other + text[at + 1 :])
        for at in range(len(text))
        for other in ALPHABET
        if other != text[at]
    ]
    assert Ref("Contribution", KEY) not in found, "an object has one id"
    assert None in found


@pytest.mark.parametrize(
    "text",
    [
        "", "=", "é", "\0", "\ud800", "a" * (ids.LONGEST + 1), "Q29udHJpYnV0aW9u", "!!!!",
        encode_id("Contribution", KEY).replace("Q", "q", 1)[:-3],
        base64.urlsafe_b64encode(f"Contribution:{KEY}".encode()).decode(),  # with dashes: not as we write it
        base64.urlsafe_b64encode(f"Contribution:{KEY.hex.upper()}".encode()).decode(),
        base64.urlsafe_b64encode(b"Contribution:" + b"1_" * 16).decode(),
        base64.urlsafe_b64encode(b"Contribution:\xff").decode(),
        base64.b64encode(b"Contribution").decode(),
    ],
)  # fmt: skip
def test_what_is_no_id_of_ours_is_none(text: str) -> None:
    assert decode_id(text) is None


@given(st.text(alphabet=st.characters(categories=None)))
def test_whatever_text_is_no_id_or_the_id_of_what_it_says(text: str) -> None:
    ref = decode_id(text)
    assert ref is None or encode_id(ref.type, ref.key) == text.rstrip("=")


# -- over GraphQL, on both databases ----------------------------------------------------------------------------------

MOMENTS = ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59.999999+00:00", "2016-10-07T12:00:00+02:00"]


@pytest.mark.parametrize("side", ["after", "before"])
async def test_a_forged_cursor_that_is_legal_is_answered(world: World, side: str) -> None:
    document = f"query($cursor: String) {{ contributions({side}: $cursor) {{ nodes {{ id }} totalCount }} }}"
    for moment in MOMENTS:
        for key in (UUID(int=0), KEY, UUID(int=2**128 - 1)):
            answer = await world.ask(document, cursor=forged(1, "NEWEST", moment, key.hex))
            assert answer["contributions"]["totalCount"] > 0


@pytest.mark.parametrize("number", [-(2**63) + 1, -(2**31) - 1, -1, 0, 2**31, 2**63 - 1])
async def test_a_forged_number_is_answered(world: World, number: int) -> None:
    document = "query($cursor: String) { contributions(order: MOST_ANSWERED, after: $cursor) { nodes { id } } }"
    await world.ask(document, cursor=forged(1, "MOST_ANSWERED", number, KEY.hex))


@pytest.mark.parametrize("text", ["", "é", "\0", "\ud800", "a" * 100_000])
async def test_a_malformed_id_is_null(world: World, text: str) -> None:
    answer = await world.ask("query($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } }", id=text)
    assert answer == {"node": None, "nodes": [None]}
