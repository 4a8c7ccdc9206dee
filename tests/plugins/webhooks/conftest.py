"""What the tests of webhooks share: a world with the plugin, and a receiver that takes what is sent."""

from typing import Any

import pytest


@pytest.fixture
def plugins() -> dict[str, Any]:
    return {"plugins": ["webhooks"]}
