"""What was typed elsewhere shows here as it did there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hemicycle.api import clean, html, plain
from hemicycle_exchange.markup import from_html, from_plain

SIGNS = st.text(st.sampled_from("ab1 \n#*_-+=>.)`[]()<&|~\\!:/'\"é’"), max_size=60)


def shown(text: str) -> str:
    """What plain text looks like: its lines, without what is at their ends; two blank lines are one."""
    lines: list[str] = []
    for line in (" ".join(one.split()) for one in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).strip()


@given(SIGNS)
def test_plain_text_shows_as_it_was_typed(text: str) -> None:
    seen = "\n".join(" ".join(line.split()) for line in plain(clean(from_plain(text))).split("\n"))
    assert shown(seen) == shown(text)


@pytest.mark.parametrize(
    "text",
    ["# no heading", "1. no list\n2) no list", "- no list\n+ no list\n* no list", "    no code", "a\n===", "a\n---\nb",
     "snake_case_name and *stars*", "<b>no tag</b>", "[no](link)", "![no](image)", "a | b\n--|--\nc | d", "~~no~~",
     "&amp; no entity", "C:\\path\\", "one\r\ntwo\r\n\r\nthree", "`no code`", "http://a_b_c/?x=1&copy=2"],
)  # fmt: skip
def test_no_sign_of_plain_text_is_taken_for_markdown(text: str) -> None:
    assert plain(from_plain(text)) == shown(text)
    assert set(_tags(html(from_plain(text)))) <= {"p", "br"}


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ("<p>One.</p><p>Two.</p>", "<p>One.</p>\n<p>Two.</p>"),
        ("one<br>two<br/>three", "<p>one<br>\ntwo<br>\nthree</p>"),
        ("a <b> bold</b> and <em>soft </em>word", "<p>a <strong>bold</strong> and <em>soft</em> word</p>"),
        ("<b></b>nothing", "<p>nothing</p>"),
        ("a*b_c [d] &lt;e&gt; &amp;amp;", "<p>a*b_c [d] &lt;e&gt; &amp;amp;</p>"),
        ("<p>1. no list</p><p># no heading</p>", "<p>1. no list</p>\n<p># no heading</p>"),
        ("<h2>Title</h2><blockquote>Said.</blockquote>", "<h2>Title</h2>\n<blockquote>\n<p>Said.</p>\n</blockquote>"),
        ("<ul><li>a</li><li><p>b</p></li></ul>", "<ul>\n<li>\n<p>a</p>\n</li>\n<li>\n<p>b</p>\n</li>\n</ul>"),
        ("<ol><li>a</li><li>b</li></ol>", "<ol>\n<li>\n<p>a</p>\n</li>\n<li>\n<p>b</p>\n</li>\n</ol>"),
        ("<script>alert(1)</script><style>p{}</style>seen", "<p>seen</p>"),
        ("<a href='javascript:alert(1)'>word</a>", "<p>word</p>"),
        ("<b>not closed <i>at all", "<p>not closed at all</p>"),
        ("</b></a></p></ul>closed", "<p>closed</p>"),
        ("", ""),
    ],
)
def test_html_is_kept_as_markdown(given: str, seen: str) -> None:
    assert html(from_html(given)).strip() == seen


def test_a_link_of_html_stays_one() -> None:
    seen = html(from_html('<a href="https://example.org/a_(b)?c=1&amp;d=2">a <b>link</b></a>'))
    assert 'href="https://example.org/a_(b)?c=1&amp;d=2"' in seen
    assert ">a <strong>link</strong></a>" in seen


@given(st.text(st.sampled_from("<>/=\"' abpulio!-\n&;#1x"), max_size=60))
def test_no_html_breaks_the_reader(text: str) -> None:
    assert "<script" not in html(clean(from_html(text)))


def _tags(text: str) -> list[str]:
    return [part.split(">")[0].strip("/ ").split(" ")[0] for part in text.split("<")[1:]]
