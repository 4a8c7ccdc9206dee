"""Find, load, order and question plugins. It does not grow when a hook is added."""

import importlib.metadata
import inspect
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, get_args, get_origin, get_type_hints

import pluggy

from hemicycle.kernel import hookspecs
from hemicycle.kernel.declarations import Declared, PluginInfo
from hemicycle.kernel.errors import StartupError

GROUP = "hemicycle"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Loaded:
    """A module of the core or a plugin that takes part in this application."""

    name: str
    module: Any
    info: PluginInfo
    version: str
    core: bool = False


class Declarations:
    """What all modules declared, by kind: `declared[Action]["contribution.hide"]`, `declared.owner_of(action)`."""

    def __init__(self) -> None:
        self._all: dict[type, dict[str, Any]] = {}
        self._owners: dict[tuple[type, str], str] = {}

    def __getitem__(self, kind: type) -> dict[str, Any]:
        return self._all.get(kind, {})

    def owner_of(self, one: Any) -> str:
        return self._owners[type(one), one.name]

    def add(self, owner: str, one: Any) -> None:
        key = type(one), one.name
        if (first := self._owners.setdefault(key, owner)) != owner or one.name in self._all.get(type(one), {}):
            raise StartupError(f"{owner} and {first} both declare the {type(one).__name__} {one.name!r}: rename one")
        if isinstance(one, Declared) and not one.description:
            raise StartupError(f"{owner}: the {type(one).__name__} {one.name!r} has no description: say what it is")
        self._all.setdefault(type(one), {})[one.name] = one


class Plugins:
    """The modules of *one* application: never a global, so two applications in one process can differ."""

    def __init__(self, core: Sequence[ModuleType], enabled: Sequence[str], given: Sequence[Any] = ()) -> None:
        """core: its modules, lowest first. enabled: names of installed plugins. given: plugins handed over in tests."""
        self.manager = pluggy.PluginManager(GROUP)
        self.manager.add_hookspecs(hookspecs)
        self.missing: list[str] = []
        found = [self._load(module.__name__.rpartition(".")[2], module, core=True) for module in core]
        found += list(self._installed(enabled))
        found += [self._load(one.__name__.rpartition(".")[2].removeprefix("hemicycle_"), one) for one in given]
        self.loaded = {one.name: one for one in _sorted(found)}
        for one in self.loaded.values():
            self._register(one)

    @property
    def optional(self) -> frozenset[str]:
        """The plugins: they answer only where they are active. The core's modules are always on."""
        return frozenset(one.name for one in self.loaded.values() if not one.core)

    def ask(self, hook: str, **arguments: Any) -> Iterator[tuple[str, Any]]:
        """(module's name, its answer) of each that answers, in order of loading."""
        for impl in getattr(self.manager.hook, hook).get_hookimpls():
            try:
                answer = impl.function(*(arguments[name] for name in impl.argnames))
            except StartupError:
                raise
            except Exception as error:
                raise StartupError(f"{impl.plugin_name}: {hook} failed: {type(error).__name__}: {error}") from error
            if answer is not None:
                yield impl.plugin_name, answer

    async def tell(self, hook: str, **arguments: Any) -> list[Any]:
        """Await every implementation of an async hook, in order; an answer each."""
        impls = getattr(self.manager.hook, hook).get_hookimpls()
        return [await impl.function(*(arguments[name] for name in impl.argnames)) for impl in impls]

    def declarations(self) -> Declarations:
        """All that is declared in lists, checked: the right dataclass, one owner of each name, a description."""
        declared = Declarations()
        for hook, spec in vars(hookspecs).items():
            kind = _listed(spec) if hasattr(spec, "hemicycle_spec") else None
            if kind is None:
                continue
            for owner, answer in self.ask(hook):
                if not isinstance(answer, list | tuple) or not all(isinstance(one, kind) for one in answer):
                    raise StartupError(f"{owner}: {hook} must return a list of {kind.__name__}, not {answer!r}")
                for one in answer:
                    declared.add(owner, one)
        return declared

    def _installed(self, enabled: Sequence[str]) -> Iterator[Loaded]:
        if len(set(enabled)) != len(enabled):
            raise StartupError(f"settings: plugins: {', '.join(enabled)} names one twice: name each once")
        entries = {entry.name: entry for entry in importlib.metadata.entry_points(group=GROUP)}
        for name in enabled:
            if (entry := entries.get(name)) is None:
                self.missing.append(name)  # a package that was removed must not stop the instance
                log.warning("plugin %s: its package is not installed: install it, or take it out of `plugins` in the "
                            "settings; its data stays", name)  # fmt: skip
                continue
            try:
                module = entry.load()
            except Exception as error:
                raise StartupError(
                    f"plugin {name}: its package {entry.value} cannot be imported ({type(error).__name__}: {error}): "
                    f"mend or upgrade it, or take {name!r} out of `plugins` in the settings"
                ) from error
            yield self._load(name, module, version=entry.dist.version if entry.dist else "")

    def _load(self, name: str, module: Any, *, version: str = "", core: bool = False) -> Loaded:
        describe = getattr(module, "describe_plugin", None)
        info = describe() if describe is not None else PluginInfo(label=name.capitalize())
        if not isinstance(info, PluginInfo):
            raise StartupError(f"plugin {name}: describe_plugin must return a PluginInfo, not {info!r}")
        return Loaded(name, module, info, version, core)

    def _register(self, one: Loaded) -> None:
        try:
            self.manager.register(one.module, name=one.name)
            self.manager.check_pending()
        except (pluggy.PluginValidationError, ValueError) as error:
            hooks = ", ".join(sorted(name for name, spec in vars(hookspecs).items() if hasattr(spec, "hemicycle_spec")))
            raise StartupError(f"plugin {one.name}: {error}; the hooks are: {hooks}") from None
        for caller in self.manager.get_hookcallers(one.module) or []:
            assert caller.spec is not None
            wanted = inspect.iscoroutinefunction(caller.spec.function)
            for impl in caller.get_hookimpls():
                if impl.plugin is one.module and inspect.iscoroutinefunction(impl.function) != wanted:
                    colour = "`async def`" if wanted else "a plain `def`"
                    raise StartupError(f"plugin {one.name}: {caller.name} must be {colour}: change its first line")


def _listed(spec: Any) -> type | None:
    """The dataclass of a hook that returns a list of them."""
    returned = get_type_hints(spec, {**vars(hookspecs), "Scopes": Any, "Application": Any}).get("return")
    return get_args(returned)[0] if get_origin(returned) is list else None


def _sorted(found: Sequence[Loaded]) -> list[Loaded]:
    """Each after what it requires or uses; otherwise in the order of the settings."""
    known, done = {one.name: one for one in found}, dict[str, Loaded]()
    if len(known) != len(found):
        names = [one.name for one in found]
        twice = sorted({name for name in names if names.count(name) > 1})
        raise StartupError(f"plugin {', '.join(twice)} is loaded twice: rename one")

    def place(one: Loaded, above: tuple[str, ...]) -> None:
        if one.name in above:
            raise StartupError(f"plugins require each other in a circle: {' → '.join((*above, one.name))}: break it")
        for name in one.info.requires:
            if name not in known:
                raise StartupError(f"plugin {one.name} requires {name}: add {name!r} to `plugins` in the settings")
        for name in (*one.info.requires, *one.info.uses):
            if name in known and name not in done:
                place(known[name], (*above, one.name))
        done.setdefault(one.name, one)

    for one in found:
        place(one, ())
    return list(done.values())
