"""Sentences about a result, in English and in French, and numbers as people write them."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from hemicycle_votes.counting.profiles import Number


@dataclass(frozen=True)
class Sentence:
    """The same thing said in both languages."""

    en: str
    fr: str

    def __add__(self, other: "Sentence") -> "Sentence":
        return Sentence(f"{self.en} {other.en}", f"{self.fr} {other.fr}")


def exact(number: Number) -> int | str:
    """A number for a program: itself when whole, else a text: its decimals if five are enough, else a fraction."""
    if number == int(number):
        return int(number)
    scaled = Fraction(number) * 10**5
    if scaled.denominator != 1:
        return str(number)
    sign, digits = "-" if scaled < 0 else "", f"{abs(int(scaled)):06}"
    return f"{sign}{digits[:-5]}.{digits[-5:].rstrip('0')}"


def english(number: Number) -> str:
    """A number for a reader: 4,314 or 12.5."""
    text = f"{float(number):,.2f}" if number != int(number) else f"{int(number):,}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def french(number: Number) -> str:
    """A number for a reader: 4 314 or 12,5."""
    return english(number).replace(",", "\u202f").replace(".", ",")


def listed(names: Sequence[str]) -> Sentence:
    """A, B and C · A, B et C."""
    if len(names) < 2:
        return Sentence("".join(names), "".join(names))
    start = ", ".join(names[:-1])
    return Sentence(f"{start} and {names[-1]}", f"{start} et {names[-1]}")
