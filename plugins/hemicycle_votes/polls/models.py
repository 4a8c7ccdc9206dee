"""The tables of polls. Until closing a ballot is an envelope; who voted, and what was cast, never share a row."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from hemicycle.api import Code, Json, Name, Utc, Words, new_id, secret_id

STATES = ("DRAFT", "OPEN", "CLOSED", "COUNTED", "PUBLISHED", "CANCELLED")
SECRECIES = ("OPEN", "CONFIDENTIAL", "BELENIOS")


class PollRow(SQLModel, table=True):
    """A question that is put to people, and all that is promised to them before they vote."""

    __tablename__ = "votes_poll"
    __table_args__ = (
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint(f"secrecy in {SECRECIES}", name="secrecy"),
        Index("ix_votes_poll_space", "space_id", "created_at", "id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    space_id: UUID = Field(foreign_key="core_space.id")
    question: str = Field(sa_type=Name)
    information: str = Field(default="", sa_type=Words)
    state: str = Field(default="DRAFT", sa_type=Code)
    method: str = Field(sa_type=Code)
    secrecy: str = Field(sa_type=Code)
    seats: int = 1
    equal_ranks: str = Field(default="SPLIT", sa_type=Code)
    tie_break: str = Field(default="ORDER", sa_type=Code)
    lot_source: str | None = Field(default=None, sa_type=Name)  # from where the text of a lot will come
    worst: int = 0
    best: int = 5
    credits: int | None = None
    budget: int | None = None
    quorum: int = 0
    replaceable: bool = True
    proxies: int = 0  # how many people may entrust their voice to the same one
    criteria: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json, nullable=False)
    by_roll: bool = False
    opens_at: datetime | None = Field(default=None, sa_type=Utc)
    closes_at: datetime = Field(sa_type=Utc)
    created_at: datetime = Field(sa_type=Utc)
    rules: dict[str, str] | None = Field(default=None, sa_type=Json)  # frozen at opening: {"en", "fr"}
    rules_hash: str | None = Field(default=None, max_length=64)
    public_key: bytes | None = None
    cancelled_because: str | None = Field(default=None, sa_type=Words)


class OptionRow(SQLModel, table=True):
    """What one may vote for: words, and perhaps an object that they are about."""

    __tablename__ = "votes_option"
    __table_args__ = (
        UniqueConstraint("poll_id", "place"),
        Index("ix_votes_option_object", "object_id", "id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    poll_id: UUID = Field(foreign_key="votes_poll.id")
    place: int  # from 0 on: ballots name options by it
    label: str = Field(sa_type=Name)
    description: str = Field(default="", sa_type=Words)
    cost: int | None = None
    type: str | None = Field(default=None, sa_type=Code)
    object_id: UUID | None = None


class RollRow(SQLModel, table=True):
    """Someone who may vote: a line of the register that was handed in. It goes when the poll closes."""

    __tablename__ = "votes_roll"
    __table_args__ = (UniqueConstraint("poll_id", "entry"),)

    id: UUID = Field(default_factory=secret_id, primary_key=True)
    poll_id: UUID = Field(foreign_key="votes_poll.id")
    entry: str = Field(max_length=254)  # an e-mail address, in small letters, or a participant's id
    participant_id: UUID | None = Field(default=None, foreign_key="core_participant.id", index=True)


class VoterRow(SQLModel, table=True):
    """That someone voted: once, whatever the way. Its id tells no time, and its day is all that is known of when."""

    __tablename__ = "votes_voter"
    __table_args__ = (
        UniqueConstraint("poll_id", "voter"),
        UniqueConstraint("poll_id", "participant_id"),  # also where someone is on a roll twice
        CheckConstraint("channel in ('ONLINE', 'PROXY', 'PAPER')", name="channel"),
    )

    id: UUID = Field(default_factory=secret_id, primary_key=True)
    poll_id: UUID = Field(foreign_key="votes_poll.id")
    space_id: UUID = Field(foreign_key="core_space.id", index=True)
    voter: str = Field(
        max_length=40
    )  # a participant's id, or that of their line of the roll; after closing the receipt
    participant_id: UUID | None = Field(default=None, foreign_key="core_participant.id", index=True)
    channel: str = Field(default="ONLINE", sa_type=Code)
    tracker: str = Field(max_length=32)
    at: datetime = Field(sa_type=Utc)  # midnight of its day


class EnvelopeRow(SQLModel, table=True):
    """A ballot that nobody can read before closing; all of one poll have the same length."""

    __tablename__ = "votes_envelope"

    voter_id: UUID = Field(primary_key=True, foreign_key="votes_voter.id")
    poll_id: UUID = Field(foreign_key="votes_poll.id", index=True)
    sealed: bytes


class ProxyRow(SQLModel, table=True):
    """That someone entrusts their voice to someone else. `slot` keeps to the number that the poll allows."""

    __tablename__ = "votes_proxy"
    __table_args__ = (
        UniqueConstraint("poll_id", "giver_id"),
        UniqueConstraint("poll_id", "holder_id", "slot"),
    )

    id: UUID = Field(default_factory=secret_id, primary_key=True)
    poll_id: UUID = Field(foreign_key="votes_poll.id")
    space_id: UUID = Field(foreign_key="core_space.id", index=True)
    giver_id: UUID = Field(foreign_key="core_participant.id", index=True)
    holder_id: UUID = Field(foreign_key="core_participant.id", index=True)
    slot: int


class PaperRow(SQLModel, table=True):
    """A paper ballot that one person has entered, and another one has not confirmed yet."""

    __tablename__ = "votes_paper"
    __table_args__ = (UniqueConstraint("poll_id", "voter"),)

    id: UUID = Field(default_factory=secret_id, primary_key=True)
    poll_id: UUID = Field(foreign_key="votes_poll.id")
    voter: str = Field(max_length=40)
    participant_id: UUID | None = Field(default=None, foreign_key="core_participant.id", index=True)
    entered_by_id: UUID = Field(foreign_key="core_participant.id", index=True)
    sealed: bytes


class BallotRow(SQLModel, table=True):
    """A ballot in the box: written at closing, shuffled, under an id that tells nothing.

    participant_id: whose it is, in an OPEN poll only.
    """

    __tablename__ = "votes_ballot"
    __table_args__ = (Index("ix_votes_ballot_poll", "poll_id", "id"),)

    id: UUID = Field(default_factory=secret_id, primary_key=True)
    poll_id: UUID = Field(foreign_key="votes_poll.id")
    space_id: UUID = Field(foreign_key="core_space.id", index=True)
    participant_id: UUID | None = Field(default=None, foreign_key="core_participant.id", index=True)
    choice: list[Any] = Field(sa_type=Json, nullable=False)


class TrackerRow(SQLModel, table=True):
    """The receipt of a ballot that went into the box: a list of its own, shuffled, never beside a ballot."""

    __tablename__ = "votes_tracker"
    __table_args__ = (UniqueConstraint("poll_id", "tracker"),)

    id: UUID = Field(default_factory=secret_id, primary_key=True)
    poll_id: UUID = Field(foreign_key="votes_poll.id")
    space_id: UUID = Field(foreign_key="core_space.id", index=True)
    tracker: str = Field(max_length=32)


class ResultRow(SQLModel, table=True):
    """What a count said. Where so few voted that it would tell who, it says nothing but that."""

    __tablename__ = "votes_result"

    id: UUID = Field(primary_key=True, foreign_key="votes_poll.id")
    space_id: UUID = Field(foreign_key="core_space.id", index=True)
    ballots: int
    withheld: bool = False
    quorum_reached: bool = True
    data: dict[str, Any] | None = Field(default=None, sa_type=Json)
    svg: str | None = None
    counted_at: datetime = Field(sa_type=Utc)
