"""Global ids: a type's name and a key, opaque to clients."""

import base64
import binascii
from dataclasses import dataclass
from uuid import UUID

LONGEST = 200  # characters


@dataclass(frozen=True)
class Ref:
    """A link to anything: the GraphQL type's name, and the key."""

    type: str
    key: UUID


def encode_id(type_name: str, key: UUID) -> str:
    """The global id of the object with this key."""
    return base64.urlsafe_b64encode(f"{type_name}:{key.hex}".encode()).decode().rstrip("=")


def decode_id(text: str) -> Ref | None:
    """What a global id stands for, or None for whatever is not exactly an id of ours."""
    if len(text) > LONGEST:
        return None
    try:
        raw = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
        type_name, _, key = raw.partition(":")
        ref = Ref(type_name, UUID(hex=key))
    except (ValueError, binascii.Error):
        return None
    return ref if encode_id(ref.type, ref.key) == text.rstrip("=") else None
