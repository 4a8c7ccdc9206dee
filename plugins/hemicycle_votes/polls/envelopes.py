"""Envelopes: a ballot sealed to the public key of its poll, padded so that all of a poll have one length."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY = 32
PURPOSE = b"hemicycle-ballot-v1"
NONCE = bytes(12)  # each envelope has a key of its own, used once


class NotSealed(ValueError):
    """It cannot be opened: it is damaged, or was sealed for another poll, or another voter."""


def seal(public: bytes, plain: bytes, length: int, about: bytes) -> bytes:
    """An envelope of `length` + 52 bytes. about: whose and of which poll it is; it opens only with the same.

    A sealed box: an ephemeral X25519 key, HKDF-SHA256 over the shared secret and both public keys, ChaCha20-Poly1305.
    """
    if len(plain) > length:
        raise ValueError(f"a ballot of {len(plain)} bytes does not fit an envelope of {length}")
    padded = len(plain).to_bytes(4, "big") + plain + bytes(length - len(plain))
    once = X25519PrivateKey.from_private_bytes(os.urandom(KEY))
    mine = once.public_key().public_bytes_raw()
    secret = once.exchange(X25519PublicKey.from_public_bytes(public))
    return mine + ChaCha20Poly1305(_key(secret, mine, public)).encrypt(NONCE, padded, about)


def unseal(private: X25519PrivateKey, sealed: bytes, about: bytes) -> bytes:
    """What is in it. NotSealed if it cannot be opened."""
    theirs, public = sealed[:KEY], private.public_key().public_bytes_raw()
    try:
        secret = private.exchange(X25519PublicKey.from_public_bytes(theirs))
        padded = ChaCha20Poly1305(_key(secret, theirs, public)).decrypt(NONCE, sealed[KEY:], about)
    except (InvalidTag, ValueError) as error:
        raise NotSealed(str(error) or "it is damaged, or not for this poll and voter") from None
    return padded[4 : 4 + int.from_bytes(padded[:4], "big")]


def _key(secret: bytes, mine: bytes, public: bytes) -> bytes:
    return HKDF(SHA256(), KEY, salt=None, info=PURPOSE + mine + public).derive(secret)
