"""The journal, as it is told in public: what happened, where, in plain words."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, case, func, select

from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.declarations import Event
from hemicycle.kernel.graphql.enums import Locale
from hemicycle.kernel.graphql.sources import Expression, Row
from hemicycle.participants.models import ParticipantRow
from hemicycle.spaces.tree import holds, readable

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application

STEWARDS = frozenset({"steward", "administrator"})


def told(row: Row) -> ColumnElement[bool]:
    """What happened in a space, to whoever may read it; and what is not public, to its stewards."""
    return and_(row.space_id.is_not(None), readable(row.space_id), row.public.is_(True) | holds(STEWARDS, row.space_id))


def reason(row: Row) -> ColumnElement[Any]:
    """The reason, where it was given in public."""
    return case((row.private.is_(False), row.reason))


def _actor(row: Row) -> ColumnElement[Any]:
    it = table_of(ParticipantRow).alias().c
    name = select(it.display_name).where(it.id == row.actor_id).correlate(row.id.table).scalar_subquery()
    return func.coalesce(name, "")


NEEDS: list[str | Expression] = ["event", "subject_type", _actor, lambda row: func.coalesce(reason(row), "")]


def sentence(event: str, subject: str, actor: str, why: str, app: "Application", locale: Locale | None = None) -> str:
    """The event's own sentence, in this locale (the instance's if none is said)."""
    known: Event | None = app.declared[Event].get(event)
    if known is None:  # its plugin is gone
        return event
    language = str(locale.value) if locale else app.settings.locale
    return known.sentence(language, actor=actor, subject=subject, reason=why)
