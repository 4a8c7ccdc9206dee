"""Words that people write: cleaned before they are kept, made safe before they are shown."""

import re
import unicodedata
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

LONGEST = 50_000  # characters of one text
LONGEST_NAME = 300  # characters of a title or a name

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_BIDI = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MOST_MARKS = 12  # combining marks in a row; no written language needs more


def clean(value: str, *, longest: int = LONGEST) -> str:
    """`value` as it is kept: NFC, one sort of line end. ValueError says what is wrong with hostile text."""
    if len(value) > longest:
        raise ValueError(f"it has {len(value)} characters, and {longest} is the most: shorten it")
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    if found := _SURROGATE.search(value):
        raise ValueError(f"half a character (a lone surrogate) stands at position {found.start()}: remove it")
    if found := _CONTROL.search(value):
        raise ValueError(f"a control character (U+{ord(found[0]):04X}) stands at position {found.start()}: remove it")
    value = unicodedata.normalize("NFC", value)
    if len(value) > longest:  # a few characters grow when they are composed
        raise ValueError(f"it has {len(value)} characters once normalised, and {longest} is the most: shorten it")
    row = 0
    for position, character in enumerate(value):
        row = row + 1 if unicodedata.combining(character) else 0
        if row > _MOST_MARKS:
            raise ValueError(
                f"more than {_MOST_MARKS} combining marks in a row stand at position {position}: remove them"
            )
    return value


def clean_name(value: str, *, longest: int = LONGEST_NAME) -> str:
    """A title or a name: like `clean`, on one line, without marks that turn the writing direction around."""
    value = " ".join(re.split(r"[ \t\n]+", _BIDI.sub("", clean(value, longest=longest)))).strip()
    if not value:
        raise ValueError("it is empty: write something")
    return value


_markdown = MarkdownIt("js-default", {"linkify": False, "html": False}).disable("image")
_TAGS = {
    "p", "br", "hr", "strong", "em", "s", "a", "ul", "ol", "li", "blockquote", "code", "pre",
    "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


@lru_cache(maxsize=512)
def html(markdown: str) -> str:
    """Markdown as HTML that is safe to insert in a page: no script, no image, links to http, https, mailto only."""
    return nh3.clean(
        _markdown.render(markdown),
        tags=_TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer ugc",
    )


@lru_cache(maxsize=512)
def plain(markdown: str) -> str:
    """Markdown without its marks, as plain text."""
    spaced = re.sub(r"</(p|li|h\d|blockquote|pre|tr)>|<br>|<br />", "\n", html(markdown))
    bare = nh3.clean(spaced, tags=set())
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", "\u00a0"), ("&amp;", "&")):
        bare = bare.replace(entity, character)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in bare.splitlines())).strip()


def excerpt(markdown: str, length: int = 200) -> str:
    """The first words, on one line: at most `length` characters (1 to 1000)."""
    length = max(1, min(length, 1000))
    flat = " ".join(plain(markdown[: 8 * length + 200]).split())
    return flat if len(flat) <= length else flat[: length - 1].rsplit(" ", 1)[0] + "…"
