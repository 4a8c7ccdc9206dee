"""What a row of Decidim is, and what it answers: known by the host of its instance and its id there.

Ids are numbers that every instance counts from 1: without the host, what is said in Nancy would answer Lille.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from hemicycle_exchange.decidim.tables import Row

COMMENT, DEBATE, PROPOSAL = "comment", "debate", "proposal"
IN_ADDRESSES = {"proposals": PROPOSAL, "debates": DEBATE}
TYPES = {
    "Decidim::Proposals::Proposal": PROPOSAL, "Decidim::Debates::Debate": DEBATE, "Decidim::Comments::Comment": COMMENT,
}  # fmt: skip
IN_AN_INSTANCE = re.compile(r"/([a-z_]+)/(\d+)/?$")


class Wrong(Exception):
    """Why a row cannot be kept."""


class Identity(NamedTuple):
    """One row: the host of its instance, what it is, and its id there."""

    host: str
    kind: str
    number: str

    @property
    def key(self) -> str:
        """Its id among all of its host, as `comment/515`: with the host, the origin of a contribution."""
        return f"{self.kind}/{self.number}"


def identity_of(row: Row, columns: Sequence[str], host: str | None) -> Identity:
    """What this row is. `host`: of rows that do not say theirs. Wrong if it cannot be told."""
    if "commentable_id" in columns or "commentable/id" in columns:
        return Identity(_host(row, host), COMMENT, _number(row.get("id"), "id"))
    found = IN_AN_INSTANCE.search(split_address(row.get("url")).path)
    kind = IN_ADDRESSES.get(found[1]) if found else _kind_by_columns(columns)
    if kind is None:
        if found:
            raise Wrong(f"it is one of the {found[1]}: only proposals, debates and comments are imported")
        raise Wrong("its columns are those of no proposal (title, body), debate (title, instructions, url) or comment "
                    "(body, commentable_id): only these are imported, under these English names")  # fmt: skip
    return Identity(_host(row, host), kind, _number(row.get("id") or (found[2] if found else ""), "id"))


def answered_by(row: Row, it: Identity) -> Identity | None:
    """What a comment answers, in its own instance; None for what is no comment."""
    if it.kind != COMMENT:
        return None
    named = row.get("commentable_type") or row.get("commentable/type") or ""
    number = row.get("commentable_id") or row.get("commentable/id")
    if not named:
        found = IN_AN_INSTANCE.search(split_address(row.get("root_commentable_url")).path)
        if found and _number(row.get("depth") or "0", "depth") == "0":
            return Identity(it.host, IN_ADDRESSES.get(found[1], found[1]), found[2])
        named = "Decidim::Comments::Comment"
    kind = TYPES.get(named) or named.rpartition("::")[2].lower()
    return Identity(it.host, kind, _number(number, "commentable_id"))


def split_address(said: str | None) -> SplitResult:
    """The parts of an address; all empty where it is none."""
    try:
        split = urlsplit((said or "").strip())
        _ = split.port  # which may be no number
        return split
    except ValueError:
        return urlsplit("")


def _host(row: Row, known: str | None) -> str:
    for column in ("url", "root_commentable_url", "participatory_space/url", "commentable_url"):
        split = split_address(row.get(column))
        if split.hostname:
            return split.hostname if split.port in (None, 80, 443) else f"{split.hostname}:{split.port}"
    if known:
        return known
    raise Wrong("no address in it says of which instance it is, so it cannot be attached: add --host HOST")


def _kind_by_columns(columns: Sequence[str]) -> str | None:
    heads = {column.partition("/")[0] for column in columns}
    if "title" in heads and "body" in heads:
        return PROPOSAL
    if "title" in heads and heads & {"instructions", "information_updates", "comments_enabled"}:
        return DEBATE
    return None


def _number(said: str | None, column: str) -> str:
    """A number as a table may write it: 457, 457.0."""
    text = (said or "").strip()
    whole = text.removesuffix(".0")
    if not whole:
        raise Wrong(f"its {column} is missing")
    if not re.fullmatch(r"[0-9A-Za-z_-]{1,60}", whole):
        raise Wrong(f"its {column} is {text[:60]!r}, which is none")
    return whole
