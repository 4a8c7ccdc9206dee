"""Mail leaves by SMTP with its headers, or is written to the console; what would break out of a header stays."""

import asyncio
import smtplib
import ssl
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from hemicycle.kernel.mail import Console, Message, Smtp, letter, mailer_for
from hemicycle.kernel.settings import MailSettings, Settings

LETTER = Message("ada@example.org", "Débat : votre lien", "Bonjour,\n.\nÀ bientôt.\n", "https://example.org/stop?key=k")


class Server:
    """A mail server that keeps what it hears, and answers what it is told to."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.answers: dict[str, str] = {}
        self.port = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        data = False
        while line := (await reader.readline()).decode().rstrip("\r\n"):
            self.heard.append(line)
            if data and line != ".":
                while (more := (await reader.readline()).decode().rstrip("\r\n")) != ".":
                    self.heard.append(more)
                data, line = False, "."
            verb = line.partition(" ")[0].upper()
            usual = {
                "EHLO": "250-here\r\n250 AUTH PLAIN LOGIN",
                "DATA": "354 go on",
                "QUIT": "221 bye",
                "AUTH": "235 welcome",
            }
            writer.write(f"{self.answers.get(verb, usual.get(verb, '250 ok'))}\r\n".encode())
            await writer.drain()
            data = verb == "DATA"
            if verb == "QUIT":
                break
        writer.close()


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    listening = await asyncio.start_server(made.talk, "127.0.0.1", 0)
    made.port = listening.sockets[0].getsockname()[1]
    async with listening:
        yield made


def smtp(server: Server, **more: Any) -> Smtp:
    known = {"host": "127.0.0.1", "port": server.port, "starttls": False, "sender": "debat@example.org"}
    return Smtp("127.0.0.1", MailSettings.model_validate(known | more), "Le débat")


async def test_a_mail_reaches_its_server(server: Server) -> None:
    await smtp(server, user="hemicycle", password="secret").send(LETTER)
    text = "\n".join(server.heard)
    assert "mail FROM:<debat@example.org>" in text
    assert "rcpt TO:<ada@example.org>" in text
    assert "AUTH" in text
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in text


async def test_a_server_that_refuses_is_an_error(server: Server) -> None:
    """So that the job which sends it is tried again."""
    server.answers["RCPT"] = "451 later"
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        await smtp(server).send(LETTER)


async def test_without_tls_nothing_is_said(server: Server) -> None:
    """A server that has no STARTTLS gets neither the password nor the mail."""
    with pytest.raises((smtplib.SMTPException, ssl.SSLError)):
        await smtp(server, starttls=True, user="hemicycle", password="secret").send(LETTER)
    assert not {"AUTH", "MAIL", "DATA"} & {line.partition(" ")[0].upper() for line in server.heard}


def test_a_mail_says_who_writes_and_that_nobody_need_answer() -> None:
    mail = letter(LETTER, "debat@example.org", "Le débat")
    assert str(mail["From"]) == "Le débat <debat@example.org>"
    assert str(mail["To"]) == "ada@example.org"
    assert str(mail["Subject"]) == "Débat : votre lien"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] == "<https://example.org/stop?key=k>"
    assert mail["Message-ID"].endswith("@example.org>")
    assert mail.get_content() == LETTER.text
    assert letter(Message("a@example.org", "S", "T"), "d@example.org", "D")["List-Unsubscribe"] is None


@pytest.mark.parametrize(
    "message",
    [
        Message("ada@example.org\r\nBcc: all@example.org", "A subject", "A text"),
        Message("ada@example.org", "A subject\r\nBcc: all@example.org", "A text"),
    ],
)
def test_nothing_breaks_out_of_a_header(message: Message) -> None:
    with pytest.raises(ValueError, match="(?i)CR or LF|linefeed|newline|invalid"):
        letter(message, "debat@example.org", "Le débat")


async def test_without_a_server_mail_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    mailer = mailer_for(Settings())
    assert isinstance(mailer, Console)
    await mailer.send(LETTER)
    shown = capsys.readouterr()
    assert shown.out == "", "standard output is for programs"
    assert LETTER.text in shown.err


def test_with_one_it_is_sent() -> None:
    mailer = mailer_for(Settings(mail=MailSettings.model_validate({"host": "smtp.example.org"})))
    assert isinstance(mailer, Smtp)
    assert mailer.host == "smtp.example.org"
