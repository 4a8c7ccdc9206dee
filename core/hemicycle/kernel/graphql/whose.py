"""Whose a part of a schema is, for messages: who reads one must not have to look for it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from hemicycle.kernel.graphql.sources import mapping_of

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application


def owner_of(app: "Application", type_: Any, member: Any = None) -> str:
    """The module that brought a GraphQL type, or one of its members; else the Python module that it stands in."""
    declared = getattr(member, "extensions", {}).get("strawberry-definition")
    name = getattr(declared, "python_name", None) or member
    if isinstance(name, str) and (added := app.member_owners.get((type_.name, name))):
        return added
    if (known := app.types.get(type_.name)) is not None:
        return app.table_owners[mapping_of(known).table]
    definition = type_.extensions.get("strawberry-definition")
    made = getattr(definition, "origin", None) or getattr(definition, "wrapped_cls", None)
    return package_owner(app, made.__module__) if made is not None else "kernel"


def package_owner(app: "Application", module: str) -> str:
    """The core's module or the plugin in whose package a Python module stands; its own name if in none."""
    packages = {one.module.__name__: name for name, one in app.plugins.loaded.items()}
    within = [package for package in packages if f"{module}.".startswith(f"{package}.")]
    return packages[max(within, key=len)] if within else module


def among(name: str, known: Iterable[str]) -> str:
    """What could have been meant: those that begin as `name` does, up to its dot; or all of them."""
    every = sorted(known)
    near = [one for one in every if one.partition(".")[0] == name.partition(".")[0]] if "." in name else []
    return ", ".join(near or every) or "none"
