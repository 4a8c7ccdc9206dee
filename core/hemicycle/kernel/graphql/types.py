"""GraphQL types that every module shares."""

from typing import Any, Generic, TypeVar

import strawberry

from hemicycle.kernel.errors import Problem as InputProblem
from hemicycle.kernel.errors import RefusalCode, Refused
from hemicycle.kernel.graphql.declare import identity
from hemicycle.kernel.observability.seen import note_refusal

T = TypeVar("T")


@strawberry.interface(description="Anything that `node` can find again.")
class Node:
    id: strawberry.ID = identity()


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether more follow.")
    has_previous_page: bool = strawberry.field(description="Whether some precede.")
    start_cursor: str | None = strawberry.field(description="The cursor of the first one.")
    end_cursor: str | None = strawberry.field(description="The cursor of the last one.")


@strawberry.type(description="One object of a page, and its cursor.")
class Edge(Generic[T]):
    node: T = strawberry.field(description="The object.")
    cursor: str = strawberry.field(description="Where it stands: give it to `after` or `before`.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    nodes: list[T] = strawberry.field(description="The objects of this page.")
    edges: list[Edge[T]] = strawberry.field(description="The same, with their cursors.")
    page_info: PageInfo = strawberry.field(description="Where this page stands.")
    total_count: int = strawberry.field(description="How many there are in all.")


@strawberry.interface(description="A change that was refused; nothing was written.")
class Refusal:
    message: str = strawberry.field(description="What is wrong and what to do, for a person to read.")
    code: RefusalCode = strawberry.field(description="What is wrong, for a program.")


@strawberry.type(description="Refused: not this person, or not here.")
class NotAllowed(Refusal):
    pass


@strawberry.type(description="Refused: not now, for something else happened first.")
class Conflict(Refusal):
    pass


@strawberry.type(description="One thing that is wrong in an input.")
class Problem:
    path: str = strawberry.field(description="Where: `input.title`.")
    message: str = strawberry.field(description="What is wrong with it and what to do.")


@strawberry.type(description="Refused: the input is not acceptable.")
class InvalidInput(Refusal):
    problems: list[Problem] = strawberry.field(description="Each thing that is wrong; 100 at most.")


@strawberry.type(description="Refused: too often.")
class TooManyRequests(Refusal):
    retry_after: int = strawberry.field(description="How many seconds to wait.")


@strawberry.type(description="Done; what was changed is not, or no longer, yours to see.")
class Done:
    message: str = strawberry.field(description="What was done, for a person to read.")


REFUSALS = (NotAllowed, Conflict, InvalidInput, TooManyRequests)

_CONFLICTS = {RefusalCode.WRONG_STATE, RefusalCode.CONFLICT, RefusalCode.ALREADY_DONE, RefusalCode.IDEMPOTENCY_MISMATCH}


def refusal(refused: Refused) -> Refusal:
    """The GraphQL type of what a rule raised."""
    note_refusal(refused.code.name)
    known: dict[str, Any] = {"message": refused.message, "code": refused.code}
    if refused.code is RefusalCode.INVALID_INPUT:
        problems = [Problem(path=_camel(one), message=one.message) for one in refused.problems[:100]]
        return InvalidInput(**known, problems=problems)
    if refused.code is RefusalCode.RATE_LIMITED:
        return TooManyRequests(**known, retry_after=refused.retry_after or 60)
    return Conflict(**known) if refused.code in _CONFLICTS else NotAllowed(**known)


def _camel(problem: InputProblem) -> str:
    """`on_behalf_of.display_name` as GraphQL says it: `input.onBehalfOf.displayName`."""
    parts = [part.split("_") for part in problem.path.split(".")]
    return ".".join(["input", *(first + "".join(more.capitalize() for more in rest) for first, *rest in parts)])
