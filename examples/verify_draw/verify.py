"""Verify the transcript of a draw, without the code that made it.

python3 verify.py transcript.jsonl [--key FINGERPRINT] [--opening FILE]

One file, Python 3.11 or newer, nothing to install: read it, then run it.
Exit code 0 if all is right; 1, naming the line, if not.
"""

import argparse
import hashlib
import json
import re
import sys
from pathlib import Path

KINDS = "open pool lottery beacon_promise beacon draw( beacon_promise beacon( replace)+)* close"


class Wrong(Exception):
    """What is wrong, and in which line."""


def need(true, line, why):
    if not true:
        raise Wrong(f"line {line}: {why}")


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def canonical(value):
    """One spelling of each JSON value (RFC 8785; a transcript has no floats)."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


# Ed25519 (RFC 8032): points (x, y) on -x² + y² = 1 + d x² y², kept as (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z.
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(one, other):
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % P, (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(factor, point):
    total = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            total = add(total, point)
        point, factor = add(point, point), factor >> 1
    return total


def point(data):
    """The point that 32 bytes stand for, or None."""
    number = int.from_bytes(data, "little")
    y, sign = number & (2**255 - 1), number >> 255
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if len(data) != 32 or y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def signed(key, message, signature):
    one, owner = point(signature[:32]), point(key)
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or one is None or owner is None or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    left, right = times(s, BASE), add(one, times(h, owner))
    return not ((left[0] * right[2] - right[0] * left[2]) % P or (left[1] * right[2] - right[1] * left[2]) % P)


def read(data):
    """[(what a line says, its hash)], and the kinds of lines, once spelling, hashes, signatures and order are right."""
    need(data.endswith(b"\n"), data.count(b"\n") + 1, "does not end")
    lines, kinds, signatures, head = [], [], [], "0" * 64
    for number, raw in enumerate(data[:-1].split(b"\n"), 1):
        try:
            line = json.loads(raw.decode())
            spelt = canonical(line) == raw
            stated, signature = line.pop("hash"), line.pop("signature")
            spelt &= bytes.fromhex(signature).hex() == signature
            kind, previous, said = line["kind"], line["previous"], line["said"]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise Wrong(f"line {number}: is not a line of a transcript") from None
        need(spelt, number, "is not canonical JSON")
        need(previous == head, number, "does not hold the hash of the line before")
        head = sha(canonical(line)).hex()
        need(stated == head, number, "was changed: its hash is another")
        lines.append((said, head))
        kinds.append(kind)
        signatures.append(bytes.fromhex(signature))
    need(re.fullmatch(KINDS, " ".join(kinds)), len(kinds), f"the lines are not {KINDS}")
    key = bytes.fromhex(lines[0][0]["key"])
    for number, ((_, stated), signature) in enumerate(zip(lines, signatures, strict=True), 1):
        need(signed(key, bytes.fromhex(stated), signature), number, "is not signed with the key of the first line")
    return lines, kinds


def tree(leaves):
    if len(leaves) == 1:
        return leaves[0]
    middle = 1 << (len(leaves) - 1).bit_length() - 1
    return sha(b"\1", tree(leaves[:middle]), tree(leaves[middle:]))


def check_opening(pool, opening):
    """The profiles of the pool, from the file that says who is who."""
    leaves = [sha(b"\0", canonical(person)) for person in opening["people"]]
    mine = leaves == sorted(leaves) and len(leaves) == pool["people"] and tree(leaves).hex() == pool["root"]
    need(mine, 2, "the opening is not that of this pool")
    profiles = [person["profile"] for person in opening["people"]]
    need(pool["profiles"] in (None, profiles), 2, "the published profiles are not those of the pool")
    return profiles


def check_lottery(terms, people, lottery, profiles):
    seats = [0] * people
    for panel in lottery["panels"]:
        good = len(panel) == terms["size"] and sorted(set(panel)) == panel and 0 <= panel[0] <= panel[-1] < people
        need(good, 3, "a panel has not the promised size, or someone twice")
        for person in panel:
            seats[person] += 1
        for feature, value, least, most in terms["quotas"] if profiles else []:
            at = terms["features"].index(feature)
            count = sum(profiles[person][at] == value for person in panel)
            need(least <= count <= most, 3, f"a panel breaks the quota {feature} = {value}")
    for count, chance in zip(seats, lottery["probabilities"], strict=True):
        far = abs(count / len(lottery["panels"]) - float(chance))
        need(far <= float(lottery["deviation"]) + 2e-9, 3, "a share of the panels is not what is said")


def drawn(commitment, beacon, count, line, extra=""):
    """{seed, index}: which of so many the number names."""
    need(re.fullmatch("[0-9]{3}", beacon["balls"]), line, "the number is not from the source that was promised")
    seed = sha(f"hemicycle-draw-v1|{commitment}|{beacon['balls']}{extra}".encode())
    most, counter = 2**256 // count * count, 0
    while (number := int.from_bytes(sha(seed, counter.to_bytes(4, "big")), "big")) >= most:
        counter += 1
    return {"seed": seed.hex(), "index": number % count}


def alternates(terms, profiles, panel, out, gone):
    """Who may take a seat: the same profile; else whoever keeps the quotas."""
    free = [one for one in range(len(profiles)) if one not in panel | gone]

    def keeps(comes):
        for feature, value, least, most in terms["quotas"]:
            has = [profile[terms["features"].index(feature)] == value for profile in profiles]
            if has[comes] != has[out] and not least <= sum(has[i] for i in panel) + has[comes] - has[out] <= most:
                return False
        return True

    return [one for one in free if profiles[one] == profiles[out]] or [one for one in free if keeps(one)]


def check_replaced(lines, kinds, profiles):
    """The panel, once the seats that were given up are filled again."""
    panel, gone, due = set(lines[5][0]["panel"]), set(), []
    for at, (said, head) in enumerate(lines[6:-1], 7):
        if kinds[at - 1] == "beacon_promise":
            need(not due and said == {"source": "balls", "replaces": said["replaces"]}, at, "promises what is not due")
            promise, due = head, list(said["replaces"])
        elif kinds[at - 1] == "beacon":
            beacon = said
        else:
            out, others = due.pop(0), said["alternates"]
            mine = drawn(promise, beacon, len(others), at, f"|{out}")
            told = mine | {"out": out, "alternates": others, "in": others[mine["index"]]}
            fair = others == sorted(set(others)) and not (panel | gone) & set(others) and out in panel
            fair &= not profiles or others == alternates(lines[0][0], profiles, panel, out, gone)
            need(fair and said == told, at, "the number gives this seat to someone else")
            panel, gone = panel - {out} | {said["in"]}, gone | {out}
    need(not due, len(lines), "a seat that was promised is not filled")
    return sorted(panel)


def verify(data, key=None, opening=None):
    """Returns (fingerprint of the key, panel, what was not checked). Raises Wrong."""
    lines, kinds = read(data)
    terms, pool, lottery, promise, beacon, draw = (said for said, _ in lines[:6])
    signer = sha(bytes.fromhex(terms["key"])).hex()
    need(key in (None, signer), 1, f"signed with the key {signer}, not with {key}")
    profiles = check_opening(pool, json.loads(opening)) if opening else pool["profiles"]
    need(profiles is None or len(profiles) == pool["people"], 2, "there is not a profile for each person")
    check_lottery(terms, pool["people"], lottery, profiles)
    mine = drawn(lines[3][1], beacon, len(lottery["panels"]), 5)
    need(promise == {"source": "balls"}, 5, "the number is not from the source that was promised")
    need(draw == mine | {"panel": lottery["panels"][mine["index"]]}, 6, "the number draws another panel")
    panel = check_replaced(lines, kinds, profiles)
    need(lines[-1][0] == {"lines": len(lines)}, len(lines), "does not close this transcript")
    unchecked = [] if key else ["who signed (give --key FINGERPRINT)"]
    return (
        signer,
        panel,
        unchecked + ([] if profiles else ["quotas: profiles are private (give --opening FILE)"]),
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("transcript", type=Path)
    parser.add_argument("--key", help="the fingerprint of the signing key, as it was published")
    parser.add_argument("--opening", type=Path, help="who is who, for an auditor")
    given = parser.parse_args()
    try:
        opening = given.opening.read_bytes() if given.opening else None
        signer, panel, unchecked = verify(given.transcript.read_bytes(), given.key, opening)
    except (Wrong, OSError, ValueError, KeyError, TypeError, IndexError) as error:
        sys.exit(f"NOT VERIFIED: {error}")
    print(f"verified: the panel is {panel}\nsigned with {signer}")
    for one in unchecked:
        print(f"not checked: {one}")


if __name__ == "__main__":
    main()
