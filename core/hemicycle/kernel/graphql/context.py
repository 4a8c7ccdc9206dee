"""What a resolver knows of its request."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from strawberry.types import Info as StrawberryInfo

from hemicycle.kernel.access.actor import ANYONE, Actor

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application


@dataclass
class Context:
    """One operation: who asks what application, and, over HTTP, from where.

    `cookies` (name -> value, None to delete it) are set on the answer, where the transport can (`can_set_cookies`).
    """

    app: "Application"
    actor: Actor = ANYONE
    address: str = ""
    given_cookies: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str | None] = field(default_factory=dict)
    can_set_cookies: bool = False
    plans: dict[Any, Any] = field(default_factory=dict)  # of the document, kept with it


Info = StrawberryInfo[Context, Any]
