"""What another system said, and whether it may be kept here: by the same rules as what is written here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from hemicycle.contributions.kinds import Channel
from hemicycle.contributions.words import alignment_of, categories_of, kind_of, language_of, text_of, title_of
from hemicycle.kernel.db.session import Session
from hemicycle.kernel.errors import invalid
from hemicycle.kernel.text import clean_name
from hemicycle.participants.rules import name_of
from hemicycle.spaces.models import SpaceRow

LONGEST_ID = 200  # characters of an id elsewhere


@dataclass(frozen=True)
class Record:
    """One contribution of another system. `number` (its line) says which it is where something is wrong with it.

    id, parent, author: ids of that system. parent: what it answers, among these records or imported before; or the id
    that it has here.
    published_at: with its time zone. withdrawn: its author took it back there; a tombstone stays, without its words.
    version: the number of these words there, where earlier ones come too; written_at: when they were written.
    """

    number: int
    id: str
    text: str
    author: str
    published_at: datetime
    author_name: str | None = None  # the id of the author, if not said
    author_kind: str = "PERSON"
    title: str | None = None
    kind: str | None = None
    parent: str | UUID | None = None
    alignment: str | None = None
    categories: Sequence[str] = ()
    language: str | None = None
    channel: str = "IMPORT"
    withdrawn: bool = False
    version: int = 1
    written_at: datetime | None = None  # when it was published, if not said


class Known(NamedTuple):
    """What was imported before under an id."""

    id: UUID
    space_id: UUID
    state: str


@dataclass(frozen=True)
class Accepted:
    """A record, with its words and the columns of its row as they will be kept."""

    record: Record
    title: str | None
    text: str | None
    columns: dict[str, Any]


def accept(session: Session, record: Record, place: SpaceRow) -> Accepted:
    """The record as it will be kept. Refused if it would be, were it written here."""
    reply = record.parent is not None
    _check_id("id", record.id)
    _check_id("author", record.author)
    name_of(record.author_name or record.author, "author")
    if record.author_kind not in ("PERSON", "STRUCTURE"):
        raise invalid("author_kind", f"An author is a PERSON or a STRUCTURE, not {record.author_kind}.")
    if record.published_at > session.now:
        raise invalid("published_at", f"It was published in the future: {record.published_at.isoformat()}.")
    if record.written_at and record.written_at > session.now:
        raise invalid("written_at", f"It was written in the future: {record.written_at.isoformat()}.")
    if record.version < 1:
        raise invalid("version", f"Versions are counted from 1; this is {record.version}.")
    columns = {
        "space_id": place.id, "recorded_by_id": None, "channel": channel_of(record.channel), "version": record.version,
        "state": "WITHDRAWN" if record.withdrawn else "PUBLISHED",
        "kind": kind_of(session.app.declared, record.kind, reply=reply),
        "alignment": alignment_of(record.alignment, reply=reply),
        "language": language_of(record.language or session.app.settings.locale),
        "categories": [] if record.withdrawn else categories_of(record.categories),
        "created_at": record.published_at, "published_at": record.published_at, "listed_at": record.published_at,
    }  # fmt: skip
    if record.withdrawn:
        return Accepted(record, None, None, columns)
    return Accepted(record, title_of(record.title, reply=reply), text_of(record.text), columns)


def channel_of(channel: str) -> str:
    """How it came in. Refused if there is no such way."""
    if channel not in Channel.__members__:
        raise invalid("channel", f"There is no channel {channel}; there are: {', '.join(Channel.__members__)}.")
    return channel


def check_same_space(known: Known, place: SpaceRow) -> None:
    """What was imported before stays where it is."""
    if known.space_id != place.id:
        raise invalid("id", "It was imported before into another space, and stays there.")


def check_parent(parent: str | UUID, here: set[str], known: Known | None, place: SpaceRow) -> None:
    """Only what is published in the same space is answered, or was before it was withdrawn."""
    if known is None and parent not in here:
        raise invalid("parent", f"It answers {str(parent)!r}, which is not here and was not imported before.")
    if known is not None and known.space_id != place.id:
        raise invalid("parent", f"It answers {str(parent)!r}, which is in another space.")
    if known is not None and known.state not in ("PUBLISHED", "WITHDRAWN"):
        told = f"It answers {str(parent)!r}, which is {known.state}: only what is PUBLISHED is answered."
        raise invalid("parent", told)


def in_rounds(accepted: Iterable[Accepted]) -> tuple[list[list[Accepted]], list[Accepted]]:
    """First what answers none of these, then what answers that, and so on; and what answers itself in a circle."""
    every: dict[str | UUID | None, Accepted] = {one.record.id: one for one in accepted}
    answers: dict[str, list[Accepted]] = {}
    ready = []
    for one in every.values():
        if one.record.parent in every:
            answers.setdefault(str(one.record.parent), []).append(one)
        else:
            ready.append(one)
    rounds = []
    while ready:
        rounds.append(ready)
        ready = [answer for one in ready for answer in answers.pop(one.record.id, ())]
    return rounds, [one for left in answers.values() for one in left]


def _check_id(path: str, value: str) -> None:
    try:
        same = clean_name(value, longest=LONGEST_ID) == value
    except ValueError as error:
        raise invalid(path, f"Its {path} cannot be kept: {error}.") from None
    if not same:
        raise invalid(path, f"Its {path} has spaces around it, or characters that are not seen: {value!r}.")
