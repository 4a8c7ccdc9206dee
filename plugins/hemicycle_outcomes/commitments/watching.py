"""The timer that tells, once for each date, of commitments that are overdue or due for review."""

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from hemicycle.api import SYSTEM, Application
from hemicycle_outcomes.commitments.models import OPEN, CommitmentRow

AT_ONCE = 100  # commitments that one transaction tells of


async def tell_dates(app: Application, _: str) -> None:
    """Record `commitment_overdue` and `commitment_review_due` for what passed its day."""
    today = app.clock.now().date()
    alive = col(CommitmentRow.state).in_(OPEN)
    await _tell(
        app, "overdue", alive, col(CommitmentRow.due_on) < today, col(CommitmentRow.overdue_told).is_(False)
    )  # fmt: skip
    await _tell(
        app, "review", alive, col(CommitmentRow.review_on) <= today, col(CommitmentRow.review_told).is_(False)
    )  # fmt: skip


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
