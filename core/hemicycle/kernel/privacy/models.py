"""The table that says which columns are about a person."""

from sqlmodel import Field, SQLModel

from hemicycle.kernel.db.types import Code


class PersonalDataRow(SQLModel, table=True):
    """One column about a person, as its owner declared it (see `declarations.PersonalData`)."""

    __tablename__ = "core_personal_data"

    table_name: str = Field(primary_key=True, sa_type=Code)
    column_name: str = Field(primary_key=True, sa_type=Code)
    owner: str = Field(sa_type=Code, index=True)
    owner_column: str = Field(sa_type=Code)
    via_column: str | None = Field(default=None, sa_type=Code)
    via_table: str | None = Field(default=None, sa_type=Code)
    erase: str = Field(sa_type=Code)
    content: bool = False
    export: bool = True
