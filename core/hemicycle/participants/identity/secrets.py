"""Secrets: how they are kept (hashed, for this instance and one purpose), and what an API token looks like."""

import hashlib
import hmac
import re
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application

PREFIX = "hmc_"
_TOKEN = re.compile(rf"{PREFIX}([A-Za-z0-9_-]{{43}})([0-9a-f]{{8}})")


def hashed(app: "Application", purpose: str, secret: str) -> str:
    """What is kept of a secret: 64 hexadecimal digits, good for nothing in another instance or for another purpose."""
    said = f"{app.settings.instance}:{purpose}:{secret}"
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def same(one: str, other: str | None) -> bool:
    """Whether two hashes are equal, in a time that does not tell how nearly."""
    return hmac.compare_digest(one, other or "")


def new_token(app: "Application") -> str:
    """An API token: a prefix and a checksum, by which scanners of published code know it for one of ours."""
    secret = app.clock.token()
    return f"{PREFIX}{secret}{_checksum(secret)}"


def is_token(text: str) -> bool:
    """Whether it was made by `new_token`, here or elsewhere."""
    found = _TOKEN.fullmatch(text)
    return found is not None and _checksum(found[1]) == found[2]


def _checksum(secret: str) -> str:
    return f"{zlib.crc32(secret.encode()):08x}"
