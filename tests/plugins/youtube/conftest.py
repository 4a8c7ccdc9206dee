"""What the tests of youtube share: a world with the plugin."""

from typing import Any

import pytest


@pytest.fixture
def plugins() -> dict[str, Any]:
    return {"plugins": ["youtube"]}
