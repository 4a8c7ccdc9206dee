"""The timer that tells, once for each date, of commitments that are overdue or due for review."""

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from hemicycle.api import SYSTEM, Application, table_of
from hemicycle_outcomes.commitments import sight
from hemicycle_outcomes.commitments.models import CommitmentRow

AT_ONCE = 100  # commitments that one transaction tells of


async def tell_dates(app: Application, _: str) -> None:
    """Record `commitment_overdue` and `commitment_review_due` for what passed its day."""
    today = app.clock.now().date()
    row = table_of(CommitmentRow).c
    await _tell(app, "overdue", sight.overdue(row, today), row.overdue_told.is_(False))
    await _tell(app, "review", sight.due_for_review(row, today), row.review_told.is_(False))


async def _tell(app: Application, what: str, *tests: ColumnElement[bool]) -> None:
    while True:
        async with app.write() as session:
            due = select(CommitmentRow).where(*tests).order_by(col(CommitmentRow.id)).limit(AT_ONCE)
            rows = (await session.execute(due.with_for_update())).scalars().all()
            for row in rows:
                if what == "overdue":
                    row.overdue_told = True
                    session.record(SYSTEM, "outcomes.commitment_overdue", row, reason=row.title)
                else:
                    row.review_told = True
                    session.record(SYSTEM, "outcomes.commitment_review_due", row, reason=row.title)
        if len(rows) < AT_ONCE:
            return
