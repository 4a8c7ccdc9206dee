"""The erasures that were asked for, in a file outside the database: a backup that is restored forgets them."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from hemicycle.kernel.errors import StartupError
from hemicycle.kernel.privacy.erase import erase

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application
    from hemicycle.kernel.db.session import Session


class Erasure(NamedTuple):
    """That someone asked to be erased; with `content`, what they wrote too."""

    participant: UUID
    content: bool


async def remember(app: "Application", participant: UUID, content: bool) -> None:
    """Write an erasure into the file, and onto the disk.

    Before the transaction is committed: a line too many asks again for what was asked for; one too few would bring
    someone back who had gone.
    """
    line = {"participant": str(participant), "content": content, "at": app.clock.now().isoformat()}
    await asyncio.to_thread(_append, app.settings.erasure_journal, json.dumps(line))


async def replay(app: "Application", rule: Callable[["Session", UUID, bool], Awaitable[None]] = erase) -> int:
    """Erase everyone in the file again, after a backup was restored; returns how many there were.

    rule: what to do for each of them, in one transaction. StartupError names a line that cannot be read; nothing was
    erased then.
    """
    every = await asyncio.to_thread(_read, app.settings.erasure_journal)
    for one in every:
        async with app.write() as session:
            await rule(session, one.participant, one.content)
    return len(every)


def remembered(app: "Application") -> int:
    """How many erasures are in the file. StartupError names a line that cannot be read."""
    return len(_read(app.settings.erasure_journal))


def _append(path: Path, line: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        torn = False
        with suppress(OSError):  # an empty file has no last byte
            file.seek(-1, os.SEEK_END)
            torn = file.read() != b"\n"  # the power went while a line was written: it must not spoil this one
        file.write(b"\n" * torn + line.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    folder = os.open(path.parent, os.O_RDONLY)  # so that the file itself is there after a power cut
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _read(path: Path) -> list[Erasure]:
    if not path.exists():
        return []
    found = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            said = json.loads(line)
            found.append(Erasure(UUID(said["participant"]), bool(said["content"])))
        except (ValueError, KeyError, TypeError, AttributeError):
            told = "not an erasure: mend or remove it; nobody was erased"
            raise StartupError(f"{path}, line {number}: {told}.") from None
    return found
