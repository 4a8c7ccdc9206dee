"""Plugins made in a test, of nothing but hooks, and what an instance says of them when it starts."""

from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

from hemicycle.app import build
from hemicycle.kernel.application import Application
from hemicycle.kernel.errors import StartupError
from hemicycle.kernel.hookspecs import hookimpl
from hemicycle.kernel.settings import Settings


def a_plugin(name: str, **hooks: Callable[..., Any]) -> ModuleType:
    """A plugin that answers these hooks: `a_plugin("hello", declare_roles=lambda: [Role(…)])`."""
    module = ModuleType(f"hemicycle_{name}", f"{name}, for a test.")
    for hook, answer in hooks.items():
        setattr(module, hook, hookimpl(answer))
    return module


def start(*given: ModuleType, plugins: Sequence[str] = (), **settings: Any) -> Application:
    """An application of these plugins and settings, without a database."""
    return build(Settings(database_url="sqlite:///:memory:", plugins=list(plugins), **settings), given)


def refusal(*given: ModuleType, **settings: Any) -> str:
    """Why such an application does not start; an AssertionError if it does."""
    try:
        start(*given, **settings)
    except StartupError as error:
        return str(error)
    raise AssertionError("it starts, and should be refused")
