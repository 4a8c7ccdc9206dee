"""How deep, how wide and how costly a document is, its fragments counted as often as they are used.

Each fragment is measured once, so that a document which doubles itself with every fragment costs no more than others.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLSchema,
    IntValueNode,
    ListValueNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_interface_type,
    is_leaf_type,
    is_list_type,
    type_from_ast,
)
from graphql.language import Visitor, visit
from strawberry.types.field import StrawberryField

from hemicycle.kernel.graphql.declare import MappedField
from hemicycle.kernel.graphql.limits import LIMITS
from hemicycle.kernel.graphql.load import DEFAULT, MOST
from hemicycle.kernel.graphql.sources import Abilities, Column

Fragments = Mapping[str, FragmentDefinitionNode]
Reach = tuple[int, int, int]  # depth, aliases, repeats
NOTHING: Reach = (0, 0, 0)


@dataclass(frozen=True)
class Measures:
    """Of the deepest and widest operation of a document; directives are those of the whole text."""

    depth: int
    aliases: int
    repeats: int
    directives: int
    directives_at_once: int


def measure(document: DocumentNode, fragments: Fragments) -> Measures:
    """The measures of a document that was parsed, and perhaps never validated."""
    known: dict[str, Reach] = {}
    every = [_reach(one.selection_set, fragments, known) for one in document.definitions
             if isinstance(one, OperationDefinitionNode)]  # fmt: skip
    counter = _Directives()
    visit(document, counter)
    depths, aliases, repeats = zip(*every, strict=True) if every else ((0,), (), ())
    return Measures(max(depths), sum(aliases), sum(repeats), counter.all, counter.at_once)


def _reach(selections: SelectionSetNode | None, fragments: Fragments, known: dict[str, Reach]) -> Reach:
    deepest = aliases = repeats = 0
    said: set[str] = set()
    for one in selections.selections if selections else ():
        if isinstance(one, FragmentSpreadNode):
            below = _reach_of_fragment(one.name.value, fragments, known)
        else:
            below = _reach(one.selection_set, fragments, known)  # type: ignore[attr-defined]
        deepest, aliases, repeats = max(deepest, below[0]), aliases + below[1], repeats + below[2]
        if isinstance(one, FieldNode):
            deepest = max(deepest, below[0] + 1)
            aliases += one.alias is not None
            key = (one.alias or one.name).value
            repeats += key in said
            said.add(key)
    return deepest, aliases, repeats


def _reach_of_fragment(name: str, fragments: Fragments, known: dict[str, Reach]) -> Reach:
    if name not in known:
        known[name] = NOTHING  # while it is being measured: a circle ends here, and validation refuses it
        known[name] = _reach(fragments[name].selection_set, fragments, known) if name in fragments else NOTHING
    return known[name]


class _Directives(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.all = self.at_once = 0

    def enter(self, node: Node, *_: Any) -> None:
        if isinstance(node, DirectiveNode):
            self.all += 1
        else:
            self.at_once = max(self.at_once, len(getattr(node, "directives", None) or ()))


@dataclass(frozen=True)
class Price:
    """What an answer costs. reads: objects and lists, whatever their length; values: all that it could hold."""

    values: int = 0
    reads: int = 0

    def __add__(self, other: "Price") -> "Price":
        return Price(self.values + other.values, self.reads + other.reads)


def price(
    schema: GraphQLSchema, operation: OperationDefinitionNode, fragments: Fragments, sizes: Mapping[str, int]
) -> Price:
    """What the answer of a valid operation costs. sizes: what its variables say, by name."""
    given = {one.variable.name.value: _literal(one.default_value) for one in operation.variable_definitions or ()}
    known = {name: size for name, size in given.items() if size is not None} | dict(sizes)
    root = schema.get_root_type(operation.operation)
    return _Pricing(schema, fragments, known).selection(operation.selection_set, root)


@dataclass
class _Pricing:
    schema: GraphQLSchema
    fragments: Fragments
    sizes: Mapping[str, int]
    known: dict[str, Price] = field(default_factory=dict)

    def selection(self, selections: SelectionSetNode | None, parent: Any, rows: int | None = None) -> Price:
        """rows: the length of the lists right below, where `first` or `last` of the field above said it."""
        total = Price()
        for one in selections.selections if selections else ():
            if isinstance(one, FieldNode):
                total += self.field(one, parent, rows)
            elif isinstance(one, FragmentSpreadNode):
                total += self.fragment(one.name.value, rows)
            else:
                condition: Any = one.type_condition  # type: ignore[attr-defined]
                inner = type_from_ast(self.schema, condition) if condition else parent
                total += self.selection(one.selection_set, inner, rows)  # type: ignore[attr-defined]
        return total

    def fragment(self, name: str, rows: int | None) -> Price:
        key = f"{name} {rows}"
        if key not in self.known:
            fragment = self.fragments[name]
            self.known[key] = self.selection(
                fragment.selection_set, type_from_ast(self.schema, fragment.type_condition), rows
            )
        return self.known[key]

    def field(self, node: FieldNode, parent: Any, rows: int | None) -> Price:
        definition: GraphQLField | None = getattr(parent, "fields", {}).get(node.name.value)
        if definition is None:
            return Price(values=1)  # introspection, which is bounded on its own
        reads = _reads(node.name.value, definition)
        if is_leaf_type(get_named_type(definition.type)):
            return Price(1, reads)
        page = self.page(node) if {"first", "last"} <= definition.args.keys() else None
        below = self.selection(node.selection_set, get_named_type(definition.type), page)
        values = 1 + below.values
        if is_list_type(get_nullable_type(definition.type)):
            values *= self.listed(node) if rows is None else rows
        return Price(values, reads + below.reads)

    def page(self, node: FieldNode) -> int:
        """What a connection may hold: `first` or `last`; one that is out of bounds is refused when it is read."""
        asked = [self.size(one.value) for one in node.arguments or () if one.name.value in {"first", "last"}]
        return min(max([one for one in asked if one is not None], default=DEFAULT), MOST)

    def listed(self, node: FieldNode) -> int:
        """What a plain list may hold: as many as it is given ids, or what is taken for granted."""
        asked = [self.size(one.value) for one in node.arguments or ()]
        return max([one for one in asked if one is not None], default=LIMITS.plain_list)

    def size(self, value: Any) -> int | None:
        return self.sizes.get(value.name.value) if isinstance(value, VariableNode) else _literal(value)


def _reads(name: str, definition: GraphQLField) -> int:
    """For how many reads a field counts, without those below it."""
    named, declared = get_named_type(definition.type), definition.extensions.get("strawberry-definition")
    source = declared.source if isinstance(declared, MappedField) else None
    if is_interface_type(named) or isinstance(source, Abilities):
        return LIMITS.reads_of_many
    if isinstance(source, Column) and source.reads:
        return source.reads
    if isinstance(declared, StrawberryField) and "reads" in declared.metadata:
        return int(declared.metadata["reads"])
    return int(name == "totalCount" or not is_leaf_type(named))


def _literal(value: Any) -> int | None:
    if isinstance(value, IntValueNode):
        return min(max(int(value.value[:8]), 0), 10**6)
    return len(value.values) if isinstance(value, ListValueNode) else None
