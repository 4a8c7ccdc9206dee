"""What one may do with proposals in the API: each mutation is a rule and its input."""

from typing import Any

import strawberry
from strawberry import UNSET

from hemicycle.api import Contribution, Participant, Space, id_of, mutation, value
from hemicycle_outcomes.proposals import co_authors, rules
from hemicycle_outcomes.proposals.graphql import CoAuthor, Proposal, ProposalOrigin, SourceRole


@strawberry.input(description="A contribution that a proposal comes from.")
class SourceInput:
    contribution: strawberry.ID = id_of("The contribution.", Contribution)
    role: SourceRole = value("How its words go into the proposal.")


@strawberry.input(description="What is proposed, and what it comes from.")
class MakeProposalInput:
    space: strawberry.ID = id_of("The space that it belongs to.", Space)
    sources: list[SourceInput] | None = value(
        "The contributions that it comes from: 100 at most in one call. Only the executive needs none.", UNSET
    )
    title: str | None = value("What it is about. A VERBATIM source brings its own.", UNSET)
    statement: str | None = value("What is proposed, in Markdown. A VERBATIM source brings its own words.", UNSET)
    theme: str | None = value("The theme that it is counted under.", UNSET)
    origin: ProposalOrigin | None = value("Who it comes from: PARTICIPANTS, if not said.", UNSET)


@strawberry.input(description="Other words for a proposal.")
class ReviseProposalInput:
    proposal: strawberry.ID = id_of("The proposal.", Proposal)
    version: int = value("The version that you changed: refused if another one stands by now.")
    title: str = value("What it is about.")
    statement: str = value("What is proposed, in Markdown.")


@strawberry.input(description="Which proposal.")
class ProposalInput:
    proposal: strawberry.ID = id_of("The proposal.", Proposal)


@strawberry.input(description="The official answer to a proposal.")
class AnswerProposalInput:
    proposal: strawberry.ID = id_of("The proposal.", Proposal)
    text: str = value("The answer, in Markdown.")


@strawberry.input(description="Which proposal, and why.")
class GiveUpProposalInput:
    proposal: strawberry.ID = id_of("The proposal.", Proposal)
    reason: str = value("Why, in public: 2,000 characters at most.")


@strawberry.input(description="Who is asked to stand behind which proposal.")
class InviteCoAuthorInput:
    proposal: strawberry.ID = id_of("The proposal.", Proposal)
    participant: strawberry.ID = id_of("The person.", Participant)


@strawberry.input(description="Which co-author.")
class CoAuthorInput:
    co_author: strawberry.ID = id_of("The row of `Proposal.coAuthors` that is about you.", CoAuthor)


def _change(description: str, rule: Any, input: type, verb: str) -> Any:
    return mutation(description, rule, input, action=f"outcomes.{verb}")


@strawberry.type
class OnMutation:
    make_proposal: Proposal = _change(
        "Make a proposal of contributions.", rules.make, MakeProposalInput, "make_proposal"
    )
    revise_proposal: Proposal = _change("Give it other words.", rules.revise, ReviseProposalInput, "revise_proposal")
    answer_proposal: Proposal = _change(
        "Answer it, for the executive.", rules.answer, AnswerProposalInput, "answer_proposal"
    )
    start_proposal: Proposal = _change("Say that work on it has begun.", rules.start, ProposalInput, "start_proposal")
    complete_proposal: Proposal = _change("Say that it is done.", rules.complete, ProposalInput, "complete_proposal")
    give_up_proposal: Proposal = _change(
        "Say that it will not be done, and why.", rules.give_up, GiveUpProposalInput, "give_up_proposal"
    )
    invite_co_author: Proposal = _change(
        "Ask someone to stand behind it too.", co_authors.invite, InviteCoAuthorInput, "invite_co_author"
    )
    accept_co_authorship: CoAuthor = mutation(
        "Agree to be named with a proposal.", co_authors.accept, CoAuthorInput, action="outcomes.accept_co_authorship"
    )
    leave_co_authorship: CoAuthor = mutation(
        "Decline, or be named no longer.", co_authors.leave, CoAuthorInput, action="outcomes.leave_co_authorship"
    )
