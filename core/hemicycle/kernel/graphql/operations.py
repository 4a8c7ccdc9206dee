"""Answer one operation: what HTTP, websockets and event streams have in common. What comes out is masked."""

from collections.abc import AsyncIterator, Collection
from contextlib import aclosing
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.graphql import OperationType

from hemicycle.kernel.graphql.errors import bad, code_of
from hemicycle.kernel.graphql.masking import masked
from hemicycle.kernel.observability.seen import current

if TYPE_CHECKING:
    from hemicycle.kernel.graphql.context import Context

EVERY = frozenset(OperationType)


@dataclass(frozen=True)
class Operation:
    """What a request asks: a document, its variables, and which of its operations."""

    document: str
    variables: dict[str, Any] | None = None
    name: str | None = None


@dataclass(frozen=True)
class Answer:
    """What is answered, fit to leave."""

    data: dict[str, Any] | None
    errors: list[GraphQLError]

    @property
    def code(self) -> str | None:
        """Why nothing was executed, if nothing was; None for a result, even one with errors."""
        if self.data is None and self.errors and all(one.path is None for one in self.errors):
            return code_of(self.errors[0])
        return None

    def plain(self) -> dict[str, Any]:
        """As JSON says it: without `data` if nothing was executed."""
        said: dict[str, Any] = {"errors": [one.formatted for one in self.errors]} if self.errors else {}
        return said if self.code else {"data": self.data, **said}


def failure(error: Exception) -> Answer:
    """The answer to what could not even begin."""
    return Answer(None, masked([error]))


async def execute(operation: Operation, context: "Context", kinds: Collection[OperationType] = EVERY) -> Answer:
    """The answer to a query or a mutation. InvalidOperationTypeError if the operation is not of these kinds."""
    began = perf_counter()
    try:
        result = await context.app.schema.execute(
            operation.document,
            operation.variables,
            context_value=context,
            operation_name=operation.name,
            allowed_operation_types=kinds,
        )
    except (MissingQueryError, CannotGetOperationTypeError) as error:
        return failure(_unchosen(operation, error) or error)
    answer = Answer(result.data, masked(result.errors or []))
    await _pace(answer, context, began)
    return answer


async def stream(
    operation: Operation, context: "Context", kinds: Collection[OperationType] = EVERY
) -> AsyncIterator[Answer]:
    """Each answer to a subscription as it comes; the one answer to a query or a mutation.

    After an answer with a `code` nothing follows.
    """
    began, begun = perf_counter(), False
    try:
        results: Any = await context.app.schema.stream(
            operation.document,
            operation.variables,
            context_value=context,
            operation_name=operation.name,
            allowed_operation_types=kinds,
        )
        async with aclosing(results):
            async for result in results:
                errors = [_unchosen(operation, one.original_error) or one for one in result.errors or ()]
                answer = Answer(result.data, masked(errors))
                if (seen := current.get()) is not None:
                    seen.answers += 1
                if not begun:
                    await _pace(answer, context, began)
                begun = True
                yield answer
                if answer.code:
                    return
    except Exception as error:
        yield failure(error)


async def _pace(answer: Answer, context: "Context", began: float) -> None:
    """Hold a refusal back, where it goes over a network."""
    if answer.code and context.address:
        await context.app.pacing.hold(perf_counter() - began)


def _unchosen(operation: Operation, error: BaseException | None) -> GraphQLError | None:
    """What is told if no operation of the document could be chosen."""
    if isinstance(error, MissingQueryError):
        return bad("BAD_REQUEST", "There is no document: say it in `query`.")
    if isinstance(error, CannotGetOperationTypeError):
        named = f"no operation named {operation.name!r}" if operation.name else "no operation"
        return bad("BAD_REQUEST", f"The document has {named}.")
    if isinstance(error, InvalidOperationTypeError):
        return bad("BAD_REQUEST", f"A {error.operation_type.value} cannot be asked in this way.")
    return None
