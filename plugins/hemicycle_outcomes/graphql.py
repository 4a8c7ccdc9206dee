"""What the modules of outcomes add to the types of others, put together."""

import strawberry

from hemicycle_outcomes.amendments import graphql as amendments
from hemicycle_outcomes.amendments import mutations as amendment_mutations
from hemicycle_outcomes.commitments import graphql as commitments
from hemicycle_outcomes.commitments import mutations as commitment_mutations
from hemicycle_outcomes.digests import graphql as digests
from hemicycle_outcomes.dispositions import graphql as dispositions
from hemicycle_outcomes.dispositions import mutations as disposition_mutations
from hemicycle_outcomes.lineage import graphql as lineage
from hemicycle_outcomes.lineage import mutations as lineage_mutations
from hemicycle_outcomes.proposals import graphql as proposals
from hemicycle_outcomes.proposals import mutations as proposal_mutations
from hemicycle_outcomes.trace import graphql as trace
from hemicycle_outcomes.transmissions import graphql as transmissions
from hemicycle_outcomes.transmissions import mutations as transmission_mutations


@strawberry.type
class OnQuery(proposals.OnQuery, commitments.OnQuery):
    """At the root."""


@strawberry.type
class OnMutation(
    proposal_mutations.OnMutation, amendment_mutations.OnMutation, disposition_mutations.OnMutation,
    transmission_mutations.OnMutation, lineage_mutations.OnMutation, commitment_mutations.OnMutation,
):  # fmt: skip
    """What one may do."""


@strawberry.type
class OnSubscription(commitments.OnSubscription):
    """What one may listen to."""


@strawberry.type
class OnSpace(
    proposals.OnSpace, dispositions.OnSpace, transmissions.OnSpace, commitments.OnSpace, digests.OnSpace
):  # fmt: skip
    """On spaces."""


@strawberry.type
class OnContribution(proposals.OnContribution, trace.OnContribution):
    """On contributions."""


@strawberry.type
class OnProposal(
    amendments.OnProposal, dispositions.OnProposal, transmissions.OnProposal, lineage.OnProposal,
    commitments.OnProposal,
):  # fmt: skip
    """On proposals."""


@strawberry.input
class OnProposalFilter(dispositions.OnProposalFilter):
    """On filters of proposals."""
