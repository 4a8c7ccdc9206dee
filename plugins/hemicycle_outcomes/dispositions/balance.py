"""The balance of a space: how many proposals go where, counted from rows each time, and what does not add up."""

from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import ColumnElement, Select

from hemicycle.api import Figure, Row
from hemicycle_outcomes.dispositions.kinds import Destination
from hemicycle_outcomes.dispositions.sight import goes_to
from hemicycle_outcomes.proposals.figures import counted

GAP = {
    "en": "{gap} proposals count as triaged without a destination in force.",
    "fr": "{gap} propositions sont dites orientées sans orientation en vigueur.",
}


def triaged(row: Row) -> ColumnElement[bool]:
    """What its state says; the destinations are counted from their own rows, so that the two can be compared."""
    test: ColumnElement[bool] = row.state != "SUBMITTED"
    return test


def going_to(destination: str) -> Any:
    """A test: a proposal goes there."""
    return lambda row: goes_to(row, [destination])


@strawberry.type(description="How many proposals go to one destination.")
class DestinationCount:
    destination: Destination = strawberry.field(description="Where.")
    count: int = strawberry.field(description="How many proposals.")


@strawberry.type(description="How many proposals there are, and where they go: always counted anew, from their rows.")
class DispositionBalance:
    total: int = strawberry.field(description="Proposals; those that others stand for left aside.")
    triaged: int = strawberry.field(description="Those whose destination is decided.")
    destinations: list[DestinationCount] = strawberry.field(description="How many go where: all five destinations.")
    gap: int = strawberry.field(description="How many triaged ones have no destination in force: 0 where it balances.")
    gap_in_words: str | None = strawberry.field(description="The gap, named; null where it balances.")


def balance(total: int, decided: int, *counts: int, app: Any) -> DispositionBalance:
    """The balance of these counts, one for each destination."""
    gap = decided - sum(counts)
    each = [DestinationCount(destination=it, count=count) for it, count in zip(Destination, counts, strict=True)]
    told = GAP.get(app.settings.locale, GAP["en"]).format(gap=gap) if gap else None
    return DispositionBalance(total=total, triaged=decided, destinations=each, gap=gap, gap_in_words=told)


def _over(*tests: Any) -> Any:
    """A count, as SQL over a space."""
    return lambda row: counted(row.id, *tests).correlate(row.id.table).scalar_subquery()


NEEDS = [_over(), _over(triaged), *(_over(going_to(str(one.value))) for one in Destination)]


def _figure(destination: Destination) -> Figure:
    def query(space: ColumnElement[UUID]) -> Select[Any]:
        return counted(space, going_to(str(destination.value)))

    told = f"Proposals that go to {destination.value}."
    return Figure(f"proposals_to_{str(destination.value).lower()}", told, query=query)


FIGURES = [
    Figure("proposals_triaged", "Proposals whose destination is decided.", query=lambda space: counted(space, triaged)),
    *map(_figure, Destination),
]
