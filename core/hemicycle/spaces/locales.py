"""The languages in which an instance writes."""

from enum import Enum

import strawberry


@strawberry.enum(description="A language in which an instance writes.")
class Locale(Enum):
    EN = strawberry.enum_value("en", description="English.")
    FR = strawberry.enum_value("fr", description="French.")
