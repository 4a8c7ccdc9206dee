"""Criteria by their names: whether there is such a one, whether it takes these parameters, and whom it holds of."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import ColumnElement, literal, select, true

from hemicycle.api import Application, Criterion, RefusalCode, Refused, Session, invalid

Asked = tuple[str, dict[str, Any]]
"""A criterion's name, and its parameters."""


def check(app: Application, path: str, name: str, given: dict[str, Any]) -> None:
    """Refused, unless there is this criterion and it takes these parameters.

    path: what stands before them in the input.
    """
    known = app.declared[Criterion].get(name)
    if known is None:
        names = ", ".join(sorted(app.declared[Criterion])) or "none"
        raise invalid(f"{path}criterion", f"There is no criterion {name}; there are: {names}.")
    if known.parameters is None and given:
        raise invalid(f"{path}parameters", f"The criterion {name} takes no parameters.")
    try:
        _parameters(known, given)
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise invalid(f"{path}parameters", f"The criterion {name} does not take these: {told}.") from None


def describe(app: Application, name: str) -> str:
    """What a criterion says; its name, where its plugin is gone."""
    known = app.declared[Criterion].get(name)
    return known.description.rstrip(".") if known else name


async def hold(session: Session, person: UUID, asked: Sequence[Asked]) -> list[bool]:
    """Of which of these criteria the person is an example: one question for all. Refused if one is not known."""
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


def _parameters(known: Criterion, given: dict[str, Any]) -> Any:
    return known.parameters(**given) if known.parameters else None
