"""The tables of shows and episodes, and of what links a moment of them to what people said."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from hemicycle.api import Code, Name, Utc, Words, new_id


class ShowRow(SQLModel, table=True):
    """A series of episodes."""

    __tablename__ = "youtube_show"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    space_id: UUID = Field(foreign_key="core_space.id", index=True)
    title: str = Field(sa_type=Name)
    description: str | None = Field(default=None, sa_type=Words)
    channel: str | None = Field(default=None, sa_type=Code)  # its feed is looked at for new episodes


class EpisodeRow(SQLModel, table=True):
    """A video of a show: what its site says of it, and when to ask again."""

    __tablename__ = "youtube_episode"
    __table_args__ = (
        UniqueConstraint("show_id", "site", "video"),
        Index("ix_youtube_episode_space", "space_id", "aired_at", "id"),
        Index("ix_youtube_episode_due", "due_at", "id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    show_id: UUID = Field(foreign_key="youtube_show.id")
    space_id: UUID = Field(foreign_key="core_space.id")
    site: str = Field(sa_type=Code)
    video: str = Field(sa_type=Code)
    state: str = Field(default="DECLARED", sa_type=Code)
    reason: str | None = Field(default=None, sa_type=Code)  # why it is UNAVAILABLE
    title: str | None = Field(default=None, sa_type=Name)
    author: str | None = Field(default=None, sa_type=Name)
    description: str | None = Field(default=None, sa_type=Words)
    duration: int | None = None  # seconds
    views: int | None = None
    poster: str | None = Field(default=None, sa_type=Words(500))
    published_at: datetime | None = Field(default=None, sa_type=Utc)
    aired_at: datetime = Field(sa_type=Utc)  # published_at, or when it was declared: what episodes are ordered by
    shown_at: datetime | None = Field(default=None, sa_type=Utc)  # since when everyone sees it here
    due_at: datetime = Field(sa_type=Utc)
    checked_at: datetime | None = Field(default=None, sa_type=Utc)
    failures: int = 0  # in a row
    outcome: str | None = Field(default=None, sa_type=Code)
    told: str | None = Field(default=None, sa_type=Words(2000))


class PosterRow(SQLModel, table=True):
    """The picture of an episode, kept here: a page that shows it asks nobody else."""

    __tablename__ = "youtube_poster"

    episode_id: UUID = Field(foreign_key="youtube_episode.id", primary_key=True)
    url: str = Field(sa_type=Words(500))
    type: str = Field(sa_type=Code)
    image: bytes


class ChapterRow(SQLModel, table=True):
    """A part of an episode."""

    __tablename__ = "youtube_chapter"
    __table_args__ = (UniqueConstraint("episode_id", "at"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    episode_id: UUID = Field(foreign_key="youtube_episode.id")
    at: int  # seconds
    title: str = Field(sa_type=Name)
    by_hand: bool = False


class CueRow(SQLModel, table=True):
    """Words that are said in an episode, and when."""

    __tablename__ = "youtube_cue"
    __table_args__ = (Index("ix_youtube_cue_episode", "episode_id", "at", "id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    episode_id: UUID = Field(foreign_key="youtube_episode.id")
    space_id: UUID = Field(foreign_key="core_space.id", index=True)
    at: int  # milliseconds
    until: int
    text: str = Field(sa_type=Words)
    speaker: str | None = Field(default=None, sa_type=Name)


class LinkRow(SQLModel, table=True):
    """A moment of an episode where something is spoken of: a contribution, a space, whatever has an id."""

    __tablename__ = "youtube_link"
    __table_args__ = (
        UniqueConstraint("episode_id", "object_id", "type", "at"),
        Index("ix_youtube_link_object", "object_id", "at", "id"),
        CheckConstraint("at >= 0 AND (until IS NULL OR until > at)", name="moment"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    episode_id: UUID = Field(foreign_key="youtube_episode.id")
    space_id: UUID = Field(foreign_key="core_space.id", index=True)
    type: str = Field(sa_type=Code)
    object_id: UUID
    at: int  # seconds
    until: int | None = None
    label: str | None = Field(default=None, sa_type=Name)
    state: str = Field(default="CONFIRMED", sa_type=Code)


class QuestionRow(SQLModel, table=True):
    """A contribution that asks something of a show, and the moment at which it is answered."""

    __tablename__ = "youtube_question"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    show_id: UUID = Field(foreign_key="youtube_show.id", index=True)
    contribution_id: UUID = Field(foreign_key="core_contribution.id", unique=True)
    link_id: UUID | None = Field(default=None, foreign_key="youtube_link.id", ondelete="SET NULL", index=True)


class QuotaRow(SQLModel, table=True):
    """How many units of a site's quota were used on a day of its own."""

    __tablename__ = "youtube_quota"

    site: str = Field(primary_key=True, sa_type=Code)
    day: str = Field(primary_key=True, sa_type=Code)
    units: int = 0
