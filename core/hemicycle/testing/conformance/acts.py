"""What is changed: only by those who may."""

from hemicycle.testing.conformance.kit import Kit
from hemicycle.testing.documents import call, mutations
from hemicycle.testing.world import World


class Acts(Kit):
    """Every mutation asks who it is before it asks anything else."""

    async def test_a_stranger_changes_nothing(self, shared: World) -> None:
        """Unless its action is for visitors, a mutation is refused to whoever is not signed in."""
        for name, definition in mutations(shared.app, self.plugin):
            action = definition.extensions["strawberry-definition"].source.requires
            if "visitor" in shared.app.access.actions[action].roles:
                continue
            document, variables = call(name, definition, self.ids(shared))
            verdict = (await shared.ask(document, "visitor", **variables))[name]
            told = f"{name} by a visitor: {verdict}: let its rule begin with session.authorize(actor, {action!r}, …)"
            assert verdict["__typename"] == "NotAllowed", told
