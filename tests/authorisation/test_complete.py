"""Nothing goes without a verdict: what is not on the pages of YAML fails the build."""

from typing import Any

from hemicycle.kernel.application import Application
from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.declarations import Action, Sample, Supportable
from hemicycle.kernel.graphql.checks import mapped_fields
from hemicycle.kernel.graphql.declare import MappedField
from hemicycle.kernel.graphql.sources import Change
from hemicycle.testing.world import World
from tests.authorisation.matrix import Matrix, names_a_row


def guarded_fields(app: Application) -> dict[str, MappedField]:
    """Every field that requires an action: `Contribution.reports`."""
    return {
        f"{type_.name}.{name}": declared
        for type_, name, _, declared in mapped_fields(app)
        if declared.source.requires and not isinstance(declared.source, Change)
    }


def test_every_type_is_written(shared: World, matrix: Matrix) -> None:
    assert matrix.types == set(shared.app.types)


def test_every_sample_is_written(shared: World, matrix: Matrix) -> None:
    samples = {name for name in shared.app.declared[Sample] if name.partition(":")[0] in shared.app.types}
    assert samples <= set(matrix.sees)
    assert set(matrix.sees) <= set(shared.ids)


def test_every_action_is_written(shared: World, matrix: Matrix) -> None:
    assert {matrix.action(block) for block in matrix.does} == set(shared.app.declared[Action])


def test_every_action_is_written_for_every_row_it_acts_on(shared: World, matrix: Matrix) -> None:
    for block, said in matrix.does.items():
        types = acted_on(shared.app, matrix.action(block))
        rows = {row for row in matrix.sees if row.partition(":")[0] in types}
        written = set(said) - {"oneself", "nothing"}
        assert written == (set() if "oneself" in said else rows), block


def acted_on(app: Application, action: str) -> set[str]:
    """The types whose objects an action acts on."""
    on = app.declared[Action][action].on
    if on is Supportable:
        return set(app.declared[Supportable])
    return {app.table_types[table_of(on)]} if on else set()


def test_a_mutation_is_tried_on_each_row_or_on_none(shared: World, matrix: Matrix) -> None:
    for block, tried in matrix.tries.items():
        for given in tried.values():
            assert names_a_row(given) != bool({"oneself", "nothing"} & set(matrix.does[block])), block


def test_every_field_that_requires_an_action_is_written(shared: World, matrix: Matrix) -> None:
    assert set(matrix.reads) == set(guarded_fields(shared.app))


def test_every_mutation_is_tried(shared: World, matrix: Matrix) -> None:
    schema: Any = shared.app.schema._schema
    assert {name for tried in matrix.tries.values() for name in tried} == set(schema.mutation_type.fields)


def test_every_mutation_is_tried_for_the_action_that_it_requires(shared: World, matrix: Matrix) -> None:
    requires = {
        name: declared.source.requires
        for type_, name, _, declared in mapped_fields(shared.app)
        if type_.name == "Mutation"
    }
    for block, tried in matrix.tries.items():
        for mutation in tried:
            if block != "contribution.record":  # `contribute` with a channel: another right than to say it oneself
                assert requires[mutation] == matrix.action(block)


def test_every_subscription_is_written(shared: World, matrix: Matrix) -> None:
    schema: Any = shared.app.schema._schema
    assert set(matrix.listens) == set(schema.subscription_type.fields)
