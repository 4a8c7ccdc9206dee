"""Verify the transcript of a draw, without the code that made it. One file, Python 3.11 or newer, nothing to install.

python3 verify.py transcript.jsonl [--key FINGERPRINT] [--opening FILE] [--proof FILE]
Exit code 0 if all is right; 1, naming the line, if not.
"""

import argparse
import hashlib
import json
import re
import sys
from pathlib import Path

KINDS = "open pool lottery beacon_promise beacon draw( beacon_promise beacon( replace)+)* close"
P = 2**255 - 19  # Ed25519 (RFC 8032): points on -x² + y² = 1 + d x² y² mod P, kept as (X, Y, Z, T), x = X/Z, y = Y/Z
D, ORDER = -121665 * pow(121666, -1, P) % P, 2**252 + 27742317777372353535851937790883648493
# fmt: off

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

def add(one, other):
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % P, (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    return (b - a) * (d - c) % P, (d + c) * (b + a) % P, (d - c) * (d + c) % P, (b - a) * (b + a) % P

def times(factor, point):
    total = (0, 1, 1, 0)
    for bit in reversed(f"{factor:b}"):
        total, point = add(total, point) if bit == "1" else total, add(point, point)
    return total

def point(data):
    """The point that 32 bytes stand for, or None."""
    y, sign = int.from_bytes(data, "little") & (2**255 - 1), int.from_bytes(data, "little") >> 255
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x * pow(2, (P - 1) // 4, P) % P if (x * x - square) % P else x
    if len(data) != 32 or y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    return (x := P - x if x & 1 != sign else x), y, 1, x * y % P

def signed(key, message, signature):
    one, owner, s = point(signature[:32]), point(key), int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or one is None or owner is None or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    left, right = times(s, point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))), add(one, times(h, owner))
    return not ((left[0] * right[2] - right[0] * left[2]) % P or (left[1] * right[2] - right[1] * left[2]) % P)

def read(data):
    """[(kind of a line, what it says, its hash)], once spelling, hashes, signatures and order are right."""
    need(data.endswith(b"\n"), data.count(b"\n") + 1, "does not end")
    lines, signatures, head = [], [], "0" * 64
    for number, raw in enumerate(data[:-1].split(b"\n"), 1):
        try:
            line = json.loads(raw.decode())
            spelt = canonical(line) == raw
            stated, signature = line.pop("hash"), line.pop("signature")
            spelt &= bytes.fromhex(signature).hex() == signature
            need(spelt and line.keys() == {"kind", "previous", "said"}, number, "is not canonical JSON")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise Wrong(f"line {number}: is not a line of a transcript") from None
        need(line["previous"] == head, number, "does not hold the hash of the line before")
        head = sha(canonical(line)).hex()
        need(stated == head, number, "was changed: its hash is another")
        lines, signatures = [*lines, (str(line["kind"]), line["said"], head)], [*signatures, bytes.fromhex(signature)]
    need(re.fullmatch(KINDS, " ".join(kind for kind, _, _ in lines)), len(lines), f"the lines are not {KINDS}")
    for number, ((_, _, stated), signature) in enumerate(zip(lines, signatures, strict=True), 1):
        good = signed(bytes.fromhex(lines[0][1]["key"]), bytes.fromhex(stated), signature)
        need(good, number, "is not signed with the key of the first line")
    return lines

def tree(leaves):
    middle = 1 << (len(leaves) - 1).bit_length() - 1 if len(leaves) > 1 else 0
    return sha(b"\1", tree(leaves[:middle]), tree(leaves[middle:])) if middle else leaves[0]

def check_pool(pool, opening, proof):
    """The profiles of the pool, as far as they are known: published, or from the file that says who is who."""
    if proof:  # from what only one person knows, up the tree, to the root that was published
        here = sha(b"\0", canonical({name: proof[name] for name in ("id", "profile", "salt")}))
        for side, other in proof["path"]:
            here = sha(b"\1", *((bytes.fromhex(other), here) if side == "left" else (here, bytes.fromhex(other))))
        need(here.hex() == pool["root"], 2, "the proof does not lead to the root of this pool")
    profiles = pool["profiles"]
    if opening:
        leaves = [sha(b"\0", canonical(person)) for person in opening["people"]]
        profiles = [person["profile"] for person in opening["people"]]
        mine = leaves == sorted(leaves) and tree(leaves).hex() == pool["root"]
        need(mine and pool["profiles"] in (None, profiles), 2, "the opening is not that of this pool")
    need(profiles is None or len(profiles) == pool["people"], 2, "there is not a profile for each person")
    return profiles

def check_lottery(terms, people, lottery, profiles):
    seats = [0] * people
    for panel in lottery["panels"]:
        good = len(panel) == terms["size"] and sorted(set(panel)) == panel and 0 <= panel[0] <= panel[-1] < people
        need(good, 3, "a panel has not the promised size, or someone twice")
        for person in panel:
            seats[person] += 1
        for feature, value, least, most in terms["quotas"] if profiles else []:
            count = sum(profiles[person][terms["features"].index(feature)] == value for person in panel)
            need(least <= count <= most, 3, f"a panel breaks the quota {feature} = {value}")
    for count, chance in zip(seats, lottery["probabilities"], strict=True):
        far = abs(count / len(lottery["panels"]) - float(chance)) - float(lottery["deviation"])
        need(far <= 2e-9, 3, "a share of the panels is not what is said")

def number_of(promise, beacon, line):
    """The text of the number, once it is from the source that was promised: three balls, or secrets fixed before."""
    if promise["source"] == "balls":
        three = promise.keys() <= {"source", "replaces"} and re.fullmatch("[0-9]{3}", beacon["balls"])
        need(three and len(beacon) == 1, line, "the number is not three balls, as was promised")
        return beacon["balls"]
    pairs, secrets = promise["commitments"], beacon["reveals"]
    apart = all(len({pair[at] for pair in pairs}) == len(pairs) >= 3 for at in (0, 1))
    need(apart and promise["source"] == "reveals", line, "the source is not a secret of each of three parties or more")
    need(len(secrets) == len(pairs) and len(beacon) == 1, line, "a party has not revealed its secret")
    for (party, fixed), secret in zip(pairs, secrets, strict=True):
        same = re.fullmatch("[0-9a-f]{64}", secret) and sha(f"hemicycle-reveal-v1|{party}|{secret}".encode()).hex()
        need(same == fixed, line, f"{party} reveals another secret than the one that was fixed")
    return "|".join(secrets)

def drawn(commitment, number, count):
    """{seed, index}: which of so many the number names."""
    seed, most, counter = sha(f"hemicycle-draw-v1|{commitment}|{number}".encode()), 2**256 // count * count, 0
    while (found := int.from_bytes(sha(seed, counter.to_bytes(4, "big")), "big")) >= most:
        counter += 1
    return {"seed": seed.hex(), "index": found % count}

def alternates(terms, profiles, panel, out, gone):
    """Who may take a seat: the same profile; else whoever keeps the quotas."""
    free = [one for one in range(len(profiles)) if one not in panel | gone]
    kept = set(free)
    for feature, value, least, most in terms["quotas"]:
        has = [profile[terms["features"].index(feature)] == value for profile in profiles]
        seats = sum(has[one] for one in panel) - has[out]
        kept -= {one for one in free if has[one] != has[out] and not least <= seats + has[one] <= most}
    return [one for one in free if profiles[one] == profiles[out]] or sorted(kept)

def check_replaced(lines, profiles):
    """The panel, once the seats that were given up are filled again."""
    panel, gone, due = set(lines[5][1]["panel"]), set(), []
    for at, (kind, said, head) in enumerate(lines[6:-1], 7):
        if kind == "beacon_promise":
            need(not due, at, "leaves a seat that was promised before")
            promise, commitment, due = said, head, list(said["replaces"])
        elif kind == "beacon":
            number = number_of(promise, said, at)
        else:
            out, others = due.pop(0), said["alternates"]
            mine = drawn(commitment, f"{number}|{out}", len(others))
            told = mine | {"out": out, "alternates": others, "in": others[mine["index"]]}
            fair = others == sorted(set(others)) and not (panel | gone) & set(others) and out in panel
            fair &= not profiles or others == alternates(lines[0][1], profiles, panel, out, gone)
            need(fair and said == told, at, "the number gives this seat to someone else")
            panel, gone = panel - {out} | {said["in"]}, gone | {out}
    need(not due, len(lines), "a seat that was promised is not filled")
    return sorted(panel)

def verify(data, key=None, opening=None, proof=None):
    """Returns (fingerprint of the key, panel, what was not checked). Raises Wrong."""
    lines = read(data)
    terms, pool, lottery, promise, beacon, draw = (said for _, said, _ in lines[:6])
    signer = sha(bytes.fromhex(terms["key"])).hex()
    need(key in (None, signer), 1, f"signed with the key {signer}, not with {key}")
    profiles = check_pool(pool, *(json.loads(one) if one else None for one in (opening, proof)))
    check_lottery(terms, pool["people"], lottery, profiles)
    mine = drawn(lines[3][2], number_of(promise, beacon, 5), len(lottery["panels"]))
    need(draw == mine | {"panel": lottery["panels"][mine["index"]]}, 6, "the number draws another panel")
    need("replaces" not in promise, 4, "promises to fill seats before anyone was drawn")
    need(lines[-1][1] == {"lines": len(lines)}, len(lines), "does not close this transcript")
    left = {"who signed (give --key FINGERPRINT)": key, "quotas: profiles are private (give --opening FILE)": profiles}
    return signer, check_replaced(lines, profiles), [one for one, known in left.items() if not known]

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("transcript", type=Path)
    parser.add_argument("--key", help="the fingerprint of the signing key, as it was published")
    parser.add_argument("--opening", type=Path, help="who is who, for an auditor")
    parser.add_argument("--proof", type=Path, help="what shows that you are in the pool, as you were given it")
    given = parser.parse_args()
    try:
        files = (one and one.read_bytes() for one in (given.opening, given.proof))
        signer, chosen, left = verify(given.transcript.read_bytes(), given.key, *files)
    except (Wrong, OSError, ValueError, KeyError, TypeError, IndexError) as error:
        sys.exit(f"NOT VERIFIED: {error}")
    told = [f"verified: the panel is {chosen}", f"signed with {signer}", *["you are in the pool"] * bool(given.proof)]
    print(*told, *(f"not checked: {one}" for one in left), sep="\n")
