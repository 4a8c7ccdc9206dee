"""The tables of territories. A territory is a set of communes, never a place in a tree: sets may overlap."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from hemicycle.api import Code, Name, new_id, secret_id

KINDS = ("COMMUNE", "EPCI", "EPT", "ARRONDISSEMENT", "DEPARTMENT", "REGION", "LIVING_AREA", "OTHER")
SCHEMES = ("COG", "SIREN", "LOCAL")
EVIDENCE = ("OFFICIAL", "ATTESTED", "INFERRED")


class TerritoryRow(SQLModel, table=True):
    """A territory. It keeps its id from one vintage to the next; its communes say from when to when they are its own.

    Codes are unique within a scheme and a kind: in the COG, `01` is a department and a region.
    """

    __tablename__ = "territories_territory"
    __table_args__ = (
        UniqueConstraint("scheme", "kind", "code"),
        CheckConstraint(f"kind in {KINDS}", name="kind"),
        CheckConstraint(f"scheme in {SCHEMES}", name="scheme"),
        CheckConstraint(f"evidence in {EVIDENCE}", name="evidence"),
        Index("ix_territories_territory_name", "sort_key", "id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    space_id: UUID = Field(foreign_key="core_space.id", index=True)  # the root: territories are the instance's
    scheme: str = Field(sa_type=Code)
    kind: str = Field(sa_type=Code)
    code: str = Field(sa_type=Code)
    name: str = Field(sa_type=Name)
    sort_key: str = Field(max_length=200)
    evidence: str = Field(sa_type=Code)
    source: str | None = Field(default=None, sa_type=Name)
    partial: bool = False  # only some of its communes are known
    vintage: int  # the year of the last file that named it
    valid_from: date
    valid_to: date | None = None  # the first day on which it was no more


class MemberRow(SQLModel, table=True):
    """A commune of a territory, by its code: it is the territory's own even where nothing else is known of it."""

    __tablename__ = "territories_member"
    __table_args__ = (Index("ix_territories_member_commune", "commune", "territory_id"),)

    territory_id: UUID = Field(primary_key=True, foreign_key="territories_territory.id")
    commune: str = Field(primary_key=True, sa_type=Code)
    valid_from: date = Field(primary_key=True)
    valid_to: date | None = None


class PlaceRow(SQLModel, table=True):
    """The territory that a space is about."""

    __tablename__ = "territories_place"

    space_id: UUID = Field(primary_key=True, foreign_key="core_space.id")
    territory_id: UUID = Field(foreign_key="territories_territory.id", index=True)


class ResidenceRow(SQLModel, table=True):
    """Where a person lives, as they said it, or as someone checked it. Known to them and to whoever checks."""

    __tablename__ = "territories_residence"

    id: UUID = Field(default_factory=secret_id, primary_key=True)
    participant_id: UUID = Field(unique=True, foreign_key="core_participant.id")
    space_id: UUID = Field(foreign_key="core_space.id", index=True)
    territory_id: UUID = Field(foreign_key="territories_territory.id", index=True)
    declared_on: date
    verified_on: date | None = None
    verified_by_id: UUID | None = Field(default=None, foreign_key="core_participant.id", index=True)
