"""How much one document may ask: every limit in one place."""

from typing import Any

from strawberry.schema.config import StrawberryConfig

CONFIG = StrawberryConfig(disable_field_suggestions=True)


def extensions() -> list[Any]:
    """The schema extensions that enforce the limits."""
    return []
