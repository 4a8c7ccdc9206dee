"""The words of panels in the API: colleges, methods, states."""

from enum import Enum

import strawberry


@strawberry.enum(description="A part of a panel.")
class CollegeKind(Enum):
    CITIZENS = strawberry.enum_value("CITIZENS", description="People who live there.")
    STRUCTURES = strawberry.enum_value("STRUCTURES", description="Organisations.")
    ELECTED_MEMBERS = strawberry.enum_value("ELECTED_MEMBERS", description="Elected members of the collectivité.")


@strawberry.enum(description="How the seats of a college are filled.")
class CollegeMethod(Enum):
    LOTTERY = strawberry.enum_value("LOTTERY", description="By lot, among its candidates.")
    DESIGNATION = strawberry.enum_value("DESIGNATION", description="By whoever sends its members.")


@strawberry.enum(description="What the lottery makes as fair as it can.")
class PanelAlgorithm(Enum):
    LEXIMIN = strawberry.enum_value("leximin", description="The lowest chance, then the next lowest, and so on.")
    MAXIMIN = strawberry.enum_value("maximin", description="The lowest chance alone.")


@strawberry.enum(description="Where the number comes from that decides a draw. It is named before the number is known.")
class BeaconSource(Enum):
    BALLS = strawberry.enum_value("balls", description="Three lottery balls, 000 to 999, drawn in public.")
    REVEALS = strawberry.enum_value(
        "reveals", description="Secrets that three parties or more fixed before, and then reveal."
    )


@strawberry.enum(description="Where a panel stands.")
class PanelState(Enum):
    DESIGNED = strawberry.enum_value("DESIGNED", description="Being prepared.")
    CALL_OPEN = strawberry.enum_value("CALL_OPEN", description="Candidates are welcome.")
    POOL_CLOSED = strawberry.enum_value("POOL_CLOSED", description="The pool is sealed; the draw is being prepared.")
    DRAWN = strawberry.enum_value("DRAWN", description="The lot has decided; those who were drawn answer.")
    CONVENED = strawberry.enum_value("CONVENED", description="It deliberates.")
    OPINION_ADOPTED = strawberry.enum_value("OPINION_ADOPTED", description="It has adopted its opinion.")
    DELIVERED = strawberry.enum_value("DELIVERED", description="Its opinion was handed over.")
    DISSOLVED = strawberry.enum_value("DISSOLVED", description="Its work is over.")


@strawberry.enum(description="Where a draw stands.")
class PanelDrawState(Enum):
    POOL_CLOSED = strawberry.enum_value("POOL_CLOSED", description="The pool is sealed.")
    COMPUTING = strawberry.enum_value("COMPUTING", description="The lottery is being computed.")
    COMMITTED = strawberry.enum_value("COMMITTED", description="The lottery is written down, and cannot be changed.")
    PROMISED = strawberry.enum_value("PROMISED", description="The source of the number has been named.")
    DRAWN = strawberry.enum_value("DRAWN", description="The number came, and named the panel.")
    REPLACING = strawberry.enum_value("REPLACING", description="Another number has been promised, for seats given up.")
    CLOSED = strawberry.enum_value("CLOSED", description="The transcript is complete.")


@strawberry.enum(description="Where a member of a panel stands.")
class PanelMemberState(Enum):
    DRAWN = strawberry.enum_value("DRAWN", description="Drawn, or designated; has not answered yet.")
    ACCEPTED = strawberry.enum_value("ACCEPTED", description="Takes the seat.")
    DECLINED = strawberry.enum_value("DECLINED", description="Does not take the seat.")
    ACTIVE = strawberry.enum_value("ACTIVE", description="Sits in the panel.")
    RESIGNED = strawberry.enum_value("RESIGNED", description="Gave the seat up.")
    REPLACED = strawberry.enum_value("REPLACED", description="Gave the seat up, and someone else has it.")


@strawberry.enum(description="Where a session of a panel stands.")
class PanelSessionState(Enum):
    PLANNED = strawberry.enum_value("PLANNED", description="Announced.")
    HELD = strawberry.enum_value("HELD", description="It took place, and its minutes are published.")
    CANCELLED = strawberry.enum_value("CANCELLED", description="It does not take place.")
