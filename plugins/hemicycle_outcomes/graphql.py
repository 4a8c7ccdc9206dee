"""What the modules of outcomes add to the types of others, put together."""

import strawberry

from hemicycle_outcomes.amendments import graphql as amendments
from hemicycle_outcomes.dispositions import graphql as dispositions
from hemicycle_outcomes.proposals import graphql as proposals
from hemicycle_outcomes.transmissions import graphql as transmissions


@strawberry.type
class OnQuery(proposals.OnQuery):
    """At the root."""


@strawberry.type
class OnSpace(proposals.OnSpace, transmissions.OnSpace):
    """On spaces."""


@strawberry.type
class OnContribution(proposals.OnContribution):
    """On contributions."""


@strawberry.type
class OnProposal(amendments.OnProposal, dispositions.OnProposal, transmissions.OnProposal):
    """On proposals."""


@strawberry.input
class OnProposalFilter(dispositions.OnProposalFilter):
    """On filters of proposals."""
