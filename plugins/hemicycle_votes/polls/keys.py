"""The private keys of polls: files outside the database and its backups, destroyed when a poll is over."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import make_url, select

from hemicycle.api import Application, Finding, RefusalCode, Refused, table_of
from hemicycle_votes.polls.models import PollRow


def folder(app: Application) -> Path:
    """Where they are: `[plugin.votes] keys`; a relative one is read from the folder of the erasure journal."""
    said: Path = app.plugin_settings["votes"].keys
    return app.settings.erasure_journal.parent / said


def file_of(app: Application, poll: UUID) -> Path:
    """The file of one poll's private key."""
    return folder(app) / f"{poll.hex}.key"


async def make(app: Application, poll: UUID) -> bytes:
    """A new key, or the one that an opening which failed has left; returns the public half. Refused if it cannot be."""
    try:
        private = await asyncio.to_thread(_make, file_of(app, poll))
    except (OSError, ValueError) as error:
        raise Refused(
            RefusalCode.CONFLICT,
            f"The key of this poll cannot be written into {folder(app)}: {error}. Ask the operator.",
        ) from None
    return private.public_key().public_bytes_raw()


async def read(app: Application, row: PollRow) -> X25519PrivateKey:
    """The private key of a poll. Refused if it is not there, or not the one whose public half the poll has."""
    file = file_of(app, row.id)
    try:
        private = X25519PrivateKey.from_private_bytes(await asyncio.to_thread(file.read_bytes))
    except (OSError, ValueError):
        raise _lost(file) from None
    if private.public_key().public_bytes_raw() != row.public_key:
        raise _lost(file)
    return private


async def destroy(app: Application, argument: str) -> None:
    """The job that follows the end of a poll: overwrite its key, and remove it. Harmless a second time."""
    key = UUID(argument)
    async with app.db.read() as connection:
        polls = table_of(PollRow)
        state = (await connection.execute(select(polls.c.state).where(polls.c.id == key))).scalar_one_or_none()
    if state != "OPEN":
        await asyncio.to_thread(_destroy, file_of(app, key))


async def check(app: Application) -> AsyncIterator[Finding]:
    """Whether each open poll has its key, for its owner alone, and not where the database and its backups are."""
    polls, place = table_of(PollRow), folder(app)
    async with app.db.read() as connection:
        states = {row.id: row.state for row in await connection.execute(select(polls.c.id, polls.c.state))}
    for key, state in states.items():
        file = file_of(app, key)
        if state == "OPEN" and not file.is_file():
            yield Finding(f"The key of an open poll is missing: {file}.",
                          "Bring it back: without it no ballot of this poll can be opened.")  # fmt: skip
        if state in ("CLOSED", "COUNTED", "PUBLISHED", "CANCELLED") and file.exists():
            yield Finding(f"The key of a poll that is over is still there: {file}.",
                          "Let `hemicycle work` run; if it stays, remove the file.")  # fmt: skip
        if file.exists() and file.stat().st_mode & 0o077:
            yield Finding(f"Others can read {file}.", f"chmod 600 {file}")
    if not place.exists():
        return
    if place.stat().st_mode & 0o077:
        yield Finding(f"Others can look into {place}.", f"chmod 700 {place}")
    url = make_url(app.db.url)
    if url.get_backend_name() == "sqlite" and await asyncio.to_thread(_is_beside, place, url.database or ""):
        yield Finding(
            f"The keys of polls ({place}) are where the database is: who copies that folder can open ballots.",
            'Say another folder, on another disk if you can: [plugin.votes] keys = "…".',
            serious=app.settings.production,
        )


def _make(file: Path) -> X25519PrivateKey:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    private = X25519PrivateKey.generate()
    part = file.with_name(f"{file.name}.{os.getpid()}")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(private.private_bytes_raw())
        opened.flush()
        os.fsync(opened.fileno())
    try:
        os.link(part, file)  # whoever comes first keeps theirs
    except FileExistsError:
        private = X25519PrivateKey.from_private_bytes(file.read_bytes())
    finally:
        part.unlink()
    _sync(file.parent)
    return private


def _is_beside(place: Path, database: str) -> bool:
    return place.resolve().is_relative_to(Path(database).resolve().parent)


def _destroy(file: Path) -> None:
    if not file.exists():
        return
    with file.open("r+b") as opened:
        opened.write(os.urandom(32))
        opened.flush()
        os.fsync(opened.fileno())
    file.unlink()
    _sync(file.parent)


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _lost(file: Path) -> Refused:
    return Refused(
        RefusalCode.CONFLICT,
        f"The key of this poll is not at {file}, so no envelope can be opened: the operator has to bring it back.",
    )
