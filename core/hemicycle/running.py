"""What commands share: an application over a database that is ready, and the instance's own root."""

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import typer
from rich.console import Console

from hemicycle.app import build
from hemicycle.kernel.application import Application
from hemicycle.kernel.db.migrations import owners_of, require_current, sync_registry
from hemicycle.kernel.settings import Settings, load
from hemicycle.spaces.rules import ensure_root

T = TypeVar("T")
console = Console(stderr=True)
"""Where people read: standard output is for programs."""


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run one command to its end."""
    return asyncio.run(work)


@asynccontextmanager
async def opened(settings: Settings | None = None, *, root: bool = True) -> AsyncIterator[Application]:
    """An application over a database whose schema is the current one, with its root space (unless it is not wanted)."""
    app = build(settings or load())
    try:
        owners = owners_of(app.plugins)
        await asyncio.to_thread(require_current, app.db.url, owners)
        await asyncio.to_thread(sync_registry, app.db.url, owners)  # so that erasing someone misses nothing
        if root:
            await ensure_root(app)
        yield app
    finally:
        await app.close()


def answer(said: dict[str, Any], as_json: bool) -> None:
    """One JSON object on standard output, or the same in lines for a person."""
    if as_json:
        typer.echo(json.dumps(said, ensure_ascii=False, default=str))
        return
    for name, value in said.items():
        console.print(f"{name}: {_in_words(value)}", highlight=False, markup=False, soft_wrap=True)


def _in_words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_in_words(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(" ".join(map(_in_words, one.values())) if isinstance(one, dict) else str(one) for one in value)
    return str(value)
