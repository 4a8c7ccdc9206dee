"""Other ways of writing, as Markdown: plain text that shows as it was typed, and HTML."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise

_SIGNS = re.compile(r"[\\`*_\[\]<&~|]")
_FIRST = re.compile(r"(?:[#>+=-]|\d{1,9}(?=[.)]))")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = {"p", "div", "ul", "ol", "blockquote", "pre", "table", "tr", "section", "article", *_HEADINGS}
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "s": "~~", "del": "~~"}
_UNSEEN = {"script", "style", "head", "template"}


def from_plain(text: str) -> str:
    """Plain text as Markdown that shows the same words on the same lines."""
    typed = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = [_not_a_block(_SIGNS.sub(r"\\\g<0>", line.strip())) for line in typed]
    ends = ["  " if line and after else "" for line, after in pairwise([*lines, ""])]  # two spaces keep a line's end
    return "\n".join(line + end for line, end in zip(lines, ends, strict=True))


def _not_a_block(line: str) -> str:
    """The line, whose first sign does not make a heading, a list or a quotation."""
    if (found := _FIRST.match(line)) is None:
        return line
    sign = found[0]
    return f"{sign}\\{line[len(sign) :]}" if sign.isdigit() else f"\\{line}"


def from_html(text: str) -> str:
    """HTML as Markdown: paragraphs, emphasis, links, lists, headings and quotations; of the rest, the words."""
    writer = _Writer()
    writer.feed(text)
    writer.close()
    return writer.result()


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._blocks: list[str] = []
        self._line = ""
        self._open: list[tuple[str, str]] = []  # inline tags: what the line was before, and what comes after
        self._lists: list[int | None] = []  # the number of the last item; None where items have none
        self._item = self._heading = ""
        self._quotes = self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "br":
            self._line = f"{self._line.rstrip()}  \n"
        elif tag in _MARKS or tag == "a":
            self._open.append((self._line, dict(attrs).get("href") or "" if tag == "a" else _MARKS[tag]))
            self._line = ""
        elif tag in _BLOCKS or tag == "li":
            self._end_block()
            self._begin_block(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(self._unseen - 1, 0)
        elif (tag in _MARKS or tag == "a") and self._open:
            before, mark = self._open.pop()
            inner = self._line.strip()
            left = " " if self._line[:1].isspace() and not before.endswith(" ") else ""
            right = " " if self._line[-1:].isspace() else ""
            self._line = f"{before}{left}{self._closed(tag, inner, mark)}{right}" if inner else before + left
        elif tag in _BLOCKS or tag == "li":
            self._end_block()
            if tag in ("ul", "ol") and self._lists:
                self._lists.pop()
            self._quotes = max(self._quotes - (tag == "blockquote"), 0)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._line += _SIGNS.sub(r"\\\g<0>", re.sub(r"\s+", " ", data))

    def result(self) -> str:
        while self._open:
            self._line = self._open.pop()[0] + self._line
        self._end_block()
        return "\n\n".join(self._blocks)

    def _closed(self, tag: str, inner: str, mark: str) -> str:
        if tag != "a":
            return f"{mark}{inner}{mark}"
        return f"[{inner}](<{mark}>)" if mark.startswith(("http://", "https://", "mailto:")) else inner

    def _begin_block(self, tag: str) -> None:
        if tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            number = self._lists[-1] if self._lists else None
            self._item = "- " if number is None else f"{number + 1}. "
            if number is not None:
                self._lists[-1] = number + 1
        elif tag == "blockquote":
            self._quotes += 1
        elif tag in _HEADINGS:
            self._heading = "#" * _HEADINGS[tag] + " "

    def _end_block(self) -> None:
        text = "\n".join(line.strip(" ") + ("  " if line.endswith("  ") else "") for line in self._line.split("\n"))
        if words := text.strip():
            words = _not_a_block(words)
            indent = "  " * max(len(self._lists) - 1, 0) if self._item else ""
            quote = "> " * self._quotes
            first = f"{quote}{indent}{self._item or self._heading}"
            words = first + words.replace("\n", f"\n{quote}{' ' * len(indent + self._item)}")
            self._blocks.append(words)
            self._item = self._heading = ""
        self._line = ""


AS_MARKDOWN: dict[str, Callable[[str], str]] = {"markdown": str, "plain": from_plain, "html": from_html}
