"""The trace in the API: from what someone said to what was done, in one query."""

import strawberry

from hemicycle.api import (
    Activity,
    ActivityOrder,
    Connection,
    Contribution,
    ContributionRow,
    Node,
    connection,
    mapped,
    to_one,
)
from hemicycle_outcomes.proposals.graphql import Proposal, ProposalOrder
from hemicycle_outcomes.trace import sight


@mapped(sight.TraceRow, "What became of what someone said.", visible_through=("id", ContributionRow))
class Trace(Node):
    contribution: Contribution | None = to_one("What was said.", by="id")
    proposals: Connection[Proposal] = connection(
        "The proposals that stand for it now: what they were merged or split into takes their place.",
        by=sight.stands_for, order=ProposalOrder.OLDEST,
    )  # fmt: skip
    timeline: Connection[Activity] = connection(
        "What happened to it, to its proposals and to what was decided because of them, in plain sentences.",
        by=sight.told_of, order=ActivityOrder.OLDEST,
    )  # fmt: skip


@strawberry.type
class OnContribution:
    trace: Trace | None = to_one("What became of it.", by="id")


TYPES = (Trace,)
