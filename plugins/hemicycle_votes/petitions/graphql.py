"""Petitions in the API, and what they add to spaces and participants."""

from datetime import date, datetime
from enum import Enum
from typing import Any

import strawberry
from strawberry.scalars import JSON

from hemicycle.api import (
    Application,
    Connection,
    Locale,
    Node,
    Participant,
    Space,
    ascending,
    column,
    computed,
    connection,
    descending,
    live,
    mapped,
    one,
    to_one,
    under,
    where,
)
from hemicycle_votes.petitions import days, rules
from hemicycle_votes.petitions.models import PetitionRow, SignatureRow


@strawberry.enum(description="Where a petition stands.")
class PetitionState(Enum):
    DRAFT = strawberry.enum_value("DRAFT", description="Being written.")
    OPEN = strawberry.enum_value("OPEN", description="People sign it.")
    REACHED = strawberry.enum_value("REACHED", description="Enough people signed: it waits for its answer.")
    LAPSED = strawberry.enum_value("LAPSED", description="Its day came, and not enough people had signed.")
    ANSWERED = strawberry.enum_value("ANSWERED", description="The collectivité has answered.")
    WITHDRAWN = strawberry.enum_value("WITHDRAWN", description="Its author took it back.")


@strawberry.enum(description="What it is in law.")
class PetitionKind(Enum):
    PETITION = strawberry.enum_value("PETITION", description="Only people on the electoral register sign.")
    INTERPELLATION = strawberry.enum_value("INTERPELLATION", description="No electoral register is attached.")


@strawberry.enum(description="Orders of petitions.")
class PetitionOrder(Enum):
    NEWEST = descending("Newest first.", lambda row: row.created_at)
    MOST_SIGNED = descending("The most signed first.", lambda row: row.signatures)


@strawberry.input(description="Which petitions.")
class PetitionFilter:
    states: list[PetitionState] | None = where("In these states.", lambda row, states: row.state.in_(states))
    kinds: list[PetitionKind] | None = where("Of these kinds.", lambda row, kinds: row.kind.in_(kinds))


@strawberry.enum(description="Orders of signatures.")
class PetitionSignatureOrder(Enum):
    ANY = ascending("In no order that tells when.")


@strawberry.type(description="A part of the people whose number matters: those of a territory, say.")
class PetitionGroup:
    name: str = strawberry.field(description="What it is called.")
    criterion: str = strawberry.field(description="The criterion that is true of its people.")
    parameters: JSON = strawberry.field(description="What the criterion asks for.")
    needed: int = strawberry.field(description="How many signatures it takes.")
    signatures: int | None = strawberry.field(description="How many there are; null while they are fewer than five.")


@strawberry.type(description="How many signed from one day to another.")
class PetitionDays:
    first: date = strawberry.field(description="The first day.")
    last: date = strawberry.field(description="The last day.")
    signatures: int = strawberry.field(description="How many signed: five or more.")


def groups(known: list[dict[str, Any]]) -> list[PetitionGroup]:
    """The groups, without the numbers that could tell who is in them."""
    told = [{**one, "signatures": one["signatures"] if one["signatures"] >= days.FEWEST else None} for one in known]
    return [PetitionGroup(**one) for one in told]


def per_day(known: dict[str, int]) -> list[PetitionDays]:
    """The days, put together where few signed."""
    return [PetitionDays(first=first, last=last, signatures=count) for first, last, count in days.merged(known)]


def rules_text(known: dict[str, str], app: Application, locale: Locale | None = None) -> str | None:
    """The rules in this locale; none before it opens."""
    return known.get(str(locale.value) if locale else app.settings.locale)


@mapped(
    PetitionRow, "A question to the collectivité that people sign: an interpellation, or, where the electoral register "
    "is attached, a petition.", visible=rules.visible, scope="space_id", own="author_id",
)  # fmt: skip
class Petition(Node):
    space: Space | None = to_one("Where it was asked.", by="space_id")
    author: Participant | None = to_one("Who asks.", by="author_id")
    state: PetitionState = column("Where it stands.")
    kind: PetitionKind = column("What it is in law.")
    title: str | None = column("What it is about; null where its author took their words back.")
    text: str | None = column("What it asks. Markdown.")
    criterion: str | None = column("The criterion that is true of those who may sign; null: everyone who takes part.")
    parameters: JSON = column("What the criterion asks for.")
    signature_count: int = column("How many signed.", "signatures")
    viewer_has_signed: bool = column("Whether you signed it.", rules.viewer_signed)
    needed: int | None = column("How many signatures it takes.")
    groups_needed: int = column("How many of the groups must have theirs too.")
    groups: list[PetitionGroup] = computed("Parts of the people: a hundred at most.", groups, needs=["groups"])
    signatures_per_day: list[PetitionDays] = computed(
        "How many signed on which days, a hundred lines at most: days in a row are put together until five signed.",
        per_day, needs=["days"],
    )  # fmt: skip
    rules: str | None = computed(
        "Who signs, how often, what is needed, and why nobody signs twice: frozen when it opened.", rules_text,
        needs=["rules"], arguments={"locale": "In which language."},
    )  # fmt: skip
    rules_hash: str | None = column("SHA-256 of its rules in all languages, as JSON with its keys in order.")
    opened_at: datetime | None = column("When it opened.")
    closes_at: datetime | None = column("Until when one signs.")
    reached_on: date | None = computed("On which day it had enough.", lambda at: at.date(), needs=["reached_at"])
    answer: str | None = column("What the collectivité says. Markdown.")
    answered_at: datetime | None = column("When it answered.")


@mapped(
    SignatureRow, "That you signed a petition. Nobody sees another's signatures.", visible=rules.signed_by,
    scope="space_id", own="participant_id",
)  # fmt: skip
class PetitionSignature(Node):
    petition: Petition | None = to_one("What you signed.", by="petition_id")
    day: date = computed("On which day.", lambda at: at.date(), needs=["at"])


@strawberry.type
class OnSpace:
    petitions: Connection[Petition] = connection(
        "The petitions here.", by="space_id", subtree=lambda row, space: under(row.space_id, space),
        order=PetitionOrder.NEWEST, filter=PetitionFilter,
    )  # fmt: skip


@strawberry.type
class OnParticipant:
    signatures: Connection[PetitionSignature] = connection(
        "What they signed: only for themselves.", by="participant_id", order=PetitionSignatureOrder.ANY
    )


@strawberry.type
class OnQuery:
    petitions: Connection[Petition] = connection("Every petition.", order=PetitionOrder.NEWEST, filter=PetitionFilter)
    petition: Petition | None = one("The petition of that id.")


@strawberry.type
class OnSubscription:
    petition_changed: Petition = live(
        "Each petition in a space or below, as it is signed and as it takes a step.",
        "votes.petition_opened", "votes.petition_signed", "votes.petition_unsigned", "votes.petition_reached",
        "votes.petition_lapsed", "votes.petition_answered", "votes.petition_withdrawn",
    )  # fmt: skip
