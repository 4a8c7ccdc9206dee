"""Polls in the API, and what they add to spaces, contributions and participants."""

from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any, Optional

import strawberry
from sqlalchemy import ColumnElement, select
from strawberry.scalars import JSON

from hemicycle.api import (
    VIEWER,
    Application,
    Connection,
    Contribution,
    Info,
    Locale,
    Node,
    Participant,
    Ref,
    Row,
    Space,
    ascending,
    column,
    computed,
    connection,
    decode_id,
    descending,
    live,
    mapped,
    one,
    table_of,
    table_under,
    to_any,
    to_one,
    under,
    where,
)
from hemicycle_votes.polls import eligibility, rules
from hemicycle_votes.polls.kinds import PollChannel, PollEqualRanks, PollMethod, PollSecrecy, PollState, PollTieBreak
from hemicycle_votes.polls.models import (
    BallotRow,
    OptionRow,
    PollRow,
    ProxyRow,
    ResultRow,
    TrackerRow,
    VoterRow,
)


@strawberry.enum(description="Orders of polls.")
class PollOrder(Enum):
    NEWEST = descending("Newest first.", lambda row: row.created_at)
    CLOSING = ascending("The one that closes first, first.", lambda row: row.closes_at)


@strawberry.input(description="Which polls.")
class PollFilter:
    states: list[PollState] | None = where("In these states.", lambda row, states: row.state.in_(states))


@strawberry.enum(description="Orders of options.")
class PollOptionOrder(Enum):
    STATED = ascending("As the poll states them.", lambda row: row.place)


@strawberry.enum(description="Orders of ballots.")
class PollBallotOrder(Enum):
    ANY = ascending("In no order that tells when.")


@strawberry.enum(description="Orders of receipts.")
class PollTrackerOrder(Enum):
    ANY = ascending("In no order that tells when.")


@strawberry.enum(description="Orders of one's own turnout.")
class PollTurnoutOrder(Enum):
    ANY = ascending("In no order that tells when.")


@strawberry.enum(description="Orders of proxies.")
class PollProxyOrder(Enum):
    ANY = ascending("In no order that tells when.")


@strawberry.type(description="The rules of a poll, frozen when it opened.")
class PollRules:
    text: str = strawberry.field(description="All that is promised, in words.")
    hash: str = strawberry.field(description="SHA-256 of the text in all languages, as canonical JSON, in hex.")


@strawberry.type(description="A condition on those who may vote.")
class PollCriterion:
    criterion: str = strawberry.field(description="Its name.")
    parameters: JSON = strawberry.field(description="What it asks for.")


def frozen(known: dict[str, str], digest: str, app: Application, locale: Locale | None = None) -> PollRules:
    """The rules in this locale."""
    return PollRules(text=known[str(locale.value) if locale else app.settings.locale], hash=digest)


def conditions(known: list[dict[str, Any]]) -> list[PollCriterion]:
    """These criteria."""
    return [PollCriterion(**one) for one in known]


INVALID = {
    "en": "Fewer people voted than the quorum asks for: this result does not stand.",
    "fr": "Le quorum n’est pas atteint : ce résultat ne vaut pas.",
}


def of_data(name: str) -> Any:
    """A part of what the count said."""
    return lambda data: data.get(name)


def because(data: dict[str, Any], reached: bool, app: Application, locale: Locale | None = None) -> str:
    """Why the winner won, in this locale; first that it is not valid, where too few voted."""
    spoken = str(locale.value) if locale else app.settings.locale
    told = str(data["explanation"][spoken])
    return told if reached else f"{INVALID[spoken]} {told}"


@mapped(ResultRow, "What a count said.", visible=rules.told, scope="space_id")
class PollResult(Node):
    poll: Optional["Poll"] = to_one("Of which poll.", by="id")
    ballots: int = column("How many ballots were counted, blank ones too.")
    withheld: bool = column("Whether so few voted that more would tell who voted what: all else is null then.")
    quorum_reached: bool = column("Whether so many voted as the poll asked for.")
    winners: list[str] | None = computed("The labels of the winners, in order.", of_data("winners"), needs=["data"])
    rounds: JSON | None = computed(
        "What happened, step by step, with exact numbers.", of_data("rounds"), needs=["data"]
    )
    ties: JSON | None = computed("Every tie, and how it was broken.", of_data("ties"), needs=["data"])
    sentence: str | None = computed(
        "Why the winner won, in plain words, and whether it stands.", because, needs=["data", "quorum_reached"],
        arguments={"locale": "In which language."},
    )  # fmt: skip
    data: JSON | None = column("All of it, as `hemicycle votes tally --json` prints it: what pictures need.")
    svg: str | None = column("A picture of it.")
    counted_at: datetime = column("When it was counted.")


@mapped(OptionRow, "What one may vote for.", visible_through=("poll_id", PollRow))
class PollOption(Node):
    poll: Optional["Poll"] = to_one("Of which poll.", by="poll_id")
    place: int = column("Its place, from 0 on: published ballots name it so.")
    label: str = column("What it is called.")
    description: str = column("More about it. Markdown.")
    cost: int | None = column("What it costs, in a budget.")
    ref: Node | None = to_any("What it is about.", type="type", by="object_id")


@mapped(BallotRow, "A ballot of a published poll.", visible=rules.published, scope="space_id")
class PollBallot(Node):
    poll: Optional["Poll"] = to_one("Of which poll.", by="poll_id")
    choice: JSON = column(
        "A ranking: groups of places of options; grades: one for each option, or null; or the places that were chosen."
    )
    participant: Participant | None = to_one("Whose it is: in an OPEN poll only.", by="participant_id")


@mapped(TrackerRow, "The receipt of a ballot that was counted.", visible=rules.published, scope="space_id")
class PollTracker(Node):
    poll: Optional["Poll"] = to_one("Of which poll.", by="poll_id")
    tracker: str = column("The receipt that its voter was given.")


@mapped(
    VoterRow, "That you voted in a poll: never what. Nobody sees another's.",
    visible=lambda row: row.participant_id == VIEWER, scope="space_id", own="participant_id",
)  # fmt: skip
class PollTurnout(Node):
    poll: Optional["Poll"] = to_one("In which poll.", by="poll_id")
    day: date = computed("On which day.", lambda at: at.date(), needs=["at"])
    channel: PollChannel = column("How your ballot came.")
    receipt: str = column("Your receipt: once the poll is published, it is among its trackers.", "tracker")


@mapped(
    ProxyRow, "That someone entrusts their voice to someone else: known to both.",
    visible=lambda row: (row.giver_id == VIEWER) | (row.holder_id == VIEWER), scope="space_id", own="giver_id",
)  # fmt: skip
class PollProxy(Node):
    poll: Optional["Poll"] = to_one("In which poll.", by="poll_id")
    giver: Participant | None = to_one("Whose voice it is.", by="giver_id")
    holder: Participant | None = to_one("Who votes for them.", by="holder_id")


@mapped(PollRow, "A question that is put to people.", visible=rules.visible, scope="space_id")
class Poll(Node):
    space: Space | None = to_one("Where it is asked.", by="space_id")
    question: str = column("What is asked.")
    information: str = column("What one should know to answer. Markdown.")
    state: PollState = column("Where it stands.")
    options: Connection[PollOption] = connection(
        "What one may vote for: 2 to 100.", by="poll_id", order=PollOptionOrder.STATED
    )
    method: PollMethod = column("How it is counted.")
    secrecy: PollSecrecy = column("What is promised about who can know a ballot.")
    seats: int = column("How many win.")
    equal_ranks: PollEqualRanks = column("How equal ranks count.")
    tie_break: PollTieBreak = column("What breaks ties.")
    lot_source: str | None = column("From where the text of the lot comes, where one breaks ties: said beforehand.")
    worst: int = column("The worst grade.")
    best: int = column("The best grade.")
    credits: int | None = column("What a person may spend, in a quadratic poll.")
    budget: int | None = column("What there is to spend, in a budget.")
    quorum: int = column("How many ballots make it valid.")
    replaceable: bool = column("Whether a ballot may be replaced until closing.")
    proxies: int = column("For how many others one may vote.")
    eligibility: list[PollCriterion] = computed(
        "What must be true of those who vote: 10 conditions at most.", conditions, needs=["criteria"]
    )
    by_roll: bool = column("Whether only those vote who are on its roll.")
    opens_at: datetime | None = column("When it opened, or will open by itself.")
    closes_at: datetime = column("When it closes.")
    cancelled_because: str | None = column("Why it was called off.")
    turnout: int = column("How many have voted: live, and all that is known before it closes.", rules.turnout)
    viewer_has_voted: bool = column("Whether you have voted.", rules.has_voted)
    receipt: str | None = column("Your receipt, once you have voted: never beside a ballot.", rules.mine("tracker"))
    result: PollResult | None = to_one(
        "The result: once it is published; once it is counted, for those who prepared it.", by="id"
    )
    ballots: Connection[PollBallot] = connection(
        "The box, once it is published, in no order.", by="poll_id", order=PollBallotOrder.ANY
    )
    trackers: Connection[PollTracker] = connection(
        "The receipts of all that was counted, once it is published, in no order.", by="poll_id",
        order=PollTrackerOrder.ANY,
    )  # fmt: skip
    viewer_proxies: Connection[PollProxy] = connection(
        "The voices entrusted to you, and yours.", by="poll_id", order=PollProxyOrder.ANY
    )
    rules: PollRules | None = computed(
        "Its rules, frozen and hashed; null before it opens.", frozen, needs=["rules", "rules_hash"],
        arguments={"locale": "In which language."},
    )  # fmt: skip


PollId = Annotated[strawberry.ID, strawberry.argument(description="The id of the poll.")]


@strawberry.type(description="Whether you may vote in a poll.")
class PollEligibility:
    eligible: bool = strawberry.field(description="Whether you may.")
    reason: str | None = strawberry.field(description="Why not, and what to do.")


def _offers(row: Row, contribution: ColumnElement[Any]) -> ColumnElement[bool]:
    """A poll of which a contribution is an option."""
    it = table_of(OptionRow).alias().c
    named = select(it.poll_id).where(it.type == Contribution.__name__, it.object_id == contribution)
    offers: ColumnElement[bool] = row.id.in_(named.correlate(table_under(contribution)))
    return offers


@strawberry.type
class OnSpace:
    polls: Connection[Poll] = connection(
        "The polls here.", by="space_id", subtree=lambda row, space: under(row.space_id, space),
        order=PollOrder.NEWEST, filter=PollFilter,
    )  # fmt: skip


@strawberry.type
class OnContribution:
    polls: Connection[Poll] = connection(
        "The polls in which it can be voted for.", by=_offers, order=PollOrder.NEWEST, filter=PollFilter
    )


@strawberry.type
class OnParticipant:
    poll_turnout: Connection[PollTurnout] = connection(
        "In which polls they voted, never what: only for themselves.", by="participant_id", order=PollTurnoutOrder.ANY
    )


@strawberry.type
class OnQuery:
    polls: Connection[Poll] = connection("Every poll.", order=PollOrder.NEWEST, filter=PollFilter)
    poll: Poll | None = one("The poll of that id.")

    @strawberry.field(description="Whether you may vote in a poll; null if there is none to be seen.")
    async def poll_eligibility(self, info: Info, poll: PollId) -> PollEligibility | None:
        ref = decode_id(poll)
        actor, app = info.context.actor, info.context.app
        async with app.write() as session:
            if ref is None or ref.type != "Poll" or not await session.sees(actor, Ref("Poll", ref.key)):
                return None
            row = await session.get_one(PollRow, ref.key)
            reason = await eligibility.check(session, actor, row)
            await session.rollback()
        return PollEligibility(eligible=reason is None, reason=reason)


@strawberry.type
class OnSubscription:
    poll_turnout: Poll = live("Each poll in a space or below, as someone votes in it.", "votes.ballot_cast")
    poll_changed: Poll = live(
        "Each poll in a space or below, as it takes a step.", "votes.poll_opened", "votes.poll_closed",
        "votes.poll_closed_early", "votes.poll_counted", "votes.poll_published", "votes.poll_cancelled",
    )  # fmt: skip


TYPES = (Poll, PollOption, PollResult, PollBallot, PollTracker, PollTurnout, PollProxy)
