"""Read PrefLib's ranked ballots: .soi, .soc, .toi and .toc (https://preflib.github.io/PrefLib-Jekyll/format).

Its files of before 2022 too: the number of candidates, a line `1,Ana` for each, `voters,ballots,orders`, then `12,3,1`.
"""

import re
from collections import Counter
from pathlib import Path

from hemicycle_votes.counting.profiles import Order, Rankings
from hemicycle_votes.reading.lines import Unreadable, distinct, lines, whole

_FIELD = re.compile(r"#\s*([A-Z ]+?)(?:\s+([0-9]+))?\s*:\s*(.*)")
_RANK = re.compile(r"\{[0-9, ]+\}|[0-9 ]+")
_ORDER = re.compile(rf"(?:{_RANK.pattern})(?:,(?:{_RANK.pattern}))*")


def read_preflib(path: Path) -> Rankings:
    """The ballots of the file, identical ones together. Unreadable if anything in it is wrong.

    Candidates of the same name are told apart by their numbers: `Write-in (7)`.
    """
    names: dict[int, str] = {}
    head: dict[str, tuple[int, str]] = {}
    texts: Counter[str] = Counter()
    first: dict[str, int] = {}
    between, old = ":", 0
    for at, line in lines(path):
        bare = line.strip()
        if bare and not first and not names and not head and whole(bare) is not None:
            head["NUMBER ALTERNATIVES"], old, between = (at, bare), int(bare), ","
        elif bare and len(names) < old:
            key, _, name = bare.partition(",")
            if whole(key) is None:
                raise Unreadable(path, at, f"{bare[:60]!r} names no candidate: write `3,Ana`, the number and the name.")
            names[int(key)] = name.strip()
        elif bare and old and "NUMBER VOTERS" not in head:
            head["NUMBER VOTERS"] = at, bare.split(",")[:2][-1]  # the second number is the sum of the counts
        elif bare.startswith("#"):
            if found := _FIELD.fullmatch(bare):
                if found[1] == "ALTERNATIVE NAME" and found[2]:
                    names[int(found[2])] = found[3].strip()
                else:
                    head[found[1]] = (at, found[3].strip())
        elif bare:
            counted, found_, text = bare.partition(between)
            times = whole(counted)
            if not found_ or times is None:
                wanted = f"12{between} 3,1,{{2,4}}"
                raise Unreadable(path, at, f"{bare[:60]!r} is no ballot: write `{wanted}`, 12 people's order.")
            texts[text] += times
            first.setdefault(text, at)
    index = _indexes(path, names, head)
    single = [(place,) for place in range(len(names))]
    strict, complete = path.suffix.lower()[1:2] == "s", path.suffix.lower().endswith("c")
    ballots: Counter[Order] = Counter()
    for text, times in texts.items():
        order = _order(path, first[text], text, index, single)
        if strict and any(len(group) > 1 for group in order):
            raise Unreadable(path, first[text], f"equal ranks do not belong into a {path.suffix} file: name it .toi.")
        if complete and sum(map(len, order)) != len(names):
            raise Unreadable(
                path, first[text], f"a {path.suffix} file ranks everyone in each ballot: name it {path.suffix[:-1]}i."
            )
        ballots[order] += times
    if "NUMBER VOTERS" in head:
        at, said = head["NUMBER VOTERS"]
        if whole(said) != (read := sum(texts.values())):
            raise Unreadable(path, at, f"NUMBER VOTERS is {said!r}, and the ballots are {read}: is the file complete?")
    twice = {name for name, times in Counter(names.values()).items() if times > 1 or not name}
    ordered = [f"{names[key]} ({key})".strip() if names[key] in twice else names[key] for key in sorted(names)]
    return Rankings(distinct(path, None, ordered, "candidate"), ballots)


def _indexes(path: Path, names: dict[int, str], head: dict[str, tuple[int, str]]) -> dict[str, int]:
    if not names:
        raise Unreadable(path, None, "no candidate is named. It needs lines such as `# ALTERNATIVE NAME 1: Ana`.")
    if "NUMBER ALTERNATIVES" in head:
        at, said = head["NUMBER ALTERNATIVES"]
        if whole(said) != len(names):
            raise Unreadable(
                path, at, f"NUMBER ALTERNATIVES is {said!r}, and {len(names)} are named: name each in a line "
                "`# ALTERNATIVE NAME n: …`."
            )  # fmt: skip
    return {str(key): place for place, key in enumerate(sorted(names))}


def _order(path: Path, at: int, text: str, index: dict[str, int], single: list[tuple[int]]) -> Order:
    bare, order, seen = text.strip(), list[tuple[int, ...]](), set[int]()
    if not bare:
        return ()
    if not _ORDER.fullmatch(bare):
        raise Unreadable(path, at, f"{bare[:60]!r} is no order: separate numbers by commas, equals in braces.")
    for rank in _RANK.findall(bare):
        group = []
        for key in rank.strip("{} ").split(","):
            place = index.get(key.strip())
            if place is None:
                raise Unreadable(
                    path, at, f"{key.strip()!r} is no candidate: the numbers are those of ALTERNATIVE NAME."
                )
            if place in seen:
                raise Unreadable(path, at, f"candidate {key.strip()} is ranked twice: keep one of them.")
            seen.add(place)
            group.append(place)
        order.append(single[group[0]] if len(group) == 1 else tuple(sorted(group)))
    return tuple(order)
