"""The roots of the schema, which every module extends, and what the kernel itself answers."""

from typing import Annotated

import strawberry

from hemicycle import __version__
from hemicycle.kernel.declarations import Action, Event, Role, Supportable
from hemicycle.kernel.graphql.context import Info
from hemicycle.kernel.graphql.declare import abilities
from hemicycle.kernel.graphql.enums import ActionName, EventName, RoleName
from hemicycle.kernel.graphql.errors import bad
from hemicycle.kernel.graphql.ids import decode_id
from hemicycle.kernel.graphql.limits import LIMITS
from hemicycle.kernel.graphql.load import MOST
from hemicycle.kernel.graphql.parts import SchemaPart
from hemicycle.kernel.graphql.resolve import fetch, fetch_any
from hemicycle.kernel.graphql.sources import mapping_of
from hemicycle.kernel.graphql.types import REFUSALS, Done, Node
from hemicycle.kernel.plugins import Declarations


@strawberry.type(description="A plugin that is enabled in this instance.")
class Plugin:
    name: str = strawberry.field(description="Its name in the settings.")
    version: str = strawberry.field(description="The version of its package; empty if that is not known.")
    label: str = strawberry.field(description="What people call it.")


@strawberry.type(description="This instance: one organisation, one database.")
class Instance:
    name: str = strawberry.field(description="The organisation's name for it.")
    version: str = strawberry.field(description="The version of hemicycle.")
    plugins: list[Plugin] = strawberry.field(description="Its enabled plugins, in order of loading (100 at most).")


@strawberry.type(description="Questions.")
class Query:
    @strawberry.field(description="This instance.")
    def instance(self, info: Info) -> Instance:
        app = info.context.app
        loaded = [one for one in app.plugins.loaded.values() if not one.core]
        plugins = [Plugin(name=one.name, version=one.version, label=one.info.label) for one in loaded]
        return Instance(name=app.settings.name, version=__version__, plugins=plugins)

    @strawberry.field(description="Any object by its global id; null if there is none, or none for you.")
    async def node(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its global id.")]
    ) -> Node | None:
        ref = decode_id(id)
        if ref is None or ref.type not in info.context.app.types:
            return None
        found: Node | None = await fetch(info, ref.type, ref.key)
        return found

    @strawberry.field(
        description="Several objects by their global ids (100, of 6 types at most), in that order; null for the others."
    )
    async def nodes(
        self, info: Info, ids: Annotated[list[strawberry.ID], strawberry.argument(description="Their global ids.")]
    ) -> list[Node | None]:
        if len(ids) > MOST:
            raise bad("BAD_PAGE", f"`nodes` takes {MOST} ids at most, not {len(ids)}: ask in several calls.")
        refs = [decode_id(one) for one in ids]
        types = {ref.type for ref in refs if ref} & info.context.app.types.keys()
        if len(types) > LIMITS.types_at_once:
            most = f"{LIMITS.types_at_once} types at most, not {len(types)}"
            raise bad("BAD_PAGE", f"`nodes` finds objects of {most}: ask in several calls.")
        found = await fetch_any(info, [ref for ref in refs if ref])
        return [found.get(ref) if ref else None for ref in refs]


@strawberry.type(description="Changes.")
class Mutation:
    pass


@strawberry.type(description="What happens, as it happens.")
class Subscription:
    pass


def kernel_part(declared: Declarations) -> SchemaPart:
    """What the kernel brings: refusals, and the enums that declarations fill."""
    enums: dict[type, dict[str, str]] = {
        kind: {one.name: one.description for one in declared[of].values()}
        for kind, of in ((ActionName, Action), (RoleName, Role), (EventName, Event))
    }
    return SchemaPart(types=(*REFUSALS, Done), enums=enums)


def abilities_part(types: dict[str, type], declared: Declarations) -> SchemaPart:
    """`viewerCan` on every type that an action acts on."""

    @strawberry.type
    class Abilities:
        viewer_can: list[ActionName] = abilities("What you may do to it now (100 at most).")

    targets = {action.on for action in declared[Action].values()}
    if Supportable in targets:
        targets |= {one.on for one in declared[Supportable].values()}
    acted_on = {getattr(target, "__table__", None) for target in targets}
    return SchemaPart(extend={one: Abilities for one in types.values() if mapping_of(one).table in acted_on})
