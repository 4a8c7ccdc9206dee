"""What one may do with amendments in the API: each mutation is a rule and its input."""

import strawberry
from strawberry import UNSET

from hemicycle.api import id_of, mutation, value
from hemicycle_outcomes.amendments import rules
from hemicycle_outcomes.amendments.graphql import Amendment
from hemicycle_outcomes.proposals.graphql import Proposal


@strawberry.input(description="Other words for a proposal, and why.")
class ProposeAmendmentInput:
    proposal: strawberry.ID = id_of("The proposal.", Proposal)
    version: int = value("The version that you read: refused if another one stands by now.")
    statement: str = value("What should be proposed instead, in Markdown.")
    reason: str = value("Why: 2,000 characters at most.")
    title: str | None = value("Another title, if it changes.", UNSET)


@strawberry.input(description="Which amendment.")
class AmendmentInput:
    amendment: strawberry.ID = id_of("The amendment.", Amendment)


@strawberry.input(description="Which amendment, and why it is accepted or rejected.")
class DecideAmendmentInput:
    amendment: strawberry.ID = id_of("The amendment.", Amendment)
    decision: str = value("Why, in public: 2,000 characters at most.")


@strawberry.type
class OnMutation:
    propose_amendment: Amendment = mutation(
        "Propose other words for a proposal.", rules.propose, ProposeAmendmentInput, action="outcomes.propose_amendment"
    )
    withdraw_amendment: Amendment = mutation(
        "Take one's amendment back.", rules.withdraw, AmendmentInput, action="outcomes.withdraw_amendment"
    )
    accept_amendment: Amendment = mutation(
        "Make its words a version of the proposal.",
        rules.accept,
        DecideAmendmentInput,
        action="outcomes.decide_amendment",
    )
    reject_amendment: Amendment = mutation(
        "Leave the proposal as it is.", rules.reject, DecideAmendmentInput, action="outcomes.decide_amendment"
    )
