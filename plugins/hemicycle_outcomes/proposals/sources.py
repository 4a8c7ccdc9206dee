"""What a proposal may be made of: what was published in its space or below, and not said to a smaller circle."""

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, or_, select, true

from hemicycle.api import (
    Actor,
    ContributionRow,
    RefusalCode,
    Refused,
    Session,
    SpaceRow,
    SpaceTree,
    chunks,
    contribution_words,
    excerpt,
    invalid,
    table_of,
)
from hemicycle_outcomes.proposals.models import SourceRow

contributions, spaces, tree, sources = map(table_of, (ContributionRow, SpaceRow, SpaceTree, SourceRow))


class Said(NamedTuple):
    """What a source says, and where it was said."""

    id: UUID
    space_id: UUID
    title: str
    text: str


async def read_sources(session: Session, actor: Actor, place: UUID, keys: list[UUID]) -> dict[UUID, Said]:
    """The contributions under these ids, if a proposal of the space `place` may be made of them. Refused otherwise."""
    it, found = contributions.alias(), dict[UUID, Said]()
    seen = true() if actor.system else session.app.access.visible(session.app.mappings[contributions], it.c)
    chosen = select(
        it.c.id, it.c.space_id, it.c.state, contribution_words("title")(it.c), contribution_words("text")(it.c)
    ).where(seen)
    for some in chunks(keys):
        for key, space, state, title, text in await session.execute(
            chosen.where(it.c.id.in_(some)), {"viewer": actor.id}
        ):
            if state != "PUBLISHED" or text is None:
                raise Refused(RefusalCode.WRONG_STATE, f"A source is {state}: a proposal is made of what is PUBLISHED.")
            found[key] = Said(key, space, title or excerpt(text, 100), text)
    if lost := len(keys) - len(found):
        raise Refused(RefusalCode.NOT_FOUND, f"Of the sources, {lost} are not there, or not for you.")
    await check_spaces(session, place, {one.space_id for one in found.values()})
    return found


async def check_spaces(session: Session, place: UUID, said_in: set[UUID]) -> None:
    """Refused if something was said outside of the space `place`, or to fewer people than those who read it."""
    below = select(tree.c.descendant_id).where(tree.c.ancestor_id == place)
    above = select(tree.c.ancestor_id).where(tree.c.descendant_id == place)
    up = tree.join(spaces, spaces.c.id == tree.c.ancestor_id)
    closed = (
        select(1).select_from(up)
        .where(or_(spaces.c.access == "MEMBERS", spaces.c.state == "DRAFT"), spaces.c.id.not_in(above))
    )  # fmt: skip
    for some in chunks(sorted(said_in)):
        inside = select(func.count()).select_from(spaces).where(spaces.c.id.in_(some), spaces.c.id.in_(below))
        if (await session.execute(inside)).scalar_one() < len(some):
            raise invalid("sources", "A source was said elsewhere: take those of this space and of those below it.")
        if (await session.execute(closed.where(tree.c.descendant_id.in_(some)).limit(1))).first():
            raise invalid("sources", "A source was said among members: make its proposal in that space.")


async def sources_of(session: Session, *proposals: UUID) -> dict[UUID, str]:
    """The contributions that these proposals come from, and the role of each in the first of them that has it."""
    found = dict[UUID, str]()
    for key in proposals:
        rows: Iterable[Any] = await session.execute(
            select(sources.c.contribution_id, sources.c.role).where(sources.c.proposal_id == key)
            .order_by(sources.c.id)
        )  # fmt: skip
        found = {contribution: role for contribution, role in rows} | found  # noqa: C416  (rows)
    return found
