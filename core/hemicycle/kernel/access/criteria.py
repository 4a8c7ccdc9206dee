"""Criteria by their names, where a plugin lets people choose one: what they take, and of whom they hold."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import ColumnElement, literal, select, true

from hemicycle.kernel.declarations import Criterion
from hemicycle.kernel.errors import RefusalCode, Refused, invalid

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application
    from hemicycle.kernel.db.session import Session

Asked = tuple[str, Mapping[str, Any]]
"""A criterion's name, and its parameters."""


def check_criterion(app: "Application", asked: Asked, name: str = "criterion", parameters: str = "parameters") -> None:
    """Refused, unless there is this criterion and it takes these parameters.

    name, parameters: the paths of both in the input.
    """
    known = app.declared[Criterion].get(asked[0])
    if known is None:
        names = ", ".join(sorted(app.declared[Criterion])) or "none"
        raise invalid(name, f"There is no criterion {asked[0]}; there are: {names}.")
    if known.parameters is None and asked[1]:
        raise invalid(parameters, f"The criterion {known.name} takes no parameters.")
    try:
        _parameters(known, asked[1])
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise invalid(parameters, f"The criterion {known.name} does not take these: {told}.") from None


def describe_criterion(app: "Application", name: str) -> str:
    """What a criterion says; its name, where its plugin is gone."""
    known = app.declared[Criterion].get(name)
    return known.description.rstrip(".") if known else name


async def meets(session: "Session", person: UUID, asked: Sequence[Asked]) -> list[bool]:
    """Of which of these criteria a participant is an example: one question for all. Refused if one is not known."""
    tests: list[ColumnElement[bool]] = [true()]
    for name, given in asked:
        known = session.app.declared[Criterion].get(name)
        if known is None:
            raise Refused(
                RefusalCode.NOT_ALLOWED, f"Nobody knows any more of whom {name} is true: enable its plugin again."
            )
        tests.append(known.test(literal(person), _parameters(known, given)))
    found = (await session.execute(select(*(test.label(f"c{at}") for at, test in enumerate(tests))))).one()
    return [bool(one) for one in found[1:]]


def _parameters(known: Criterion, given: Mapping[str, Any]) -> Any:
    return known.parameters(**given) if known.parameters else None
