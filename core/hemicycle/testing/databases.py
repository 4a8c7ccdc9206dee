"""A fresh database for each test, on SQLite and on PostgreSQL, as a copy of a template that is made once."""

import asyncio
import importlib.metadata
import itertools
import os
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import SQLModel

from hemicycle import _postgres
from hemicycle.kernel.db.engine import async_url
from hemicycle.kernel.plugins import GROUP

KINDS = ("sqlite", "postgresql")
_numbers = itertools.count()
_used: set[int] = set()
"""The numbers of the databases that are there now."""


class Databases:
    """Makes databases of one kind. Every table of every imported module is in them."""

    def __init__(self, kind: str, folder: Path, server: str | None = None) -> None:
        self.kind, self.folder, self.server = kind, folder, server
        self._templates: dict[frozenset[str], str] = {}

    @contextmanager
    def fresh(self, template: str | None = None) -> Iterator[str]:
        """The URL of an empty database, with all tables, for the time of a `with`; or of a copy that `keep` made.

        One after the other has the same URL: an application that is attached to it again compiles nothing anew. On
        PostgreSQL it goes when the next one comes, over the same connection.
        """
        number = next(one for one in itertools.count() if one not in _used)
        _used.add(number)
        try:
            yield from self._copied(f"world_{os.getpid()}_{number}", template)  # several processes may share one server
        finally:
            _used.remove(number)

    def _copied(self, name: str, template: str | None) -> Iterator[str]:
        if self.kind == "sqlite":
            path = self.folder / f"{name}.db"
            shutil.copy(template or self._template(), path)
            try:
                yield f"sqlite+aiosqlite:///{path}"
            finally:
                for leftover in self.folder.glob(f"{name}.db*"):
                    leftover.unlink()
            return
        assert self.server is not None
        yield _postgres.renew_database(self.server, name, template or self._template())

    def keep(self, url: str) -> str:
        """Copy a database that nobody is connected to, for `fresh` to copy again; the name of the copy."""
        name, known = f"kept_{os.getpid()}_{next(_numbers)}", str(make_url(url).database)
        if self.kind == "sqlite":
            return str(shutil.copy(known, self.folder / f"{name}.db"))
        assert self.server is not None
        _postgres.create_database(self.server, name, template=known)
        return name

    @contextmanager
    def bare(self) -> Iterator[str]:
        """The URL of a database without any table, for the time of a `with`."""
        name = f"bare_{os.getpid()}_{next(_numbers)}"
        if self.kind == "sqlite":
            yield f"sqlite+aiosqlite:///{self.folder / name}.db"
            return
        assert self.server is not None
        try:
            yield _postgres.create_database(self.server, name)
        finally:
            _postgres.drop_database(self.server, name)

    def _template(self) -> str:
        tables = frozenset(SQLModel.metadata.tables)
        if tables not in self._templates:
            number = len(self._templates)
            if self.kind == "sqlite":
                path = self.folder / f"template_{number}.db"
                _create_tables(f"sqlite+aiosqlite:///{path}")
                self._templates[tables] = str(path)
            else:
                assert self.server is not None
                name = f"template_{os.getpid()}_{number}"
                _create_tables(_postgres.create_database(self.server, name))
                self._templates[tables] = name
        return self._templates[tables]


def learn_tables(names: Iterable[str]) -> None:
    """Import these installed plugins, so that their tables are made in the databases that follow."""
    for name in names:
        for entry in importlib.metadata.entry_points(group=GROUP, name=name):
            entry.load()


def _create_tables(url: str) -> None:
    async def create() -> None:
        engine = create_async_engine(async_url(url))
        async with engine.begin() as connection:
            await connection.run_sync(SQLModel.metadata.create_all)
        await engine.dispose()

    with ThreadPoolExecutor(1) as other:  # the caller may be inside a running loop
        other.submit(lambda: asyncio.run(create())).result()
