"""The words of polls in the API: methods, secrecy, states."""

from enum import Enum

import strawberry

RANKED = ("PLURALITY", "IRV", "CONDORCET", "SCHULZE", "STV")
GRADED = ("APPROVAL", "SCORE", "QUADRATIC", "MAJORITY_JUDGMENT")
BUDGETS = ("GREEDY", "EQUAL_SHARES")


@strawberry.enum(description="How a poll is counted.")
class PollMethod(Enum):
    PLURALITY = strawberry.enum_value("PLURALITY", description="One option each; the most votes win.")
    APPROVAL = strawberry.enum_value("APPROVAL", description="Any number of options; the most approvals win.")
    SCORE = strawberry.enum_value("SCORE", description="Points for each option; the most points win.")
    QUADRATIC = strawberry.enum_value("QUADRATIC", description="Credits to spend: v votes for an option cost v².")
    IRV = strawberry.enum_value("IRV", description="Options are ranked; the last one leaves until one has a majority.")
    CONDORCET = strawberry.enum_value("CONDORCET", description="Options are ranked; who beats every other one wins.")
    SCHULZE = strawberry.enum_value("SCHULZE", description="Options are ranked; the strongest chains of duels win.")
    STV = strawberry.enum_value("STV", description="Options are ranked; several seats, in proportion.")
    MAJORITY_JUDGMENT = strawberry.enum_value("MAJORITY_JUDGMENT", description="A grade each; the best median wins.")
    GREEDY = strawberry.enum_value("GREEDY", description="A budget: the most approved projects that can be paid.")
    EQUAL_SHARES = strawberry.enum_value("EQUAL_SHARES", description="A budget of which each voter has an equal share.")


@strawberry.enum(description="What is promised about who can know a ballot.")
class PollSecrecy(Enum):
    OPEN = strawberry.enum_value("OPEN", description="Names and ballots are published together, after closing.")
    CONFIDENTIAL = strawberry.enum_value(
        "CONFIDENTIAL", description="Ballots are sealed until closing, then kept and published without who cast them."
    )
    SEALED = strawberry.enum_value("SEALED", description="Not offered yet: it is refused until it has been reviewed.")
    BELENIOS = strawberry.enum_value(
        "BELENIOS", description="Held with Belenios, for what binds: the roll goes there, the result comes back."
    )


@strawberry.enum(description="Where a poll stands.")
class PollState(Enum):
    DRAFT = strawberry.enum_value("DRAFT", description="Being prepared.")
    OPEN = strawberry.enum_value("OPEN", description="People vote; its rules are frozen.")
    CLOSED = strawberry.enum_value("CLOSED", description="The envelopes are opened, and the key is gone.")
    COUNTED = strawberry.enum_value("COUNTED", description="Counted; those who prepared it read the result.")
    PUBLISHED = strawberry.enum_value("PUBLISHED", description="The result and the ballots are public.")
    CANCELLED = strawberry.enum_value("CANCELLED", description="Called off, for a public reason; nothing is counted.")


@strawberry.enum(description="How a ballot counts that ranks several options equally.")
class PollEqualRanks(Enum):
    SPLIT = strawberry.enum_value("SPLIT", description="In equal parts.")
    WHOLE = strawberry.enum_value("WHOLE", description="Fully for each of them.")
    EXHAUST = strawberry.enum_value("EXHAUST", description="It ends before its first equal rank.")


@strawberry.enum(description="What breaks a tie.")
class PollTieBreak(Enum):
    ORDER = strawberry.enum_value("ORDER", description="The order of the options.")
    LOT = strawberry.enum_value("LOT", description="A lot, by a text that is known only once the poll has closed.")


@strawberry.enum(description="The way a ballot came.")
class PollChannel(Enum):
    ONLINE = strawberry.enum_value("ONLINE", description="The voter cast it.")
    PROXY = strawberry.enum_value("PROXY", description="Someone cast it whom they had entrusted with it.")
    PAPER = strawberry.enum_value("PAPER", description="It was on paper, and two people entered it.")
