"""Whether a document asks the schema about itself, and more than a tool needs for that."""

from collections.abc import Iterator, Mapping

from graphql import DocumentNode, FieldNode, FragmentDefinitionNode, FragmentSpreadNode, SelectionSetNode

FIELDS = ("__schema", "__type")
THE_SAME_FOR_ALL = {*FIELDS, "__typename"}
LISTS = ("fields", "inputFields", "interfaces", "possibleTypes", "enumValues")  # of a type
Fragments = Mapping[str, FragmentDefinitionNode]


def questions(document: DocumentNode) -> list[FieldNode]:
    """The fields that ask about the schema."""
    found: list[FieldNode] = []

    def look(selections: SelectionSetNode | None) -> None:
        for one in selections.selections if selections else ():
            if isinstance(one, FieldNode) and one.name.value in FIELDS:
                found.append(one)
            elif not isinstance(one, FragmentSpreadNode):
                look(one.selection_set)  # type: ignore[attr-defined]

    for definition in document.definitions:
        look(getattr(definition, "selection_set", None))
    return found


def is_too_much(question: FieldNode, fragments: Fragments) -> bool:
    """Whether a question of a valid document has aliases, or lists within lists: no tool asks so, and it costs much."""
    seen: set[tuple[str, bool]] = set()

    def wrong(selections: SelectionSetNode | None, listed: bool) -> Iterator[bool]:
        for one in selections.selections if selections else ():
            if isinstance(one, FragmentSpreadNode):
                name = one.name.value
                if (name, listed) not in seen:
                    seen.add((name, listed))
                    yield from wrong(fragments[name].selection_set, listed)
            elif isinstance(one, FieldNode):
                lists = one.name.value in LISTS
                yield one.alias is not None or (lists and listed)
                yield from wrong(one.selection_set, listed or lists)
            else:
                yield from wrong(one.selection_set, listed)  # type: ignore[attr-defined]

    return question.alias is not None or any(wrong(question.selection_set, False))
