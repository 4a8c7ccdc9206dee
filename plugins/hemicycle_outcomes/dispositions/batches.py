"""Triage by the hundred: all of a batch, or nothing; and first, if asked, only whether it would pass."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from hemicycle.api import Actor, Problem, RefusalCode, Refused, Session, SpaceRow
from hemicycle_outcomes.dispositions import rules

Step = Callable[..., Awaitable[Any]]


async def propose_many(
    session: Session, actor: Actor, *, space: UUID, items: Sequence[dict[str, Any]], dry_run: bool = False
) -> SpaceRow:
    """Say where many proposals go: `{proposal, destination, motive, …}` each."""
    return await _each(session, actor, "propose", space, rules.propose, items, dry_run)


async def review_many(
    session: Session, actor: Actor, *, space: UUID, dispositions: Sequence[UUID], review: str | None = None,
    dry_run: bool = False,
) -> SpaceRow:  # fmt: skip
    """Review many dispositions, with the same word on all of them."""
    items = [{"disposition": key, "review": review} for key in dispositions]
    return await _each(session, actor, "review", space, rules.review, items, dry_run)


async def decide_many(
    session: Session, actor: Actor, *, space: UUID, dispositions: Sequence[UUID], dry_run: bool = False
) -> SpaceRow:
    """Decide many dispositions."""
    items = [{"disposition": key} for key in dispositions]
    return await _each(session, actor, "decide", space, rules.decide, items, dry_run)


async def _each(
    session: Session, actor: Actor, verb: str, space: UUID, step: Step, items: Sequence[dict[str, Any]],
    dry_run: bool,
) -> SpaceRow:  # fmt: skip
    """Take the step for each; refused with what is wrong with each of them, if something is wrong with one."""
    place = await session.authorize(actor, f"outcomes.{verb}_dispositions", SpaceRow, space, lock="share")
    problems, listed = [], "items" if verb == "propose" else "dispositions"
    before = list(session.recorded)
    tried = await session.begin_nested()
    for number, item in sorted(
        enumerate(items), key=lambda one: _key(one[1])
    ):  # so that two batches never lock crosswise
        try:
            await step(session, actor, **item)
        except Refused as refused:
            problems.append(Problem(f"{listed}.{number}", refused.message))
    if problems:
        problems.sort(key=lambda one: int(one.path.rpartition(".")[2]))
        told = f"{len(problems)} of {len(items)} cannot be done, so nothing was: see `problems`."
        raise Refused(RefusalCode.INVALID_INPUT, told, problems)
    if dry_run:
        await tried.rollback()
        session.recorded = before  # what did not happen is told to nobody
    else:
        await tried.commit()
    return place


def _key(item: dict[str, Any]) -> str:
    return str(item.get("disposition") or item.get("proposal"))
