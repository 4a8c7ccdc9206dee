"""What may be told of an error."""

import logging
import sqlite3
from typing import Any

import pytest
from graphql import GraphQLError, GraphQLSyntaxError, Source, parse
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from hemicycle.kernel.errors import RefusalCode, Refused
from hemicycle.kernel.graphql.errors import CODES, bad
from hemicycle.kernel.graphql.limits import LIMITS
from hemicycle.kernel.graphql.masking import masked

SECRET = "INSERT INTO core_secret (email) VALUES ('ada@example.org') in /srv/instance/models.py"


class Postgres(Exception):
    def __init__(self, sqlstate: str) -> None:
        super().__init__(SECRET)
        self.sqlstate = sqlstate


def wrapped(error: Exception) -> GraphQLError:
    """As graphql-core hands over what a resolver raised."""
    return GraphQLError(str(error), path=["field"], original_error=error)


def told(error: Exception) -> tuple[str, str, dict[str, Any]]:
    """(code, message, extensions) of what leaves."""
    (out,) = masked([error])
    assert out.original_error is None
    assert out.__cause__ is None
    assert out.extensions is not None
    code = out.extensions["code"]
    assert code in CODES
    return code, out.message, dict(out.extensions)


@pytest.mark.parametrize(
    "error",
    [
        ValueError(SECRET), KeyError(SECRET), AssertionError(SECRET), TypeError("Cannot return null for Space.title"),
        GraphQLError(SECRET), GraphQLError(SECRET, extensions={"code": "MADE_UP"}),
        GraphQLError(SECRET, extensions={"code": 1}),
        IntegrityError(SECRET, {}, sqlite3.IntegrityError("UNIQUE constraint failed: core_secret.email")),
        OperationalError(SECRET, {}, sqlite3.OperationalError("no such table: core_secret")),
        DBAPIError(SECRET, {}, Postgres("23505")), TimeoutError(SECRET),
    ],
)  # fmt: skip
def test_the_unexpected_is_a_reference(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        code, message, extensions = told(wrapped(error))
    assert (code, extensions.keys()) == ("INTERNAL", {"code", "reference"})
    assert extensions["reference"] in message
    assert "secret" not in message
    (record,) = caplog.records
    assert extensions["reference"] in record.getMessage()
    assert record.exc_info is not None
    assert record.exc_info[1] is error


def test_two_failures_have_two_references() -> None:
    first, second = (told(wrapped(ValueError())) for _ in range(2))
    assert first[2]["reference"] != second[2]["reference"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OperationalError(SECRET, {}, sqlite3.OperationalError("database is locked")), "BUSY"),
        (OperationalError(SECRET, {}, sqlite3.OperationalError("database or disk is full")), "STORAGE_FULL"),
        (DBAPIError(SECRET, {}, Postgres("53100")), "STORAGE_FULL"),
        (DBAPIError(SECRET, {}, Postgres("53300")), "BUSY"),
        (DBAPIError(SECRET, {}, Postgres("40001")), "BUSY"),
        (DBAPIError(SECRET, {}, Postgres("40P01")), "BUSY"),
        (DBAPIError(SECRET, {}, Postgres("57P01")), "BUSY"),
        (DBAPIError(SECRET, {}, Postgres("08006")), "BUSY"),
        (DBAPIError(SECRET, {}, Exception(), connection_invalidated=True), "BUSY"),
        (Postgres("57P03"), "BUSY"),
        (PoolTimeout(SECRET), "BUSY"),
        (ConnectionRefusedError(SECRET), "BUSY"),
        (ConnectionResetError(SECRET), "BUSY"),
        (RecursionError(SECRET), "TOO_DEEP"),
    ],
)
def test_what_trying_again_may_mend_says_so(error: Exception, code: str, caplog: pytest.LogCaptureFixture) -> None:
    found, message, extensions = told(wrapped(error))
    assert found == code
    assert "secret" not in message
    assert ("retryAfter" in extensions) is (code == "BUSY")
    assert caplog.records == []


@pytest.mark.parametrize("code", CODES)
def test_a_documented_error_is_told_as_it_is(code: str) -> None:
    raised = bad(code, "What is wrong.", retryAfter=3)
    for error in (raised, GraphQLError("What is wrong.", path=["field"], original_error=raised)):
        assert told(error) == (code, "What is wrong.", {"code": code, "retryAfter": 3})


@pytest.mark.parametrize(
    ("code", "answered"),
    [
        (RefusalCode.SIGN_IN_FIRST, "UNAUTHENTICATED"),
        (RefusalCode.NOT_FOUND, "NOT_FOUND"),
        (RefusalCode.RATE_LIMITED, "RATE_LIMITED"),
        (RefusalCode.NOT_ALLOWED, "FORBIDDEN"),
    ],
)
def test_a_refusal_in_a_query_is_told(code: RefusalCode, answered: str) -> None:
    assert told(wrapped(Refused(code, "Not so.")))[:2] == (answered, "Not so.")


def test_an_argument_that_is_wrong_through_a_variable_is_not_our_fault() -> None:
    (operation,) = parse("query($a: Int) { field(a: $a) }").definitions
    raw = GraphQLError("Argument 'a' of required type 'Int!' was provided the variable '$a' …", operation)
    assert told(GraphQLError(raw.message, path=["field"], original_error=raw))[0] == "BAD_VARIABLES"
    assert told(GraphQLError("Variable '$a' …", operation))[0] == "BAD_VARIABLES"


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("Unexpected Name 'a'.", "PARSE_FAILED"),
        ("Document contains more than 1000 tokens. Parsing aborted.", "TOO_MANY_TOKENS"),
        ("Document is nested too deeply. Parsing aborted.", "TOO_DEEP"),
    ],
)
def test_what_cannot_be_parsed(message: str, code: str) -> None:
    assert told(GraphQLSyntaxError(Source("{"), 0, message))[0] == code


def test_suggestions_and_long_messages_are_cut() -> None:
    assert told(bad("BAD_VARIABLES", "No field 'a'. Did you mean 'b' or 'c'?"))[1] == "No field 'a'."
    assert len(told(bad("BAD_VARIABLES", "x" * 10_000))[1]) == LIMITS.message + 1


def test_only_the_first_few_are_told() -> None:
    assert len(masked([bad("BAD_PAGE", str(number)) for number in range(100)])) == LIMITS.errors


def test_what_was_raised_is_not_changed() -> None:
    raised = bad("BAD_PAGE", "No. Did you mean 'x'?")
    masked([raised])
    assert raised.message == "No. Did you mean 'x'?"
