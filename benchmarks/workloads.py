"""The five workloads, and what they ask of the data."""

import base64
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from benchmarks.data import Size, newest


@dataclass(frozen=True)
class Workload:
    """One question. path: where the hand-written endpoint answers it. requests: in one run."""

    name: str
    path: str
    document: str
    requests: int
    signed_in: bool = False


WORKLOADS = (
    Workload("Q1 a space page", "/q1", """query Q1($slug: String!) { space(slug: $slug) { id title
        contributions(first: 20) { nodes { id title excerpt author { displayName } supportCount replyCount } } } }""",
        120),
    Workload("Q2 a thread", "/q2", """query Q2($slug: String!) { space(slug: $slug) { contributions(first: 20) { nodes {
        id title replies(first: 10) { nodes { id body { markdown } publishedAt author { id displayName } } } } } } }""",
        40),
    Workload("Q3 a flat page", "/q3", """query Q3 { contributions(first: 100, filter: { replies: false }) { nodes { id
        kind title excerpt state channel language publishedAt version author { displayName } } } }""", 60),
    Workload("Q4 one node", "/q4", """query Q4($id: ID!) { node(id: $id) { id
        ... on Contribution { title state publishedAt } } }""", 200),
    Workload("M1 contribute", "/m1", """mutation M1($input: ContributeInput!) { contribute(input: $input) {
        __typename ... on Contribution { id } } }""", 100, signed_in=True),
)  # fmt: skip


def variables(size: Size) -> dict[str, Any]:
    """What the documents are given; each takes what it declares."""
    words = {"space": gid("Space", UUID(int=2)), "title": "One more", "text": "A few words. " * 20}
    return {"slug": "place-0", "id": gid("Contribution", newest(size)), "input": words}


def gid(kind: str, key: UUID) -> str:
    """A global id."""
    return base64.urlsafe_b64encode(f"{kind}:{key.hex}".encode()).decode().rstrip("=")


def key_of(text: str) -> UUID:
    """The key in a global id; a UUID is one already."""
    with suppress(ValueError):
        return UUID(text)
    return UUID(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition(":")[2])


def told(value: Any, name: str = "") -> Any:
    """What an answer says, however the server writes ids and moments, and wherever it has the Markdown."""
    if isinstance(value, list):
        return [told(one) for one in value]
    if isinstance(value, dict):
        return told(value["markdown"]) if name == "body" else {key: told(one, key) for key, one in value.items()}
    if name == "id":
        return key_of(value)
    return datetime.fromisoformat(value) if name == "publishedAt" else value
