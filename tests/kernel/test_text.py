"""What people write: hostile text is refused in a sentence, and what is shown is safe to insert in a page."""

import re
import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hemicycle.kernel import text
from hemicycle.kernel.text import LONGEST, LONGEST_NAME, clean, clean_name, excerpt, html, plain

ANY = st.text(alphabet=st.characters(categories=None), max_size=300)  # every code point, surrogates included
FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"

# -- what is kept ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hostile", "told"),
    [
        ("a\0b", "control character (U+0000) stands at position 1"),
        ("\x1b[31m", "U+001B"),
        ("\x85", "U+0085"),
        ("a\x7f", "U+007F"),
        ("\v", "U+000B"),
        ("ab\ud800", "lone surrogate) stands at position 2"),
        ("\udfff\ud800", "lone surrogate"),
        ("x" + "\u0301" * 13, "more than 12 combining marks in a row stand at position 13"),
        ("a" + "\u0301\u0323" * 25, "combining marks"),
        ("a" + "\u20dd" * 13, "combining marks"),  # enclosing marks have no combining class
        ("a" + ("\u0301" * 12 + "\u034f") * 3, "combining marks"),  # a joiner between rows does not part them
        ("a" + ("\u0301" * 12 + "\u200d") * 3, "combining marks"),
        ("a" + "\u200b" * 13, "combining marks"),
        ("\u0344" * 8, "combining marks"),  # each becomes two
        ("a" * (LONGEST + 1), f"has {LONGEST + 1} characters, and {LONGEST} is the most: shorten it"),
        ("\u0301" * 1_000_000, "1000000 characters"),
        ("\U0001d15e" * LONGEST, "50000 is the most"),  # grows when it is composed
    ],
)
def test_hostile_text_is_refused_with_what_and_where(hostile: str, told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        clean(hostile)


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("", ""),
        ("a\r\nb\rc\n\td", "a\nb\nc\n\td"),
        ("e\u0301cole", "école"),
        ("\u202eabc\u202c", "\u202eabc\u202c"),  # bidi controls are part of a text, not of a name
        (f"{FAMILY} {ENGLAND}", f"{FAMILY} {ENGLAND}"),
        ("हिन्दी, ภาษาไทย, עִבְרִית, العَرَبِيَّة, Tiếng Việt", "हिन्दी, ภาษาไทย, עִבְרִית, العَرَبِيَّة, Tiếng Việt"),
        ("\U0001f5f3\ufe0f 𝔘", "\U0001f5f3\ufe0f 𝔘"),
        ("a" + "\u0301" * 12, "á" + "\u0301" * 11),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),  # a spreadsheet's danger is for whoever writes a spreadsheet
        ("a" * LONGEST, "a" * LONGEST),
    ],
)
def test_text_is_kept_composed_with_plain_line_ends(given_: str, kept: str) -> None:
    assert clean(given_) == unicodedata.normalize("NFC", kept)


def test_a_long_row_of_marks_is_refused_before_it_is_sorted(monkeypatch: pytest.MonkeyPatch) -> None:
    normalised: list[str] = []
    real = unicodedata.normalize
    monkeypatch.setattr(unicodedata, "normalize", lambda form, it: normalised.append(it) or real(form, it))
    with pytest.raises(ValueError, match="marks"):
        clean("a" + "\u0301\u0323" * (LONGEST // 2 - 1))
    assert normalised == []


@given(ANY)
def test_clean_refuses_or_settles(value: str) -> None:
    try:
        kept = clean(value)
    except ValueError:
        return
    assert clean(kept) == kept
    assert unicodedata.is_normalized("NFC", kept)
    kept.encode()
    assert not [one for one in kept if unicodedata.category(one) in ("Cc", "Cs") and one not in "\t\n"]


@given(st.text(alphabet="ea\u0301\u0323\u0344\u034f\u200d\u20dd\u1100\u1161", max_size=60))
def test_a_text_composed_or_not_is_the_same_text(value: str) -> None:
    composed = unicodedata.normalize("NFC", value)
    try:
        kept = clean(composed)
    except ValueError:
        return
    for form in ("NFC", "NFD"):
        assert clean(unicodedata.normalize(form, value)) == kept


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("  Un\ttitre\r\n sur  deux lignes ", "Un titre sur deux lignes"),
        ("a\u2028b\u2029c", "a b c"),
        ("\u202eadmin\u202c", "admin"),
        ("\u2066a\u2069\u200e\u200f\u061c", "a"),
        ("Jean\u200b\u2060\ufeff\u00ad", "Jean"),  # nobody takes another's name by what is not seen
        ("e\u200b\u0301", "é"),
        (FAMILY, FAMILY),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("Qui\u00a0?", "Qui\u00a0?"),
        ("—", "—"),
        ("<b>\"'&", "<b>\"'&"),
        ("x" * LONGEST_NAME, "x" * LONGEST_NAME),
    ],
)
def test_a_name_is_one_line_that_reads_as_it_is_written(given_: str, kept: str) -> None:
    assert clean_name(given_) == kept


@pytest.mark.parametrize(
    "empty", ["", " \n\t", "\u200b", "\u202e\u202c", "\u00a0\u2003", "\u3164", "\u2800 \u115f", "\u0301"]
)
def test_a_name_that_shows_nothing_is_empty(empty: str) -> None:
    with pytest.raises(ValueError, match="it is empty: write something"):
        clean_name(empty)


@pytest.mark.parametrize("hostile", ["a\0", "\ud800", "x" * (LONGEST_NAME + 1), "x" + "\u0301" * 13])
def test_a_hostile_name_is_refused(hostile: str) -> None:
    with pytest.raises(ValueError, match="remove|shorten"):
        clean_name(hostile)


@given(ANY)
def test_clean_name_refuses_or_settles(value: str) -> None:
    try:
        kept = clean_name(value)
    except ValueError:
        return
    assert clean_name(kept) == kept
    assert "\n" not in kept
    assert kept == kept.strip() != ""
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\ufeff]", kept)


# -- what is shown --------------------------------------------------------------------------------------------------

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href='javascript:alert(1)'>a</a>",
    "<style>@import 'http://a.b'</style>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "</p><base href=//evil.example>",
    "<!--><img src=x onerror=alert(1)>-->",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](java\tscript:alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a](javascript&colon;alert(1))",
    "[a](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[a](data:image/svg+xml,<svg onload=alert(1)>)",
    "[a](data:image/png;base64,AAAA)",
    "[a](vbscript:msgbox(1))",
    "[a](file:///etc/passwd)",
    "[a](blob:https://a.b/1)",
    "[a](ftp://a.b)",
    "[a](//evil.example/x)",
    "[a](/sign-out)",
    "[a](\\\\evil.example)",
    '[a](http://a.b "" onmouseover=alert(1) x=")',
    "[a](http://a.b '\" onmouseover=\"alert(1)')",
    "[a](<javascript:alert(1)>)",
    "[a][1]\n\n[1]: javascript:alert(1)",
    "<javascript:alert(1)>",
    '<http://a.b/"onmouseover=alert(1)>',
    "![x](http://tracker.example/pixel.png)",
    "![x](javascript:alert(1))",
    "```<script>\nalert(1)\n```",
    '```html" onmouseover="alert(1)\n<b>\n```',
    "`<script>alert(1)</script>`",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<a\0href=javascript:alert(1)>",
    "x\u2028<script>y</script>",
    "=cmd|' /C calc'!A0",
    "| a |\n|--|\n| <img src=x onerror=alert(1)> |",
    "# <b onclick=alert(1)>",
    "- [x] <input autofocus onfocus=alert(1)>",
]  # fmt: skip
TAGS = {
    "a", "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip


class Reader(HTMLParser):
    """What a browser would find: tags, attributes, text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def assert_safe(page: str) -> None:
    for tag, attributes in Reader(page).found:
        assert tag in TAGS, page
        assert set(attributes) <= ({"href", "title", "rel"} if tag == "a" else set()), page
        assert re.match("https?:|mailto:", attributes.get("href") or "http:", re.IGNORECASE), page
        assert tag != "a" or attributes["rel"] == "nofollow noopener noreferrer ugc"
    assert "<!" not in page


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_markdown_is_shown_as_text(hostile: str) -> None:
    for around in ("{}", "text **{}** text", "> {}", "- {}", "[{}](http://a.b)"):
        assert_safe(html(around.format(hostile)))


PIECES = [*HOSTILE, "<", ">", '"', "'", "&", "[", "](", ")", "`", "\n", "*", "|", "> "]


@given(st.lists(st.sampled_from(PIECES), max_size=6))
def test_hostile_markdown_is_safe_however_it_is_put_together(pieces: list[str]) -> None:
    assert_safe(html("".join(pieces)))


@given(st.text(max_size=200))
def test_any_text_can_be_shown(value: str) -> None:
    assert_safe(html(value))
    assert len(excerpt(value, 40)) <= 40


def test_markdown_is_shown_as_html() -> None:
    assert html('Un **mot**, [ici](https://exemple.fr "là").\n\n- a\n- b') == (
        '<p>Un <strong>mot</strong>, <a href="https://exemple.fr" title="là" rel="nofollow noopener noreferrer ugc">'
        "ici</a>.</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"
    )
    assert 'href="mailto:a@b.fr"' in html("<a@b.fr>")


def test_too_many_links_are_shown_as_they_are_written() -> None:
    link = "[a](http://b.c) "
    assert html(link * text._MOST_LINKS).count("<a ") == text._MOST_LINKS
    more = html(link * (text._MOST_LINKS + 1))
    assert "<a " not in more
    assert "[a](http://b.c)" in more


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("Un **mot** et [un lien](http://a.b).", "Un mot et un lien."),
        ("# Titre\n\nUn.\nDeux.", "Titre\n\nUn.\nDeux."),
        ("a  \nb", "a\nb"),
        ("- a\n- b", "a\nb"),
        ('<b>a</b> & "b" < c', '<b>a</b> & "b" < c'),
        ("`&lt;` &amp;lt; &lt;", "&lt; &lt; <"),
        ("![une image](http://a.b/c.png)", "!une image"),
        ("", ""),
    ],
)  # fmt: skip
def test_plain_text_is_what_a_person_reads(markdown: str, shown: str) -> None:
    assert plain(markdown) == shown


@given(st.text(alphabet="ab <>&;lt#*_`[]()\n", max_size=80))
def test_plain_text_is_the_text_of_the_page(markdown: str) -> None:
    assert plain(markdown).split() == Reader(html(markdown)).text.split()


@pytest.mark.parametrize(
    ("markdown", "length", "shown"),
    [
        ("Un **mot** et\n\nun autre", 200, "Un mot et un autre"),
        ("Un mot et un autre", 10, "Un mot…"),
        ("Antidisestablishment", 5, "Anti…"),
        ("abc", 0, "…"),
        ("abc", -3, "…"),
        ("a", 1, "a"),
    ],
)
def test_an_excerpt_is_the_first_words_on_one_line(markdown: str, length: int, shown: str) -> None:
    assert excerpt(markdown, length) == shown


def test_an_excerpt_is_bounded_whatever_is_asked() -> None:
    assert len(excerpt("mot " * 10_000, 10**9)) <= 1000
