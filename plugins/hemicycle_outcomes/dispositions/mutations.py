"""What one may do with dispositions in the API: each mutation is a rule and its input."""

from typing import Any

import strawberry
from strawberry import UNSET

from hemicycle.api import Space, id_of, mutation, value
from hemicycle_outcomes.dispositions import batches, rules
from hemicycle_outcomes.dispositions.graphql import Disposition
from hemicycle_outcomes.dispositions.kinds import Destination, UnusableBecause
from hemicycle_outcomes.proposals.graphql import Proposal

DRY_RUN = "Only say whether it would pass: nothing is kept."


@strawberry.input(description="Where a proposal goes, and why.")
class ProposeDispositionInput:
    proposal: strawberry.ID = id_of("The proposal.", Proposal)
    destination: Destination = value("Where it goes.")
    motive: str = value("Why, in public: 2,000 characters at most.")
    unusable_because: UnusableBecause | None = value("If it is UNUSABLE: which of the closed motives.", UNSET)
    duplicate_of: strawberry.ID | None = id_of("If it is a DUPLICATE: of which one.", Proposal, optional=True)
    recipient: str | None = value("If it is for an OTHER_LEVEL: which one.", UNSET)


@strawberry.input(description="Where many proposals go.")
class ProposeDispositionsInput:
    space: strawberry.ID = id_of("A space that you triage in.", Space)
    items: list[ProposeDispositionInput] = value("Where each goes: 100 at most in one call.")
    dry_run: bool | None = value(DRY_RUN, UNSET)


@strawberry.input(description="What a reviewer says of a disposition.")
class ReviewDispositionInput:
    disposition: strawberry.ID = id_of("The disposition.", Disposition)
    review: str | None = value("A word on it: 2,000 characters at most.", UNSET)


@strawberry.input(description="What a reviewer says of many dispositions.")
class ReviewDispositionsInput:
    space: strawberry.ID = id_of("A space that you review in.", Space)
    dispositions: list[strawberry.ID] = id_of("The dispositions: 100 at most in one call.", Disposition)
    review: str | None = value("A word on all of them: 2,000 characters at most.", UNSET)
    dry_run: bool | None = value(DRY_RUN, UNSET)


@strawberry.input(description="Which disposition is sent back, and why.")
class SendBackDispositionInput:
    disposition: strawberry.ID = id_of("The disposition.", Disposition)
    reason: str = value("Why: 2,000 characters at most.")


@strawberry.input(description="Which disposition.")
class DispositionInput:
    disposition: strawberry.ID = id_of("The disposition.", Disposition)


@strawberry.input(description="Which dispositions are decided.")
class DecideDispositionsInput:
    space: strawberry.ID = id_of("A space that you decide in.", Space)
    dispositions: list[strawberry.ID] = id_of("The dispositions: 100 at most in one call.", Disposition)
    dry_run: bool | None = value(DRY_RUN, UNSET)


@strawberry.input(description="Why where a proposal goes is contested.")
class ContestDispositionInput:
    proposal: strawberry.ID = id_of("A proposal of yours.", Proposal)
    reason: str = value("Why: 2,000 characters at most.")


@strawberry.input(description="Why a contested disposition stays.")
class ConfirmDispositionInput:
    disposition: strawberry.ID = id_of("The disposition.", Disposition)
    reason: str = value("What is answered, in public: 2,000 characters at most.")


@strawberry.input(description="Where a proposal goes instead, and why.")
class ChangeDispositionInput:
    disposition: strawberry.ID = id_of("The contested disposition.", Disposition)
    reason: str = value("What is answered, in public: 2,000 characters at most.")
    destination: Destination = value("Where it goes now.")
    motive: str = value("Why, in public: 2,000 characters at most.")
    unusable_because: UnusableBecause | None = value("If it is UNUSABLE: which of the closed motives.", UNSET)
    duplicate_of: strawberry.ID | None = id_of("If it is a DUPLICATE: of which one.", Proposal, optional=True)
    recipient: str | None = value("If it is for an OTHER_LEVEL: which one.", UNSET)


def _change(description: str, rule: Any, input: type, verb: str) -> Any:
    return mutation(description, rule, input, action=f"outcomes.{verb}")


@strawberry.type
class OnMutation:
    propose_disposition: Disposition = _change(
        "Say where a proposal should go.", rules.propose, ProposeDispositionInput, "propose_disposition"
    )
    propose_dispositions: Space = _change(
        "Say where many should go: all of them, or none.", batches.propose_many, ProposeDispositionsInput,
        "propose_dispositions",
    )  # fmt: skip
    review_disposition: Disposition = _change(
        "Review what an analyst proposes.", rules.review, ReviewDispositionInput, "review_disposition"
    )
    review_dispositions: Space = _change(
        "Review many: all of them, or none.", batches.review_many, ReviewDispositionsInput, "review_dispositions"
    )
    send_back_disposition: Disposition = _change(
        "Send it back to the analysts.", rules.send_back, SendBackDispositionInput, "send_back_disposition"
    )
    decide_disposition: Disposition = _change("Decide it.", rules.decide, DispositionInput, "decide_disposition")
    decide_dispositions: Space = _change(
        "Decide many: all of them, or none.", batches.decide_many, DecideDispositionsInput, "decide_dispositions"
    )
    contest_disposition: Disposition = _change(
        "Contest where one's proposal goes.", rules.contest, ContestDispositionInput, "contest_disposition"
    )
    confirm_disposition: Disposition = _change(
        "Answer a contestation: it stays.", rules.confirm, ConfirmDispositionInput, "answer_contestation"
    )
    change_disposition: Disposition = _change(
        "Answer a contestation: it goes elsewhere. The answer is what is in force now.", rules.change,
        ChangeDispositionInput, "answer_contestation",
    )  # fmt: skip
