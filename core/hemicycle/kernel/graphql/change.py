"""Mutations: from an input to a rule, in one transaction, once; and from what was changed to the answer."""

import hmac
import json
from collections.abc import Callable
from datetime import datetime
from inspect import Parameter, signature
from typing import TYPE_CHECKING, Any
from uuid import UUID

from graphql import GraphQLField, GraphQLObjectType
from sqlalchemy.exc import DBAPIError
from strawberry.types.base import StrawberryContainer, get_object_definition

from hemicycle.kernel import idempotency
from hemicycle.kernel.db.engine import is_transient
from hemicycle.kernel.errors import Problem, RefusalCode, Refused, SchemaConflict
from hemicycle.kernel.graphql.context import Context
from hemicycle.kernel.graphql.declare import InputField, MappedField
from hemicycle.kernel.graphql.ids import decode_id
from hemicycle.kernel.graphql.resolve import Resolving, fetch_raw
from hemicycle.kernel.graphql.sources import Change
from hemicycle.kernel.graphql.types import Done, refusal
from hemicycle.kernel.text import clean

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application

RETRIES = 2  # when two transactions waited for each other, and the database undid one of them


def resolver(
    app: "Application", mutations: GraphQLObjectType, declared: MappedField, definition: GraphQLField
) -> Callable[..., Any]:
    """The resolver of one mutation. SchemaConflict if its input does not fit its rule."""
    source = declared.source
    assert isinstance(source, Change)
    name, answer = declared.python_name, app.type_of(declared)
    mapped, where = app.names.get(answer), f"{declared.owner}: Mutation.{name}"
    if not mapped and not source.secret:
        raise SchemaConflict(f"{where} answers with {answer.__name__}, which cannot be read again: say secret=True")
    _check_input(where, source)
    parameters = signature(source.rule).parameters
    never_null = {name for name, one in parameters.items() if _has_another_default(one)}

    async def change(context: Context, info: Resolving, raw: dict[str, Any], key: str | None) -> Any:
        given = arguments_of(source.input, raw, app.names) if source.input else {}
        arguments = {name: value for name, value in given.items() if value is not None or name not in never_null}
        if "context" in parameters:
            arguments["context"] = context
        async with app.write() as session:
            known = None
            if key is not None:
                known = await idempotency.begin(session, context.actor, key, digest(app.settings.secret_key, name, raw))
            if known is None:
                changed = await source.rule(session, context.actor, **arguments)
                if source.requires not in session.authorized:
                    raise RuntimeError(f"the rule of the mutation {name} did not authorize {source.requires}")
                if isinstance(changed, Refused):
                    if key is not None:
                        await idempotency.drop(session, context.actor, key)
                    return refusal(changed)  # what the rule wrote stays: a try that failed is counted
                if not mapped:
                    return changed
                found: UUID = getattr(changed, "id", changed)
                if key is not None:
                    await idempotency.finish(session, context.actor, key, mapped, found)
            else:
                found = known
        seen = await fetch_raw(info, answer, found)
        return seen if seen is not None else Done(message="Done. What was changed is not yours to see.")

    async def resolve(_: Any, info: Resolving, **arguments: Any) -> Any:
        context: Context = info.context
        try:
            raw, key = arguments.get("input") or {}, _key(arguments.get("idempotencyKey"))
            for _attempt in range(RETRIES):
                try:
                    return await change(context, info, raw, key)
                except DBAPIError as error:
                    if not is_transient(error):
                        raise
            return await change(context, info, raw, key)
        except Refused as refused:
            return refusal(refused)

    return resolve


def arguments_of(input: type, raw: dict[str, Any], names: dict[type, str], at: str = "") -> dict[str, Any]:
    """The arguments of a rule: ids as keys, enums as their values, text cleaned; what is not given is left out.

    Refused with every problem, each with its path, if a text or an id is not acceptable.
    """
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for field in get_object_definition(input, strict=True).fields:
        graphql_name = field.graphql_name or _camel(field.python_name)
        if graphql_name not in raw:
            continue
        path = f"{at}{field.python_name}"
        points_to = field.points_to if isinstance(field, InputField) else None
        try:
            found[field.python_name] = _value(raw[graphql_name], field.type, points_to, names, path)
        except Refused as refused:
            problems += refused.problems
            if not refused.problems:
                raise
        except ValueError as error:
            problems.append(Problem(path, f"{path}: {error}."))
    if problems:
        raise Refused(RefusalCode.INVALID_INPUT, " ".join(problem.message for problem in problems), problems)
    return found


def digest(secret: str, name: str, raw: Any) -> str:
    """What tells one input of a mutation from another, without keeping it.

    Keyed with the instance's secret: whoever has only the database cannot try inputs until one fits (a vote has few).
    """
    plain = json.dumps([name, raw], sort_keys=True, default=lambda one: getattr(one, "value", str(one)))
    return hmac.new(secret.encode(), plain.encode("utf-8", "surrogatepass"), "sha256").hexdigest()


def _value(value: Any, type_: Any, points_to: tuple[type, ...] | None, names: dict[type, str], path: str) -> Any:
    if isinstance(value, list):
        if len(value) > 100:
            raise ValueError(f"it has {len(value)} members, and 100 is the most: send them in several calls")
        return [_value(one, type_, points_to, names, f"{path}.{at}") for at, one in enumerate(value)]
    if isinstance(value, dict):
        while isinstance(type_, StrawberryContainer):
            type_ = type_.of_type
        return arguments_of(type_, value, names, f"{path}.") if get_object_definition(type_) else value
    if points_to is not None and value is not None:
        ref = decode_id(value)
        allowed = [names[one] for one in points_to if one in names]
        if ref is None or (points_to and ref.type not in allowed):
            raise Refused(RefusalCode.NOT_FOUND, f"There is nothing for {_camel(path)} under that id, or none for you.")
        return ref.key if len(points_to) == 1 else ref
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError("it has no time zone: add Z, or +02:00")
    return getattr(value, "value", value)


def _key(text: str | None) -> str | None:
    if text is None:
        return None
    if not 1 <= len(text) <= 255 or not text.isprintable():
        raise Refused(
            RefusalCode.INVALID_INPUT,
            "idempotencyKey takes 1 to 255 printable characters.",
            [Problem("idempotency_key", "It takes 1 to 255 printable characters.")],
        )
    return text


def _check_input(where: str, source: Change) -> None:
    known = signature(source.rule).parameters
    if any(one.kind is Parameter.VAR_KEYWORD for one in known.values()):
        return
    fields = (
        [one.python_name for one in get_object_definition(source.input, strict=True).fields] if source.input else []
    )
    for field in fields:
        if field not in known:
            raise SchemaConflict(f"{where}: its rule {source.rule.__qualname__} takes no argument {field!r}")
    for one in list(known.values())[2:]:
        if one.default is Parameter.empty and one.name not in (*fields, "context"):
            raise SchemaConflict(f"{where}: its rule needs {one.name!r}, which its input does not have")


def _has_another_default(parameter: Parameter) -> bool:
    """Whether a null in its place means that nothing was said, as GraphQL allows: its default is no null."""
    takes_null = parameter.annotation is Any or "None" in str(parameter.annotation)
    return not takes_null and parameter.default not in (None, Parameter.empty)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
