"""Prove that every check is needed: remove them one by one, and see a test turn red each time.

    python -m tests.weaken                     all of it (some hours)
    python -m tests.weaken --only spaces       one module
    python -m tests.weaken --list              what would be removed

It works on a copy of the repository, on SQLite. It ends with 1 if something could be removed unnoticed.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.weaken.runs import Verdict, verdicts
from tests.weaken.sites import Weakening, weakenings
from tests.weaken.targets import KNOWN_TO_BE_HARMLESS, TARGETS

ROOT = Path(__file__).parents[2]
COPIED = ("core", "plugins", "tests", "examples", "schema", "benchmarks", "docs", "pyproject.toml")


def main() -> int:
    """Print one line for each check, and what survives at the end."""
    parser = argparse.ArgumentParser(prog="python -m tests.weaken", description=__doc__.partition("\n")[0])
    parser.add_argument("--only", nargs="+", choices=TARGETS, default=list(TARGETS), help="these modules")
    parser.add_argument("--file", help="only files whose name ends so, as `roles.py`")
    parser.add_argument("--skip", type=int, default=0, help="not the first so many of each module: to go on later")
    parser.add_argument("--list", action="store_true", help="only say what would be removed")
    parser.add_argument("--jobs", type=int, default=2, help="how many at the same time")
    given = parser.parse_args()
    survivors = []
    for name in given.only:
        found = [one for one in _of(name) if one.path.name.endswith(given.file or "")]
        print(f"\n{name}: {len(found)} checks", flush=True)
        found = found[given.skip :]
        if given.list:
            for one in found:
                print(f"  {one}")
            continue
        with _copy() as tree:
            for verdict in verdicts(tree, found, TARGETS[name], given.jobs):
                print(f"  {_told(verdict)}", flush=True)
                if not verdict.red and verdict.of.name not in KNOWN_TO_BE_HARMLESS:
                    survivors.append(verdict.of)
    if survivors:
        print("\nNo test misses these checks. Write one for each:")
        for one in survivors:
            print(f"  {one}")
    return 1 if survivors else 0


def _of(name: str) -> Iterator[Weakening]:
    for path in TARGETS[name].files:
        yield from weakenings(ROOT, Path(path))


def _told(verdict: Verdict) -> str:
    harmless = KNOWN_TO_BE_HARMLESS.get(verdict.of.name)
    red = verdict.red or (f"harmless: {harmless}" if harmless else "SURVIVES")
    return f"{verdict.of!s:<110} {red}"


@contextmanager
def _copy() -> Iterator[Path]:
    """A copy of what the tests need, so that others may go on working in the repository."""
    with tempfile.TemporaryDirectory() as folder:
        for name in COPIED:
            source = ROOT / name
            copy = shutil.copytree if source.is_dir() else shutil.copy
            copy(source, Path(folder) / name)
        yield Path(folder)


if __name__ == "__main__":
    sys.exit(main())
