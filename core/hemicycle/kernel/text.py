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
_BIDI = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
# The joiners are not among them: emoji and Persian need them.
_INVISIBLE = re.compile(rf"[{_BIDI}\u00ad\u180e\u200b\u2060-\u2064\ufeff]")
_SPACES = re.compile(r"[ \t\n\u2028\u2029]+")
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and signs that show nothing
_MAYBE_MARK = re.compile(r"[\u00ad\u0300-\u200f\u202a-\u202e\u2060-\u206f\u20d0-\U0010ffff]")
_MOST_MARKS = 12  # combining or invisible in a row; no written language needs more
_MOST_LINKS = 1_000  # of one text; beyond, looking for them takes seconds


def clean(value: str, *, longest: int = LONGEST) -> str:
    """`value` as it is kept: NFC, its lines end in a newline. ValueError says what is wrong with hostile text."""
    _refuse_longer(value, longest)
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    if found := _SURROGATE.search(value):
        raise ValueError(f"half a character (a lone surrogate) stands at position {found.start()}: remove it")
    if found := _CONTROL.search(value):
        raise ValueError(f"a control character (U+{ord(found[0]):04X}) stands at position {found.start()}: remove it")
    # NFC takes seconds over a long row of marks, so rows are bounded before it; loosely, for it makes some shorter.
    _refuse_marks(value, 4 * _MOST_MARKS)
    value = unicodedata.normalize("NFC", value)
    _refuse_marks(value, _MOST_MARKS)
    _refuse_longer(value, longest)  # a few characters grow when they are composed
    return value


def clean_name(value: str, *, longest: int = LONGEST_NAME) -> str:
    """A title or a name: like `clean`, on one line, without what is invisible or turns the writing direction around."""
    value = _SPACES.sub(" ", clean(_INVISIBLE.sub("", value), longest=longest)).strip()
    if not any(unicodedata.category(one)[0] in "LNPS" and one not in _BLANKS for one in value):
        raise ValueError("it is empty: write something")
    return value


def _refuse_longer(value: str, longest: int) -> None:
    if len(value) > longest:
        raise ValueError(f"it has {len(value)} characters, and {longest} is the most: shorten it")


def _refuse_marks(value: str, most: int) -> None:
    if not _MAYBE_MARK.search(value):  # most texts: to look at each character takes as long as all the rest
        return
    row = 0
    for position, character in enumerate(value):
        category = unicodedata.category(character)
        row = row + 1 if category[0] == "M" or category == "Cf" else 0
        if row > most:
            raise ValueError(f"more than {most} combining marks in a row stand at position {position}: remove them")


_markdown = MarkdownIt("js-default", {"linkify": False, "html": False}).disable("image")
_linkless = MarkdownIt("js-default", {"linkify": False, "html": False}).disable(["image", "link"])
_TAGS = {
    "p", "br", "hr", "strong", "em", "s", "a", "ul", "ol", "li", "blockquote", "code", "pre",
    "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


@lru_cache(maxsize=256)
def html(markdown: str) -> str:
    """Markdown as HTML that is safe to insert in a page: no script, no image, links to http, https, mailto only."""
    known = _markdown if markdown.count("[") <= _MOST_LINKS else _linkless
    return nh3.clean(
        known.render(markdown),
        tags=_TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto"},
        url_relative="deny",
        link_rel="nofollow noopener noreferrer ugc",
    )


@lru_cache(maxsize=256)
def plain(markdown: str) -> str:
    """Markdown without its marks, as plain text."""
    lines = re.sub(r"</(p|h\d|blockquote|pre)>|<hr>|(</(li|tr)>|<br>)\n?", "\n", html(markdown))
    bare = nh3.clean(lines, tags=set())
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", "\u00a0"), ("&amp;", "&")):
        bare = bare.replace(entity, character)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in bare.splitlines())).strip()


def excerpt(markdown: str, length: int = 200) -> str:
    """The first words, on one line: at most `length` characters (1 to 1000)."""
    length = max(1, min(length, 1000))
    flat = " ".join(plain(markdown[: 8 * length + 200]).split())
    return flat if len(flat) <= length else flat[: length - 1].rsplit(" ", 1)[0] + "…"
