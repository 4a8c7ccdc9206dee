"""Proposals in the API, with their sources, their versions, and what replaced them."""

from datetime import datetime
from enum import Enum
from typing import Annotated, Any, Optional

import strawberry

from hemicycle.api import (
    Channel,
    Connection,
    Contribution,
    Info,
    Node,
    Participant,
    Space,
    ascending,
    column,
    computed,
    connection,
    decode_id,
    descending,
    fetch,
    html,
    mapped,
    one,
    to_one,
    under,
    where,
)
from hemicycle_outcomes.proposals import differences, sight, similar
from hemicycle_outcomes.proposals.differences import Change
from hemicycle_outcomes.proposals.models import (
    CoAuthorRow,
    ProposalRow,
    ProposalVersionRow,
    SourceRow,
)


@strawberry.enum(description="Where a proposal stands.")
class ProposalState(Enum):
    SUBMITTED = strawberry.enum_value("SUBMITTED", description="Made; nobody has decided yet where it goes.")
    TRIAGED = strawberry.enum_value("TRIAGED", description="Its destination is decided.")
    RESPONDED = strawberry.enum_value("RESPONDED", description="It has an official answer.")
    IN_PROGRESS = strawberry.enum_value("IN_PROGRESS", description="Something is being done about it.")
    DONE = strawberry.enum_value("DONE", description="It is done.")
    NOT_RETAINED = strawberry.enum_value("NOT_RETAINED", description="It will not be done; the reason is public.")
    REPLACED = strawberry.enum_value("REPLACED", description="Merged with others, or split: others stand for it.")


@strawberry.enum(description="Who a proposal comes from.")
class ProposalOrigin(Enum):
    PARTICIPANTS = strawberry.enum_value("PARTICIPANTS", description="From contributions: its sources say which.")
    EXECUTIVE = strawberry.enum_value("EXECUTIVE", description="From the executive itself: it may have no source.")


@strawberry.enum(description="How the words of a contribution went into a proposal.")
class SourceRole(Enum):
    VERBATIM = strawberry.enum_value("VERBATIM", description="As they were said.")
    MERGED = strawberry.enum_value("MERGED", description="Put together with those of others.")
    SPLIT = strawberry.enum_value("SPLIT", description="Some of them: others went into other proposals.")


@strawberry.enum(description="Where a co-author stands.")
class CoAuthorState(Enum):
    INVITED = strawberry.enum_value("INVITED", description="Asked, and has not agreed yet.")
    ACCEPTED = strawberry.enum_value("ACCEPTED", description="Agreed to be named.")


@strawberry.enum(description="Orders of proposals.")
class ProposalOrder(Enum):
    NEWEST = descending("Newest first.", lambda row: row.submitted_at)
    OLDEST = ascending("Oldest first.", lambda row: row.submitted_at)


@strawberry.enum(description="Orders of the sources of a proposal.")
class SourceOrder(Enum):
    ANY = ascending("As they were added.")


@strawberry.enum(description="Orders of the versions of a proposal.")
class ProposalVersionOrder(Enum):
    LATEST = descending("Latest first.", lambda row: row.number)


@strawberry.enum(description="Orders of co-authors.")
class CoAuthorOrder(Enum):
    ANY = ascending("In no order that tells when.")


@strawberry.input(description="Which proposals.")
class ProposalFilter:
    states: list[ProposalState] | None = where("In these states.", lambda row, states: row.state.in_(states))
    origins: list[ProposalOrigin] | None = where("Of these origins.", lambda row, them: row.origin.in_(them))
    themes: list[str] | None = where("Of one of these themes.", lambda row, them: row.theme.in_(them))
    channels: list[Channel] | None = where("With a source that came in so.", sight.said_through)
    submitted_since: datetime | None = where("Made then or later.", lambda row, then: row.submitted_at >= then)
    submitted_before: datetime | None = where("Made before then.", lambda row, then: row.submitted_at < then)


@mapped(
    ProposalVersionRow, "The words of one version of a proposal.", visible_through=("proposal_id", ProposalRow)
)  # fmt: skip
class ProposalVersion(Node):
    number: int = column("1 for the first one.")
    title: str | None = column("What it is about; null where the words were taken back.", sight.words("title"))
    statement: str | None = column(
        "What is proposed, in Markdown; null where the words were taken back.", sight.words("statement")
    )
    changes: list[Change] | None = computed(
        "What changed from the version before this one; null where words were taken back.", differences.changes,
        needs=[differences.before, sight.words("statement")],
    )  # fmt: skip
    verbatim_of: Contribution | None = to_one("The contribution whose very words these are.", by="verbatim_of_id")
    at: datetime = column("When it was written.")


@mapped(SourceRow, "A contribution that a proposal comes from.", visible_through=("proposal_id", ProposalRow))
class ProposalSource(Node):
    role: SourceRole = column("How its words went into the proposal.")
    contribution: Contribution | None = to_one(
        "The contribution; null where it is hidden or not for you.", by="contribution_id"
    )
    proposal: Optional["Proposal"] = to_one("The proposal.", by="proposal_id")


@mapped(
    CoAuthorRow, "Someone who stands behind a proposal with others.",
    visible=sight.co_author_visible, scope="space_id", own="participant_id",
)  # fmt: skip
class CoAuthor(Node):
    participant: Participant | None = to_one("Who.", by="participant_id")
    proposal: Optional["Proposal"] = to_one("Of what.", by="proposal_id")
    state: CoAuthorState = column("Whether they agreed.")


@mapped(
    ProposalRow, "Something to do, made of what people said.",
    visible=sight.visible, scope="space_id", own=sight.owned,
)  # fmt: skip
class Proposal(Node):
    title: str | None = column("What it is about; null where the words were taken back.", sight.current("title"))
    statement: str | None = column(
        "What is proposed, in Markdown; null where the words were taken back.", sight.current("statement")
    )
    statement_html: str | None = computed(
        "The same as HTML that is safe to insert in a page.", html, needs=[sight.current("statement")]
    )
    state: ProposalState = column("Where it stands.")
    reason: str | None = column("Why it is not retained.")
    origin: ProposalOrigin = column("Who it comes from.")
    theme: str | None = column("The theme that the analyst gave it.")
    version: int = column("The number of the version that stands.")
    submitted_at: datetime = column("When it was made.")
    answer: str | None = column("The official answer, in Markdown.")
    answered_at: datetime | None = column("When it was answered.")
    space: Space | None = to_one("The space that it belongs to.", by="space_id")
    sources: Connection[ProposalSource] = connection(
        "The contributions that it comes from.", by="proposal_id", order=SourceOrder.ANY
    )
    versions: Connection[ProposalVersion] = connection(
        "All its versions.", by="proposal_id", order=ProposalVersionOrder.LATEST
    )
    co_authors: Connection[CoAuthor] = connection(
        "Who stands behind it with those who wrote its sources.", by="proposal_id", order=CoAuthorOrder.ANY
    )


@strawberry.type
class OnSpace:
    proposals: Connection[Proposal] = connection(
        "What was proposed here.", by="space_id", subtree=lambda row, space: under(row.space_id, space),
        order=ProposalOrder.NEWEST, filter=ProposalFilter,
    )  # fmt: skip


@strawberry.type
class OnContribution:
    proposal_sources: Connection[ProposalSource] = connection(
        "The proposals that it went into, and how.", by="contribution_id", order=SourceOrder.ANY
    )


@strawberry.type
class OnQuery:
    proposals: Connection[Proposal] = connection(
        "Everything proposed.", order=ProposalOrder.NEWEST, filter=ProposalFilter
    )
    proposal: Proposal | None = one("The proposal of that id.")

    @strawberry.field(
        description="What says nearly the same as a contribution: the five nearest. Whether they do, a person decides."
    )
    async def similar_contributions(
        self, info: Info, contribution: Annotated[strawberry.ID, strawberry.argument(description="The contribution.")]
    ) -> list[Contribution]:
        context, ref = info.context, decode_id(contribution)
        if ref is None or ref.type != Contribution.__name__:
            return []
        async with context.app.db.read() as connection:
            keys = await similar.nearest(context.app, connection, context.actor.viewer, ref.key)
        found: list[Any] = [await fetch(info, Contribution, key) for key in keys]
        return [one for one in found if one is not None]


TYPES = (Proposal, ProposalVersion, ProposalSource, CoAuthor)
