"""What may be changed about petitions."""

from datetime import datetime

import strawberry
from strawberry.scalars import JSON

from hemicycle.api import Space, id_of, mutation, value
from hemicycle_votes.petitions import rules
from hemicycle_votes.petitions.graphql import Petition

UNSET = strawberry.UNSET


@strawberry.input(description="A new petition.")
class CreatePetitionInput:
    space: strawberry.ID = id_of("Where it is asked.", Space)
    title: str = value("What it is about.")
    text: str = value("What it asks. Markdown.")


@strawberry.input(description="Other words of a petition; what is not given stays.")
class UpdatePetitionInput:
    petition: strawberry.ID = id_of("The petition.", Petition)
    title: str | None = value("What it is about.", UNSET)
    text: str | None = value("What it asks. Markdown.", UNSET)


@strawberry.input(description="A part of the people whose number matters: those of a territory, say.")
class PetitionGroupInput:
    name: str = value("What it is called.")
    criterion: str = value("The name of a criterion that is true of its people.")
    parameters: JSON | None = value("What the criterion asks for: a JSON object.", UNSET)
    needed: int = value("How many signatures it takes.")


@strawberry.input(description="What a petition needs, until when, and who may sign it.")
class OpenPetitionInput:
    petition: strawberry.ID = id_of("The petition.", Petition)
    needed: int = value("How many signatures it takes.")
    closes_at: datetime = value("Until when one signs: 366 days at most.")
    criterion: str | None = value("Who may sign: the name of a criterion; everyone who takes part, if not said.", UNSET)
    parameters: JSON | None = value("What the criterion asks for: a JSON object.", UNSET)
    groups: list[PetitionGroupInput] | None = value("Parts of the people that need signatures of their own.", UNSET)
    groups_needed: int | None = value("How many of the groups must have theirs: all, if not said.", UNSET)


@strawberry.input(description="Which petition one signs, or signs no longer.")
class SignPetitionInput:
    petition: strawberry.ID = id_of("The petition.", Petition)


@strawberry.input(description="The answer to a petition.")
class AnswerPetitionInput:
    petition: strawberry.ID = id_of("The petition.", Petition)
    text: str = value("What the collectivité says, in public. Markdown.")


@strawberry.input(description="A petition that its author takes back.")
class WithdrawPetitionInput:
    petition: strawberry.ID = id_of("The petition.", Petition)


@strawberry.type
class OnMutation:
    create_petition: Petition = mutation(
        "Write a petition.", rules.create, CreatePetitionInput, action="votes.create_petition"
    )
    update_petition: Petition = mutation(
        "Change a petition's words before it opens.", rules.update, UpdatePetitionInput,
        action="votes.update_petition",
    )  # fmt: skip
    open_petition: Petition = mutation("Let people sign.", rules.open_, OpenPetitionInput, action="votes.open_petition")
    sign_petition: Petition = mutation("Sign, once.", rules.sign, SignPetitionInput, action="votes.sign")
    withdraw_signature: Petition = mutation(
        "Take one's signature back, until the petition is reached.", rules.unsign, SignPetitionInput,
        action="votes.withdraw_signature",
    )  # fmt: skip
    answer_petition: Petition = mutation(
        "Answer a petition.", rules.answer, AnswerPetitionInput, action="votes.answer_petition"
    )
    withdraw_petition: Petition = mutation(
        "Take one's petition back, until it is reached.", rules.withdraw, WithdrawPetitionInput,
        action="votes.withdraw_petition",
    )  # fmt: skip
