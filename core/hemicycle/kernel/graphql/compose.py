"""Build one schema of many parts. A part extends object types, inputs and enums alike; it never edits them."""

from collections.abc import Iterator
from copy import copy
from enum import Enum, EnumMeta
from typing import Annotated, Any, Union

import strawberry
from graphql import GraphQLError, is_input_object_type
from strawberry.annotation import StrawberryAnnotation
from strawberry.exceptions import DuplicatedTypeName, StrawberryException
from strawberry.types import ExecutionContext
from strawberry.types.base import StrawberryContainer, StrawberryObjectDefinition, get_object_definition
from strawberry.types.enum import StrawberryEnumDefinition
from strawberry.types.field import StrawberryField

from hemicycle.kernel.errors import SchemaConflict
from hemicycle.kernel.graphql.declare import InputField, MappedField
from hemicycle.kernel.graphql.enums import constant
from hemicycle.kernel.graphql.parts import SchemaPart
from hemicycle.kernel.graphql.sources import Change
from hemicycle.kernel.graphql.types import REFUSALS, Done

Extensions = list[tuple[str, type]]


class ComposedSchema(strawberry.Schema):
    """A schema of parts. The classes of the parts stay as they are: they may serve another application."""

    def __init__(self, parts: dict[str, SchemaPart], **options: Any) -> None:
        self._added: dict[type, list[StrawberryField]] = {}
        self._swapped: dict[type, Any] = {}  # inputs and enums as this application knows them
        self._results: dict[tuple[Any, str], Any] = {}
        for part in parts.values():
            for enum, members in part.enums.items():
                self._swapped[enum] = _filled_enum(enum, members)
        for target, extensions in _by_target(parts).items():
            definition = get_object_definition(target)
            if isinstance(target, EnumMeta):
                self._swapped[target] = _merge_enum(target, extensions)
            elif definition is None:
                raise SchemaConflict(f"{extensions[0][0]} extends {target.__name__}, which is no GraphQL type: mend it")
            elif definition.is_input:
                self._swapped[target] = _merge_input(target, extensions)
            else:
                self._added[target] = list(_merge_fields(target, extensions))
        try:
            super().__init__(types=[type_ for part in parts.values() for type_ in part.types], **options)
        except DuplicatedTypeName as error:
            raise SchemaConflict(_twice(error)) from None
        except (StrawberryException, TypeError) as error:
            raise SchemaConflict(f"The schema cannot be made: {error}: correct the annotation there.") from error
        self._refuse_lost(parts)

    def _refuse_lost(self, parts: dict[str, SchemaPart]) -> None:
        """An extension of what is not in the schema would be dropped without a word."""
        every = [known.definition for known in self.schema_converter.type_map.values()]
        built = {getattr(one, "origin", None) or getattr(one, "wrapped_cls", None) for one in every}
        for owner, part in parts.items():
            for target in part.extend:
                known = self._swapped.get(target, target)
                if known not in built:
                    raise SchemaConflict(
                        f"{owner} extends {target.__name__}, to which no field leads: enable its owner"
                    )

    def get_fields(self, type_definition: StrawberryObjectDefinition) -> list[StrawberryField]:
        # Copies, because Strawberry writes on fields: the classes serve many schemas.
        every = [*type_definition.fields, *self._added.get(type_definition.origin, ())]
        return [self._localised(copy(one)) for one in every]

    def _extend_introspection(self) -> None:
        """Strawberry's own `isOneOf` fails on a list, and on what is not null: there it is null."""
        super()._extend_introspection()
        kind: Any = self._schema.type_map["__Type"]
        asked, resolve = kind.fields["isOneOf"], kind.fields["isOneOf"].resolve
        asked.resolve = lambda type_, info: resolve(type_, info) if is_input_object_type(type_) else None

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Strawberry would log each of them, with what was asked: the unexpected ones are logged by `masking`."""

    def _localised(self, one: StrawberryField) -> StrawberryField:
        arguments = [copy(argument) for argument in one.arguments]
        for argument in arguments:
            argument.type_annotation = StrawberryAnnotation(self._swap(argument.type))
        one.arguments = arguments
        known = one.type
        if (local := self._swap(known)) is not known:
            one.type_annotation = StrawberryAnnotation(local)
        if isinstance(one, MappedField) and isinstance(one.source, Change):
            one.type_annotation = StrawberryAnnotation(self._result(one, one.type))
        return one

    def _result(self, one: StrawberryField, answer: Any) -> Any:
        """The union that a mutation answers with: what it changed, or why it did not."""
        key = answer, one.python_name
        if key not in self._results:
            name = "".join(word.capitalize() for word in one.python_name.split("_")) + "Result"
            done = (Done,) if hasattr(answer, "__mapping__") else ()
            members: Any = Union[(answer, *done, *REFUSALS)]
            told = "What was changed, or why nothing was."
            self._results[key] = Annotated[members, strawberry.union(name, description=told)]
        return self._results[key]

    def _swap(self, known: Any) -> Any:
        if isinstance(known, StrawberryContainer):
            inner = self._swap(known.of_type)
            return known if inner is known.of_type else type(known)(inner)
        if isinstance(known, StrawberryEnumDefinition):
            local = self._swapped.get(known.wrapped_cls)
            return known if local is None else local.__strawberry_definition__
        return self._swapped.get(known, known) if isinstance(known, type) else known


def _twice(error: DuplicatedTypeName) -> str:
    both = [one for one in (error.first_cls, error.second_cls) if one is not None]
    who = " and ".join(f"{one.__module__}.{one.__qualname__}" for one in both)
    return f"{who}: {error.message}: rename one"


def _by_target(parts: dict[str, SchemaPart]) -> dict[type, Extensions]:
    found: dict[type, Extensions] = {}
    for owner, part in parts.items():
        for target, extension in part.extend.items():
            found.setdefault(target, []).append((owner, extension))
    return found


def _merge_fields(target: type, extensions: Extensions) -> Iterator[StrawberryField]:
    definition = get_object_definition(target, strict=True)
    owners = {one.python_name: "its own module" for one in definition.fields}
    for owner, extension in extensions:
        known = get_object_definition(extension)
        if known is None:
            raise SchemaConflict(
                f"{owner} extends {target.__name__} with {extension.__name__}, which is no Strawberry type: decorate "
                f"it with @strawberry.{'input' if definition.is_input else 'type'}"
            )
        for one in known.fields:
            first = owners.setdefault(one.python_name, owner)
            if first != owner:
                raise SchemaConflict(f"{owner} and {first} both define {target.__name__}.{one.python_name}: rename one")
            added = copy(one)
            if isinstance(added, MappedField | InputField):
                added.owner = owner
            yield added


def _merge_input(target: type, extensions: Extensions) -> type:
    """A new class: a field added through get_fields alone would show in the SDL and be dropped at run time."""
    definition = get_object_definition(target, strict=True)
    fields = [copy(one) for one in definition.fields] + list(_merge_fields(target, extensions))
    annotations = {one.python_name: one.type_annotation.evaluate() for one in fields if one.type_annotation}
    space = {
        **{one.python_name: one for one in fields},
        "__annotations__": annotations,
        "__module__": target.__module__,
    }
    merged: type = strawberry.input(
        type(target.__name__, (), space), name=definition.name, description=definition.description
    )
    return merged


def _merge_enum(target: EnumMeta, extensions: Extensions) -> Any:
    definition: StrawberryEnumDefinition = target.__strawberry_definition__  # type: ignore[attr-defined]
    values, owners = list(definition.values), {value.name: "its own module" for value in definition.values}
    for owner, extension in extensions:
        if not isinstance(extension, EnumMeta) or not hasattr(extension, "__strawberry_definition__"):
            raise SchemaConflict(
                f"{owner} extends {target.__name__} with {extension.__name__}: make it an Enum, with @strawberry.enum"
            )
        for value in extension.__strawberry_definition__.values:
            first = owners.setdefault(value.name, owner)
            if first != owner:
                raise SchemaConflict(f"{owner} and {first} both define {target.__name__}.{value.name}: rename one")
            values.append(value)
    members = {value.name: strawberry.enum_value(value.value, description=value.description) for value in values}
    return _enum(target, members)


def _filled_enum(target: Any, members: dict[str, str]) -> Any:
    """`contribution.hide` becomes the member CONTRIBUTION_HIDE, whose value is `contribution.hide`."""
    names = dict[str, str]()
    for name in members:
        if (first := names.setdefault(constant(name), name)) != name:
            raise SchemaConflict(f"{first!r} and {name!r} are both {constant(name)} in {target.__name__}: rename one")
    return _enum(target, {key: strawberry.enum_value(name, description=members[name]) for key, name in names.items()})


def _enum(target: Any, members: dict[str, Any]) -> Any:
    definition: StrawberryEnumDefinition = target.__strawberry_definition__
    merged = Enum(target.__name__, members, module=target.__module__)  # type: ignore[misc]
    return strawberry.enum(merged, name=definition.name, description=definition.description)
