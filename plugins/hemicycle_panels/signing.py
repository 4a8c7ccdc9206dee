"""The key that signs transcripts: a file outside the database and its backups, whose fingerprint is public."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hemicycle.api import Application, Finding, RefusalCode, Refused

if TYPE_CHECKING:
    from hemicycle_panels.transcript.chain import Chain

NAME = "panels-signing-key.pem"


def key_file(app: Application) -> Path:
    """Where it is: as the settings say; else beside the erasure journal, which is not in the backup either."""
    said: Path | None = app.plugin_settings["panels"].signing_key
    return said or app.settings.erasure_journal.parent / NAME


def chain_of(app: Application, transcript: str = "", key: str | None = None) -> "Chain":
    """A chain that signs with it. key: the fingerprint that was published, if one was. Refused if it cannot be.

    The file is made the first time, readable by its owner only.
    """
    try:
        from hemicycle_panels.transcript.chain import Chain, fingerprint
    except ImportError as error:
        raise Refused(
            RefusalCode.CONFLICT,
            f"Signing needs {error.name}, which is not installed: pip install 'hemicycle[panels]'.",
        ) from None
    chain = Chain(_key(key_file(app)), transcript.encode())
    if key not in (None, fingerprint(chain.public)):
        raise Refused(
            RefusalCode.CONFLICT,
            f"This draw is signed with the key {key}, and {key_file(app)} holds another: bring the first back.",
        )
    return chain


async def check(app: Application) -> AsyncIterator[Finding]:
    """Whether it can sign, and nobody else can read it."""
    file = key_file(app)
    try:
        from hemicycle_panels.transcript.chain import fingerprint  # noqa: F401
    except ImportError as error:
        yield Finding(
            f"Panels cannot be drawn without {error.name}.", "pip install 'hemicycle[panels]'.", serious=False
        )
        return
    if not file.exists():
        yield Finding(
            f"There is no key for transcripts at {file} yet.",
            "The first draw makes it: back it up apart.",
            serious=False,
        )
        return
    try:
        _key(file)
    except Refused as refused:
        yield Finding(refused.message, "Bring the file back from its own backup.")
        return
    if file.stat().st_mode & 0o077:
        yield Finding(f"Others can read {file}.", f"chmod 600 {file}")


def _key(file: Path) -> Any:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
        load_pem_private_key,
    )

    try:
        if not file.exists():
            made = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            part = file.with_name(f"{file.name}.{os.getpid()}")
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
                opened.write(made)
            try:
                os.link(part, file)  # whoever comes first keeps theirs
            except FileExistsError:
                pass
            finally:
                part.unlink()
        key = load_pem_private_key(file.read_bytes(), None)
    except (OSError, ValueError) as error:
        raise Refused(RefusalCode.CONFLICT, f"The signing key {file} cannot be used: {error}.") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise Refused(RefusalCode.CONFLICT, f"{file} holds no Ed25519 key.")
    return key
