"""Merging and splitting in the API: each mutation is a rule and its input."""

import strawberry
from strawberry import UNSET

from hemicycle.api import Contribution, id_of, mutation, value
from hemicycle_outcomes.lineage import rules
from hemicycle_outcomes.proposals.graphql import Proposal


@strawberry.input(description="Which proposals go into which.")
class MergeProposalsInput:
    primary: strawberry.ID = id_of("The one that stays: it keeps its disposition.", Proposal)
    proposals: list[strawberry.ID] = id_of("The others: 100 at most in one call.", Proposal)
    title: str | None = value("A new title, with a new statement.", UNSET)
    statement: str | None = value("What is proposed by all of them together, in Markdown.", UNSET)


@strawberry.input(description="A part of a proposal.")
class ProposalPartInput:
    title: str = value("What it is about.")
    statement: str = value("What is proposed, in Markdown.")
    theme: str | None = value("The theme that it is counted under: that of the whole, if not said.", UNSET)
    contributions: list[strawberry.ID] | None = id_of(
        "Which of the sources it comes from: all of them, if not said.", Contribution, optional=True
    )


@strawberry.input(description="Into what a proposal is split.")
class SplitProposalInput:
    proposal: strawberry.ID = id_of("The proposal.", Proposal)
    parts: list[ProposalPartInput] = value("Its parts: 2 to 20. Each source goes into one of them at least.")


@strawberry.type
class OnMutation:
    merge_proposals: Proposal = mutation(
        "Put others into a proposal.", rules.merge, MergeProposalsInput, action="outcomes.merge_proposals"
    )
    split_proposal: Proposal = mutation(
        "Put several in the place of one: see its `replacedBy`.", rules.split, SplitProposalInput,
        action="outcomes.split_proposal",
    )  # fmt: skip
