"""What one module adds to the schema."""

from dataclasses import dataclass, field, replace

import strawberry
from strawberry.types.base import get_object_definition

from hemicycle.kernel.errors import SchemaConflict


@dataclass(frozen=True)
class SchemaPart:
    """extend: type, input or enum -> the class whose members join it. types: the types that the module owns.

    extend_named: the same by the name of a mapped type, where only that is known: from a declaration, as Supportable.
    enums: enum -> {name: description}, for enums whose members are declared elsewhere, as kinds are.
    """

    extend: dict[type, type] = field(default_factory=dict)
    types: tuple[type, ...] = ()
    enums: dict[type, dict[str, str]] = field(default_factory=dict)
    extend_named: dict[str, type] = field(default_factory=dict)


def resolved(parts: dict[str, SchemaPart]) -> dict[str, SchemaPart]:
    """The same, with types in place of names. SchemaConflict if a name is that of no type."""
    for owner, part in parts.items():
        if not isinstance(part, SchemaPart):
            raise SchemaConflict(f"plugin {owner}: extend_schema must return a SchemaPart, not {part!r}")
    types = {type_.__name__: type_ for part in parts.values() for type_ in part.types}
    for owner, part in parts.items():
        if unknown := [name for name in part.extend_named if name not in types]:
            raise SchemaConflict(f"{owner} extends {', '.join(unknown)}, which no enabled module owns: mend the name")
    return {
        owner: replace(part, extend=part.extend | {
            types[name]: _both(part.extend.get(types[name]), it) for name, it in part.extend_named.items()
        })
        for owner, part in parts.items()
    }  # fmt: skip


def _both(one: type | None, other: type) -> type:
    """What extends a type that is extended by itself and by its name."""
    return other if one is None else strawberry.type(type(other.__name__, (one, other), {}))


def members(extension: type) -> list[str]:
    """What an extension adds: its fields by their names in Python, or the members of an enum."""
    definition = get_object_definition(extension)
    return [one.python_name for one in definition.fields] if definition else [*getattr(extension, "__members__", ())]
