"""What goes wrong: refusals that a person reads, and mistakes that stop an instance from starting."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import strawberry


@strawberry.enum(description="Why a change was refused, for a program. Nothing was written.")
class RefusalCode(Enum):
    SIGN_IN_FIRST = strawberry.enum_value("SIGN_IN_FIRST", description="Only for known participants.")
    NOT_FOUND = strawberry.enum_value("NOT_FOUND", description="No such object, or not for you.")
    NOT_ALLOWED = strawberry.enum_value("NOT_ALLOWED", description="You may not do this here.")
    WRONG_STATE = strawberry.enum_value("WRONG_STATE", description="Not possible in the state that it is in.")
    CONFLICT = strawberry.enum_value("CONFLICT", description="Someone else changed it meanwhile: read it again.")
    ALREADY_DONE = strawberry.enum_value("ALREADY_DONE", description="It was done before, and can be done only once.")
    INVALID_INPUT = strawberry.enum_value("INVALID_INPUT", description="The input is not acceptable; see `problems`.")
    IDEMPOTENCY_MISMATCH = strawberry.enum_value(
        "IDEMPOTENCY_MISMATCH", description="This idempotency key was used with another input: take a new one."
    )
    RATE_LIMITED = strawberry.enum_value("RATE_LIMITED", description="Too often: wait, then try again.")
    EXPIRED = strawberry.enum_value("EXPIRED", description="The link, the code or the token no longer works.")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in an input: where (`input.title`), and what to do about it."""

    path: str
    message: str


class Refused(Exception):
    """Raised by rules. The transaction is rolled back, and the refusal becomes a member of the mutation's union."""

    def __init__(
        self, code: RefusalCode, message: str, problems: Sequence[Problem] = (), retry_after: int | None = None
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.problems, self.retry_after = code, message, tuple(problems), retry_after


def invalid(path: str, message: str) -> Refused:
    """A refusal of one value of an input. `path` is its name in the rule's arguments."""
    return Refused(RefusalCode.INVALID_INPUT, message, [Problem(path, message)])


class StartupError(Exception):
    """The instance cannot start; the message names who is at fault, where, and the remedy."""


class SchemaConflict(StartupError):
    """The parts of the modules cannot make one schema."""
