"""Enums of the kernel, most of them filled with what modules declare."""

from enum import Enum

import strawberry


@strawberry.enum(description="How far a list of a space reaches.")
class Scope(Enum):
    HERE = strawberry.enum_value("HERE", description="This space alone.")
    SUBTREE = strawberry.enum_value("SUBTREE", description="This space and its descendants.")


@strawberry.enum(description="A language in which an instance writes.")
class Locale(Enum):
    EN = strawberry.enum_value("en", description="English.")
    FR = strawberry.enum_value("fr", description="French.")


@strawberry.enum(name="Action", description="What one may do to an object; the owner's name, then the verb.")
class ActionName(Enum):
    """Filled with every declared action."""


@strawberry.enum(name="Role", description="Who someone is in a space and below.")
class RoleName(Enum):
    """Filled with every declared role."""


@strawberry.enum(name="Event", description="What may happen.")
class EventName(Enum):
    """Filled with every declared event."""


@strawberry.enum(name="Searchable", description="What search finds.")
class SearchableName(Enum):
    """Filled with every type that is declared searchable."""


def constant(name: str) -> str:
    """`contribution.hide` in GraphQL: `CONTRIBUTION_HIDE`."""
    return name.replace(".", "_").replace("-", "_").upper()
