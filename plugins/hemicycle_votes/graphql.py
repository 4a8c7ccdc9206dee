"""Supports in the API, and what they add to whatever may be supported."""

from datetime import date
from enum import Enum

import strawberry

from hemicycle.api import (
    VIEWER,
    Connection,
    Contribution,
    Node,
    Participant,
    ascending,
    column,
    computed,
    connection,
    descending,
    id_of,
    live,
    mapped,
    mutation,
    to_any,
    to_one,
    value,
    where,
)
from hemicycle_votes import rules
from hemicycle_votes.models import SupportRow, SupportTallyRow

CONTRIBUTION = Contribution.__name__


@strawberry.enum(description="Orders of supports.")
class SupportOrder(Enum):
    ANY = ascending("In no order that tells when.")


@mapped(
    SupportRow, "That a person supports something, in public; or, for themselves, that they do.",
    visible=rules.visible, scope="space_id", own="participant_id", about=("type", "object_id"),
)  # fmt: skip
class Support(Node):
    participant: Participant | None = to_one("Who.", by="participant_id")
    target: Node | None = to_any("What.", type="type", by="object_id")
    public: bool = column("Whether others see who it is; if not, it is only counted.")
    day: date = computed("On which day.", lambda at: at.date(), needs=["at"])


@mapped(
    SupportTallyRow, "How many people support something.", visible=rules.counted, scope="space_id",
    about=("type", "object_id"),
)  # fmt: skip
class SupportTally(Node):
    target: Node | None = to_any("What.", type="type", by="object_id")
    support_count: int = column("How many people support it.", "supports")


def on_supportable(type_name: str) -> type:
    """What every type that may be supported gets."""

    @strawberry.type
    class OnSupportable:
        support_count: int | None = column("How many people support it.", rules.support_count(type_name))
        viewer_has_supported: bool | None = column("Whether you support it.", rules.viewer_supports(type_name))
        supports: Connection[Support] = connection(
            "Those who support it in public. (`supportCount` counts the others too.)", by="object_id",
            where=lambda row: row.type == type_name, order=SupportOrder.ANY,
        )  # fmt: skip

    return OnSupportable


@strawberry.type
class OnParticipant:
    supports: Connection[Support] = connection(
        "What they support: only for themselves.", by="participant_id", where=lambda row: row.participant_id == VIEWER,
        order=SupportOrder.ANY,
    )  # fmt: skip


@strawberry.input
class OnContributionFilter:
    min_supports: int | None = where(
        "Supported by so many people or more.", lambda row, least: rules.support_count(CONTRIBUTION)(row) >= least
    )


@strawberry.enum
class OnContributionOrder(Enum):
    MOST_SUPPORTED = descending("Most supported first.", rules.support_count(CONTRIBUTION))


@strawberry.input(description="What to support, and how.")
class SupportInput:
    target: strawberry.ID = id_of("What to support: a contribution, or whatever else may be.")
    public: bool | None = value("Show who it is; if not said, it is only counted.", strawberry.UNSET)


@strawberry.input(description="What to support no longer.")
class WithdrawSupportInput:
    target: strawberry.ID = id_of("What you supported.")


@strawberry.type
class OnMutation:
    support: SupportTally = mutation("Support something, once.", rules.support, SupportInput, action="votes.support")
    withdraw_support: SupportTally = mutation(
        "Take one's support back.", rules.withdraw, WithdrawSupportInput, action="votes.withdraw"
    )


@strawberry.type
class OnSubscription:
    support_changed: SupportTally = live(
        "How many support something, each time that it changes in a space or below.",
        "votes.supported", "votes.withdrawn",
    )  # fmt: skip
