"""Mail that leaves the instance."""

import sys
from dataclasses import dataclass
from typing import Protocol

from hemicycle.kernel.settings import Settings


@dataclass(frozen=True)
class Message:
    """One mail, in plain text."""

    to: str
    subject: str
    text: str


class Mailer(Protocol):
    """How mail leaves."""

    async def send(self, message: Message) -> None: ...


class Console:
    """Development: mail is written where the server writes."""

    async def send(self, message: Message) -> None:
        print(f"\nMail to {message.to}: {message.subject}\n{message.text}\n", file=sys.stderr, flush=True)


def mailer_for(settings: Settings) -> Mailer:
    """The mailer that the settings ask for."""
    return Console()
