"""What a resolver knows of its request."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from strawberry.types import Info as StrawberryInfo

from hemicycle.kernel.access.actor import ANYONE, Actor

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application


@dataclass
class Context:
    """One operation: who asks what application, and, over HTTP, from where. `cookies` are set on the answer."""

    app: "Application"
    actor: Actor = ANYONE
    address: str = ""
    given_cookies: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str | None] = field(default_factory=dict)


Info = StrawberryInfo[Context, Any]
