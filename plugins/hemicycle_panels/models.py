"""The tables of panels. What is asked and drawn is public; who is a candidate, and with which features, is not."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from hemicycle.api import Code, Json, Name, Utc, Words, new_id, secret_id

PANEL_STATES = (
    "DESIGNED", "CALL_OPEN", "POOL_CLOSED", "DRAWN", "CONVENED", "OPINION_ADOPTED", "DELIVERED", "DISSOLVED",
)  # fmt: skip
DRAW_STATES = ("POOL_CLOSED", "COMPUTING", "COMMITTED", "PROMISED", "DRAWN", "REPLACING", "CLOSED")
MEMBER_STATES = ("DRAWN", "ACCEPTED", "DECLINED", "ACTIVE", "RESIGNED", "REPLACED")


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """A column that knows these codes."""
    return CheckConstraint(f"{column} in {values}", name=column)


class PanelRow(SQLModel, table=True):
    """A panel of people who deliberate, from its design to the day when it is dissolved."""

    __tablename__ = "panels_panel"
    __table_args__ = (one_of("state", PANEL_STATES),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    space_id: UUID = Field(foreign_key="core_space.id", index=True)
    state: str = Field(default="DESIGNED", sa_type=Code)
    title: str = Field(sa_type=Name(200))
    sort_key: str = Field(max_length=200)
    question: str = Field(sa_type=Words)
    call: str = Field(default="", sa_type=Words)
    call_ends_at: datetime | None = Field(default=None, sa_type=Utc)
    criterion: str | None = Field(default=None, sa_type=Code)
    criterion_parameters: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    algorithm: str = Field(default="leximin", sa_type=Code)
    lottery_size: int = 1000
    one_per_household: bool = False
    created_at: datetime = Field(sa_type=Utc)


class CollegeRow(SQLModel, table=True):
    """A part of a panel, with its seats and the way in which they are filled."""

    __tablename__ = "panels_college"
    __table_args__ = (
        UniqueConstraint("panel_id", "kind"),
        one_of("kind", ("CITIZENS", "STRUCTURES", "ELECTED_MEMBERS")),
        one_of("method", ("LOTTERY", "DESIGNATION")),
        CheckConstraint("seats > 0", name="seats"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    panel_id: UUID = Field(foreign_key="panels_panel.id")
    kind: str = Field(sa_type=Code)
    seats: int
    method: str = Field(sa_type=Code)


class QuotaRow(SQLModel, table=True):
    """How many seats of a college are for one value of a feature.

    flex_*: how far they may give way where no panel keeps all quotas. candidates: how many of the pool have it, once
    it is sealed; null where so few do that it could tell who they are.
    """

    __tablename__ = "panels_quota"
    __table_args__ = (
        UniqueConstraint("college_id", "feature", "value"),
        CheckConstraint(
            "0 <= flex_minimum and flex_minimum <= minimum and minimum <= maximum and maximum <= flex_maximum",
            name="order",
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    college_id: UUID = Field(foreign_key="panels_college.id")
    feature: str = Field(sa_type=Name(100))
    value: str = Field(sa_type=Name(100))
    minimum: int
    maximum: int
    flex_minimum: int
    flex_maximum: int
    candidates: int | None = None


class CandidacyRow(SQLModel, table=True):
    """That someone may be drawn. number: their place in the sealed pool; salt: what seals their leaf of the tree."""

    __tablename__ = "panels_candidacy"
    __table_args__ = (
        UniqueConstraint("panel_id", "participant_id"),
        UniqueConstraint("panel_id", "number"),
    )

    id: UUID = Field(default_factory=secret_id, primary_key=True)
    panel_id: UUID = Field(foreign_key="panels_panel.id")
    space_id: UUID = Field(foreign_key="core_space.id", index=True)
    college_id: UUID = Field(foreign_key="panels_college.id", index=True)
    participant_id: UUID = Field(foreign_key="core_participant.id", index=True)
    features: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    household: str | None = Field(default=None, max_length=64)  # a hash that those have in common who live together
    number: int | None = None
    salt: str | None = Field(default=None, max_length=64)
    probability: float | None = None
    on: datetime = Field(sa_type=Utc)  # midnight of its day: the moment could betray someone


class DrawRow(SQLModel, table=True):
    """The draw of a panel; it has the panel's id. The transcript is what everyone may check.

    leaves: the hashes of the pool, sorted (hex). profiles, households: what each number has, for the lottery and for
    those who come later; null once the panel is dissolved.
    """

    __tablename__ = "panels_draw"
    __table_args__ = (one_of("state", DRAW_STATES),)

    id: UUID = Field(primary_key=True, foreign_key="panels_panel.id")
    space_id: UUID = Field(foreign_key="core_space.id", index=True)
    state: str = Field(default="POOL_CLOSED", sa_type=Code)
    pool_size: int
    root: str = Field(max_length=64)
    leaves: list[str] = Field(sa_type=Json)
    profiles: list[list[str]] | None = Field(default=None, sa_type=Json)
    households: list[str | None] | None = Field(default=None, sa_type=Json)
    key: str = Field(max_length=64)
    closed_at: datetime = Field(sa_type=Utc)
    closed_by_id: UUID | None = Field(default=None, foreign_key="core_participant.id", index=True)
    committed_by_id: UUID | None = Field(default=None, foreign_key="core_participant.id", index=True)
    promised_by_id: UUID | None = Field(default=None, foreign_key="core_participant.id", index=True)
    drawn_by_id: UUID | None = Field(default=None, foreign_key="core_participant.id", index=True)
    progress: str | None = Field(default=None, sa_type=Words)
    problem: str | None = Field(default=None, sa_type=Words)
    relaxed: list[str] = Field(default_factory=list, sa_type=Json)
    algorithm: str | None = Field(default=None, max_length=100)
    solver: str | None = Field(default=None, max_length=200)
    min_probability: float | None = None
    max_probability: float | None = None
    gini: float | None = None
    certificate_gap: float | None = None
    deviation: float | None = None
    lottery_size: int | None = None
    source: str | None = Field(default=None, sa_type=Code)
    transcript: str = Field(default="", sa_type=Text)


class MemberRow(SQLModel, table=True):
    """A seat that someone was drawn for, or designated to. number: theirs in the pool, if they were drawn.

    participant_id: who; for themselves and the organisers. shown_id: the same, where they agreed to be named.
    """

    __tablename__ = "panels_member"
    __table_args__ = (
        UniqueConstraint("panel_id", "number"),
        UniqueConstraint("panel_id", "participant_id"),
        one_of("state", MEMBER_STATES),
    )

    id: UUID = Field(default_factory=secret_id, primary_key=True)
    panel_id: UUID = Field(foreign_key="panels_panel.id")
    space_id: UUID = Field(foreign_key="core_space.id", index=True)
    college_id: UUID = Field(foreign_key="panels_college.id", index=True)
    number: int | None = None
    state: str = Field(default="DRAWN", sa_type=Code)
    participant_id: UUID | None = Field(default=None, foreign_key="core_participant.id", index=True)
    shown_id: UUID | None = Field(default=None, foreign_key="core_participant.id", index=True)


class SessionRow(SQLModel, table=True):
    """A day on which a panel meets, with its agenda, and afterwards its minutes."""

    __tablename__ = "panels_session"
    __table_args__ = (one_of("state", ("PLANNED", "HELD", "CANCELLED")),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    panel_id: UUID = Field(foreign_key="panels_panel.id", index=True)
    space_id: UUID = Field(foreign_key="core_space.id", index=True)
    state: str = Field(default="PLANNED", sa_type=Code)
    at: datetime = Field(sa_type=Utc)
    place: str = Field(sa_type=Name(200))
    agenda: str = Field(sa_type=Words)
    minutes: str | None = Field(default=None, sa_type=Words)
    present: int | None = None


class OpinionRow(SQLModel, table=True):
    """What a panel says in the end, with its vote. It has the panel's id: a panel adopts one opinion."""

    __tablename__ = "panels_opinion"
    __table_args__ = (
        CheckConstraint("votes_for >= 0 and votes_against >= 0 and abstentions >= 0", name="votes"),
    )  # fmt: skip

    id: UUID = Field(primary_key=True, foreign_key="panels_panel.id")
    space_id: UUID = Field(foreign_key="core_space.id", index=True)
    title: str = Field(sa_type=Name(200))
    text: str = Field(sa_type=Words)
    members: int
    votes_for: int
    votes_against: int
    abstentions: int
    adopted_at: datetime = Field(sa_type=Utc)
    delivered_at: datetime | None = Field(default=None, sa_type=Utc)
    delivered_to: str | None = Field(default=None, sa_type=Name(200))


class DissentRow(SQLModel, table=True):
    """What members say who do not share the opinion, and how many they are."""

    __tablename__ = "panels_dissent"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    panel_id: UUID = Field(foreign_key="panels_panel.id", index=True)
    text: str = Field(sa_type=Words)
    members: int


class LinkRow(SQLModel, table=True):
    """What a panel works on: a space, a contribution, or whatever else has an id."""

    __tablename__ = "panels_link"
    __table_args__ = (UniqueConstraint("panel_id", "type", "object_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    panel_id: UUID = Field(foreign_key="panels_panel.id")
    space_id: UUID = Field(foreign_key="core_space.id", index=True)
    type: str = Field(sa_type=Code)
    object_id: UUID = Field(index=True)
