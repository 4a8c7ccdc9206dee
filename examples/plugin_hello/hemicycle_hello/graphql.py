"""What the API has of greetings, and what they add to contributions."""

from enum import Enum

import strawberry

from hemicycle.api import (
    Connection,
    Contribution,
    ContributionRow,
    Node,
    Participant,
    ascending,
    column,
    connection,
    count,
    has_any,
    id_of,
    live,
    mapped,
    mutation,
    to_one,
    value,
    where,
)
from hemicycle_hello import rules
from hemicycle_hello.models import GreetingRow


@strawberry.enum(description="Orders of greetings.")
class GreetingOrder(Enum):
    ANY = ascending("In no order that tells when.")


@mapped(
    GreetingRow,
    "A greeting to the author of a contribution.",
    visible_through=("contribution_id", ContributionRow),
    own="author_id",
)
class Greeting(Node):
    words: str = column("What it says.")
    author: Participant | None = to_one("Who greets.", by="author_id")
    contribution: Contribution | None = to_one("What it is about.", by="contribution_id")


@strawberry.type
class OnContribution:
    greeting_count: int | None = count(
        "How many greeted its author.",
        Greeting,
        by="contribution_id",
    )
    greetings: Connection[Greeting] = connection(
        "The greetings that its author got.",
        by="contribution_id",
        order=GreetingOrder.ANY,
    )


@strawberry.input
class OnContributionFilter:
    greeted: bool | None = where(
        "Only with greetings, or only without.",
        has_any(GreetingRow, by="contribution_id"),
    )


@strawberry.input(description="What to leave, and on what.")
class GreetInput:
    contribution: strawberry.ID = id_of("What it is about.", Contribution)
    words: str | None = value("What it says, on one line; the words of the instance if not said.", strawberry.UNSET)


@strawberry.type
class OnMutation:
    greet: Greeting = mutation(
        "Greet the author of a contribution, once.",
        rules.greet,
        GreetInput,
        action="hello.greet",
    )


@strawberry.type
class OnSubscription:
    greeted: Greeting = live(
        "What is left in a space and below, as it is left.",
        "hello.greeted",
    )
