"""The pages of YAML, read: who sees what, who does what."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

LADDER = ("visitor", "suspended", "participant", "author", "member", "moderator", "steward", "administrator")
PAGES = sorted(Path(__file__).parent.glob("*.yaml"))


def people(words: str, ladder: Sequence[str] = LADDER) -> frozenset[str]:
    """Whom these words mean: `author moderator+`."""
    found: set[str] = set()
    for word in words.split():
        if word == "everyone":
            found |= set(ladder)
        elif word.endswith("+"):
            found |= set(ladder[ladder.index(word[:-1]) :])
        elif word != "nobody":
            found.add(ladder[ladder.index(word)])
    return frozenset(found)


def ladder_of(page: dict[str, Any]) -> tuple[str, ...]:
    """The people of a page: those of every page, and whoever holds the offices that it names (`people`)."""
    at = LADDER.index("participant") + 1
    return (*LADDER[:at], *page.get("people", "").split(), *LADDER[at:])


def rows(block: dict[str, Any], type_: str) -> Iterator[tuple[str, Any]]:
    """(name of a row, what is said of it): `PUBLISHED, REPLY: …` says it of both."""
    for names, said in block.items():
        for name in names.split(", "):
            yield (name if name == type_ else f"{type_}:{name}"), said


def names_a_row(given: Any) -> bool:
    """Whether the input of a mutation says which row: `$it`."""
    return given == "$it" or (isinstance(given, dict) and any(map(names_a_row, given.values())))


@dataclass
class Verdict:
    """What the matrix says of one action on one row."""

    codes: dict[str, str]  # person -> `may`, or a refusal's code; only who is named
    offered: frozenset[str]  # to whom `viewerCan` offers it although the rule refuses

    @classmethod
    def read(cls, said: Any, ladder: Sequence[str]) -> "Verdict":
        by_code = said if isinstance(said, dict) else {"may": said}
        offered = people(by_code.get("offered", "nobody"), ladder)
        codes = {one: code for code, words in by_code.items() if code != "offered" for one in people(words, ladder)}
        return cls(codes, offered)


@dataclass
class Matrix:
    """All pages together. Row names are those of samples: `Contribution:DRAFT`, `Space`."""

    sees: dict[str, frozenset[str]] = field(default_factory=dict)  # row -> who sees it
    reads: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)  # field -> row -> who reads it
    alone: set[str] = field(default_factory=set)  # lists that only whoever holds them reads
    tries: dict[str, dict[str, Any]] = field(default_factory=dict)  # block of an action -> mutation -> input
    does: dict[str, dict[str, Verdict]] = field(default_factory=dict)  # the same -> row, `oneself` or `nothing`
    listens: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)  # subscription -> row of a space
    tokens: list[dict[str, Any]] = field(default_factory=list)
    ladders: dict[str, tuple[str, ...]] = field(default_factory=dict)  # row or block of an action -> whom it is about

    @property
    def types(self) -> set[str]:
        return {row.partition(":")[0] for row in self.sees}

    @staticmethod
    def action(block: str) -> str:
        """`space.grant_role by revokeRole` is about `space.grant_role`."""
        return block.partition(" by ")[0]

    def verdict(self, block: str, row: str, who: str) -> str:
        """`may`, or the code of the refusal: as written, or by the three rules of the README."""
        written = self.does[block][row].codes.get(who)
        if written is not None:
            return written
        if row in self.sees and (who if who in self.ladders[row] else "participant") not in self.sees[row]:
            return "NOT_FOUND"  # whoever holds an office of another page sees here what participants see
        return "SIGN_IN_FIRST" if who == "visitor" else "NOT_ALLOWED"

    def offers(self, block: str, row: str, who: str) -> bool:
        """Whether `viewerCan` of the row names the action."""
        said = self.does[block][row]
        return who in said.offered or said.codes.get(who, "WRONG_STATE") not in (
            "WRONG_STATE", "NOT_ALLOWED", "SIGN_IN_FIRST",
        )  # fmt: skip

    def read(self, page: dict[str, Any]) -> None:
        """Add one page."""
        ladder = ladder_of(page)
        for type_, block in page.get("types", {}).items():
            self.sees |= {row: people(said, ladder) for row, said in rows(block, type_)}
            self.ladders |= {row: ladder for row, _ in rows(block, type_)}
        for name, block in page.get("fields", {}).items():
            self.reads[name] = {row: people(said) for row, said in rows(block, name.partition(".")[0])}
        self.alone |= set(page.get("lists", {}))
        for action, block in page.get("actions", {}).items():
            self.tries[action] = block.pop("by", {})
            self.ladders[action] = ladder
            alone = {name: Verdict.read(block.pop(name), ladder) for name in ("oneself", "nothing") if name in block}
            named = chain.from_iterable(rows(inner, type_) for type_, inner in block.items())
            self.does[action] = alone | {row: Verdict.read(said, ladder) for row, said in named}
        for name, block in page.get("subscriptions", {}).items():
            self.listens[name] = {row: people(said) for row, said in rows(block, "Space")}


def read_pages() -> Matrix:
    """What people decided."""
    found = Matrix()
    for path in PAGES:
        page = yaml.safe_load(path.read_text())
        if path.name == "tokens.yaml":
            found.tokens = page
        else:
            found.read(page)
    return found
