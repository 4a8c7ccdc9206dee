"""What one may do with contributions in the API: each mutation is a rule and its input."""

from typing import Any

import strawberry
from strawberry import UNSET

from hemicycle.contributions import moderation, rules
from hemicycle.contributions.follows import OnMutationFollows
from hemicycle.contributions.graphql import Contribution
from hemicycle.contributions.kinds import Alignment, Channel, ContributionKindName
from hemicycle.kernel.graphql.declare import id_of, mutation, value
from hemicycle.participants.graphql import Participant
from hemicycle.spaces.graphql import Space


@strawberry.input(description="Someone without an account, who agrees that their words are written down.")
class OnBehalfOfInput:
    display_name: str = value("The name to show: a pseudonym will do.")
    consent: bool = value("That they agree; without it nothing is written.")


@strawberry.input(description="What to say, and where.")
class ContributeInput:
    space: strawberry.ID = id_of("The space.", Space)
    text: str = value("The words, in Markdown: 50,000 characters at most.")
    title: str | None = value("What it is about; only an answer needs none.", UNSET)
    kind: ContributionKindName | None = value("What sort of words: IDEA, or COMMENT for an answer, if not said.", UNSET)
    parent: strawberry.ID | None = id_of("What it answers.", Contribution, optional=True)
    alignment: Alignment | None = value("Where it stands on what it answers.", UNSET)
    categories: list[str] | None = value("Its categories: 20 at most.", UNSET)
    language: str | None = value("The language of the words: the instance's own if not said.", UNSET)
    channel: Channel | None = value("How it came in: PLATFORM if not said; others take the right to record.", UNSET)
    draft: bool | None = value("Keep it as a draft.", UNSET)
    as_structure: strawberry.ID | None = id_of("A structure that you speak for.", Participant, optional=True)
    on_behalf_of: OnBehalfOfInput | None = value("Who said it, if they have no account.", UNSET)


@strawberry.input(description="Which contribution.")
class ContributionInput:
    contribution: strawberry.ID = id_of("The contribution.", Contribution)


@strawberry.input(description="New words.")
class EditContributionInput:
    contribution: strawberry.ID = id_of("The contribution.", Contribution)
    version: int = value("The version that you changed: refused if another one stands by now.")
    text: str = value("The words, in Markdown: 50,000 characters at most.")
    title: str | None = value("What it is about.", UNSET)
    categories: list[str] | None = value("Its categories, if they change.", UNSET)


@strawberry.input(description="Which contribution, and why.")
class DecisionInput:
    contribution: strawberry.ID = id_of("The contribution.", Contribution)
    reason: str = value("Why: 2,000 characters at most.")


def _change(description: str, rule: Any, input: type, verb: str) -> Any:
    return mutation(description, rule, input, action=f"contribution.{verb}")


@strawberry.type
class OnMutation(OnMutationFollows):
    contribute: Contribution = _change("Say something in a space.", rules.contribute, ContributeInput, "contribute")
    publish_contribution: Contribution = _change("Publish one's draft.", rules.publish, ContributionInput, "publish")
    edit_contribution: Contribution = _change("Change one's words.", rules.edit, EditContributionInput, "edit")
    withdraw_contribution: Contribution = _change(
        "Take one's words back; a tombstone stays.", rules.withdraw, ContributionInput, "withdraw"
    )
    approve_contribution: Contribution = _change(
        "Publish what waits for a moderator.", moderation.approve, ContributionInput, "approve"
    )
    hide_contribution: Contribution = _change("Hide a contribution.", moderation.hide, DecisionInput, "hide")
    restore_contribution: Contribution = _change("Publish it again.", moderation.restore, DecisionInput, "restore")
    report_contribution: Contribution = _change("Tell the moderators.", moderation.report, DecisionInput, "report")
    ask_review: Contribution = _change(
        "Ask for another look at a decision on one's words.", moderation.ask_review, DecisionInput, "ask_review"
    )
