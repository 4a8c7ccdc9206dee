"""All plugins that ship, together in one instance."""

from typing import Any

import pytest

from hemicycle.kernel.search.rebuild import rebuild
from hemicycle.kernel.settings import BUNDLED
from hemicycle.testing import World
from tests.kernel.search.test_rebuild import words


@pytest.fixture
def plugins() -> dict[str, Any]:
    return {"plugins": BUNDLED}


async def test_what_is_found_of_each_is_read_anew(world: World) -> None:
    before = await words(world)
    done = await rebuild(world.app)
    assert [name for name, read in done.items() if read is None] == [], "it says no texts: Searchable(…, query=…)"
    assert await words(world) == before
