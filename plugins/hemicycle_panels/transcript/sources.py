"""Where chance comes from: three lottery balls, or secrets that at least three parties fixed and then revealed.

A source is promised before its number can be known. `text_of` turns what came into the text that the seed is made of.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

Beacon = str | Sequence[str]  # three balls as they came; or the revealed secrets, in the order of the promise
FEWEST = 3  # parties: one who keeps their secret to themselves decides nothing, as long as one is honest
BALLS, SECRET = re.compile("[0-9]{3}"), re.compile("[0-9a-f]{64}")


def commitment_of(party: str, secret: str) -> str:
    """What a party hands in before the draw (hex). secret: 32 random bytes in hex, which they keep until then."""
    return hashlib.sha256(f"hemicycle-reveal-v1|{party}|{secret}".encode()).hexdigest()


def reveals(commitments: Mapping[str, str]) -> dict[str, Any]:
    """The promise of a source: commitments by party. ValueError where it is none that can be trusted."""
    pairs = [[party, commitment] for party, commitment in sorted(commitments.items())]
    said = {"source": "reveals", "commitments": pairs}
    check_promise(said)
    return said


def check_promise(said: Mapping[str, Any]) -> None:
    """ValueError says what is wrong with a promise, `replaces` aside."""
    terms = {name: value for name, value in said.items() if name != "replaces"}
    if terms == {"source": "balls"}:
        return
    if terms.get("source") != "reveals" or terms.keys() != {"source", "commitments"}:
        raise ValueError("promises a source that is neither balls nor reveals")
    pairs = terms["commitments"]
    parties, secrets = {party for party, _ in pairs}, {commitment for _, commitment in pairs}
    if len(parties) < FEWEST or len(parties) < len(pairs) or len(secrets) < len(pairs):
        raise ValueError(f"promises fewer than {FEWEST} parties, each with a commitment of its own")
    if not all(party.strip() and SECRET.fullmatch(commitment) for party, commitment in pairs):
        raise ValueError("promises a party without a name, or a commitment that is no SHA-256 in hex")


def text_of(promised: Mapping[str, Any], came: Mapping[str, Any]) -> str:
    """What the seed is made of. promised, came: what the lines say. ValueError where they do not belong together."""
    check_promise(promised)
    if promised["source"] == "balls":
        if came.keys() != {"balls"} or not BALLS.fullmatch(came["balls"]):
            raise ValueError("the number is not from the source that was promised: three balls, 000 to 999")
        return str(came["balls"])
    pairs, secrets = promised["commitments"], came.get("reveals", [])
    if came.keys() != {"reveals"} or len(secrets) != len(pairs):
        raise ValueError("the number is not from the source that was promised: a secret of each party")
    for (party, commitment), secret in zip(pairs, secrets, strict=True):
        if not SECRET.fullmatch(secret) or commitment_of(party, secret) != commitment:
            raise ValueError(f"{party} reveals another secret than the one that was fixed")
    return "|".join(secrets)


def line_of(beacon: Beacon) -> dict[str, Any]:
    """What the line says of a number that came."""
    return {"balls": beacon} if isinstance(beacon, str) else {"reveals": list(beacon)}
