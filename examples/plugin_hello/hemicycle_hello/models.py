"""The table of greetings."""

from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from hemicycle.api import Name, secret_id


class GreetingRow(SQLModel, table=True):
    """That someone greeted the author of a contribution: once. Its id does not tell when."""

    __tablename__ = "hello_greeting"
    __table_args__ = (UniqueConstraint("contribution_id", "author_id"),)

    id: UUID = Field(default_factory=secret_id, primary_key=True)
    contribution_id: UUID = Field(foreign_key="core_contribution.id")
    author_id: UUID = Field(foreign_key="core_participant.id", index=True)
    words: str = Field(sa_type=Name(200))
