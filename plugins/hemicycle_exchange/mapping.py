"""The mapping of a source: a YAML file that says which of its fields means what, and which are left behind."""

import re
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import yaml
from pydantic import BeforeValidator, Field, ValidationError, field_validator, model_validator

from hemicycle.api import StartupError, Strict

Format = Literal["markdown", "plain", "html"]
LINE = "#line"  # a field that every line has: its number, for sources whose lines have no id of their own


class Take(Strict):
    """Where one value comes from: a `field` of the source, or a `constant`.

    values: what each word of the source means here. prefix: put before it. missing: what stands for it where it is
    not there. format (of the text): how the source writes.
    """

    field: str | None = None
    constant: str | None = None
    values: dict[str, str] | None = None
    prefix: str = ""
    missing: str | None = None
    format: Format | None = None

    @field_validator("values", mode="before")
    @classmethod
    def _words(cls, given: Any) -> Any:
        return {word_of(key): value for key, value in given.items()} if isinstance(given, dict) else given

    @model_validator(mode="after")
    def _one_source(self) -> "Take":
        if (self.field is None) == (self.constant is None):
            raise ValueError("say either `field` or `constant`")
        return self


def _short(given: Any) -> Any:
    """`title: name` is short for `title: {field: name}`."""
    return {"field": given} if isinstance(given, str) else given


def _listed(given: Any) -> Any:
    return [_short(one) for one in given] if isinstance(given, list) else [_short(given)]


From = Annotated[Take, BeforeValidator(_short)]


class Fields(Strict):
    """What a contribution is made of. Those without a default are needed."""

    id: From
    text: From
    author: From
    published_at: From
    author_name: From | None = None
    author_kind: From | None = None
    title: From | None = None
    kind: From | None = None
    parent: From | None = None
    alignment: From | None = None
    language: From | None = None
    categories: Annotated[list[Take], BeforeValidator(_listed)] = []


class NewSpace(Strict):
    """The space that `--create-space` makes. Its dates are those of what was said, if they are not given."""

    title: str | None = None
    summary: str | None = None
    modalities: str | None = None
    information: str | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None

    @field_validator("opened_at", "closed_at")
    @classmethod
    def _in_a_zone(cls, given: datetime | None) -> datetime | None:
        if given is not None and given.tzinfo is None:
            raise ValueError("give it a time zone, as 2015-10-18T00:00:00+02:00")
        return given


class Mapping(Strict):
    """One file of a source. `system` and the id of a record make its origin: what was imported once stays once.

    timezone: of moments that do not say theirs. ignore: fields that are left behind on purpose.
    """

    system: str = Field(min_length=1, max_length=200)
    fields: Fields
    timezone: str | None = None
    ignore: list[str] = []
    space: NewSpace = Field(default_factory=NewSpace)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, given: str | None) -> str | None:
        try:
            return given if given is None else ZoneInfo(given).key
        except (OSError, ValueError, KeyError):
            raise ValueError(f"there is no time zone {given!r} here; one is `Europe/Paris`") from None

    def takes(self) -> dict[str, list[Take]]:
        """What each part of a contribution is taken from."""
        parts = {name: getattr(self.fields, name) for name in Fields.model_fields}
        return {name: it if isinstance(it, list) else [it] for name, it in parts.items() if it}

    def kept(self) -> list[str]:
        """The fields of the source that are kept."""
        named = {take.field for takes in self.takes().values() for take in takes if take.field is not None}
        return sorted(named - {LINE})


def word_of(value: Any) -> str:
    """A plain value of JSON or YAML as text: `true`, `61`, `yes`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # 61.0 is how a table writes the number 61
    return str(value)


def read_mapping(path: Path) -> Mapping:
    """The mapping in this file. StartupError names the file and each thing that is wrong in it."""
    try:
        said = yaml.load(path.read_text("utf-8"), _Loader)  # noqa: S506  (it is a safe one)
    except OSError as error:
        raise StartupError(f"{path}: the mapping cannot be read: {error.strerror}.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise StartupError(f"{path}: it is not YAML: {error}") from None
    try:
        return Mapping.model_validate(said)
    except ValidationError as error:
        raise StartupError("\n".join(_sentence(path, one) for one in error.errors())) from None


def _sentence(path: Path, error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"]) or "the file"
    hint = "no such key: remove it, or correct its name" if error["type"] == "extra_forbidden" else error["msg"]
    return f"{path}: {where}: {hint}"


class _Loader(yaml.SafeLoader):
    """YAML in which `yes`, `no`, `on` and `off` are words: people answer with them."""


_BOOL = "tag:yaml.org,2002:bool"
_Loader.yaml_implicit_resolvers = {
    first: [(tag, test) for tag, test in known if tag != _BOOL]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_BOOL, re.compile("true|false"), ["t", "f"])
