"""What may be kept of the words that people give: each function returns them, or refuses that one value."""

from hemicycle.api import clean, clean_name, invalid

LONGEST_REASON = 2000  # characters


def text_of(path: str, text: str, *, longest: int = 50_000) -> str:
    """A text of several lines, that says something."""
    try:
        words = clean(text, longest=longest).strip()
    except ValueError as error:
        raise invalid(path, f"The {path} cannot be kept: {error}.") from None
    if not words:
        raise invalid(path, f"The {path} is empty: say something.")
    return words


def reason_of(path: str, text: str) -> str:
    """Why something is decided: in public, so it must say something."""
    return text_of(path, text, longest=LONGEST_REASON)


def name_of(path: str, text: str, *, longest: int = 300) -> str:
    """A title or a name, on one line."""
    try:
        return clean_name(text, longest=longest)
    except ValueError as error:
        raise invalid(path, f"The {path} cannot be kept: {error}.") from None
