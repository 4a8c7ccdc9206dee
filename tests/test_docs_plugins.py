"""The page for plugin authors is true: each hook as it is, and its code a plugin that runs and conforms."""

import importlib.util
import inspect
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from hemicycle import api
from hemicycle.kernel import hookspecs
from hemicycle.kernel.declarations import Sample
from hemicycle.testing import start
from hemicycle.testing.conformance import Conformance
from hemicycle.testing.world import ROLES, World

PAGE = (Path(__file__).parents[1] / "docs" / "plugins.md").read_text("utf-8")
CORE_TYPES = ("Participant", "Space", "Contribution", "Activity")
SPECS = {name: spec for name, spec in vars(hookspecs).items() if hasattr(spec, "hemicycle_spec")}
SECTIONS = dict(re.findall(r"^### `(.*?)`\n(.*?)(?=^##)", PAGE, re.MULTILINE | re.DOTALL))


TESTS = PAGE.partition("# tests/test_tour.py\n")[2].partition("```")[0]


def module(name: str, code: str, folder: Path) -> ModuleType:
    """Code of the page as a module, imported."""
    path = folder / f"{name}.py"
    path.write_text(code, "utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    made = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="session")  # its tables are made once in a process, in whatever order the tests come
def tour(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The code of the page, as one module."""
    code = "\n\n".join(re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL))
    return module("hemicycle_tour", code, tmp_path_factory.mktemp("docs"))


@pytest.fixture
def plugins(tour: ModuleType) -> dict[str, Any]:
    return {"given": [tour]}


def test_each_hook_has_a_heading_with_its_arguments() -> None:
    def heading(name: str) -> str:
        waits = "async " if inspect.iscoroutinefunction(SPECS[name]) else ""
        return f"{waits}{name}({', '.join(inspect.signature(SPECS[name]).parameters)})"

    assert list(SECTIONS) == [heading(name) for name in SPECS]


@pytest.mark.parametrize("heading", SECTIONS)
def test_each_hook_has_a_sentence_and_one_example(heading: str) -> None:
    told, *examples = re.split(r"```py(?:thon)?\n", SECTIONS[heading])
    name = heading.removeprefix("async ").partition("(")[0]
    assert len(told.split()) > 3
    assert len(examples) == 1
    assert examples[0].count("@hookimpl") == 1
    assert f"def {name}(" in examples[0]


def test_the_example_answers_every_hook(tour: ModuleType) -> None:
    answered = {name for name in SPECS if hasattr(getattr(tour, name, None), "hemicycle_impl")}
    assert answered == set(SPECS) - {"provide_scopes"}


def test_what_a_plugin_may_import_is_on_the_page() -> None:
    """The filters, orders and tables of the core's types are told as one."""
    code = re.findall(r"^```.*?^```|`[^`\n]+`", PAGE, re.MULTILINE | re.DOTALL)
    told = {word for one in code for word in re.findall(r"\w+", one)}
    known = {f"{type_}{what}" for type_ in CORE_TYPES if type_ in told for what in ("Filter", "Order", "Row")}
    assert sorted(set(api.__all__) - told - known) == []


@pytest.mark.parametrize("name", re.findall(r"^async def (\w+)", TESTS, re.MULTILINE))
async def test_the_tests_of_the_page_pass(world: World, name: str, tmp_path: Path) -> None:
    await getattr(module("test_tour", TESTS, tmp_path), name)(world)


def test_the_samples_of_the_core_are_listed() -> None:
    listed = PAGE.partition("The samples of the core,")[2].partition("The **conformance kit**")[0]
    names = re.findall(r"`([\w:]+)`", listed)
    assert sorted(names) == sorted(start().declared[Sample])


def test_everyone_who_may_ask_is_listed() -> None:
    listed = PAGE.partition("Who asks:")[2].partition("\n\n")[0]
    assert set(ROLES) <= set(re.findall(r"`([\w:]+)`", listed))


async def test_the_example_runs(world: World) -> None:
    at = "2030-01-01T12:00:00Z"
    done = await world.change("planStop", "steward", "id place", space=world.gid("Space:OPEN"), place="Bourges", at=at)
    assert (done["__typename"], done["place"]) == ("Stop", "Bourges")
    noted = await world.change("noteStop", "steward", "notes", stop=done["id"], notes="Many people came.")
    assert noted["notes"] == "Many people came."
    refused = await world.change("noteStop", "moderator", stop=done["id"], notes="Mine.")
    assert refused["code"] == "NOT_ALLOWED"
    data = await world.ask(
        """query($id: ID!) { node(id: $id) { ... on Space { stopCount stops { nodes { place notes } } } }
            spaces(filter: { onTour: true }, order: MOST_STOPS) { nodes { id } } }""",
        id=world.gid("Space:OPEN"),
    )
    assert data["spaces"]["nodes"] == [{"id": world.gid("Space:OPEN")}]
    assert data["node"] == {
        "stopCount": 2,
        "stops": {"nodes": [{"place": "Sample town", "notes": None}, {"place": "Bourges", "notes": None}]},
    }
    await world.app.plugins.tell("start_up", app=world.app)
    await world.app.plugins.tell("shut_down", app=world.app)


class TestConformance(Conformance):
    plugin = "tour"

    test_its_migrations_go_up_and_down_and_up = None  # type: ignore[assignment]  # a page has no migrations
