"""What may be changed about polls."""

from datetime import datetime

import strawberry
from strawberry.scalars import JSON

from hemicycle.api import Participant, Space, id_of, mutation, value
from hemicycle_votes.polls import casting, closing, rules
from hemicycle_votes.polls.graphql import Poll, PollOption
from hemicycle_votes.polls.kinds import PollEqualRanks, PollMethod, PollSecrecy, PollTieBreak

UNSET = strawberry.UNSET


@strawberry.input(description="An option of a poll.")
class PollOptionInput:
    label: str = value("What it is called.")
    description: str | None = value("More about it. Markdown.", UNSET)
    cost: int | None = value("What it costs: in a budget.", UNSET)
    about: strawberry.ID | None = id_of("What it is about: any object that you see.", optional=True)


@strawberry.input(description="A condition on those who may vote.")
class PollCriterionInput:
    criterion: str = value("The name of a criterion.")
    parameters: JSON | None = value("What it asks for: a JSON object.", UNSET)


@strawberry.input(description="A new poll. What is not said has the value that stands here.")
class CreatePollInput:
    space: strawberry.ID = id_of("Where it is asked.", Space)
    question: str = value("What is asked.")
    options: list[PollOptionInput] = value("What one may vote for: 2 to 100.")
    method: PollMethod = value("How it is counted.")
    closes_at: datetime = value("When it closes.")
    opens_at: datetime | None = value("When it opens by itself; by openPoll alone, if not said.", UNSET)
    information: str | None = value("What one should know to answer. Markdown.", UNSET)
    secrecy: PollSecrecy | None = value("What is promised about ballots: CONFIDENTIAL.", UNSET)
    seats: int | None = value("How many win: 1.", UNSET)
    equal_ranks: PollEqualRanks | None = value("How equal ranks count: SPLIT.", UNSET)
    tie_break: PollTieBreak | None = value("What breaks ties: ORDER.", UNSET)
    lot_source: str | None = value("Where a lot breaks ties: from where its text will come, after closing.", UNSET)
    worst: int | None = value("The worst grade: 0.", UNSET)
    best: int | None = value("The best grade: 5.", UNSET)
    credits: int | None = value("What a person may spend, in a quadratic poll.", UNSET)
    budget: int | None = value("What there is to spend, in a budget.", UNSET)
    quorum: int | None = value("How many ballots make it valid: 0.", UNSET)
    replaceable: bool | None = value("Whether a ballot may be replaced until closing: true.", UNSET)
    proxies: int | None = value("For how many others one may vote: 0.", UNSET)
    criteria: list[PollCriterionInput] | None = value("What must be true of those who vote: 10 at most.", UNSET)


@strawberry.input(description="What changes in a draft; what is not given stays.")
class UpdatePollInput:
    poll: strawberry.ID = id_of("The poll.", Poll)
    question: str | None = value("What is asked.", UNSET)
    options: list[PollOptionInput] | None = value("All its options: they replace those it has.", UNSET)
    method: PollMethod | None = value("How it is counted.", UNSET)
    closes_at: datetime | None = value("When it closes.", UNSET)
    opens_at: datetime | None = value("When it opens by itself; null: by openPoll alone.", UNSET)
    information: str | None = value("What one should know to answer. Markdown.", UNSET)
    secrecy: PollSecrecy | None = value("What is promised about ballots.", UNSET)
    seats: int | None = value("How many win.", UNSET)
    equal_ranks: PollEqualRanks | None = value("How equal ranks count.", UNSET)
    tie_break: PollTieBreak | None = value("What breaks ties.", UNSET)
    lot_source: str | None = value("Where a lot breaks ties: from where its text will come, after closing.", UNSET)
    worst: int | None = value("The worst grade.", UNSET)
    best: int | None = value("The best grade.", UNSET)
    credits: int | None = value("What a person may spend, in a quadratic poll.", UNSET)
    budget: int | None = value("What there is to spend, in a budget.", UNSET)
    quorum: int | None = value("How many ballots make it valid.", UNSET)
    replaceable: bool | None = value("Whether a ballot may be replaced until closing.", UNSET)
    proxies: int | None = value("For how many others one may vote.", UNSET)
    criteria: list[PollCriterionInput] | None = value("What must be true of those who vote.", UNSET)


@strawberry.input(description="Who may vote.")
class ImportPollRollInput:
    poll: strawberry.ID = id_of("The poll.", Poll)
    entries: list[str] = value("E-mail addresses, or ids of participants: 100 at a time.")


@strawberry.input(description="Which poll.")
class PollInput:
    poll: strawberry.ID = id_of("The poll.", Poll)


@strawberry.input(description="Which poll, and why.")
class PollReasonInput:
    poll: strawberry.ID = id_of("The poll.", Poll)
    reason: str = value("Why: everyone reads it.")


@strawberry.input(description="Which poll to count.")
class CountPollInput:
    poll: strawberry.ID = id_of("The poll.", Poll)
    lot: str | None = value("The text of the lot, where a lot breaks ties.", UNSET)


@strawberry.input(description="The result that came back from Belenios.")
class ImportPollResultInput:
    poll: strawberry.ID = id_of("The poll.", Poll)
    votes: list[int] = value("How many votes each option had, in their order.")
    blank: int | None = value("How many ballots were blank: 0 if not said.", UNSET)


@strawberry.input(description="The grade of one option, or its votes in a quadratic poll.")
class PollGradeInput:
    option: strawberry.ID = id_of("The option.", PollOption)
    grade: int = value("Its grade, its points, or its votes.")


@strawberry.input(description="A ballot: one of choices, ranking and grades, as the method asks; or blank.")
class CastBallotInput:
    poll: strawberry.ID = id_of("The poll.", Poll)
    choices: list[strawberry.ID] | None = id_of("The options that are chosen.", PollOption, optional=True)
    ranking: list[list[strawberry.ID]] | None = id_of(
        "The options in groups of equals, the preferred first.", PollOption, optional=True
    )
    grades: list[PollGradeInput] | None = value("The options with their grades.", UNSET)
    blank: bool | None = value("Whether it is blank.", UNSET)
    on_behalf_of: strawberry.ID | None = id_of("Whoever entrusted you with their voice.", Participant, optional=True)


@strawberry.input(description="A paper ballot that bears its voter's name.")
class EnterPaperBallotInput:
    poll: strawberry.ID = id_of("The poll.", Poll)
    voter: str = value("Who: as on the roll; the id of a participant, where there is no roll.")
    choices: list[strawberry.ID] | None = id_of("The options that are chosen.", PollOption, optional=True)
    ranking: list[list[strawberry.ID]] | None = id_of(
        "The options in groups of equals, the preferred first.", PollOption, optional=True
    )
    grades: list[PollGradeInput] | None = value("The options with their grades.", UNSET)
    blank: bool | None = value("Whether it is blank.", UNSET)


@strawberry.input(description="A paper ballot that was entered wrongly.")
class DiscardPaperBallotInput:
    poll: strawberry.ID = id_of("The poll.", Poll)
    voter: str = value("Who, as it was entered.")


@strawberry.input(description="Whom to entrust.")
class GiveProxyInput:
    poll: strawberry.ID = id_of("The poll.", Poll)
    holder: strawberry.ID = id_of("Who votes for you.", Participant)


@strawberry.type
class OnMutation:
    create_poll: Poll = mutation("Prepare a poll.", rules.create, CreatePollInput, action="votes.prepare_poll")
    update_poll: Poll = mutation("Change a draft.", rules.update, UpdatePollInput, action="votes.change_poll")
    import_poll_roll: Poll = mutation(
        "Put people on the roll of a draft: only they vote then.", rules.import_roll, ImportPollRollInput,
        action="votes.import_roll",
    )  # fmt: skip
    open_poll: Poll = mutation(
        "Open it: its rules are frozen from then on.", rules.open_poll, PollInput, action="votes.open_poll"
    )
    close_poll: Poll = mutation(
        "Close it before its time.", closing.close_poll, PollReasonInput, action="votes.close_poll"
    )
    cancel_poll: Poll = mutation("Call it off.", rules.cancel, PollReasonInput, action="votes.cancel_poll")
    count_poll: Poll = mutation("Count it.", closing.count_poll, CountPollInput, action="votes.count_poll")
    import_poll_result: Poll = mutation(
        "Bring back the result of a poll held with Belenios.", closing.import_result, ImportPollResultInput,
        action="votes.count_poll",
    )  # fmt: skip
    publish_poll: Poll = mutation(
        "Publish its result, ballots and receipts.", closing.publish, PollInput, action="votes.publish_poll"
    )
    cast_ballot: Poll = mutation(
        "Cast one's ballot, or another one in its place.", casting.cast, CastBallotInput, action="votes.cast"
    )
    give_proxy: Poll = mutation(
        "Entrust someone with one's voice.", casting.give_proxy, GiveProxyInput, action="votes.give_proxy"
    )
    withdraw_proxy: Poll = mutation(
        "Take one's voice back.", casting.withdraw_proxy, PollInput, action="votes.give_proxy"
    )
    enter_paper_ballot: Poll = mutation(
        "Enter a paper ballot, or confirm what another person has entered.", casting.enter_paper, EnterPaperBallotInput,
        action="votes.enter_paper",
    )  # fmt: skip
    discard_paper_ballot: Poll = mutation(
        "Take back a paper ballot that waits to be confirmed.", casting.discard_paper, DiscardPaperBallotInput,
        action="votes.enter_paper",
    )  # fmt: skip
