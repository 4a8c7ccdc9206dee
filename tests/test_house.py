"""The rules of the house itself: sizes, layers, names, and what is never written down here."""

import ast
import importlib
import inspect
import re
import statistics
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from hemicycle import api
from hemicycle.kernel import hookspecs
from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.db.owners import CORE, owner_of

ROOT = Path(__file__).parents[1]
CODE, PLUGINS = ROOT / "core" / "hemicycle", ROOT / "plugins"
MODULES = [CODE / "participants", CODE / "participants" / "identity", CODE / "spaces", CODE / "contributions"]
PACKAGES = sorted(path.parent for path in PLUGINS.glob("hemicycle_*/__init__.py"))
EXAMPLE = ROOT / "examples" / "plugin_hello" / "hemicycle_hello"
WITH_TABLES = {path.parent: package for package in (*PACKAGES, EXAMPLE) for path in package.rglob("models.py")}
FOLDERS = (".ci", "core", "plugins", "tests", "examples", "docs", "benchmarks", "schema", "requirements")
TEXTS = {".py", ".md", ".toml", ".txt", ".in", ".yaml", ".yml", ".graphql", ".template", ".mako", ".cff"}

LAYERS = ["kernel", "participants", "spaces", "contributions"]  # an arrow never points to the right
TOP = {"api", "app", "cli", "running", "testing", "_postgres", "__main__", "migrations"}  # put together of the layers
HOOKS = {name for name, spec in vars(hookspecs).items() if hasattr(spec, "hemicycle_spec")}


def modules(*folders: Path) -> list[Path]:
    """Python files; migrations are of another kind."""
    return sorted(path for folder in folders for path in folder.rglob("*.py") if "versions" not in path.parts)


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imports(path: Path) -> set[str]:
    """The full names of what a file imports: `hemicycle.spaces.rules`, `hemicycle.spaces.rules.open_`."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{named(path)}: import by the full name"
            found |= {f"{node.module}.{one.name}" for one in node.names}
    return found


def ours(path: Path) -> set[str]:
    """The parts of hemicycle that a file imports: `kernel`, `spaces`, `api`; `hemicycle` itself left out."""
    names = {name for name in imports(path) if name.startswith("hemicycle.")}
    return {name.split(".")[1] for name in names} - {"__version__"}


EVERY = modules(CODE, PLUGINS)
PLACES = [ROOT / one for one in FOLDERS]


# -- size ----------------------------------------------------------------------------------------------------


def test_no_module_is_long_and_most_are_short() -> None:
    lines = {path: len(path.read_text("utf-8").splitlines()) for path in modules(*PLACES)}
    most = {path: 500 if ROOT / "tests" in path.parents else 400 for path in lines}  # a list of tests may be longer
    assert {named(path): count for path, count in lines.items() if count > most[path]} == {}
    assert statistics.median(lines[path] for path in EVERY) < 120


def test_a_module_says_what_it_is_for() -> None:
    first = {named(path): (ast.get_docstring(tree(path)) or "").partition("\n")[0] for path in modules(*PLACES)}
    assert {name: told for name, told in first.items() if not told.endswith((".", ".)", "…"))} == {}


# -- layers --------------------------------------------------------------------------------------------------


def test_an_arrow_never_points_back_up() -> None:
    for at, layer in enumerate(LAYERS):
        above = {named(path): ours(path) - set(LAYERS[: at + 1]) for path in modules(CODE / layer)}
        assert {name: wrong for name, wrong in above.items() if wrong} == {}


def test_everything_has_a_layer() -> None:
    assert {path.relative_to(CODE).parts[0].removesuffix(".py") for path in modules(CODE)} <= {
        *LAYERS,
        *TOP,
        "__init__",
    }


def test_the_core_knows_no_plugin() -> None:
    assert [named(path) for path in modules(CODE) if any(one.startswith("hemicycle_") for one in imports(path))] == []


@pytest.mark.parametrize("folder", [*PACKAGES, EXAMPLE], ids=named)
def test_a_plugin_imports_the_facade_and_what_it_requires(folder: Path) -> None:
    known = {folder.name, *(f"hemicycle_{name}" for name in _required(folder))}
    for path in modules(folder):
        assert ours(path) <= {"api"}, named(path)
        assert {one.split(".")[0] for one in imports(path) if one.startswith("hemicycle_")} <= known, named(path)


def test_nothing_is_imported_by_the_name_of_its_folder() -> None:
    """`core.hemicycle` would be a second copy of every table."""
    wrong = ("core", "plugins", "schema", "examples")
    assert [named(path) for path in modules(*PLACES) if any(one.split(".")[0] in wrong for one in imports(path))] == []


@pytest.mark.parametrize("folder", [*MODULES, *WITH_TABLES], ids=named)
def test_rules_know_no_api_and_models_no_rules(folder: Path) -> None:
    base = CODE.parent if CODE in folder.parents else WITH_TABLES[folder].parent
    package = ".".join(folder.relative_to(base).parts)
    for name, above in (("models.py", ("rules", "graphql")), ("rules.py", ("graphql",))):
        if (folder / name).exists():
            wrong = tuple(f"{package}.{one}" for one in above)
            assert not [one for one in imports(folder / name) if one in wrong or one.rpartition(".")[0] in wrong]


def _required(folder: Path) -> list[str]:
    describe = getattr(importlib.import_module(folder.name), "describe_plugin", None) if folder != EXAMPLE else None
    return list(describe().requires) if describe else []


# -- names ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", [*MODULES, *PACKAGES, EXAMPLE], ids=named)
def test_no_module_is_called_like_a_hook(folder: Path) -> None:
    """A hook would be overwritten without a word when such a module is imported."""
    assert not {path.stem for path in folder.iterdir()} & HOOKS


@pytest.mark.parametrize("folder", [*MODULES, *WITH_TABLES], ids=named)
def test_what_has_tables_has_the_same_files(folder: Path) -> None:
    """Be it a plugin, or one of the modules that a big plugin is divided into."""
    files = {path.name for path in folder.iterdir()}
    assert {"__init__.py", "models.py", "rules.py", "graphql.py", "samples.py"} <= files
    assert folder in MODULES or list((WITH_TABLES[folder] / "migrations" / "versions").glob("*_0001*.py"))


@pytest.mark.parametrize("folder", PACKAGES, ids=named)
def test_a_plugin_has_a_readme_and_is_found_by_an_entry_point(folder: Path) -> None:
    assert (folder / "README.md").exists()
    entries = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]["hemicycle"]
    assert entries[folder.name.removeprefix("hemicycle_")] == folder.name


@pytest.mark.parametrize("folder", [CODE, *PACKAGES], ids=named)
def test_tables_carry_the_name_of_their_owner(folder: Path) -> None:
    for path in folder.rglob("models.py"):
        importlib.import_module(".".join(path.relative_to(folder.parent).with_suffix("").parts))
    prefix = f"{CORE}_" if folder == CODE else f"{folder.name.removeprefix('hemicycle_')}_"
    mine = [one for one in SQLModel.__subclasses__() if one.__module__.split(".")[0] == folder.name]
    assert bool(mine) == any(folder.rglob("models.py"))
    tables = {one.__name__: table_of(one).name for one in mine if hasattr(one, "__table__")}
    assert {name: table for name, table in tables.items() if not table.startswith(prefix)} == {}


def test_no_row_goes_because_one_of_another_owner_goes() -> None:
    names = {CORE, *(folder.name.removeprefix("hemicycle_") for folder in PACKAGES)}
    for table in SQLModel.metadata.sorted_tables:
        mine = owner_of(table.name, names)
        for key in table.foreign_keys if mine else ():
            there = owner_of(key.column.table.name, names)
            assert key.ondelete is None or there == mine, f"{table.name}: {key}: rows of {mine} go without a word"
            assert there in (CORE, mine), f"{table.name}: {key} leads to a plugin that may not be there"


def test_a_hook_is_a_verb_with_a_sentence() -> None:
    verbs = ("describe_", "extend_", "declare_", "add_", "provide_", "identify_", "start_", "shut_", "settle_")
    assert [hook for hook in HOOKS if not hook.startswith(verbs)] == []
    assert [hook for hook in HOOKS if not inspect.getdoc(getattr(hookspecs, hook))] == []


def test_what_plugins_may_import_says_what_it_is() -> None:
    known = {name: getattr(api, name) for name in api.__all__}
    assert [name for name, one in known.items() if inspect.isfunction(one) and not one.__doc__] == []
    classes = {name: one for name, one in known.items() if inspect.isclass(one)}
    assert [name for name, one in classes.items() if not (one.__doc__ or _told_in_graphql(one))] == []


def _told_in_graphql(one: type) -> bool:
    return bool(getattr(getattr(one, "__strawberry_definition__", None), "description", None))


# -- migrations ----------------------------------------------------------------------------------------------

VERSIONS = sorted(path for folder in (CODE, PLUGINS, EXAMPLE) for path in folder.rglob("versions/*.py"))


@pytest.mark.parametrize("path", VERSIONS, ids=named)
def test_a_migration_stands_alone(path: Path) -> None:
    """It imports no model, can be undone, has an id that one can read, and leaves the tables of others alone."""
    owner = CORE if CODE in path.parents else path.parents[2].name.removeprefix("hemicycle_")
    words = "hemicycle.kernel.search.ddl"  # statements as text: no model
    assert {one for one in imports(path) if one.split(".")[0] not in ("sqlalchemy", "alembic")} <= {words}
    functions = {node.name: node for node in tree(path).body if isinstance(node, ast.FunctionDef)}
    assert not isinstance(functions["upgrade"].body[-1], ast.Pass)
    assert not isinstance(functions["downgrade"].body[-1], ast.Pass)
    assert re.search(rf'^revision = "{owner}_\d{{4}}"$', path.read_text("utf-8"), re.MULTILINE)
    named_first = [
        one.value
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "op"
        for one in node.args[:2]
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]
    assert named_first
    assert owner == CORE or not [name for name in named_first if name.startswith(f"{CORE}_")]


# -- what costs too much -------------------------------------------------------------------------------------


def _fetches(node: ast.AST, inside: str = "") -> Iterator[str]:
    """The class around each call of a function that reads objects."""
    for child in ast.iter_child_nodes(node):
        where = child.name if isinstance(child, ast.ClassDef) else inside
        if isinstance(child, ast.Call) and ast.unparse(child.func).startswith("fetch"):
            yield inside
        yield from _fetches(child, where)


def test_only_the_roots_read_objects_by_hand() -> None:
    """Below them it would be one statement for each row. (What a mutation answers with a secret comes once.)"""
    looked_at = [
        path for path in EVERY if CODE / "kernel" / "graphql" not in path.parents and path.name != "answers.py"
    ]
    found = {named(path): set(_fetches(tree(path))) - {"Query", "OnQuery"} for path in looked_at}
    assert {name: where for name, where in found.items() if where} == {}


# -- what is never written down here -------------------------------------------------------------------------

HOSTS = [".".join(one) for one in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"))]
PATHS = ["/" + one + "/" for one in ("work", "root", "home/[a-z]+")]
WORDS = ["TO" + "DO", "FIX" + "ME", "XX" + "X"]


def _texts() -> list[Path]:
    every = [path for folder in PLACES for path in folder.rglob("*")]
    every += list(ROOT.iterdir())
    return sorted(path for path in every if path.is_file() and path.suffix in TEXTS)


def test_no_host_no_path_of_a_machine_and_nothing_left_to_do() -> None:
    pattern = re.compile("|".join([*map(re.escape, HOSTS), *PATHS, *(rf"\b{word}\b" for word in WORDS)]))
    found = [
        f"{named(path)}:{number}: {line.strip()[:100]}"
        for path in _texts()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


def test_no_test_is_left_out() -> None:
    pattern = re.compile(
        "|".join(["mark." + "skip", r"pytest\.ski" + r"p\b(?!\.Exception)", "importor" + "skip", "mark." + "xfail"])
    )
    tests = modules(ROOT / "tests", EXAMPLE.parent)
    assert [named(path) for path in tests if pattern.search(path.read_text("utf-8"))] == []
