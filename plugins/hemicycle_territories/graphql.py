"""Territories in the API, and what they add to spaces, participants and contributions."""

from datetime import date
from enum import Enum
from typing import Annotated, Any

import strawberry
from sqlalchemy import String, TypeDecorator, and_, or_, select, type_coerce
from sqlalchemy.engine import Dialect

from hemicycle.api import (
    Connection,
    Info,
    Node,
    Participant,
    Space,
    SpaceOrder,
    ascending,
    column,
    connection,
    fetch,
    id_of,
    mapped,
    mutation,
    sort_key,
    to_one,
    where,
)
from hemicycle_territories import rules, sets
from hemicycle_territories.kinds import TerritoryEvidence, TerritoryKind, TerritoryScheme
from hemicycle_territories.models import ResidenceRow, TerritoryRow


class _Beginning(TypeDecorator[str]):
    """The beginning of a name, as it is looked for among sort keys."""

    impl, cache_ok = String, True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else sort_key(value).translate({ord(one): f"\\{one}" for one in "\\%_"}) + "%"


@strawberry.enum(description="Orders of territories.")
class TerritoryOrder(Enum):
    NAME = ascending("By name.", lambda row: row.sort_key)
    CODE = ascending("By code.", lambda row: row.code)


@strawberry.input(description="Which territories.")
class TerritoryFilter:
    kinds: list[TerritoryKind] | None = where("Of these kinds.", lambda row, kinds: row.kind.in_(kinds))
    schemes: list[TerritoryScheme] | None = where("With such codes.", lambda row, them: row.scheme.in_(them))
    codes: list[str] | None = where("With one of these codes.", lambda row, codes: row.code.in_(codes))
    evidence: list[TerritoryEvidence] | None = where(
        "Known so surely.", lambda row, evidence: row.evidence.in_(evidence)
    )
    begins: str | None = where(
        "Whose name begins so; accents and capitals are all one.",
        lambda row, text: row.sort_key.like(type_coerce(text, _Beginning()), escape="\\"),
    )
    contains_commune: str | None = where(
        "That have the commune of this code now.", lambda row, code: sets.has_commune(row.id, code)
    )
    inside: strawberry.ID | None = where(
        "That lie in this territory, itself included.",
        lambda row, it: and_(sets.meets(row, it), sets.inside(row.id, it)),
    )
    valid_at: date | None = where(
        "That are there on that day, as far as the loaded vintages say.",
        lambda row, day: (row.valid_from <= day) & or_(row.valid_to.is_(None), row.valid_to > day),
    )


@mapped(TerritoryRow, "A territory: a set of communes, that may overlap with others.",
        visible=rules.visible, scope="space_id")  # fmt: skip
class Territory(Node):
    kind: TerritoryKind = column("What sort of territory it is.")
    scheme: TerritoryScheme = column("Whose code it has.")
    code: str = column("Its code: unique within its scheme and kind.")
    name: str = column("Its name.")
    evidence: TerritoryEvidence = column("How surely it is known.")
    source: str | None = column("Where it was found.")
    partial: bool = column("Whether only some of its communes are known.")
    vintage: int = column("The year of the last file that named it.")
    valid_from: date = column("From which day on, as far as the loaded vintages say.")
    valid_to: date | None = column("The first day on which it was no more.")
    commune_count: int = column("How many communes it has now, as far as they are known.", sets.commune_count)
    communes: Connection["Territory"] = connection(
        "Its communes now, as far as they are territories here.", by=sets.commune_in, order=TerritoryOrder.NAME,
        filter=TerritoryFilter,
    )  # fmt: skip
    covers: Connection["Territory"] = connection(
        "Those that lie in it.", by=sets.covers, order=TerritoryOrder.NAME, filter=TerritoryFilter
    )
    covered_by: Connection["Territory"] = connection(
        "Those that it lies in.", by=sets.covered_by, order=TerritoryOrder.NAME, filter=TerritoryFilter
    )
    overlaps: Connection["Territory"] = connection(
        "Those that share communes with it where, as far as is known, neither lies in the other.", by=sets.crosses,
        order=TerritoryOrder.NAME, filter=TerritoryFilter,
    )  # fmt: skip
    spaces: Connection[Space] = connection(
        "The spaces that are about it.", by=lambda row, holder: sets.place_of(row.id) == holder, order=SpaceOrder.TITLE
    )


@mapped(ResidenceRow, "Where a person lives: known to them, and to whoever checks it.",
        visible=sets.seen, scope="space_id", own="participant_id")  # fmt: skip
class Residence(Node):
    participant: Participant | None = to_one("Who.", by="participant_id")
    territory: Territory | None = to_one("Where.", by="territory_id")
    declared_on: date = column("On which day it was said, or checked.")
    verified_on: date | None = column("On which day someone saw a proof; null where nobody did.")


def _home(what: str) -> Any:
    def found(row: Any) -> Any:
        it = sets.residences.alias().c
        return select(it[what]).where(it.participant_id == row.id).correlate(row.id.table).scalar_subquery()

    return found


@strawberry.type
class OnSpace:
    territory: Territory | None = to_one(
        "The territory that it is about: its own, or that of the nearest space above that has one.",
        by=lambda row: sets.place_of(row.id),
    )


@strawberry.type
class OnParticipant:
    territory: Territory | None = to_one(
        "Where they live: for themselves, and for whoever checks it.", by=_home("territory_id"),
        requires="territories.read_residence",
    )  # fmt: skip
    residence: Residence | None = to_one(
        "The same, with whether someone checked it.", by=_home("id"), requires="territories.read_residence"
    )


@strawberry.input
class OnSpaceFilter:
    territory: strawberry.ID | None = where(
        "Whose territory is this one, or lies in it.", lambda row, it: row.id.in_(sets.spaces_in(it))
    )


@strawberry.input
class OnContributionFilter:
    territory: strawberry.ID | None = where(
        "Said in a space whose territory is this one, or lies in it.",
        lambda row, it: row.space_id.in_(sets.spaces_in(it)),
    )


@strawberry.input
class OnParticipantFilter:
    territory: strawberry.ID | None = where(
        "Who live there, as far as you may know: for whoever checks it; others find themselves at most.",
        lambda row, it: row.id.in_(sets.people_in(it)),
    )


@strawberry.type
class OnQuery:
    territories: Connection[Territory] = connection(
        "Every territory.", order=TerritoryOrder.NAME, filter=TerritoryFilter
    )

    @strawberry.field(description="The territory of that code; null if there is none, or more than one.")
    async def territory(
        self,
        info: Info,
        scheme: Annotated[TerritoryScheme, strawberry.argument(description="Whose code it is.")],
        code: Annotated[str, strawberry.argument(description="The code.")],
        kind: Annotated[
            TerritoryKind | None,
            strawberry.argument(description="Of which kind: needed where a department and a region have the code."),
        ] = None,
    ) -> Territory | None:
        it = sets.territories.c
        tests = [it.scheme == scheme.value, it.code == code, *([it.kind == kind.value] if kind else [])]
        async with info.context.app.db.read() as reads:
            keys = (await reads.execute(select(it.id).where(*tests).limit(2))).scalars().all()
        found: Territory | None = await fetch(info, Territory, keys[0]) if len(keys) == 1 else None
        return found


@strawberry.input(description="Which territory a space is about.")
class SetSpaceTerritoryInput:
    space: strawberry.ID = id_of("The space.", Space)
    territory: strawberry.ID | None = id_of(
        "The territory; if not said, that of the space above again.", Territory, optional=True
    )


@strawberry.input(description="Where you live.")
class DeclareTerritoryInput:
    territory: strawberry.ID = id_of("A commune, or any territory that tells less.", Territory)


@strawberry.input(description="Who lives where, as a proof showed.")
class VerifyTerritoryInput:
    participant: strawberry.ID = id_of("The person.", Participant)
    territory: strawberry.ID = id_of("Where they live.", Territory)


@strawberry.type
class OnMutation:
    set_space_territory: Space = mutation(
        "Say which territory a space is about.", rules.set_space, SetSpaceTerritoryInput, action="territories.place"
    )
    declare_territory: Residence = mutation(
        "Say where you live, as closely or as vaguely as you like.", rules.declare, DeclareTerritoryInput,
        action="territories.declare",
    )  # fmt: skip
    withdraw_territory: Residence = mutation(
        "Say no longer where you live.", rules.withdraw, None, action="territories.withdraw"
    )
    verify_territory: Residence = mutation(
        "Say that you saw a proof of where someone lives.", rules.verify, VerifyTerritoryInput,
        action="territories.verify",
    )  # fmt: skip
