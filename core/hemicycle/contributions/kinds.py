"""The words that sort contributions: kinds (declared by modules), channels, alignments, states."""

from enum import Enum

import strawberry


@strawberry.enum(name="ContributionKind", description="What sort of words these are.")
class ContributionKindName(Enum):
    """Filled with every declared kind."""


@strawberry.enum(description="Where someone stands on what they answer.")
class Alignment(Enum):
    FOR = strawberry.enum_value("FOR", description="For it.")
    AGAINST = strawberry.enum_value("AGAINST", description="Against it.")
    NEUTRAL = strawberry.enum_value("NEUTRAL", description="Neither.")


@strawberry.enum(description="How a contribution came in.")
class Channel(Enum):
    PLATFORM = strawberry.enum_value("PLATFORM", description="Written here by its author.")
    WORKSHOP = strawberry.enum_value("WORKSHOP", description="Said in a workshop.")
    PANEL = strawberry.enum_value("PANEL", description="Said in a citizens' panel.")
    STREET = strawberry.enum_value("STREET", description="Collected in the street.")
    POST = strawberry.enum_value("POST", description="Sent by post.")
    STRUCTURE_MEETING = strawberry.enum_value(
        "STRUCTURE_MEETING", description="Said in a meeting with an organisation."
    )
    SHOW = strawberry.enum_value("SHOW", description="Said in a show.")
    IMPORT = strawberry.enum_value("IMPORT", description="Imported from another system.")


@strawberry.enum(description="Where a contribution stands.")
class ContributionState(Enum):
    DRAFT = strawberry.enum_value("DRAFT", description="For its author alone.")
    PENDING = strawberry.enum_value("PENDING", description="Waits for a moderator.")
    PUBLISHED = strawberry.enum_value("PUBLISHED", description="For whoever may read the space.")
    HIDDEN = strawberry.enum_value("HIDDEN", description="Hidden by a moderator, with a reason.")
    WITHDRAWN = strawberry.enum_value("WITHDRAWN", description="Taken back by its author: the words are gone.")
    DISCARDED = strawberry.enum_value("DISCARDED", description="A draft that its author threw away.")
