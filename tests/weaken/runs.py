"""Run tests against a weakened module: each time in a process of its own, forked from one that has it all loaded."""

import importlib.abc
import importlib.machinery
import importlib.util
import multiprocessing
import os
import re
import signal
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.weaken.sites import Weakening
from tests.weaken.targets import MATRIX, Target

LOADED = ("alembic", "aiosqlite", "asyncpg", "markdown_it", "nh3", "sqlmodel", "starlette", "strawberry", "typer")
PATIENCE = 120  # seconds for one test, or five times what it lasts: what hangs is noticed too

ENDS = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED)

Lines = dict[tuple[str, int], set[str]]


@dataclass
class Verdict:
    """The first test that noticed; empty if none did."""

    of: Weakening
    red: str


@dataclass(eq=False)
class Notes:
    """A plugin of pytest: which test failed first; and, if files are given, which tests run which of their lines."""

    files: frozenset[str] = frozenset()
    usual: dict[str, float] = field(default_factory=dict)
    red: str = ""
    lasted: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    lines: Lines = field(default_factory=lambda: defaultdict(set))

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        if not self.files:
            signal.alarm(max(PATIENCE, int(5 * self.usual.get(nodeid, 0))))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.lasted[report.nodeid] += report.duration
        if report.failed and not self.red:
            self.red = report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and not self.red:
            self.red = f"{report.nodeid or 'the start'} (it does not even load)"

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        if not self.files:
            return (yield)

        def note(frame: Any, event: str, argument: Any) -> Any:
            path = frame.f_code.co_filename
            if path not in self.files:
                return None
            if event == "line":
                self.lines[path, frame.f_lineno].add(item.nodeid)
            return note

        sys.settrace(note)
        try:
            return (yield)
        finally:
            sys.settrace(None)


class Weakened(importlib.machinery.SourceFileLoader):
    """Loads a module from another source than its file's."""

    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self.text = source

    def get_code(self, fullname: str) -> Any:
        return compile(self.text, self.path, "exec")


class Finder(importlib.abc.MetaPathFinder):
    """Finds the one module that is weakened, before anyone else finds it."""

    def __init__(self, name: str, path: Path, source: str) -> None:
        self.name, self.path, self.source = name, path, source

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Any:
        if fullname != self.name:
            return None
        within = [str(self.path.parent)] if self.path.name == "__init__.py" else None
        loader = Weakened(fullname, str(self.path), self.source)
        return importlib.util.spec_from_file_location(
            fullname, self.path, loader=loader, submodule_search_locations=within
        )


def verdicts(tree: Path, found: Sequence[Weakening], target: Target, jobs: int) -> Iterator[Verdict]:
    """The verdict on each, in their order. tree: a copy of the repository."""
    for name in LOADED:
        importlib.import_module(name)
    here, match = [one for one in target.tests if (tree / one).exists()], target.match
    fork = multiprocessing.get_context("fork")
    with fork.Pool(1, maxtasksperchild=1) as pool:
        red, near, lasted = pool.apply(_baseline, (tree, here, match, frozenset(str(tree / one.path) for one in found)))
    if red:
        raise SystemExit(f"Without weakening anything, {red} is red: mend that first.")
    tasks = [(tree, one, match, _chosen(tree, one, near, lasted, here), lasted) for one in found]
    with fork.Pool(jobs, maxtasksperchild=1) as pool:
        yield from map(Verdict, found, pool.imap(_first_red, tasks))


def _chosen(tree: Path, one: Weakening, near: Lines, lasted: dict[str, float], tests: Sequence[str]) -> list[list[str]]:
    """What to run, one after the other until something is red: what is likely to be, what may be, all the rest.

    tests: the matrix, then the tests of the module, its own ones first.
    """
    path, lines = str(tree / one.path), range(one.line, one.last + 1)
    those = set().union(*(near.get((path, line), set()) for line in lines))
    inside = set().union(*(near.get((path, line), set()) for line in lines[1:]))  # whom a condition lets in
    quick = sorted((it for it in those if not it.startswith(MATRIX)), key=lambda it: (it not in inside, lasted[it]))
    action = re.search(r"[a-z_]+\.[a-z_]+(?=['\"]|:|$)|^[a-z_]+(?=:)", one.told)
    named = [it for it in lasted if it.startswith(MATRIX) and action and f"{action[0]}]" in it]
    sight = [] if one.told.startswith(("refusal", "guard", "authorize")) else [f"{MATRIX}/test_types.py"]
    own = [it for it in quick[4:] if it.startswith(tests[1])][:24]
    steps = named, quick[:4], own, sight, quick[4:12], [MATRIX], quick[12:40], list(tests[1:])
    return [some for some in steps if some]


def _baseline(
    tree: Path, tests: Sequence[str], match: str, files: frozenset[str]
) -> tuple[str, Lines, dict[str, float]]:
    """What fails of itself, who runs which line, and how long each test lasts. (Plain data: it crosses a process.)"""
    notes = Notes(files)
    code = _pytest(tree, tests, match, notes)
    if code not in ENDS:
        raise RuntimeError(f"pytest ends with {code}")
    return notes.red, dict(notes.lines), dict(notes.lasted)


def _first_red(task: tuple[Path, Weakening, str, list[list[str]], dict[str, float]]) -> str:
    tree, one, match, chosen, usual = task
    name = ".".join(one.path.with_suffix("").parts[1:]).removesuffix(".__init__")
    sys.meta_path.insert(0, Finder(name, tree / one.path, one.source(tree)))
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    for tests in chosen:
        notes = Notes(usual=usual)
        code = _pytest(tree, tests, match, notes)
        if code == pytest.ExitCode.INTERRUPTED and not notes.red:
            return "hangs"
        if code not in ENDS and not notes.red:
            raise RuntimeError(f"pytest ends with {code} on {' '.join(tests)}")
        if notes.red:
            return notes.red
    return ""


def _pytest(tree: Path, tests: Sequence[str], match: str, notes: Notes) -> int:
    os.chdir(tree)
    sys.path[:0] = [str(tree / "core"), str(tree / "plugins"), str(tree)]
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "tests" and not (getattr(module, "__file__", None) or "").startswith(str(tree)):
            del sys.modules[name]  # those of the repository: the copy has its own, and loads its tables once
    with open(os.environ.get("WEAKEN_LOG", os.devnull), "a") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    wanted = f"sqlite and ({match})" if match else "sqlite"
    options = ["-q", "-x", "-k", wanted, "--rootdir", str(tree), "--tb=no"]
    options += ["-p", "no:cacheprovider", "-p", "no:unraisableexception"]  # whoever hangs leaves things open
    return pytest.main([*options, *tests], plugins=[notes])
