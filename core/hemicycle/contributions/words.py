"""What may be kept as a contribution: the same for one that is written here and for fifty thousand that are imported.

Each function returns what is kept, or raises the refusal of that one value.
"""

import re
from collections.abc import Sequence

from hemicycle.contributions.kinds import Alignment
from hemicycle.kernel.declarations import ContributionKind
from hemicycle.kernel.errors import invalid
from hemicycle.kernel.plugins import Declarations
from hemicycle.kernel.text import clean, clean_name

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
MOST_CATEGORIES = 20


def text_of(text: str) -> str:
    """The words."""
    try:
        words = clean(text)
    except ValueError as error:
        raise invalid("text", f"The text cannot be kept: {error}.") from None
    if not words.strip():
        raise invalid("text", "The text is empty: say something.")
    return words


def title_of(title: str | None, *, reply: bool) -> str | None:
    """What it is about; only a reply needs no title."""
    try:
        about = clean_name(title) if title else None
    except ValueError as error:
        raise invalid("title", f"The title cannot be kept: {error}.") from None
    if about is None and not reply:
        raise invalid("title", "Say in a title what it is about; only an answer has none.")
    return about


def kind_of(declared: Declarations, kind: str | None, *, reply: bool) -> str:
    """Its kind: if none is said, COMMENT for a reply, IDEA for what stands alone."""
    known: dict[str, ContributionKind] = declared[ContributionKind]
    name = kind or ("COMMENT" if reply else "IDEA")
    if name not in known:
        raise invalid("kind", f"There is no kind {name}; there are: {', '.join(sorted(known))}.")
    if known[name].reply != reply:
        told = "answers something: give its parent" if known[name].reply else "stands alone: an answer is a COMMENT"
        raise invalid("kind", f"A {name} {told}.")
    return name


def alignment_of(alignment: str | None, *, reply: bool) -> str | None:
    """Where it stands on what it answers."""
    if alignment is not None and alignment not in Alignment.__members__:
        known = ", ".join(Alignment.__members__)
        raise invalid("alignment", f"There is no alignment {alignment}; there are: {known}.")
    if alignment is not None and not reply:
        raise invalid("alignment", "Only an answer is for or against: give its parent.")
    return alignment


def categories_of(categories: Sequence[str]) -> list[str]:
    """Its categories, each once."""
    if len(categories) > MOST_CATEGORIES:
        raise invalid("categories", f"{MOST_CATEGORIES} categories at most, not {len(categories)}.")
    try:
        return list(dict.fromkeys(clean_name(one, longest=100) for one in categories))
    except ValueError as error:
        raise invalid("categories", f"A category cannot be kept: {error}.") from None


def language_of(language: str) -> str:
    """The language of the words, as a tag of BCP 47."""
    if not LANGUAGE.fullmatch(language):
        raise invalid("language", "A language is a tag as `fr`, `en` or `pt-BR`.")
    return language
