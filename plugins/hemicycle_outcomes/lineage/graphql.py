"""Lineage in the API: what stands for a proposal that was merged or split."""

from datetime import datetime
from enum import Enum

import strawberry

from hemicycle.api import Connection, Node, ascending, column, connection, mapped, to_one
from hemicycle_outcomes.lineage.models import LineageRow
from hemicycle_outcomes.proposals.graphql import Proposal
from hemicycle_outcomes.proposals.models import ProposalRow


@strawberry.enum(description="How a proposal was replaced.")
class LineageKind(Enum):
    MERGED = strawberry.enum_value("MERGED", description="It was merged into another one.")
    SPLIT = strawberry.enum_value("SPLIT", description="It was split into several.")


@strawberry.enum(description="Orders of lineage.")
class LineageOrder(Enum):
    OLDEST = ascending("Oldest first.")


@mapped(LineageRow, "That a proposal was replaced by another one.", visible_through=("replaced_id", ProposalRow))
class ProposalLineage(Node):
    kind: LineageKind = column("How.")
    replaced: Proposal | None = to_one("The one that stands no more.", by="replaced_id")
    replacing: Proposal | None = to_one("The one that took its place, or a part of it.", by="replacing_id")
    at: datetime = column("When.")


@strawberry.type
class OnProposal:
    replaced_by: Connection[ProposalLineage] = connection(
        "What stands for it now, if it is REPLACED.", by="replaced_id", order=LineageOrder.OLDEST
    )
    replaces: Connection[ProposalLineage] = connection(
        "What it stands for: the proposals that were merged into it, or the one that it is a part of.",
        by="replacing_id", order=LineageOrder.OLDEST,
    )  # fmt: skip


TYPES = (ProposalLineage,)
