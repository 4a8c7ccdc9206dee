"""What may be told of an error: nothing leaves without a documented code, and the unexpected only as a reference."""

import logging
import re
import secrets
from collections.abc import Sequence

from graphql import GraphQLError, GraphQLSyntaxError
from sqlalchemy.exc import DBAPIError, OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from hemicycle.kernel.db.engine import is_full
from hemicycle.kernel.db.types import NotKept
from hemicycle.kernel.errors import RefusalCode, Refused
from hemicycle.kernel.graphql.errors import CODES, code_of
from hemicycle.kernel.graphql.limits import LIMITS
from hemicycle.kernel.observability.seen import note_error

log = logging.getLogger(__name__)

SUGGESTION = re.compile(r" Did you mean [^?]*\?")
# By the first characters of what PostgreSQL says: connections, rollbacks, resources, locks, shutdowns.
BUSY = ("08", "40", "53", "55P03", "57P", "58")
FULL = "53100"
NO_TEXT = "22021"  # a NUL, which PostgreSQL keeps in no text


def masked(errors: Sequence[Exception]) -> list[GraphQLError]:
    """What is told of these errors: the first few, each with a documented `extensions.code`."""
    told = [_masked(one) for one in errors[: LIMITS.errors]]
    for one in told:
        note_error(str((one.extensions or {})["code"]))
    return told


def _masked(error: Exception) -> GraphQLError:
    raised = error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)
    if (code := code_of(raised)) is not None:
        return _told(raised, raised.message, {**(raised.extensions or {}), "code": code})
    code, message = _documented(raised)
    if code != "INTERNAL":
        return _told(raised, message, {"code": code} | ({"retryAfter": 1} if code == "BUSY" else {}))
    reference = secrets.token_hex(6)
    log.error("unexpected error, reference %s", reference, exc_info=raised.original_error or raised)
    message = f"Something failed on our side. Give {reference} to whoever runs this instance."
    return _told(raised, message, {"code": code, "reference": reference})


def _told(error: GraphQLError, message: str, extensions: dict[str, object]) -> GraphQLError:
    """A new error: the original one, which holds the exception, stays here."""
    message = SUGGESTION.sub("", message)
    if len(message) > LIMITS.message:
        message = f"{message[: LIMITS.message]}…"
    return GraphQLError(message, error.nodes, error.source, error.positions, error.path, extensions=extensions)


def _documented(error: GraphQLError) -> tuple[str, str]:
    """(code, message) of an error without a code."""
    cause: BaseException | None = error.original_error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    if isinstance(error, GraphQLSyntaxError):
        return _unreadable(error), error.message
    if isinstance(cause, Refused):
        return _refused(cause.code), cause.message
    if isinstance(cause, RecursionError):
        return "TOO_DEEP", "The document is nested too deeply."
    if isinstance(cause, StatementError) and isinstance(cause.orig, NotKept):
        return "BAD_VARIABLES", str(cause.orig)
    if cause is not None and (known := _of_database(cause)):
        return known, CODES[known]
    # What stands in the document and is found out only now: a variable, or an argument that is null through one.
    before = error.path is None and error.nodes
    argument = isinstance(error.original_error, GraphQLError) and error.original_error.nodes
    return ("BAD_VARIABLES", error.message) if before or argument else ("INTERNAL", "")


def _unreadable(error: GraphQLSyntaxError) -> str:
    if "nested too deeply" in error.message:
        return "TOO_DEEP"
    return "TOO_MANY_TOKENS" if error.message.endswith("tokens. Parsing aborted.") else "PARSE_FAILED"


def _refused(code: RefusalCode) -> str:
    if code is RefusalCode.SIGN_IN_FIRST:
        return "UNAUTHENTICATED"
    return code.value if code.value in CODES else "FORBIDDEN"


def _of_database(error: BaseException) -> str | None:
    """BUSY if trying again may help, STORAGE_FULL if the disk is full, BAD_VARIABLES for what is no text; or None."""
    state = getattr(getattr(error, "orig", None), "sqlstate", None) or getattr(error, "sqlstate", None) or ""
    if state == NO_TEXT:
        return "BAD_VARIABLES"
    if is_full(error) or state == FULL:
        return "STORAGE_FULL"
    locked = isinstance(error, OperationalError) and ("locked" in str(error.orig) or "busy" in str(error.orig))
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    if locked or lost or state.startswith(BUSY) or isinstance(error, PoolTimeout | ConnectionError):
        return "BUSY"
    return None
