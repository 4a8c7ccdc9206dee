"""What changed from one version of a proposal to the next: the words that stayed, came and went."""

import re
from difflib import SequenceMatcher
from enum import Enum

import strawberry
from sqlalchemy import ColumnElement, func, select

from hemicycle.api import Row
from hemicycle_outcomes.proposals.sight import versions, words

_WORD = re.compile(r"\S+\s*|\s+")
MOST_WORDS = 4000  # beyond, both texts are told as wholes: to compare them takes seconds


@strawberry.enum(description="What happened to some words.")
class ChangeKind(Enum):
    KEPT = strawberry.enum_value("KEPT", description="They stand in both versions.")
    INSERTED = strawberry.enum_value("INSERTED", description="They are new.")
    DELETED = strawberry.enum_value("DELETED", description="They stand no more.")


@strawberry.type(description="Words that stand together, and what happened to them.")
class Change:
    kind: ChangeKind = strawberry.field(description="What happened.")
    text: str = strawberry.field(description="The words, with the spaces between them.")


def changes(before: str, after: str) -> list[Change]:
    """What leads from one text to the other: kept and inserted words make `after`, kept and deleted ones `before`."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if max(len(old), len(new)) > MOST_WORDS:
        return _told(("DELETED", before), ("INSERTED", after))
    found = []
    for tag, start, end, begin, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(("KEPT", "".join(old[start:end])))
        else:
            found += [("DELETED", "".join(old[start:end])), ("INSERTED", "".join(new[begin:stop]))]
    return _told(*found)


def before(row: Row) -> ColumnElement[str]:
    """The words of the version before this one; of the first one, none."""
    it = versions.alias().c
    one = select(words("statement")(it)).where(it.proposal_id == row.proposal_id, it.number == row.number - 1)
    return func.coalesce(one.correlate(row.id.table).scalar_subquery(), "")


def _told(*pairs: tuple[str, str]) -> list[Change]:
    return [Change(kind=ChangeKind[kind], text=text) for kind, text in pairs if text]
