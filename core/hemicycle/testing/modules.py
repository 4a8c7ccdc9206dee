"""Plugins made in a test, of nothing but hooks: `a_plugin("hello", declare_roles=lambda: [Role(…)])`."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from hemicycle.kernel.hookspecs import hookimpl


def a_plugin(name: str, **hooks: Callable[..., Any]) -> ModuleType:
    """A module that answers these hooks, to be given to `open_world(url, given=[…])` or `build(settings, [ … ])`."""
    module = ModuleType(f"hemicycle_{name}", f"{name}, for a test.")
    for hook, answer in hooks.items():
        setattr(module, hook, hookimpl(answer))
    return module
