"""For tests of plugins and of the core: databases, a small world of samples, and the conformance kit.

In a plugin's `tests/conftest.py`:

    pytest_plugins = ["hemicycle.testing.fixtures"]

and in a test: `async def test_it(world): await world.ask("{ instance { name } }")`.
"""

from hemicycle.testing.modules import a_plugin, refusal, start
from hemicycle.testing.world import World, open_world

__all__ = ["World", "a_plugin", "open_world", "refusal", "start"]
