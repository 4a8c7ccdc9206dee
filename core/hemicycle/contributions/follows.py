"""Following: to hear of a space, a contribution, or whatever a plugin brings."""

from enum import Enum

import strawberry
from sqlalchemy import select
from sqlmodel import col

from hemicycle.contributions.models import FollowRow
from hemicycle.kernel.access.actor import Actor
from hemicycle.kernel.db.dialect import VIEWER
from hemicycle.kernel.db.session import Session
from hemicycle.kernel.errors import RefusalCode, Refused
from hemicycle.kernel.graphql.declare import ascending, connection, id_of, mapped, mutation, to_any
from hemicycle.kernel.graphql.ids import Ref
from hemicycle.kernel.graphql.types import Connection, Node


async def follow(session: Session, actor: Actor, *, target: Ref) -> FollowRow:
    """Follow something that one sees. A second time changes nothing."""
    await session.authorize_alone(actor, "contribution.follow")
    if not await session.sees(actor, target):
        raise Refused(RefusalCode.NOT_FOUND, "There is nothing to follow under that id, or nothing for you.")
    assert actor.id is not None
    await session.add_once(FollowRow(participant_id=actor.id, type=target.type, object_id=target.key))
    kept = await _mine(session, actor, target)
    assert kept is not None
    return kept


async def unfollow(session: Session, actor: Actor, *, target: Ref) -> FollowRow:
    """Stop following."""
    mine = await _mine(session, actor, target)
    row = await session.authorize(actor, "contribution.unfollow", FollowRow, mine.id if mine else None)
    await session.delete(row)
    return row


async def _mine(session: Session, actor: Actor, target: Ref) -> FollowRow | None:
    mine = select(FollowRow).where(
        col(FollowRow.participant_id) == actor.id,
        col(FollowRow.type) == target.type,
        col(FollowRow.object_id) == target.key,
    )
    row: FollowRow | None = (await session.execute(mine)).scalar()
    return row


@strawberry.enum(description="Orders of what one follows.")
class FollowOrder(Enum):
    ANY = ascending("In no order that tells when.")


@mapped(
    FollowRow, "That someone follows something: known to them alone.",
    visible=lambda row: row.participant_id == VIEWER, own="participant_id",
)  # fmt: skip
class Follow(Node):
    target: Node | None = to_any("What is followed.", type="type", by="object_id")


@strawberry.type
class OnParticipantFollows:
    follows: Connection[Follow] = connection(
        "What they follow: only for themselves.", by="participant_id", order=FollowOrder.ANY
    )


@strawberry.input(description="What to follow, or to follow no longer.")
class FollowInput:
    target: strawberry.ID = id_of("Its id: a space, a contribution, or whatever `node` finds.")


@strawberry.type
class OnMutationFollows:
    follow: Follow = mutation("Follow something.", follow, FollowInput, action="contribution.follow")
    unfollow: Follow = mutation("Stop following.", unfollow, FollowInput, action="contribution.unfollow")
