"""The words of territories: what sort one is, whose code it has, how surely it is known."""

from enum import Enum

import strawberry


@strawberry.enum(description="What sort of territory it is.")
class TerritoryKind(Enum):
    COMMUNE = strawberry.enum_value("COMMUNE", description="A commune.")
    EPCI = strawberry.enum_value("EPCI", description="Communes that work together, with taxes of their own (EPCI).")
    EPT = strawberry.enum_value("EPT", description="A public territorial body of greater Paris (EPT).")
    ARRONDISSEMENT = strawberry.enum_value("ARRONDISSEMENT", description="An arrondissement of a department.")
    DEPARTMENT = strawberry.enum_value("DEPARTMENT", description="A department.")
    REGION = strawberry.enum_value("REGION", description="A region.")
    LIVING_AREA = strawberry.enum_value(
        "LIVING_AREA", description="A living area (bassin de vie): it may cross borders."
    )
    OTHER = strawberry.enum_value("OTHER", description="Another set of communes that the instance speaks of.")


@strawberry.enum(description="Whose code a territory has.")
class TerritoryScheme(Enum):
    COG = strawberry.enum_value("COG", description="Insee's code officiel géographique.")
    SIREN = strawberry.enum_value("SIREN", description="The number of a public body.")
    LOCAL = strawberry.enum_value("LOCAL", description="A code of this instance.")


@strawberry.enum(description="How surely a territory is known.")
class TerritoryEvidence(Enum):
    OFFICIAL = strawberry.enum_value("OFFICIAL", description="It is in the official lists.")
    ATTESTED = strawberry.enum_value("ATTESTED", description="A public document names it: see its source.")
    INFERRED = strawberry.enum_value("INFERRED", description="Nobody attests it: it was inferred, as its source says.")
