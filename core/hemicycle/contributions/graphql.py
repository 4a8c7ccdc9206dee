"""Contributions in the API, and what they add to spaces and participants."""

from datetime import datetime
from enum import Enum
from typing import Optional

import strawberry
from sqlalchemy import ColumnElement, select

from hemicycle.contributions import rules
from hemicycle.contributions.follows import OnParticipantFollows
from hemicycle.contributions.kinds import Alignment, Channel, ContributionKindName, ContributionState
from hemicycle.contributions.models import CategoryRow, ContributionRow, ReportRow, VersionRow
from hemicycle.kernel.db.dialect import VIEWER, table_of
from hemicycle.kernel.graphql.declare import (
    ascending,
    column,
    computed,
    connection,
    descending,
    live,
    mapped,
    one,
    to_one,
    where,
)  # fmt: skip
from hemicycle.kernel.graphql.limits import LIMITS
from hemicycle.kernel.graphql.sources import Row
from hemicycle.kernel.graphql.types import Connection, Node
from hemicycle.kernel.text import excerpt, html, plain
from hemicycle.participants.graphql import Participant
from hemicycle.participants.models import ParticipantRow
from hemicycle.spaces.graphql import Space
from hemicycle.spaces.tree import under


@strawberry.type(description="Words, in three forms.")
class Body:
    markdown: str = strawberry.field(description="As they were written, in Markdown.")

    @strawberry.field(description="As HTML that is safe to insert in a page.")
    def html(self) -> str:
        return html(self.markdown)

    @strawberry.field(description="As plain text.")
    def text(self) -> str:
        return plain(self.markdown)


@strawberry.type(description="Where an imported object came from.")
class Origin:
    system: str = strawberry.field(description="The system that it came from.")
    external_id: str = strawberry.field(description="Its id there.")


def body(text: str) -> Body:
    """These words, as a Body."""
    return Body(markdown=text)


def origin(system: str, external_id: str) -> Origin:
    """This origin."""
    return Origin(system=system, external_id=external_id)


@strawberry.enum(description="Orders of contributions.")
class ContributionOrder(Enum):
    NEWEST = descending("Newest first.", lambda row: row.listed_at)
    OLDEST = ascending("Oldest first.", lambda row: row.listed_at)
    MOST_ANSWERED = descending("Most answered first.", rules.replies)


def _in_categories(row: Row, names: object) -> object:
    it = table_of(CategoryRow).alias().c
    mine = select(1).where(it.contribution_id == row.id, it.category.in_(names))  # type: ignore[arg-type]
    return mine.correlate(row.id.table).exists()


@strawberry.input(description="Which contributions.")
class ContributionFilter:
    kinds: list[ContributionKindName] | None = where("Of these kinds.", lambda row, kinds: row.kind.in_(kinds))
    states: list[ContributionState] | None = where("In these states.", lambda row, states: row.state.in_(states))
    channels: list[Channel] | None = where("That came in so.", lambda row, channels: row.channel.in_(channels))
    alignments: list[Alignment] | None = where("For, against or neutral.", lambda row, these: row.alignment.in_(these))
    categories: list[str] | None = where("In one of these categories.", _in_categories)  # type: ignore[arg-type]
    published_since: datetime | None = where("Published then or later.", lambda row, then: row.published_at >= then)
    replies: bool | None = where(
        "Only answers, or none.", lambda row, yes: row.parent_id.is_not(None) if yes else row.parent_id.is_(None)
    )


@strawberry.enum(description="Orders of versions.")
class VersionOrder(Enum):
    LATEST = descending("Latest first.", lambda row: row.number)


@strawberry.enum(description="Orders of reports.")
class ReportOrder(Enum):
    ANY = ascending("In no order that tells when.")


@mapped(VersionRow, "The words of one version of a contribution.", visible_through=("contribution_id", ContributionRow))
class ContributionVersion(Node):
    number: int = column("1 for the first one.")
    title: str | None = column("What it is about; null where the words were taken back.")
    body: Body | None = computed("The words; null where they were taken back.", body, needs=["text"])
    at: datetime = column("When it was written.")


@mapped(
    ReportRow, "That someone reported a contribution: known to moderators, and to whoever reported.",
    visible=lambda row: (row.participant_id == VIEWER) | rules.judged(row),
)  # fmt: skip
class Report(Node):
    reason: str = column("Why.")
    contribution: Optional["Contribution"] = to_one("What was reported.", by="contribution_id")


@mapped(ContributionRow, "What someone said in a space.", visible=rules.visible, scope="space_id", own=rules.owned)
class Contribution(Node):
    kind: ContributionKindName = column("What sort of words these are.")
    title: str | None = column("What it is about.", rules.current("title"))
    body: Body | None = computed("The words; null where they were taken back.", body, needs=[rules.current("text")])
    excerpt: str | None = computed(
        "The first words, on one line.", excerpt, needs=[rules.current("text")],
        arguments={"length": "How many characters at most: 1 to 1000."},
    )  # fmt: skip
    alignment: Alignment | None = column("Where it stands on what it answers.")
    categories: list[str] = column("Its categories: 20 at most.")
    language: str = column("The language of the words, as `fr`.")
    origin: Origin | None = computed(
        "Where it came from, if it was imported.", origin, needs=[rules.origin("system"), rules.origin("external_id")]
    )
    channel: Channel = column("How it came in.")
    state: ContributionState = column("Where it stands.")
    published_at: datetime | None = column("When it was published.")
    version: int = column("The number of the version that stands.")
    author: Participant | None = to_one("Whose words these are; null where they were erased.", by="author_id")
    recorded_by: Participant | None = to_one("Who wrote them down, if someone else.", by="recorded_by_id")
    space: Space | None = to_one("Where it was said.", by="space_id")
    parent: Optional["Contribution"] = to_one("What it answers.", by="parent_id")
    replies: Connection["Contribution"] = connection(
        "What answers it.", by="parent_id", order=ContributionOrder.OLDEST, filter=ContributionFilter
    )
    versions: Connection[ContributionVersion] = connection(
        "All its versions.", by="contribution_id", order=VersionOrder.LATEST
    )
    reports: Connection[Report] = connection(
        "Who reported it, and why: for moderators.", by="contribution_id", order=ReportOrder.ANY,
        requires="contribution.read_reports",
    )  # fmt: skip


@strawberry.type
class OnContribution:
    reply_count: int = column("How many published answers it has.", rules.replies)


@strawberry.type
class OnSpace:
    contributions: Connection[Contribution] = connection(
        "What is said here; answers left aside.", by="space_id", where=lambda row: row.parent_id.is_(None),
        subtree=lambda row, space: under(row.space_id, space),
        order=ContributionOrder.NEWEST, filter=ContributionFilter,
    )  # fmt: skip
    participant_count: int = column(
        "How many persons published something here or below. (Structures are counted apart.)",
        rules.people("PERSON"),
        reads=LIMITS.reads_of_all,
    )
    structure_count: int = column(
        "How many structures published something here or below.",
        rules.people("STRUCTURE"),
        reads=LIMITS.reads_of_all,
    )


def _own_or_structure(row: Row) -> ColumnElement[bool]:
    it = table_of(ParticipantRow).alias().c
    structure = select(1).where(it.id == row.author_id, it.kind == "STRUCTURE").correlate(row.id.table).exists()
    return rules.owned(row) | structure


@strawberry.type
class OnParticipant(OnParticipantFollows):
    contributions: Connection[Contribution] = connection(
        "What they said in one space: there is no profile of one person's opinions.", by="author_id",
        given={"space": where("The space. Needed but for oneself and for structures: else the list is empty.",
                              lambda row, space: row.space_id == space, strawberry.ID | None, _own_or_structure)},
        order=ContributionOrder.NEWEST, filter=ContributionFilter,
    )  # fmt: skip


@strawberry.type
class OnQuery:
    contributions: Connection[Contribution] = connection(
        "Everything said.", order=ContributionOrder.NEWEST, filter=ContributionFilter
    )
    contribution: Contribution | None = one("The contribution of that id.")


@strawberry.type
class OnSubscription:
    contribution_published: Contribution = live(
        "Each contribution, as it is published in a space or below.", "contribution.published", "contribution.restored"
    )
