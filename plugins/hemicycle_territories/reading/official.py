"""The official JSON, as the npm package `@etalab/decoupage-administratif` lays it out: one list in each file.

Communes name their department, and it its region; EPCI and EPT name their communes. Files may carry a prefix
(`r24_communes.json`), and all but the communes may be missing.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hemicycle.api import StartupError, clean_name
from hemicycle_territories.loading import Said

COMMUNE = re.compile(r"[0-9][0-9AB][0-9]{3}")
PLAIN = "commune-actuelle"
SOURCE = "Code officiel géographique"
SHOWN = 20  # problems that are told at once
MADE_OF_COMMUNES = {"epci": "EPCI", "ept": "EPT"}
NAMED_BY_COMMUNES = {"arrondissement": "ARRONDISSEMENT", "departement": "DEPARTMENT"}
USED = {"code", "nom", "type", "membres", "departement", "arrondissement", "region"}


@dataclass
class _Reading:
    """What is found in a folder, and everything that is wrong with it."""

    files: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)


def read_folder(folder: Path) -> tuple[list[Said], dict[str, int]]:
    """The territories of a folder, and what is not kept: how often each field or sort of entry came.

    StartupError names every file and entry that is wrong, and nothing is returned then.
    """
    folder = folder / "data" if (folder / "data").is_dir() else folder
    seen = _Reading()
    lists = {name: _list(folder, name, seen) for name in ("commune", "epci", "ept", "arrondissement", "departement")}
    lists["region"] = _list(folder, "region", seen)
    if lists["commune"] is None and not seen.problems:
        seen.problems.append(f"{folder}: there is no communes.json in it: name the folder of the official files")
    said = _read(lists, seen)
    if seen.problems:
        more = len(seen.problems) - SHOWN
        told = [*seen.problems[:SHOWN], *([f"… and {more} more"] if more > 0 else [])]
        raise StartupError("\n".join(["Nothing was loaded: mend these first.", *told]))
    return said, dict(sorted(seen.lost.items()))


def _read(lists: dict[str, Any], seen: _Reading) -> list[Said]:
    communes = [one for one in _entries(lists, "commune", seen) if _is_plain(one[1], seen)]
    said, of = [], {name: dict[str, set[str]]() for name in (*NAMED_BY_COMMUNES, "region")}
    regions = {str(one.get("code")): str(one.get("region")) for one in lists["departement"] or () if "region" in one}
    for where, one in communes:
        code = one["code"]
        if not COMMUNE.fullmatch(code):
            seen.problems.append(f"{where}: {code!r} is no code of a commune: five characters, with their zeros")
            continue
        said.append(Said("COMMUNE", "COG", code, one["nom"], frozenset({code}), source=SOURCE))
        region = one.get("region") or regions.get(str(one.get("departement")))
        for name, whose in (*((name, one.get(name)) for name in NAMED_BY_COMMUNES), ("region", region)):
            if whose:  # Mayotte has an empty arrondissement
                of[name].setdefault(str(whose), set()).add(code)
    for name, kind in (*NAMED_BY_COMMUNES.items(), ("region", "REGION")):
        said += _named(lists, name, kind, of[name], seen)
    for name, kind in MADE_OF_COMMUNES.items():
        said += _made(lists, name, kind, seen)
    return said


def _named(lists: dict[str, Any], name: str, kind: str, of: dict[str, set[str]], seen: _Reading) -> list[Said]:
    """Territories that communes name: each commune's is there, and each has communes."""
    if lists[name] is None:
        if of:
            seen.lost[f"{seen.files['commune']}: {name} (there is no file of them)"] += len(of)
        return []
    said = []
    for where, one in _entries(lists, name, seen):
        code = one["code"]
        communes = of.pop(code, set())
        if not communes:
            seen.lost[f"{where.partition(',')[0]}: without communes"] += 1
            continue
        said.append(Said(kind, "COG", code, one["nom"], frozenset(communes), source=SOURCE))
    for code, communes in sorted(of.items()):
        seen.problems.append(f"{seen.files['commune']}: {min(communes)} is in {name} {code}, which no file names")
    return said


def _made(lists: dict[str, Any], name: str, kind: str, seen: _Reading) -> list[Said]:
    """Territories that name their communes: by their codes, or by objects that have one."""
    said = []
    for where, one in _entries(lists, name, seen):
        members = one.get("membres")
        if not isinstance(members, list) or not members:
            seen.problems.append(f"{where}: it has no `membres`: name its communes")
            continue
        codes: list[Any] = [member.get("code") if isinstance(member, dict) else member for member in members]
        wrong = [code for code in codes if not isinstance(code, str) or not COMMUNE.fullmatch(code)]
        if wrong:
            seen.problems.append(f"{where}: {wrong[0]!r} is no code of a commune: five characters, with their zeros")
        elif len(set(codes)) < len(codes):
            seen.problems.append(f"{where}: it names a commune twice: {Counter(codes).most_common(1)[0][0]}")
        else:
            said.append(Said(kind, "SIREN", one["code"], one["nom"], frozenset(codes), source="DGCL"))
    return said


def _list(folder: Path, name: str, seen: _Reading) -> list[dict[str, Any]] | None:
    """What the file of that name holds; None where there is none."""
    plural = name if name in MADE_OF_COMMUNES else f"{name}s?"
    files = sorted(one for one in folder.glob("*.json") if re.fullmatch(rf"([a-z0-9]+_)?{plural}\.json", one.name))
    if not files:
        return None
    if len(files) > 1:
        seen.problems.append(f"{folder}: {files[0].name} and {files[1].name} are the same list: keep one")
        return None
    seen.files[name] = files[0].name
    try:
        found = json.loads(files[0].read_text("utf-8"))
    except (OSError, ValueError) as error:
        seen.problems.append(f"{files[0].name}: it cannot be read as JSON: {error}")
        return None
    if not isinstance(found, list):
        seen.problems.append(f"{files[0].name}: it is not a list of objects")
        return None
    return found


def _entries(lists: dict[str, Any], name: str, seen: _Reading) -> list[tuple[str, dict[str, Any]]]:
    """(where it stands, entry) of those that have a code, once, and a name."""
    good, codes = [], dict[tuple[str, str], int]()
    file = seen.files.get(name, "")
    for number, one in enumerate(lists[name] or (), 1):
        where = f"{file}, entry {number}"
        if not isinstance(one, dict):
            seen.problems.append(f"{where}: it is not an object")
            continue
        code, called = one.get("code"), one.get("nom")
        if not isinstance(code, str) or not code:
            seen.problems.append(f"{where}: it has no `code` that is a text (numbers lose their zeros)")
            continue
        try:
            clean_name(called if isinstance(called, str) else "")
        except ValueError as error:
            seen.problems.append(f"{where} ({code}): its `nom` cannot be kept: {error}")
            continue
        first = codes.setdefault((code, str(one.get("type")) if name == "commune" else ""), number)
        if first != number:
            seen.problems.append(f"{where}: its code {code} came before, in entry {first}")
            continue
        seen.lost.update(f"{file}: {key}" for key in one.keys() - USED)
        good.append((where, one))
    return good


def _is_plain(one: dict[str, Any], seen: _Reading) -> bool:
    """A commune of its own: parts of communes are no territories here."""
    kind = one.get("type", PLAIN)
    if kind != PLAIN:
        seen.lost[f"{seen.files['commune']}: entries of type {kind}"] += 1
    return bool(kind == PLAIN)
