"""Mail that leaves the instance: by SMTP, or, in development, to the console."""

import asyncio
import smtplib
import ssl
import sys
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Protocol

from hemicycle.kernel.settings import MailSettings, Settings

SECONDS = 20  # for each word of the mail server
IMPLICIT_TLS = 465


@dataclass(frozen=True)
class Message:
    """One mail, in plain text. unsubscribe: the address of a page that ends such mail, by a click or a bare POST."""

    to: str
    subject: str
    text: str
    unsubscribe: str | None = None


class Mailer(Protocol):
    """How mail leaves. An exception means that it did not: the job that sends it is tried again."""

    async def send(self, message: Message) -> None: ...


class Console:
    """Development: mail is written where the server writes."""

    async def send(self, message: Message) -> None:
        print(f"\nMail to {message.to}: {message.subject}\n{message.text}\n", file=sys.stderr, flush=True)


class Smtp:
    """A mail server, in a thread of its own for each mail: no request waits for it, only jobs do."""

    def __init__(self, host: str, settings: MailSettings, name: str) -> None:
        self.host, self.settings, self.name = host, settings, name

    async def send(self, message: Message) -> None:
        await asyncio.to_thread(self._send, letter(message, self.settings.sender, self.name))

    def _send(self, mail: EmailMessage) -> None:
        known = self.settings
        tls = ssl.create_default_context()
        implicit = known.port == IMPLICIT_TLS
        server = (
            smtplib.SMTP_SSL(self.host, known.port, timeout=SECONDS, context=tls)
            if implicit
            else smtplib.SMTP(self.host, known.port, timeout=SECONDS)
        )
        with server:
            if known.starttls and not implicit:
                server.starttls(context=tls)
            if known.user is not None:
                server.login(known.user, known.password or "")
            server.send_message(mail)


def letter(message: Message, sender: str, name: str) -> EmailMessage:
    """The mail with its headers. ValueError if an address or the subject would break out of them."""
    mail = EmailMessage()
    mail["From"] = Address(display_name=name, addr_spec=sender)
    mail["To"] = Address(addr_spec=message.to)
    mail["Subject"] = message.subject
    mail["Date"] = formatdate()
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"  # so that no absence note answers
    if message.unsubscribe is not None:
        mail["List-Unsubscribe"] = f"<{message.unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(message.text)
    return mail


def mailer_for(settings: Settings) -> Mailer:
    """The mailer that the settings ask for."""
    host = settings.mail.host
    return Console() if host is None else Smtp(host, settings.mail, settings.name)
