"""From a GraphQL selection to the data it needs: the first half of a compiler, cached by document."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    SelectionNode,
    get_directive_values,
    get_named_type,
    is_abstract_type,
)
from graphql.execution.values import VariableValues

from hemicycle.kernel.graphql.declare import MappedField
from hemicycle.kernel.graphql.sources import (
    Abilities,
    Column,
    Computed,
    Count,
    Many,
    Mapping,
    Source,
    ToAny,
    ToOne,
    mapping_of,
)


@dataclass(eq=False)
class Selection:
    """What is wanted of the rows of one type."""

    type: type
    columns: dict[str, tuple[Source, str | None]] = field(default_factory=dict)  # attribute -> source, owner
    ones: list[tuple[str, ToOne, "Selection", str | None]] = field(default_factory=list)
    anys: list["AnySelection"] = field(default_factory=list)
    pages: list["PageSelection"] = field(default_factory=list)
    prepared: dict[Any, Any] = field(default_factory=dict)  # statements, by their shape

    @property
    def mapping(self) -> Mapping:
        return mapping_of(self.type)


@dataclass(eq=False)
class AnySelection:
    """What is wanted of an object that may be of any type, found under one response key."""

    key: str
    selections: dict[str, Selection]  # GraphQL type -> what is wanted of it


@dataclass(eq=False)
class PageSelection:
    """What is wanted of a connection, found under one response key."""

    key: str
    source: Many
    owner: str | None
    parent: Mapping | None
    node: FieldNode
    definition: GraphQLField
    rows: Selection
    wants_rows: bool
    wants_total: bool


@dataclass(frozen=True)
class Reader:
    """Reads selections of one document."""

    schema: GraphQLSchema
    types: dict[str, type]  # GraphQL name -> mapped type
    fragments: dict[str, FragmentDefinitionNode]
    variables: VariableValues

    def read(self, nodes: Iterable[FieldNode], type_name: str) -> Selection:
        """What these nodes want of an object of this type."""
        graphql_type = self.schema.type_map[type_name]
        assert isinstance(graphql_type, GraphQLObjectType)
        selection = Selection(self.types[type_name])
        for key, group in self._fields(nodes, graphql_type).items():
            definition = graphql_type.fields.get(group[0].name.value)
            declared = definition and definition.extensions.get("strawberry-definition")
            if definition is not None and isinstance(declared, MappedField):
                self._add(selection, key, group, definition, declared)
        return selection

    def any(self, nodes: list[FieldNode], key: str = "") -> AnySelection:
        """What these nodes want of an object of whatever mapped type."""
        return AnySelection(key, {name: self.read(nodes, name) for name in self.types})

    def page(
        self,
        key: str,
        group: list[FieldNode],
        definition: GraphQLField,
        declared: MappedField,
        parent: Mapping | None = None,
    ) -> PageSelection:
        """What these nodes want of a connection."""
        assert isinstance(declared.source, Many)
        connection = get_named_type(definition.type)
        assert isinstance(connection, GraphQLObjectType)
        objects, wanted = self.rows(group, connection)
        return PageSelection(
            key=key,
            source=declared.source,
            owner=declared.owner,
            parent=parent,
            node=group[0],
            definition=definition,
            rows=self.read(objects, get_named_type(connection.fields["nodes"].type).name),
            wants_rows=bool(wanted & {"nodes", "edges", "pageInfo"}),
            wants_total="totalCount" in wanted,
        )

    def rows(self, nodes: Iterable[FieldNode], connection: GraphQLObjectType) -> tuple[list[FieldNode], set[str]]:
        """The nodes under these that stand for a connection's objects, and which of its fields are wanted."""
        parts = [node for group in self._fields(nodes, connection).values() for node in group]
        objects = [node for node in parts if node.name.value == "nodes"]
        edge = get_named_type(connection.fields["edges"].type)
        assert isinstance(edge, GraphQLObjectType)
        for group in self._fields([node for node in parts if node.name.value == "edges"], edge).values():
            objects += [node for node in group if node.name.value == "node"]
        return objects, {node.name.value for node in parts}

    def _add(
        self, selection: Selection, key: str, group: list[FieldNode], definition: GraphQLField, declared: MappedField
    ) -> None:
        source, owner, name = declared.source, declared.owner, declared.python_name
        if isinstance(source, Column | Count | Abilities):
            selection.columns[name] = source, owner
        elif isinstance(source, Computed):
            for at, need in enumerate(source.needs):
                selection.columns[f"{at} of {name}"] = Column(of=need, requires=source.requires), owner
        elif isinstance(source, ToOne):
            selection.ones.append((key, source, self.read(group, get_named_type(definition.type).name), owner))
        elif isinstance(source, ToAny):
            selection.columns[f"type of {key}"] = Column(of=source.type, requires=source.requires), owner
            selection.columns[f"key of {key}"] = Column(of=source.by, requires=source.requires), owner
            selection.anys.append(self.any(group, key))
        elif isinstance(source, Many):
            selection.pages.append(self.page(key, group, definition, declared, selection.mapping))

    def _fields(self, nodes: Iterable[FieldNode], parent: GraphQLObjectType) -> dict[str, list[FieldNode]]:
        grouped: dict[str, list[FieldNode]] = {}
        for node in nodes:
            for found in self._flat(node.selection_set.selections if node.selection_set else (), parent):
                grouped.setdefault(found.alias.value if found.alias else found.name.value, []).append(found)
        return grouped

    def _flat(self, nodes: Iterable[SelectionNode], parent: GraphQLObjectType) -> Iterator[FieldNode]:
        for node in nodes:
            skip = get_directive_values(GraphQLSkipDirective, node, self.variables)
            include = get_directive_values(GraphQLIncludeDirective, node, self.variables)
            if (skip and skip["if"]) or (include and not include["if"]):
                continue
            if isinstance(node, FieldNode):
                yield node
                continue
            fragment: Any = self.fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
            if fragment.type_condition is None or self._applies(fragment.type_condition.name.value, parent):
                yield from self._flat(fragment.selection_set.selections, parent)

    def _applies(self, name: str, parent: GraphQLObjectType) -> bool:
        condition: Any = self.schema.type_map[name]
        return condition is parent or (is_abstract_type(condition) and self.schema.is_sub_type(condition, parent))
