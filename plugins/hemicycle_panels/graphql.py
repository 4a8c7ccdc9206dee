"""Panels in the API, and what they add to spaces, contributions and participants."""

import json
from datetime import date, datetime
from enum import Enum
from typing import Any, Optional
from uuid import UUID

import strawberry
from sqlalchemy import ColumnElement, select

from hemicycle.api import (
    VIEWER,
    Connection,
    Contribution,
    Node,
    Participant,
    Row,
    Space,
    ascending,
    column,
    computed,
    connection,
    count,
    descending,
    live,
    mapped,
    one,
    table_of,
    to_any,
    to_one,
    under,
    where,
)
from hemicycle_panels import drawing, rules
from hemicycle_panels.kinds import (
    BeaconSource,
    CollegeKind,
    CollegeMethod,
    PanelAlgorithm,
    PanelDrawState,
    PanelMemberState,
    PanelSessionState,
    PanelState,
)
from hemicycle_panels.models import (
    CandidacyRow,
    CollegeRow,
    DissentRow,
    DrawRow,
    LinkRow,
    MemberRow,
    OpinionRow,
    PanelRow,
    QuotaRow,
    SessionRow,
)


@strawberry.enum(description="Orders of panels.")
class PanelOrder(Enum):
    NEWEST = descending("Newest first.", lambda row: row.created_at)
    TITLE = ascending("By title.", lambda row: row.sort_key)


@strawberry.input(description="Which panels.")
class PanelFilter:
    states: list[PanelState] | None = where("In these states.", lambda row, states: row.state.in_(states))


@strawberry.enum(description="Orders of colleges.")
class PanelCollegeOrder(Enum):
    KIND = ascending("By kind.", lambda row: row.kind)


@strawberry.enum(description="Orders of quotas.")
class PanelQuotaOrder(Enum):
    WRITTEN = ascending("As they were written.", lambda row: row.id)


@strawberry.enum(description="Orders of candidacies.")
class PanelCandidacyOrder(Enum):
    ANY = ascending("In no order that tells when.")


@strawberry.enum(description="Orders of members.")
class PanelMemberOrder(Enum):
    ANY = ascending("In no order that tells when.")


@strawberry.input(description="Which members.")
class PanelMemberFilter:
    states: list[PanelMemberState] | None = where("In these states.", lambda row, states: row.state.in_(states))


@strawberry.enum(description="Orders of sessions.")
class PanelSessionOrder(Enum):
    SOONEST = ascending("The first one first.", lambda row: row.at)


@strawberry.enum(description="Orders of dissents.")
class PanelDissentOrder(Enum):
    MOST_SHARED = descending("Those of most members first.", lambda row: row.members)


@strawberry.enum(description="Orders of links.")
class PanelLinkOrder(Enum):
    OLDEST = ascending("Oldest first.", lambda row: row.id)


def of_draw(name: str) -> Any:
    """A column of the draw of a candidacy's panel."""

    def expression(row: Row) -> ColumnElement[Any]:
        it = table_of(DrawRow).alias().c
        return select(it[name]).where(it.id == row.panel_id).correlate(row.id.table).scalar_subquery()

    return expression


@strawberry.type(description="What someone says of themselves.")
class PanelFeature:
    feature: str = strawberry.field(description="What it is about.")
    value: str = strawberry.field(description="The value that is true of them.")


def features(said: dict[str, str]) -> list[PanelFeature]:
    """These features."""
    return [PanelFeature(feature=name, value=value) for name, value in said.items()]


def of_viewer(table: type) -> Any:
    """The viewer's own row of a panel."""

    def expression(row: Row) -> ColumnElement[UUID]:
        it = table_of(table).alias().c
        mine = select(it.id).where(it.panel_id == row.id, it.participant_id == VIEWER)
        return mine.correlate(row.id.table).scalar_subquery()

    return expression


def inclusion_proof(
    leaves: list[str],
    number: int,
    salt: str,
    id: UUID,
    profiles: list[list[str]],
    root: str,
) -> str:
    """The proof, as JSON."""
    return json.dumps(drawing.proof(leaves, number, salt, id, profiles[number], root), ensure_ascii=False)


@mapped(
    QuotaRow, "How many seats of a college are for one value of a feature.",
    visible_through=("college_id", CollegeRow),
)  # fmt: skip
class PanelQuota(Node):
    feature: str = column("What it is about: age, sex, place…")
    value: str = column("One of its values.")
    minimum: int = column("So many seats at least.")
    maximum: int = column("So many seats at most.")
    flex_minimum: int = column("How far the minimum may give way where no panel keeps all quotas.")
    flex_maximum: int = column("How far the maximum may.")
    candidates: int | None = column(
        "How many of the sealed pool have this value; null where so few do that it could tell who they are."
    )


@mapped(CollegeRow, "A part of a panel, with its seats.", visible_through=("panel_id", PanelRow))
class PanelCollege(Node):
    kind: CollegeKind = column("Who sits in it.")
    seats: int = column("How many.")
    method: CollegeMethod = column("How they are filled.")
    quotas: Connection[PanelQuota] = connection(
        "What its members are to look like together.", by="college_id", order=PanelQuotaOrder.WRITTEN
    )


@mapped(
    CandidacyRow, "That someone may be drawn: known to them, to the organisers, and to an auditor.",
    visible=rules.known, scope="space_id", own=rules.owned,
)  # fmt: skip
class PanelCandidacy(Node):
    panel: Optional["Panel"] = to_one("Of which panel.", by="panel_id")
    college: PanelCollege | None = to_one("Of which college.", by="college_id")
    participant: Participant | None = to_one("Who.", by="participant_id")
    features: list[PanelFeature] = computed(
        "What they said of themselves: one value of each feature.", features, needs=["features"]
    )
    day: date = computed("On which day.", lambda at: at.date(), needs=["on"])
    number: int | None = column("Their number in the sealed pool, and in the transcript.")
    probability: float | None = column("Their chance of being drawn, once the lottery is written down.")
    inclusion_proof: str | None = computed(
        "What proves that they are in the sealed pool: their leaf and its way to the root. JSON; for them, and for an "
        "auditor.",
        inclusion_proof, requires="panels.read_proof",
        needs=[of_draw("leaves"), "number", "salt", "id", of_draw("profiles"), of_draw("root")],
    )  # fmt: skip


@mapped(
    MemberRow, "A seat that someone was drawn for, or designated to.", visible_through=("panel_id", PanelRow),
    scope="space_id", own=rules.owned,
)  # fmt: skip
class PanelMember(Node):
    panel: Optional["Panel"] = to_one("Of which panel.", by="panel_id")
    college: PanelCollege | None = to_one("Of which college.", by="college_id")
    state: PanelMemberState = column("Where they stand.")
    number: int | None = column(
        "Their number in the transcript, for themselves and for the organisers: beside a name it would tell what they "
        "said of themselves. Null if they were designated.", requires="panels.read_member",
    )  # fmt: skip
    participant: Participant | None = to_one("Who, if they agreed to be named.", by="shown_id")
    person: Participant | None = to_one(
        "Who: for themselves and for the organisers.", by="participant_id", requires="panels.read_member"
    )


@mapped(
    DrawRow, "The draw of a panel: what was fixed before the number came, and what the number drew.",
    visible_through=("id", PanelRow), scope="space_id", own=drawing.prepared,
)  # fmt: skip
class PanelDraw(Node):
    panel: Optional["Panel"] = to_one("Of which panel.", by="id")
    state: PanelDrawState = column("Where it stands.")
    pool_size: int = column("How many people are in the sealed pool.")
    root: str = column("The root of the tree of hashes that seals the pool, in hex.")
    key: str = column("The fingerprint of the key that signs the transcript: give it to whoever verifies.")
    closed_at: datetime = column("When the pool was sealed.")
    progress: str | None = column("How far the lottery is, while it is computed.")
    problem: str | None = column("Why there is no lottery, if it could not be made.")
    relaxed: list[str] = column("The quotas that gave way, as their flex allows: bounded by the number of quotas.")
    algorithm: str | None = column("The algorithm that was run.")
    solver: str | None = column("The solver and its version.")
    min_probability: float | None = column("The lowest chance of anyone in the pool.")
    max_probability: float | None = column("The highest chance of anyone in the pool.")
    gini: float | None = column("How unequal the chances are: 0 if all are equal.")
    certificate_gap: float | None = column("How far the chances are from the fairest possible, as measured.")
    deviation: float | None = column("How far anyone's share of the panels is from their chance, at most.")
    lottery_size: int | None = column("How many panels the lottery holds.")
    source: BeaconSource | None = column("The source of the number that was promised last.")
    closed_by: Participant | None = to_one("Who sealed the pool.", by="closed_by_id")
    committed_by: Participant | None = to_one("Who had the lottery written down.", by="committed_by_id")
    promised_by: Participant | None = to_one("Who named the source of the number.", by="promised_by_id")
    drawn_by: Participant | None = to_one("Who entered the number: someone else.", by="drawn_by_id")
    transcript: str = column("The public record: JSON lines, each signed, each with the hash of the one before.")


@mapped(SessionRow, "A day on which a panel meets.", visible_through=("panel_id", PanelRow), scope="space_id")
class PanelSession(Node):
    panel: Optional["Panel"] = to_one("Of which panel.", by="panel_id")
    state: PanelSessionState = column("Where it stands.")
    at: datetime = column("When.")
    place: str = column("Where.")
    agenda: str = column("What is to be talked about. Markdown.")
    minutes: str | None = column("What was said. Markdown.")
    present: int | None = column("How many members were there.")


@mapped(DissentRow, "What members say who do not share the opinion.", visible_through=("panel_id", PanelRow))
class PanelDissent(Node):
    text: str = column("What they say. Markdown.")
    members: int = column("How many they are.")


@mapped(OpinionRow, "What a panel says in the end, with its vote.", visible_through=("id", PanelRow), scope="space_id")
class PanelOpinion(Node):
    panel: Optional["Panel"] = to_one("Of which panel.", by="id")
    title: str = column("What it is called.")
    text: str = column("What it says. Markdown.")
    members: int = column("How many sat in the panel that day.")
    votes_for: int = column("How many voted for it.")
    votes_against: int = column("How many voted against it.")
    abstentions: int = column("How many abstained.")
    adopted_at: datetime = column("When it was adopted.")
    delivered_at: datetime | None = column("When it was handed over.")
    delivered_to: str | None = column("To whom.")


@mapped(LinkRow, "What a panel works on.", visible_through=("panel_id", PanelRow), scope="space_id")
class PanelLink(Node):
    panel: Optional["Panel"] = to_one("The panel.", by="panel_id")
    target: Node | None = to_any("What it works on.", type="type", by="object_id")


@mapped(PanelRow, "A panel of people who deliberate.", visible=rules.visible, scope="space_id")
class Panel(Node):
    space: Space | None = to_one("Where it belongs.", by="space_id")
    state: PanelState = column("Where it stands.")
    title: str = column("What it is called.")
    question: str = column("What it is asked. Markdown.")
    call: str = column("What candidates are told. Markdown.")
    call_ends_at: datetime | None = column("Until when one can be a candidate.")
    criterion: str | None = column("Who may be a candidate, if not everyone: the name of a criterion.")
    algorithm: PanelAlgorithm = column("What its lottery makes fair.")
    one_per_household: bool = column("Whether one of a household comes at most.")
    candidate_count: int | None = column("How many are candidates; null while they are few.", rules.candidate_count)
    session_count: int = count("How many sessions were announced.", PanelSession, by="panel_id")
    colleges: Connection[PanelCollege] = connection("Its parts.", by="panel_id", order=PanelCollegeOrder.KIND)
    candidacies: Connection[PanelCandidacy] = connection(
        "One's own; and all of them, for the organisers.", by="panel_id", order=PanelCandidacyOrder.ANY
    )
    viewer_candidacy: PanelCandidacy | None = to_one("Your candidacy.", by=of_viewer(CandidacyRow))
    viewer_seat: PanelMember | None = to_one("Your seat.", by=of_viewer(MemberRow))
    draw: PanelDraw | None = to_one("Its draw, once the pool is sealed.", by="id")
    members: Connection[PanelMember] = connection(
        "Its seats.", by="panel_id", order=PanelMemberOrder.ANY, filter=PanelMemberFilter
    )
    sessions: Connection[PanelSession] = connection(
        "The days on which it meets.", by="panel_id", order=PanelSessionOrder.SOONEST
    )
    opinion: PanelOpinion | None = to_one("What it says in the end.", by="id")
    dissents: Connection[PanelDissent] = connection(
        "What members say who do not share its opinion.", by="panel_id", order=PanelDissentOrder.MOST_SHARED
    )
    links: Connection[PanelLink] = connection("What it works on.", by="panel_id", order=PanelLinkOrder.OLDEST)


@strawberry.type
class OnSpace:
    panels: Connection[Panel] = connection(
        "The panels here.", by="space_id", subtree=lambda row, space: under(row.space_id, space),
        order=PanelOrder.NEWEST, filter=PanelFilter,
    )  # fmt: skip
    panel_links: Connection[PanelLink] = connection(
        "The panels that work on it.", by="object_id", where=lambda row: row.type == Space.__name__,
        order=PanelLinkOrder.OLDEST,
    )  # fmt: skip


@strawberry.type
class OnContribution:
    panel_links: Connection[PanelLink] = connection(
        "The panels that work on it.", by="object_id", where=lambda row: row.type == Contribution.__name__,
        order=PanelLinkOrder.OLDEST,
    )  # fmt: skip


@strawberry.type
class OnParticipant:
    panel_candidacies: Connection[PanelCandidacy] = connection(
        "For which panels they may be drawn: only for themselves.", by="participant_id",
        where=lambda row: row.participant_id == VIEWER, order=PanelCandidacyOrder.ANY,
    )  # fmt: skip


@strawberry.type
class OnQuery:
    panels: Connection[Panel] = connection("Every panel.", order=PanelOrder.NEWEST, filter=PanelFilter)
    panel: Panel | None = one("The panel of that id.")


@strawberry.type
class OnSubscription:
    panel_changed: Panel = live(
        "Each panel in a space or below, as it takes a step.",
        "panels.call_opened", "panels.pool_closed", "panels.lottery_committed", "panels.beacon_promised",
        "panels.drawn", "panels.replaced", "panels.draw_closed", "panels.convened", "panels.opinion_adopted",
        "panels.opinion_delivered", "panels.dissolved",
    )  # fmt: skip
