"""What the parts of votes add to the types of others, put together."""

import strawberry

from hemicycle_votes import graphql as supports
from hemicycle_votes.petitions import graphql as petitions
from hemicycle_votes.petitions import mutations as petition_mutations
from hemicycle_votes.polls import graphql as polls
from hemicycle_votes.polls import mutations as poll_mutations


@strawberry.type
class OnQuery(petitions.OnQuery, polls.OnQuery):
    """At the root."""


@strawberry.type
class OnMutation(supports.OnMutation, petition_mutations.OnMutation, poll_mutations.OnMutation):
    """What one may do."""


@strawberry.type
class OnSubscription(supports.OnSubscription, petitions.OnSubscription, polls.OnSubscription):
    """What one may listen to."""


@strawberry.type
class OnSpace(petitions.OnSpace, polls.OnSpace):
    """On spaces."""


@strawberry.type
class OnParticipant(supports.OnParticipant, petitions.OnParticipant, polls.OnParticipant):
    """On participants."""


@strawberry.type
class OnContribution(polls.OnContribution):
    """On contributions."""
