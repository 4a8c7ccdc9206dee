"""A drawing in SVG: plain shapes and words, which a screen reader can read as well."""

from collections.abc import Callable
from fractions import Fraction
from xml.sax.saxutils import escape, quoteattr

from hemicycle_votes.counting.words import Sentence

INK, FAINT, PAPER = "#1b1f24", "#d7dce1", "#ffffff"
WON, LOST = "#0b5394", "#9aa5b1"
LINE = 26
"""The height of a line, in units of the drawing (pixels, unless it is scaled)."""
NAMES = 230
"""Where what is drawn beside names begins."""
LONGEST, LONGEST_BOLD, TAIL = 27, 22, 6
"""Letters of a name that fit before the bars; of one that is cut, so many from its end: where similar names differ."""


class Drawing:
    """A drawing that grows downwards. `told`: what it shows, for who cannot see it."""

    def __init__(self, title: str, told: Sentence, width: int = 760) -> None:
        self.title, self.told, self.width = title, told, width
        self.parts: list[str] = []
        self.at = LINE
        self.words(10, title, bold=True)
        self.next()

    def next(self, lines: float = 1) -> None:
        """Go down."""
        self.at += int(LINE * lines)

    def box(self, x: float, width: float, colour: str, told: str, *, empty: bool = False) -> None:
        """A bar on this line. `told` is shown over it; an empty one has only its outline."""
        fill = f'fill="{PAPER}" stroke="{colour}" stroke-width="1.5"' if empty else f'fill="{colour}"'
        self.parts.append(
            f'<rect x="{x:.1f}" y="{self.at - 15}" width="{max(width, 1):.1f}" height="18" {fill}>'
            f"<title>{escape(told)}</title></rect>"
        )

    def name(self, name: str, *, won: bool = False, mark: bool = False) -> None:
        """A name at the start of this line, cut in its middle where it is too long; with a mark, if it won."""
        longest = LONGEST_BOLD if won else LONGEST
        shown = name if len(name) <= longest else f"{name[: longest - TAIL - 1].rstrip()}…{name[-TAIL:]}"
        self.words(10, f"{shown} ✓" if mark and won else shown, bold=won, whole=name)

    def words(
        self, x: float, shown: str, *, colour: str = INK, bold: bool = False, end: bool = False, whole: str = ""
    ) -> None:
        """Words on this line, from x on, or up to it. whole: what they say where they had to be cut."""
        weight, anchor = ' font-weight="bold"' if bold else "", ' text-anchor="end"' if end else ""
        more = f"<title>{escape(whole)}</title>" if whole and not shown.startswith(whole) else ""
        self.parts.append(
            f'<text x="{x:.1f}" y="{self.at}" fill="{colour}"{weight}{anchor}>{escape(shown)}{more}</text>'
        )

    def upright(self, x: float, lines: int, told: str) -> None:
        """A dashed line down over so many lines, from this one on."""
        top = self.at - 19
        self.parts.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{top + lines * LINE}" stroke="{INK}" '
            f'stroke-dasharray="4 3" stroke-width="1.5"><title>{escape(told)}</title></line>'
        )

    def text(self) -> str:
        """The whole of it, as a file."""
        height = self.at + 10
        shapes = "\n".join(self.parts)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {height}" width="{self.width}" '
            f'height="{height}" font-family="sans-serif" font-size="14" role="img" '
            f"aria-label={quoteattr(self.title)}>\n"
            f"<title>{escape(self.title)}</title>\n"
            f"<desc>{escape(self.told.en)} {escape(self.told.fr)}</desc>\n"
            f'<rect width="{self.width}" height="{height}" fill="{PAPER}"/>\n{shapes}\n</svg>\n'
        )


def scaled(most: float, width: float) -> Callable[[float], float]:
    """How long a number is drawn, where the greatest takes the whole width."""
    return lambda number: width * number / most if most > 0 else 0


def plain(number: int | str) -> float:
    """A number of a result, near enough to draw it."""
    return float(Fraction(number))
