"""Fixtures: a small world on SQLite and on PostgreSQL, with this plugin enabled."""

from typing import Any

import pytest

pytest_plugins = ["hemicycle.testing.fixtures"]


@pytest.fixture
def plugins() -> dict[str, Any]:
    return {"plugins": ["hello"]}
