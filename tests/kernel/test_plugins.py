"""What keeps an instance from starting names the plugin and the remedy; what need not, does not."""

import importlib.metadata
import logging
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from pydantic import Field

from hemicycle.api import (
    Action,
    Actor,
    Application,
    Declarations,
    Event,
    PluginInfo,
    Role,
    SchemaPart,
    Strict,
)
from hemicycle.app import CORE
from hemicycle.kernel import plugins as kernel_plugins
from hemicycle.kernel.declarations import SpaceKind
from hemicycle.testing import a_plugin, open_world, refusal, start


def info(**said: Any) -> Callable[[], PluginInfo]:
    return lambda: PluginInfo("Label", "Description.", **said)


class Entry:
    """An installed plugin, in the place of one that would have to be installed."""

    value, dist = "hemicycle_hello", None

    def __init__(self, name: str, load: Callable[[], ModuleType]) -> None:
        self.name, self.load = name, load


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def entries(**loads: Callable[[], ModuleType]) -> None:
        found = [Entry(name, load) for name, load in loads.items()]
        monkeypatch.setattr(kernel_plugins.importlib.metadata, "entry_points", lambda group: found)

    return entries


# -- finding and loading -------------------------------------------------------------------------------------


def test_bundled_plugins_are_found_as_any_other_is() -> None:
    known = {entry.name: entry.value for entry in importlib.metadata.entry_points(group="hemicycle")}
    assert known.items() >= {"votes": "hemicycle_votes", "exchange": "hemicycle_exchange"}.items()
    assert start(plugins=["votes"]).plugins.optional == {"votes"}


def test_a_package_that_is_missing_is_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        app = start(plugins=["vanished"])
    assert app.plugins.missing == ["vanished"]
    assert "vanished" not in app.plugins.loaded
    assert "plugin vanished: its package is not installed: install it, or take it out" in caplog.text


def test_what_is_installed_and_not_enabled_stays_out(install: Callable[..., None]) -> None:
    install(hello=lambda: pytest.fail("it was loaded"))
    assert start().plugins.optional == frozenset()


def test_a_package_that_cannot_be_imported_is_refused(install: Callable[..., None]) -> None:
    def load() -> ModuleType:
        raise ImportError("No module named 'numpy'")

    install(hello=load)
    said = refusal(plugins=["hello"])
    assert said.startswith("plugin hello: its package hemicycle_hello cannot be imported (ImportError: No module named")
    assert "take 'hello' out of `plugins` in the settings" in said


def test_a_plugin_that_is_named_twice_is_refused(install: Callable[..., None]) -> None:
    install(hello=lambda: a_plugin("hello"))
    assert refusal(plugins=["hello", "hello"]) == "settings: plugins: hello, hello names one twice: name each once"


def test_two_modules_of_one_name_are_refused() -> None:
    assert refusal(a_plugin("hello"), a_plugin("hello")) == "plugin hello is loaded twice: rename one"
    assert refusal(a_plugin("spaces")) == "plugin spaces is loaded twice: rename one"


def test_a_plugin_must_describe_itself_with_a_plugin_info() -> None:
    said = refusal(a_plugin("hello", describe_plugin=lambda: "Hello"))
    assert said == "plugin hello: describe_plugin must return a PluginInfo, not 'Hello'"


# -- order ---------------------------------------------------------------------------------------------------


def test_a_plugin_comes_after_what_it_requires_or_uses_otherwise_in_the_order_of_the_settings() -> None:
    given = [
        a_plugin("first", describe_plugin=info(requires=["third"])),
        a_plugin("second"),
        a_plugin("third", describe_plugin=info(uses=["fourth", "absent"])),
        a_plugin("fourth"),
    ]
    core = [module.__name__.rpartition(".")[2] for module in CORE]
    assert list(start(*given).plugins.loaded) == [*core, "fourth", "third", "first", "second"]


def test_what_is_required_and_not_enabled_is_refused() -> None:
    said = refusal(a_plugin("hello", describe_plugin=info(requires=["votes"])))
    assert said == "plugin hello requires votes: add 'votes' to `plugins` in the settings"


def test_a_circle_is_refused() -> None:
    given = [
        a_plugin("one", describe_plugin=info(requires=["two"])),
        a_plugin("two", describe_plugin=info(uses=["three"])),
        a_plugin("three", describe_plugin=info(requires=["one"])),
    ]
    assert refusal(*given) == "plugins require each other in a circle: one → two → three → one: break it"


# -- hooks ---------------------------------------------------------------------------------------------------


def test_a_misspelt_hook_is_refused_with_the_list_of_hooks() -> None:
    said = refusal(a_plugin("hello", declare_actoins=lambda: [Role("guide", "Who guides.")]))
    assert said.startswith("plugin hello: unknown hook 'declare_actoins'")
    assert "the hooks are: add_commands, add_importers, add_routes, declare_actions" in said


def test_an_argument_that_a_hook_has_not_is_refused() -> None:
    said = refusal(a_plugin("hello", declare_roles=lambda session: []))
    assert said.startswith("plugin hello: ")
    assert "{'session'}" in said


def test_a_plain_function_for_an_async_hook_is_refused() -> None:
    said = refusal(a_plugin("hello", start_up=lambda app: None))
    assert said == "plugin hello: start_up must be `async def`: change its first line"


def test_an_async_function_for_a_plain_hook_is_refused() -> None:
    async def declare_roles() -> list[Role]:
        return []

    said = refusal(a_plugin("hello", declare_roles=declare_roles))
    assert said == "plugin hello: declare_roles must be a plain `def`: change its first line"


def test_a_hook_that_fails_is_refused() -> None:
    said = refusal(a_plugin("hello", declare_roles=lambda: [1 / 0]))
    assert said == "hello: declare_roles failed: ZeroDivisionError: division by zero"


@pytest.mark.parametrize("answer", [Role("guide", "Who guides."), ["guide"], "guide"])
def test_another_answer_than_a_list_of_the_right_kind_is_refused(answer: object) -> None:
    said = refusal(a_plugin("hello", declare_roles=lambda: answer))
    assert said.startswith("hello: declare_roles must return a list of Role, not ")


def test_another_answer_than_a_schema_part_is_refused() -> None:
    said = refusal(a_plugin("hello", extend_schema=lambda: {"fields": []}))
    assert said == "plugin hello: extend_schema must return a SchemaPart, not {'fields': []}"


async def test_async_hooks_are_awaited_one_after_the_other() -> None:
    order = []

    def telling(name: str) -> ModuleType:
        async def start_up(app: Application) -> None:
            order.append((name, app.settings.name))

        return a_plugin(name, start_up=start_up)

    app = start(telling("one"), telling("two"), name="Here")
    await app.plugins.tell("start_up", app=app)
    assert order == [("one", "Here"), ("two", "Here")]


async def test_a_plugin_may_know_who_stands_behind_a_credential(database_url: str) -> None:
    known = Actor(scopes=frozenset({"read"}))

    async def identify_actor(app: Application, credential: str) -> Actor | None:
        return known if credential == "password" else None

    async with open_world(database_url, given=[a_plugin("hello", identify_actor=identify_actor)]) as world:
        found = await world.app.plugins.tell("identify_actor", app=world.app, credential="password")
        assert [one for one in found if one] == [known]


# -- declarations --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hook", "one"),
    [
        ("declare_actions", Action("hello.greet", "Greet.")),
        ("declare_events", Event("hello.greeted", "Someone greeted.", english="A greeting.", french="Un salut.")),
        ("declare_roles", Role("guide", "Who guides.")),
        ("declare_space_kinds", SpaceKind("PARLOUR", "A small room.")),
    ],
)
def test_two_owners_of_one_name_are_both_named(hook: str, one: Any) -> None:
    said = refusal(a_plugin("first", **{hook: lambda: [one]}), a_plugin("second", **{hook: lambda: [one]}))
    assert said == f"second and first both declare the {type(one).__name__} {one.name!r}: rename one"


def test_a_name_of_the_core_is_taken() -> None:
    said = refusal(a_plugin("hello", declare_roles=lambda: [Role("member", "A member.")]))
    assert said == "hello and spaces both declare the Role 'member': rename one"


def test_one_owner_declares_a_name_once() -> None:
    said = refusal(a_plugin("hello", declare_roles=lambda: [Role("guide", "Who guides.")] * 2))
    assert said == "hello and hello both declare the Role 'guide': rename one"


def test_what_is_not_described_is_refused() -> None:
    said = refusal(a_plugin("hello", declare_roles=lambda: [Role("guide", "")]))
    assert said == "hello: the Role 'guide' has no description: say what it is"


def test_an_action_for_a_role_that_nobody_declares_is_refused() -> None:
    said = refusal(a_plugin("hello", declare_actions=lambda: [Action("hello.greet", "Greet.", roles=["wizard"])]))
    assert said.startswith("hello: the action hello.greet: there is no role 'wizard'; there are: administrator, ")


def test_a_criterion_that_nobody_declares_is_refused() -> None:
    greet = Action("hello.greet", "Greet.", roles=["participant"], criteria=[("tall", {})])
    said = refusal(a_plugin("hello", declare_actions=lambda: [greet]))
    assert said.startswith("hello: the action hello.greet: there is no criterion 'tall'; there are: none")


def test_an_action_that_asks_whose_a_row_is_needs_a_type_that_says_it() -> None:
    greet = Action("hello.greet", "Greet.", own=True)
    said = refusal(a_plugin("hello", declare_actions=lambda: [greet]))
    assert said == (
        "hello: the action hello.greet asks whose a row is: say it with Action(…, on=…), and @mapped(…, own=…), the "
        "column of its owner."
    )


def test_a_schema_is_made_of_what_all_declared() -> None:
    seen: list[str] = []

    def extend_schema(declared: Declarations) -> SchemaPart:
        seen.extend(declared[Role])
        return SchemaPart()

    start(a_plugin("hello", extend_schema=extend_schema), a_plugin("other", declare_roles=lambda: [Role("guide", "…")]))
    assert {"member", "guide"} <= set(seen)


# -- settings ------------------------------------------------------------------------------------------------


class HelloSettings(Strict):
    words: str = Field("Hello!", min_length=2)


def test_a_plugin_has_settings_of_its_own() -> None:
    hello = a_plugin("hello", describe_plugin=info(settings=HelloSettings))
    assert start(hello).plugin_settings["hello"].words == "Hello!"
    assert start(hello, plugin={"hello": {"words": "Bonjour !"}}).plugin_settings["hello"].words == "Bonjour !"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"words": "x"}, "settings: plugin.hello.words: String should have at least 2 characters: correct it"),
        ({"wodrs": "Hi"}, "settings: plugin.hello.wodrs: Extra inputs are not permitted: correct it"),
    ],
)
def test_a_wrong_setting_is_refused(given: dict[str, str], said: str) -> None:
    hello = a_plugin("hello", describe_plugin=info(settings=HelloSettings))
    assert refusal(hello, plugin={"hello": given}) == said


def test_settings_of_a_plugin_that_takes_none_are_refused() -> None:
    said = refusal(a_plugin("hello"), plugin={"hello": {"words": "Hi"}})
    assert said == "settings: plugin.hello: it takes no settings: remove words"


def test_an_action_that_is_not_there_cannot_be_changed_in_the_settings() -> None:
    said = refusal(actions={"hello.greet": {"roles": ["member"]}})
    assert said.startswith("settings: actions: there is no action 'hello.greet'; there are: contribution.approve, ")


def test_two_applications_in_one_process_differ() -> None:
    hello = a_plugin("hello", declare_roles=lambda: [Role("guide", "Who guides.")])
    assert "guide" in start(hello).declared[Role]
    assert "guide" not in start().declared[Role]
    assert "GUIDE" in start(hello).schema.as_str()
    assert "GUIDE" not in start().schema.as_str()
