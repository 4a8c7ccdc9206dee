"""How much one document, one connection and one person may ask at once: every limit in one place.

How often they may ask is a setting (`settings.limits`).
"""

from dataclasses import dataclass

from strawberry.schema.config import StrawberryConfig


@dataclass(frozen=True)
class Limits:
    """Every number. A document that exceeds one is refused before it costs anything."""

    body: int = 2**20
    """Bytes of a request, and of a message on a websocket (TOO_LARGE)."""
    document: int = 20_000
    """Characters of a document: long texts belong in its variables (TOO_LARGE)."""
    tokens: int = 1000
    """Words and signs of a document (TOO_MANY_TOKENS)."""
    depth: int = 16
    """Fields within fields, fragments included (TOO_DEEP)."""
    aliases: int = 15
    """Aliases, counted as often as their fragments are used (TOO_MANY_ALIASES)."""
    repeats: int = 50
    """Fields said again in one place, counted in the same way (TOO_MANY_ALIASES): each is compared with each."""
    directives: int = 50
    """Directives of a document (TOO_MANY_DIRECTIVES)."""
    directives_at_once: int = 5
    """Directives at one place (TOO_MANY_DIRECTIVES)."""
    values: int = 50_000
    """Fields that the answer could hold, lists at the length that is asked for (TOO_COSTLY)."""
    reads: int = 50
    """Objects and lists that are read, counted as often as their fragments are used (TOO_COSTLY): each is SQL."""
    reads_of_many: int = 5
    """What counts for so many: `viewerCan`, which asks of each action, and objects that may be of any type."""
    reads_of_all: int = 10
    """What counts for so many: a number that looks at all that a space and those below it hold."""
    types_at_once: int = 6
    """Types of the objects that `nodes` finds at once (BAD_PAGE): each is a statement."""
    plain_list: int = 10
    """What a list without `first` is taken to hold; a rule bounds each of them."""
    errors: int = 5
    """Errors of one answer; what follows them is not told."""
    message: int = 500
    """Characters of the message of an error."""
    kept_tokens: int = 40_000
    """Tokens of all the documents that are kept parsed and validated: about 30 MB."""
    kept_answers: int = 4
    """Answers about the schema that are kept: 2 MB for what tools ask, and three times as much at the most."""
    held: int = 9
    """How many times as long as it took to refuse a document its refusal is held back, over a network."""
    held_seconds: float = 2
    """How long it is held back at most, however many others are."""
    operations: int = 20
    """Operations at once on one websocket (TOO_MANY_SUBSCRIPTIONS)."""
    streams: int = 5
    """Websockets and event streams at once, per person (TOO_MANY_SUBSCRIPTIONS)."""
    streams_per_address: int = 300
    """The same for those who are not signed in, per address: a village hall is one."""
    init_seconds: float = 3
    """How long a websocket may stay open without `connection_init` (closed with 4408)."""
    trust_seconds: float = 30
    """How long a stream may go on before its next answer has its credential looked at again (SIGNED_OUT)."""
    body_seconds: float = 30
    """How long the body of a request may take to arrive."""


LIMITS = Limits()
CONFIG = StrawberryConfig(disable_field_suggestions=True)
