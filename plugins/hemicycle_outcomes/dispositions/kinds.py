"""The closed lists of triage: the five destinations, and why a proposal cannot be used."""

from enum import Enum

import strawberry


@strawberry.enum(description="Where a proposal goes.")
class Destination(Enum):
    CHARTER = strawberry.enum_value("CHARTER", description="Into the charter and the ethical framework.")
    IMMEDIATE_MEASURE = strawberry.enum_value("IMMEDIATE_MEASURE", description="It is done at once.")
    WORKSTREAM = strawberry.enum_value("WORKSTREAM", description="It feeds a workstream.")
    OTHER_LEVEL = strawberry.enum_value("OTHER_LEVEL", description="It is for another level of government.")
    UNUSABLE = strawberry.enum_value("UNUSABLE", description="It cannot be used, for one of the closed motives.")


@strawberry.enum(description="Why a proposal cannot be used. There is no other motive.")
class UnusableBecause(Enum):
    OFF_TOPIC = strawberry.enum_value("OFF_TOPIC", description="It is about something else.")
    UNINTELLIGIBLE = strawberry.enum_value("UNINTELLIGIBLE", description="It cannot be understood.")
    DUPLICATE = strawberry.enum_value("DUPLICATE", description="Another proposal says the same: it is named.")
    PERSONAL_CASE = strawberry.enum_value("PERSONAL_CASE", description="It asks for something for one person.")
    ILLEGAL_CONTENT = strawberry.enum_value("ILLEGAL_CONTENT", description="The law forbids it.")
    NO_PROPOSAL = strawberry.enum_value("NO_PROPOSAL", description="It proposes nothing.")
