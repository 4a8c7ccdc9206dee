"""A row of Decidim as a contribution: its words, its author, its categories, where it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hemicycle.api import Record
from hemicycle_exchange.decidim.identity import (
    COMMENT,
    DEBATE,
    IN_AN_INSTANCE,
    Identity,
    Wrong,
    answered_by,
    split_address,
)
from hemicycle_exchange.decidim.tables import Row
from hemicycle_exchange.decidim.words import (
    Notes,
    in_one_language,
    markdown,
    moment_of,
    names_in_one_language,
    plain,
    split_list,
    title_and_text,
)

UNKNOWN = {"fr": "Auteur non communiqué", "en": "Author not given"}
ALIGNMENTS = {"1": "FOR", "-1": "AGAINST", "0": "NEUTRAL"}
YES = ("true", "t", "1", "yes")
SAID_AGAIN = re.compile(
    r"id|url|reference|alignment|depth|comments|commentable.*|root_commentable_url|locale|component/.*|participatory_space/.*"
    r"|(category|scope|taxonomies)/(id|ids)|author_id|authors?/(id|name|url)(/.*)?|user_group/.*|withdrawn|withdrawn_at"
)
"""Columns that are kept in another form (who, where, under what), or can be counted again."""
SAYS_NOTHING = ("", "0", "0.0", "false", "{}", "[]")


@dataclass(frozen=True)
class Reader:
    """How rows are read. locale: that is taken where there are several. earliest: for what says no moment."""

    locale: str
    zone: ZoneInfo
    proposals: str  # the kind that a proposal becomes
    earliest: datetime

    def record(self, number: int, row: Row, it: Identity) -> tuple[Record, Notes]:
        """The row as a record, and what is to be told of it. Wrong if it cannot be kept."""
        notes = Notes()
        about, locale = in_one_language(row, "title", self.locale, notes)
        words, spoken = self._words(row, it, notes)
        answered = answered_by(row, it)
        withdrawn = row.get("withdrawn", "").lower() in YES or row.get("state") == "withdrawn"
        moment = moment_of(row, self.zone, notes)
        if moment is None:
            notes.add("it says no moment: the earliest of these files stands for it")
        if withdrawn:
            notes.add("it was withdrawn by its author: its place is kept, not its words")
        title, text = (None, words) if answered else title_and_text(plain(about), words, notes)
        if not withdrawn and not text:
            raise Wrong("it says nothing: it has no words")
        language = locale or spoken or row.get("locale") or self.locale
        record = Record(
            number, it.key, text, published_at=moment or self.earliest, title=title, kind=self._kind(it),
            parent=answered.key if answered else None, alignment=_alignment(row, it),
            categories=[] if answered else list(_categories(row, self.locale, notes)),
            language=language.replace("_", "-"), withdrawn=withdrawn, **self._author(row, it, notes),
        )  # fmt: skip
        return record, notes

    def _words(self, row: Row, it: Identity, notes: Notes) -> tuple[str, str | None]:
        """The text as Markdown, and its locale. A debate has several texts, which come one after the other."""
        names = (
            ("description", "instructions", "information_updates", "conclusions") if it.kind == DEBATE else ("body",)
        )
        said = [in_one_language(row, name, self.locale, notes) for name in names]
        locale = next((locale for text, locale in said if text and locale), None)
        return "\n\n".join(filter(None, (markdown(text, notes) for text, _ in said))), locale

    def _kind(self, it: Identity) -> str:
        return "COMMENT" if it.kind == COMMENT else "QUESTION" if it.kind == DEBATE else self.proposals

    def _author(self, row: Row, it: Identity, notes: Notes) -> dict[str, Any]:
        """author, author_name and author_kind."""
        if group := row.get("user_group/id"):
            notes.add("it was said for a group: the group is its author, the person is not kept")
            name = in_one_language(row, "user_group/name", self.locale, notes)[0]
            return _who(f"group/{group}", name or f"Groupe {group}", "STRUCTURE")
        every = split_list(row.get("author/id") or row.get("authors/id") or row.get("author_id") or "")
        called = in_one_language(row, "author/name", self.locale, notes)[0] or row.get("authors/name", "")
        names = split_list(called) if len(every) > 1 else [called.strip()]
        if len(every) > 1:
            notes.add("it has several authors: the first one is kept")
        first = names[0] if len(names) == max(len(every), 1) else ""
        where = split_address(row.get("author/url", "").partition(",")[0])
        if where.hostname and where.path.strip("/") == "":
            return _who(f"organization/{every[0] if every else ''}", first or it.host, "STRUCTURE")
        met = IN_AN_INSTANCE.search(where.path)
        if met and met[1] == "meetings":  # its id is no id of a person, though it may be the same number
            return _who(f"meeting/{met[2]}", first or f"meeting {met[2]}", "STRUCTURE")
        if every:
            return _who(every[0], first or every[0])
        if first:
            return _who(f"name/{first}", first)
        if it.kind == DEBATE:
            notes.add("it names no author: the organisation of that instance stands for it")
            return _who("organization", it.host, "STRUCTURE")
        notes.add("its author is not in the file")
        return _who("unknown", UNKNOWN.get(self.locale, UNKNOWN["en"]))


def lost_columns(row: Row, notes: Notes) -> Iterator[tuple[str, str]]:
    """(column, value) of what a row says and a record does not."""
    for column, value in row.items():
        if value.strip() not in SAYS_NOTHING and column not in notes.read and not SAID_AGAIN.fullmatch(column):
            yield column, value


def _who(key: str, name: str, kind: str = "PERSON") -> dict[str, Any]:
    return {"author": plain(key)[:200], "author_name": plain(name)[:100] or None, "author_kind": kind}


def _alignment(row: Row, it: Identity) -> str | None:
    said = row.get("alignment", "").strip().strip("'")
    if it.kind != COMMENT or not said:
        return None
    try:
        return ALIGNMENTS[str(int(float(said)))]
    except (ValueError, KeyError, OverflowError):
        raise Wrong(f"its alignment is {said!r}: 1, 0 and -1 are known") from None


def _categories(row: Row, locale: str, notes: Notes) -> Iterator[str]:
    """The names of its category, its taxonomies and its scope."""
    for name in ("category", "taxonomies", "scope"):
        notes.read.add(name)
        said = row.get(name) or in_one_language(row, f"{name}/name", locale, notes)[0]
        parts = names_in_one_language(said, locale) if name == "taxonomies" else [said]
        yield from (found[:100] for part in parts if (found := plain(part)))
