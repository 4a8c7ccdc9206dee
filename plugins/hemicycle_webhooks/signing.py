"""Secrets and signatures, as the Standard Webhooks specification has them: <https://www.standardwebhooks.com>."""

import base64
import hashlib
import hmac
from datetime import datetime
from uuid import UUID

from hemicycle.api import Application
from hemicycle_webhooks.models import WebhookRow

PREFIX = "whsec_"


def secret_of(app: Application, webhook: UUID, salt: UUID) -> bytes:
    """The 32 bytes that sign what this webhook sends.

    They are kept nowhere: whoever has the database, or a backup of it, but not `secret_key` of the settings, has none.
    """
    said = f"{app.settings.instance}:webhook:{webhook.hex}:{salt.hex}"
    return hmac.new(app.settings.secret_key.encode(), said.encode(), hashlib.sha256).digest()


def shown(secret: bytes) -> str:
    """The secret as a receiver's library takes it: `whsec_…`."""
    return PREFIX + base64.b64encode(secret).decode()


def signature(secret: bytes, message: str, moment: datetime, body: bytes) -> str:
    """`v1,…`: HMAC-SHA256 over the message's id, the seconds of the moment, and the body, in base64."""
    said = f"{message}.{int(moment.timestamp())}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(secret, said, hashlib.sha256).digest()).decode()


def headers(app: Application, row: WebhookRow, message: str, moment: datetime, body: bytes) -> dict[str, str]:
    """What goes with a body. While a former secret is valid, its signature stands beside that of the new one."""
    salts = [row.salt]
    if row.former_salt is not None and row.former_until is not None and moment < row.former_until:
        salts.append(row.former_salt)
    signed = (signature(secret_of(app, row.id, one), message, moment, body) for one in salts)
    return {
        "Content-Type": "application/json",
        "webhook-id": message,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signed),
    }
