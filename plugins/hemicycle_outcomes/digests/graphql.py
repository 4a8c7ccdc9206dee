"""Digests in the API: what was told when, and to how many; never to whom."""

from datetime import datetime
from enum import Enum
from typing import Any

import strawberry
from sqlalchemy import ColumnElement, func, select

from hemicycle.api import Connection, Node, Row, column, connection, descending, holds, mapped, table_of
from hemicycle_outcomes.digests.models import DigestRow, LetterRow


def visible(row: Row) -> ColumnElement[bool]:
    """Those who answer for what is told."""
    return holds(frozenset({"decision_maker", "steward", "administrator"}), row.space_id)


def _letters(*states: str) -> Any:
    """How many letters of a digest are in these states, as SQL over its row."""

    def count(row: Row) -> ColumnElement[int]:
        it = table_of(LetterRow).alias().c
        mine = select(func.count()).where(it.digest_id == row.id, it.state.in_(states))
        return mine.correlate(row.id.table).scalar_subquery()

    return count


@strawberry.enum(description="Orders of digests.")
class DigestOrder(Enum):
    NEWEST = descending("Newest first.", lambda row: row.until)


@mapped(DigestRow, "What happened in some days, told by mail to everyone whose words it came from.",
        visible=visible, scope="space_id")  # fmt: skip
class Digest(Node):
    since: datetime = column("It tells of what happened after that.")
    until: datetime = column("And until then.")
    planned_at: datetime | None = column("When it was known whom it is for; null while that is being found out.")
    letters: int = column("To how many people it is written.")
    waiting: int = column("How many of the letters have not left yet.", _letters("TO_SEND"))
    leaving: int = column(
        "How many are leaving; or, where nothing leaves any more, may not have arrived.", _letters("SENDING")
    )


@strawberry.type
class OnSpace:
    digests: Connection[Digest] = connection(
        "What was told by mail: for those who answer for it.", by="space_id", order=DigestOrder.NEWEST
    )


TYPES = (Digest,)
