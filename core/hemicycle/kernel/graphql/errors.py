"""Errors of a document, each with a documented `extensions.code`. (Refusals of a change are types, not errors.)"""

from typing import Any

from graphql import GraphQLError

CODES = {
    "BAD_REQUEST": "The request is not GraphQL over HTTP.",
    "PARSE_FAILED": "The document is not GraphQL.",
    "VALIDATION_FAILED": "The document does not fit the schema.",
    "BAD_VARIABLES": "A variable does not fit its type, or has a character that no text may have.",
    "TOO_LARGE": "The request is too large.",
    "TOO_MANY_TOKENS": "The document has too many tokens.",
    "TOO_DEEP": "The document is nested too deeply.",
    "TOO_MANY_ALIASES": "The document gives too many aliases, or says the same fields too often.",
    "TOO_MANY_DIRECTIVES": "The document has too many directives.",
    "TOO_COSTLY": "Too much is asked at once: fewer with `first`, fewer objects and lists, or less of the schema.",
    "BAD_PAGE": "The arguments of a list contradict each other.",
    "BAD_CURSOR": "A cursor is not one of this list: start again without it.",
    "BAD_SEARCH": "A search has too much text.",
    "PLUGIN_INACTIVE": "A filter or an order belongs to a plugin that is not active there.",
    "UNAUTHENTICATED": "The token or the session is not valid: sign in again.",
    "FORBIDDEN": "The request may not be made like this.",
    "RATE_LIMITED": "Too many requests: wait.",
    "TOO_MANY_SUBSCRIPTIONS": "Too many subscriptions on one connection.",
    "SLOW_CONSUMER": "Events came faster than they were taken: read the lists again, then subscribe again.",
    "STREAM_LOST": "The stream of events was interrupted: read the lists again, then subscribe again.",
    "SIGNED_OUT": "The session or a right behind this subscription ended.",
    "NOT_FOUND": "There is nothing under that id, or nothing for you.",
    "BUSY": "The database is busy: try again.",
    "STORAGE_FULL": "The disk is full: nothing was written.",
    "INTERNAL": "Something failed on our side; `reference` helps to find it in the log.",
}


def bad(code: str, message: str, **extensions: Any) -> GraphQLError:
    """An error of a document, to be raised."""
    assert code in CODES, code
    return GraphQLError(message, extensions={"code": code, **extensions})


def code_of(error: GraphQLError) -> str | None:
    """The documented code of an error, if it has one."""
    code = (error.extensions or {}).get("code")
    return code if code in CODES else None


def coded(error: GraphQLError, code: str) -> GraphQLError:
    """The same error with this code, unless it has one; a new one, for errors are kept and shared."""
    if code_of(error):
        return error
    known = {"code": code}
    return GraphQLError(error.message, error.nodes, error.source, error.positions, error.path, extensions=known)
