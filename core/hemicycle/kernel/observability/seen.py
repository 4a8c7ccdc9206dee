"""One operation while it is answered: what is noted of it, and nothing that tells what was said, or by whom."""

import secrets
import time
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hemicycle.kernel.graphql.checking import Known

SEVERAL = "several"
LONGEST = 100  # characters of an operation's name


@dataclass
class Seen:
    """One operation. request: its id, told in every line of log and in the header `X-Request-ID`."""

    transport: str  # http, sse, websocket
    request: str = field(default_factory=lambda: secrets.token_hex(8))
    began: float = field(default_factory=time.perf_counter)
    statements: int = 0
    answers: int = 0
    codes: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    document: "Known | None" = None
    named: str | None = None  # which operation of the document was asked for

    @property
    def result(self) -> str:
        """`error`; `refused` by a rule; or `ok`."""
        return "error" if self.codes else "refused" if self.refusals else "ok"

    @property
    def what(self) -> dict[str, Any]:
        """type, operation (its name in the document), field (the one at its root), document (its digest).

        Only what stands in a document that was parsed is told: a name that is in none may be anything.
        """
        if self.document is None:
            return {"type": None, "operation": None, "field": None, "document": None}
        operations = self.document.operations
        known = operations.get(self.named) if self.named else next(iter(operations.values()), None)
        if known is None:
            return {"type": None, "operation": None, "field": None, "document": self.document.digest}
        roots = {getattr(getattr(one, "name", None), "value", None) for one in known.selection_set.selections}
        spread = any(one.kind != "field" for one in known.selection_set.selections)
        root = SEVERAL if spread or len(roots) != 1 else roots.pop()
        name = known.name.value[:LONGEST] if known.name else None
        return {
            "type": known.operation.value, "operation": name, "document": self.document.digest,
            "field": root if not self.document.errors else None,
        }  # fmt: skip


current: ContextVar[Seen | None] = ContextVar("hemicycle_seen", default=None)
"""The operation in whose task this code runs, if it runs in one."""


def note_error(code: str) -> None:
    """An error with this code is told to whoever asked."""
    if (seen := current.get()) is not None:
        seen.codes.append(code)


def note_refusal(code: str) -> None:
    """A rule refused a mutation with this code."""
    if (seen := current.get()) is not None:
        seen.refusals.append(code)
