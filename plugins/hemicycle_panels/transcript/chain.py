"""Lines that hold the hash of the one before, each signed: nothing can be changed, added or taken out unseen."""

import hashlib
import json
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from hemicycle_panels.transcript.canonical import canonical

START = "0" * 64


class Broken(Exception):
    """A transcript that cannot be trusted: which line, and why."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"line {line}: {why}")
        self.line, self.why = line, why


class Line(NamedTuple):
    """One line: its kind, what it says, and its hash (hex)."""

    kind: str
    said: dict[str, Any]
    hash: str


class Chain:
    """Writes a transcript, or goes on with one. The first line says the public key."""

    def __init__(self, key: Ed25519PrivateKey | None = None, transcript: bytes = b"") -> None:
        """key: a new one, if none is given. transcript: the lines that were written with it before."""
        self._key = key or Ed25519PrivateKey.generate()
        self.public = self._key.public_key().public_bytes_raw().hex()
        self.written = transcript.splitlines()
        self.head: str = json.loads(self.written[-1])["hash"] if self.written else START

    def add(self, kind: str, **said: Any) -> str:
        """Add a line. Returns its hash, which is the new head."""
        line = {"kind": kind, "previous": self.head, "said": said}
        self.head = hashlib.sha256(canonical(line)).hexdigest()
        signature = self._key.sign(bytes.fromhex(self.head)).hex()
        self.written.append(canonical(line | {"hash": self.head, "signature": signature}))
        return self.head

    @property
    def transcript(self) -> bytes:
        return b"".join(line + b"\n" for line in self.written)


def fingerprint(public: str) -> str:
    """Of a public key (hex): what is published before the draw, so that everyone knows whose transcript it is."""
    return hashlib.sha256(bytes.fromhex(public)).hexdigest()


def read(data: bytes) -> list[Line]:
    """The lines of a transcript, once their spelling, hashes, chain and signatures are right. Raises Broken."""
    if not data.endswith(b"\n"):
        raise Broken(data.count(b"\n") + 1, "does not end: something is missing")
    lines, signatures, head = [], [], START
    for number, raw in enumerate(data[:-1].split(b"\n"), 1):
        try:
            line = json.loads(raw.decode())
            same = canonical(line) == raw
            hash_, signature = line.pop("hash"), line.pop("signature")
            same &= bytes.fromhex(signature).hex() == signature
            kind, previous, said = line["kind"], line["previous"], line["said"]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise Broken(number, "is not a line of a transcript") from None
        if not same:
            raise Broken(number, "is not spelt as canonical JSON")
        if previous != head:
            raise Broken(number, "does not hold the hash of the line before")
        if hash_ != (head := hashlib.sha256(canonical(line)).hexdigest()):
            raise Broken(number, "was changed: its hash is another")
        signatures.append((head, bytes.fromhex(signature)))
        lines.append(Line(kind, said, head))
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(lines[0].said["key"]))
    except (ValueError, KeyError, TypeError):
        raise Broken(1, "holds no key to check signatures with") from None
    for number, (hash_, signature) in enumerate(signatures, 1):
        try:
            key.verify(signature, bytes.fromhex(hash_))
        except InvalidSignature:
            raise Broken(number, "is not signed with the key of the first line") from None
    return lines
