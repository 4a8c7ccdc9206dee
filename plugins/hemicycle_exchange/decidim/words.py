"""The words of a row of Decidim: in which language, as Markdown, and when they were said."""

import html
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hemicycle_exchange.decidim.identity import Wrong
from hemicycle_exchange.decidim.tables import Row
from hemicycle_exchange.markup import from_html, from_plain

LONGEST_TITLE = 300
MOMENTS = ("published_at", "created_at", "start_time", "closed_at", "updated_at", "last_comment_at")
_TAG = re.compile(
    r"</?(?:p|br|ul|ol|li|strong|em|b|i|u|a|h[1-6]|div|span|blockquote|img|iframe)\b[^<>]*>", re.IGNORECASE
)
_SHOWN = re.compile(r"(?i)<(?:img|iframe|video|audio|embed)\b")
_BETWEEN = re.compile(r"(?<=\}), *(?=\{)")
_PAIR = re.compile(r'"([^"]*)" *(?:=>|:) *"((?:[^"\\]|\\.)*)"')
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]")
_GUARDED = re.compile(r"'(?=[=+\-@])")
_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_FORMS = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%d-%m-%Y %H:%M", "%Y/%m/%d %H:%M:%S")


@dataclass
class Notes:
    """What is kept in another way than it was said (told by line), and the columns that were read."""

    said: list[str] = field(default_factory=list)
    read: set[str] = field(default_factory=set)

    def add(self, told: str) -> None:
        if told not in self.said:
            self.said.append(told)


def in_one_language(row: Row, name: str, wanted: str, notes: Notes) -> tuple[str, str | None]:
    """(text, locale or None) of a column that may be several: `title`, or `title/fr` and `title/en`."""
    alone = (row.get(name) or "").strip("\r\n")
    if alone.strip():
        notes.read.add(name)
        return _unguarded(alone), None
    locales = [column.removeprefix(f"{name}/") for column in row if column.startswith(f"{name}/")]
    locales = [one for one in locales if _LOCALE.fullmatch(one) and row[f"{name}/{one}"].strip()]
    for locale in sorted(locales, key=lambda one: (one != wanted, locales.index(one))):
        notes.read.add(f"{name}/{locale}")
        return _unguarded(row[f"{name}/{locale}"]), locale
    return "", None


def names_in_one_language(said: str, wanted: str) -> list[str]:
    """The names of a list: `Air, Water`, or of each what it is called in several languages, as Ruby writes that in a
    cell of CSV (`{"fr"=>"Air, eau"}, {"fr"=>"Nord"}`), or JSON."""
    if not said.startswith("{"):
        return split_list(said)
    each = [_PAIR.findall(one) for one in _BETWEEN.split(said)]
    called = [sorted((pair for pair in pairs if pair[1]), key=lambda pair: pair[0] != wanted) for pairs in each]
    return [re.sub(r"\\(.)", r"\1", pairs[0][1]) for pairs in called if pairs]


def split_list(said: str) -> list[str]:
    """What stands between the commas."""
    return [part.strip() for part in said.split(",")] if said.strip() else []


def markdown(text: str, notes: Notes) -> str:
    """HTML or plain text (with entities, or without) as Markdown."""
    if _CONTROL.search(text):
        notes.add("signs that are not characters are left out")
        text = _CONTROL.sub("", text)
    if not _TAG.search(text):
        return from_plain(html.unescape(text).replace("\xa0", " ")).strip()
    if _SHOWN.search(text):
        notes.add("images and players in the text are left out")
    return from_html(text).strip()


def plain(text: str) -> str:
    """HTML or plain text as words on one line: for titles and categories."""
    bare = _TAG.sub(" ", _CONTROL.sub("", text))
    return " ".join(html.unescape(bare).split())


def title_and_text(title: str, text: str, notes: Notes) -> tuple[str, str]:
    """Both, where one is missing or the title is too long: nothing that was said goes."""
    if not text:
        notes.add("it has no text: its title stands for it")
        return title, from_plain(title)
    if not title:
        notes.add("it has no title: the beginning of its text stands for it")
        return plain(text)[:100], text
    if len(title) > LONGEST_TITLE:
        notes.add("its title is too long: the whole of it stands first in the text")
        return f"{title[: LONGEST_TITLE - 1]}…", f"{from_plain(title)}\n\n{text}"
    return title, text


def moment_of(row: Row, zone: ZoneInfo, notes: Notes) -> datetime | None:
    """When it was published, or the next best that the row says; None if it says no moment. Wrong if it is none."""
    for column in MOMENTS:
        if said := (row.get(column) or "").strip():
            notes.read.add(column)
            if column not in MOMENTS[:2]:
                notes.add(f"no column says when it was published: {column} stands for it")
            return _moment(said, zone, notes)
    return None


def _moment(said: str, zone: ZoneInfo, notes: Notes) -> datetime:
    text = said.removesuffix(" UTC") + "+00:00" if said.endswith(" UTC") else said
    text = re.sub(r" (?=[+-]\d{2}:?\d{2}$)", "", text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = _in_other_forms(text)
    if moment.tzinfo is None:
        notes.add(f"its moment has no zone: it is taken for one of {zone.key}")
        moment = moment.replace(tzinfo=zone)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise Wrong(f"{said!r} is not a moment") from None


def _in_other_forms(text: str) -> datetime:
    for form in _FORMS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007  (its zone is given afterwards)
        except ValueError:
            continue
    raise Wrong(f"{text[:40]!r} is not a moment as 2019-01-17 10:38:20 +0100")


def _unguarded(text: str) -> str:
    """Without the apostrophe that newer versions put before what a spreadsheet would take for a formula."""
    return text[1:] if _GUARDED.match(text) else text
