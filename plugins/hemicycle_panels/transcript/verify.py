"""Check a transcript: that it is whole, that the lottery keeps its promises, and that the number drew this panel."""

import json
import re
from dataclasses import dataclass
from typing import Any

from hemicycle_panels.index import index_of, seed_of
from hemicycle_panels.transcript.alternates import alternates
from hemicycle_panels.transcript.chain import Broken, Line, fingerprint, read
from hemicycle_panels.transcript.merkle import leaf, root
from hemicycle_panels.transcript.sources import text_of

KINDS = "open pool lottery beacon_promise beacon draw( beacon_promise beacon( replace)+)* close"


@dataclass(frozen=True)
class Verdict:
    """key: the fingerprint of the signing key. panel: numbers of people. unchecked: what could not be, and why."""

    key: str
    panel: list[int]
    unchecked: list[str]


def verify(data: bytes, key: str | None = None, opening: bytes | None = None) -> Verdict:
    """data: the transcript. key: the fingerprint that was published. opening: who is who, if one may see it.

    Raises Broken, which names the line and what is wrong.
    """
    lines = read(data)
    if not re.fullmatch(KINDS, " ".join(line.kind for line in lines)):
        raise Broken(len(lines), f"the lines are not {KINDS}: the draw is not complete")
    signer, unchecked = fingerprint(lines[0].said["key"]), []
    if key is None:
        unchecked.append("who signed: compare the fingerprint with the one published before the draw, or give --key")
    elif key != signer:
        raise Broken(1, f"signed with the key {signer}, not with {key}")
    try:
        profiles = _profiles(lines, opening)
        _lottery(lines, profiles)
        _drawn(lines)
        panel = _replaced(lines, profiles)
        if lines[-1].said != {"lines": len(lines)}:
            raise Broken(len(lines), "does not close this transcript")
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise Broken(1, f"what the lines say has not the expected shape ({error!r})") from None
    if profiles is None:
        unchecked.append("quotas: profiles are private, as some are rare; an auditor checks them with --opening")
    return Verdict(signer, panel, unchecked)


def _profiles(lines: list[Line], opening: bytes | None) -> list[list[str]] | None:
    """The profile of each number, published or opened."""
    said = lines[1].said
    published: list[list[str]] | None = said["profiles"]
    if opening is not None:
        people: list[dict[str, Any]] = json.loads(opening)["people"]
        leaves = [leaf(one["salt"], one["id"], one["profile"]) for one in people]
        if leaves != sorted(leaves) or root(leaves) != said["root"] or len(leaves) != said["people"]:
            raise Broken(2, "the opening is not that of this pool")
        opened = [one["profile"] for one in people]
        if published is not None and published != opened:
            raise Broken(2, "the published profiles are not those of the pool")
        return opened
    if published is not None and len(published) != said["people"]:
        raise Broken(2, "there is not a profile for each person")
    return published


def _lottery(lines: list[Line], profiles: list[list[str]] | None) -> None:
    opened, people, said = lines[0].said, lines[1].said["people"], lines[2].said
    panels = said["panels"]
    seats = [0] * people
    for panel in panels:
        if len(panel) != opened["size"] or sorted(set(panel)) != panel or not 0 <= panel[0] <= panel[-1] < people:
            raise Broken(3, "a panel has not the promised size, or someone twice")
        for one in panel:
            seats[one] += 1
        for feature, value, least, most in opened["quotas"] if profiles else ():
            at = opened["features"].index(feature)
            if not least <= sum((profiles or [])[one][at] == value for one in panel) <= most:
                raise Broken(3, f"a panel breaks the quota {feature} = {value}")
    chances = [float(one) for one in said["probabilities"]]
    worst = max(abs(count / len(panels) - one) for count, one in zip(seats, chances, strict=True))
    if worst > float(said["deviation"]) + 2e-9:
        raise Broken(3, "someone's share of the panels is further from their probability than is said")


def _drawn(lines: list[Line]) -> None:
    panels, promise, said = lines[2].said["panels"], lines[3], lines[5].said
    if "replaces" in promise.said:
        raise Broken(4, "promises to fill seats before anyone was drawn")
    seed = seed_of(promise.hash, _number(promise.said, lines[4].said, 5))
    index = index_of(seed, len(panels))
    if said != {"seed": seed.hex(), "index": index, "panel": panels[index]}:
        raise Broken(6, "the number draws another panel")


def _number(promised: dict[str, Any], came: dict[str, Any], line: int) -> str:
    try:
        return text_of(promised, came)
    except ValueError as error:
        raise Broken(line, str(error)) from None


def _replaced(lines: list[Line], profiles: list[list[str]] | None) -> list[int]:
    """The panel, once the seats that were given up are filled again."""
    panel, gone, due, terms = set(lines[5].said["panel"]), set[int](), list[int](), lines[0].said
    for at, line in enumerate(lines[6:-1], 7):
        said = line.said
        if line.kind == "beacon_promise":
            if due:
                raise Broken(at, "leaves a seat that was promised before")
            promise, due = line, list(said["replaces"])
        elif line.kind == "beacon":
            number = _number(promise.said, said, at)
        else:
            leaves, others = due.pop(0), said["alternates"]
            fair = others == sorted(set(others)) and not panel.intersection(others) and not gone.intersection(others)
            if profiles is not None:
                fair &= others == alternates(profiles, terms["features"], terms["quotas"], panel, leaves, gone)
            seed = seed_of(promise.hash, f"{number}|{leaves}")
            index = index_of(seed, len(others))
            told = {"out": leaves, "alternates": others, "seed": seed.hex(), "index": index, "in": others[index]}
            if not fair or leaves not in panel or said != told:
                raise Broken(at, "the number gives this seat to someone else")
            panel, gone = panel - {leaves} | {others[index]}, gone | {leaves}
    if due:
        raise Broken(len(lines), "a seat that was promised is not filled")
    return sorted(panel)
