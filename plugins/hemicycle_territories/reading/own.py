"""A small YAML file of an instance: territories that no official list has, and which spaces are about which."""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, ValidationError, field_validator, model_validator

from hemicycle.api import StartupError, Strict
from hemicycle_territories.kinds import TerritoryEvidence, TerritoryKind, TerritoryScheme
from hemicycle_territories.loading import Said
from hemicycle_territories.reading.official import COMMUNE


class _Territory(Strict):
    kind: TerritoryKind
    scheme: TerritoryScheme = TerritoryScheme.LOCAL
    code: str = Field(min_length=1, max_length=100)
    name: str = Field(min_length=1, max_length=300)
    evidence: TerritoryEvidence = TerritoryEvidence.ATTESTED
    source: str | None = Field(None, max_length=300)
    partial: bool = False
    communes: list[str] = []

    @field_validator("communes")
    @classmethod
    def _codes(cls, value: list[str]) -> list[str]:
        if wrong := [one for one in value if not COMMUNE.fullmatch(one)]:
            raise ValueError(f"{wrong[0]!r} is no code of a commune: five characters, in quotes")
        return value

    @model_validator(mode="after")
    def _whole(self) -> "_Territory":
        if self.kind is TerritoryKind.COMMUNE and self.communes not in ([], [self.code]):
            raise ValueError("a commune has no other communes: leave `communes` out")
        if not self.communes and not self.partial and self.kind is not TerritoryKind.COMMUNE:
            raise ValueError("name its communes, or say `partial: true`")
        return self


class _About(Strict):
    """Which territory a space is about."""

    kind: TerritoryKind
    scheme: TerritoryScheme = TerritoryScheme.LOCAL
    code: str


class _File(Strict):
    demonstration: bool = False
    vintage: int = Field(ge=1900, le=2200)
    source: str | None = Field(None, max_length=300)
    territories: list[_Territory] = []
    spaces: dict[str, _About] = {}


@dataclass(frozen=True)
class Own:
    """What such a file says. spaces: slug -> (scheme, kind, code)."""

    vintage: int
    said: list[Said]
    spaces: dict[str, tuple[str, str, str]]


def read_own(file: Path) -> Own:
    """StartupError names each entry that is wrong, and what is wrong with it."""
    try:
        found = yaml.safe_load(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise StartupError(f"{file}: it cannot be read as YAML: {error}") from None
    return parse_own(found, file.name)


def parse_own(found: Any, name: str) -> Own:
    """The same, of what is parsed already; `name` is what messages call it."""
    try:
        told = _File.model_validate(found)
    except ValidationError as error:
        lines = [f"{name}: {_at(one['loc'])}: {one['msg']}" for one in error.errors()]
        raise StartupError("\n".join(["Nothing was loaded: mend these first.", *lines])) from None
    said = [
        Said(
            one.kind.name, one.scheme.name, one.code, one.name,
            frozenset(one.communes or ([one.code] if one.kind is TerritoryKind.COMMUNE else [])),
            one.evidence.name, one.source or told.source, one.partial,
        )
        for one in told.territories
    ]  # fmt: skip
    if twice := [key for key, times in Counter(one.key for one in said).items() if times > 1]:
        raise StartupError(f"{name}: it names {' '.join(twice[0])} twice: keep one of them.")
    spaces = {slug: (one.scheme.name, one.kind.name, one.code) for slug, one in told.spaces.items()}
    return Own(told.vintage, said, spaces)


def _at(place: tuple[int | str, ...]) -> str:
    """Where in the file: `territories[3].code`."""
    return re.sub(r"\.\[", "[", ".".join(f"[{one}]" if isinstance(one, int) else one for one in place)) or "the file"
