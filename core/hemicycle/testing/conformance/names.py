"""What a module declares is called after it, and can be told."""

import string

from sqlalchemy import func, select

from hemicycle.kernel.declarations import Action, Event, Handler, Job, Searchable
from hemicycle.testing.conformance.kit import Kit
from hemicycle.testing.world import World


class Names(Kit):
    """Nobody must wonder whose an action or a table is, or what an event means."""

    async def test_its_names_carry_its_name(self, shared: World) -> None:
        app, prefix = shared.app, f"{self.plugin}." if self.is_plugin(shared) else ""
        for kind in (Action, Event, Handler, Job):
            for one in app.declared[kind].values():
                if app.declared.owner_of(one) == self.plugin:
                    assert one.name.startswith(prefix), f"{kind.__name__} {one.name}: call it {prefix}…"
        prefix = f"{self.plugin}_" if self.is_plugin(shared) else "core_"
        for table in self.tables(shared):
            assert table.name.startswith(prefix), f"table {table.name}: call it {prefix}…"

    async def test_every_type_has_a_sample(self, shared: World) -> None:
        """Without one, nothing can be tested."""
        for name, mapping in self.types(shared).items():
            async with shared.app.db.read() as connection:
                number = (await connection.execute(select(func.count()).select_from(mapping.table))).scalar_one()
            assert number, f"declare_samples: make one {name}"

    async def test_its_events_can_be_told(self, shared: World) -> None:
        for event in shared.app.declared[Event].values():
            if shared.app.declared.owner_of(event) == self.plugin:
                for sentence in (event.english, event.french):
                    known = {field for _, field, _, _ in string.Formatter().parse(sentence) if field is not None}
                    told = f"{event.name}: {sentence!r}: a sentence names {{actor}}, {{subject}} and {{reason}} only"
                    assert known <= {"actor", "subject", "reason"}, told

    async def test_its_handlers_have_an_event(self, shared: World) -> None:
        for handler in shared.app.declared[Handler].values():
            if shared.app.declared.owner_of(handler) == self.plugin and handler.event is not None:
                told = f"handler {handler.name}: no enabled module declares the event {handler.event}"
                assert handler.event in shared.app.declared[Event], told

    async def test_what_is_searchable_has_a_type(self, shared: World) -> None:
        for one in shared.app.declared[Searchable].values():
            assert one.name in shared.app.types, f"declare_searchable: there is no type {one.name}"
