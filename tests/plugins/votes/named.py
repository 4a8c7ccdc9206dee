"""A plugin for tests: a criterion that is true of those whose names start so, as another one is of a territory's."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, select

from hemicycle.api import Criterion, ParticipantRow, PluginInfo, hookimpl, table_of


class Starts(BaseModel):
    """How the names start."""

    model_config = ConfigDict(extra="forbid")
    starts: str


def _named(person: ColumnElement[UUID], given: Starts) -> ColumnElement[bool]:
    it = table_of(ParticipantRow).alias().c
    return select(1).where(it.id == person, it.display_name.startswith(given.starts)).exists()


@hookimpl
def describe_plugin() -> PluginInfo:
    return PluginInfo("Named")


@hookimpl
def declare_criteria() -> list[Criterion]:
    return [Criterion("named", "Is called so.", test=_named, parameters=Starts)]
