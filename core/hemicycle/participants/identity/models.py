"""The tables of identity. No secret is in them, only SHA-256 hashes; erasing a person deletes their rows."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from hemicycle.kernel.clock import secret_id
from hemicycle.kernel.db.types import Code, Json, Name, Utc

TO_SIGN_IN, TO_CHANGE_EMAIL = "SIGN_IN", "CHANGE_EMAIL"
LONGEST_EMAIL = 254


class IdentityRow(SQLModel, table=True):
    """How a participant is reached, and what they agreed to."""

    __tablename__ = "core_identity"

    participant_id: UUID = Field(primary_key=True, foreign_key="core_participant.id")
    email: str = Field(unique=True, max_length=LONGEST_EMAIL)
    locale: str = Field(sa_type=Code)
    consent_contact: bool = False
    created_at: datetime = Field(sa_type=Utc)


class SignInLinkRow(SQLModel, table=True):
    """A link and a code that were asked for: one for each address and purpose, so that a new one voids the old.

    The secret of whoever asked is known from the start; those of the link and the code only once the mail is sent.
    """

    __tablename__ = "core_sign_in_link"
    __table_args__ = (
        UniqueConstraint("email", "purpose"),
        CheckConstraint(f"purpose in {(TO_SIGN_IN, TO_CHANGE_EMAIL)}", name="purpose"),
    )

    id: UUID = Field(default_factory=secret_id, primary_key=True)
    email: str = Field(max_length=LONGEST_EMAIL)
    purpose: str = Field(sa_type=Code)
    participant_id: UUID | None = Field(default=None, foreign_key="core_participant.id", index=True)  # who moves here
    locale: str = Field(sa_type=Code)
    request_hash: str = Field(unique=True, max_length=64)
    token_hash: str | None = Field(default=None, max_length=64)
    code_hash: str | None = Field(default=None, max_length=64)
    tries: int = 0
    expires_at: datetime = Field(sa_type=Utc, index=True)


class SessionRow(SQLModel, table=True):
    """That someone is signed in somewhere."""

    __tablename__ = "core_session"
    __table_args__ = (
        CheckConstraint("transport in ('COOKIE', 'BEARER')", name="transport"),
        Index("ix_core_session_participant", "participant_id", "created_at", "id"),
    )

    id: UUID = Field(default_factory=secret_id, primary_key=True)
    secret_hash: str = Field(unique=True, max_length=64)
    participant_id: UUID = Field(foreign_key="core_participant.id")
    transport: str = Field(sa_type=Code)
    created_at: datetime = Field(sa_type=Utc)
    last_seen_at: datetime = Field(sa_type=Utc)  # coarse: written once in ten minutes at most
    expires_at: datetime = Field(sa_type=Utc, index=True)


class TokenRow(SQLModel, table=True):
    """A program that acts for someone, with less than their rights."""

    __tablename__ = "core_token"
    __table_args__ = (Index("ix_core_token_participant", "participant_id", "created_at", "id"),)

    id: UUID = Field(default_factory=secret_id, primary_key=True)
    secret_hash: str = Field(unique=True, max_length=64)
    participant_id: UUID = Field(foreign_key="core_participant.id")
    label: str = Field(sa_type=Name(100))
    scopes: list[str] = Field(default_factory=list, sa_type=Json, nullable=False)
    created_at: datetime = Field(sa_type=Utc)
    last_used_at: datetime | None = Field(default=None, sa_type=Utc)  # coarse too
    expires_at: datetime = Field(sa_type=Utc, index=True)


class UnsubscribeRow(SQLModel, table=True):
    """What stands at the end of a mail: it ends such mail, and can do nothing else."""

    __tablename__ = "core_unsubscribe"

    key_hash: str = Field(primary_key=True, max_length=64)
    participant_id: UUID = Field(foreign_key="core_participant.id", index=True)
    created_at: datetime = Field(sa_type=Utc, index=True)
