"""`hemicycle plugin new`: write a plugin that works, to start from."""

import importlib.metadata
import keyword
import re
import shutil
import tempfile
from pathlib import Path
from string import Template
from typing import Annotated

import typer

from hemicycle import __version__
from hemicycle.app import CORE
from hemicycle.kernel.db import owners
from hemicycle.kernel.errors import StartupError
from hemicycle.kernel.plugins import GROUP
from hemicycle.running import console

app = typer.Typer(help="Write plugins.", no_args_is_help=True)

TEMPLATE = Path(__file__).parent / "plugin_template"
SUFFIX = ".template"
LONGEST = 20  # characters: names of constraints are made of it, and PostgreSQL cuts them at 63
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z][a-z0-9]*)*")


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="What the settings will call it, as `city_walks`.")],
    folder: Annotated[Path, typer.Option(help="Where its own folder is made.")] = Path(),
) -> None:
    """Write a working plugin: a table, a field, a filter, a mutation, a subscription, and tests that pass."""
    target = write(name, folder)
    console.print(f"Wrote {target}. Next, in that folder:\n"
                  "  pip install -e '.[test]'   into the environment where hemicycle is\n"
                  "  pytest                     on SQLite and PostgreSQL, the conformance kit included\n"
                  "Its README says where to look.", highlight=False, markup=False, soft_wrap=True)  # fmt: skip


@app.callback()
def _group() -> None:
    """Write plugins."""


def write(name: str, folder: Path) -> Path:
    """Write the plugin `name` into a new folder below `folder`, and return it. StartupError if that cannot be."""
    _check(name)
    target = folder / f"hemicycle_{name}"
    if target.exists():
        raise StartupError(f"{target} is there already: remove it, or take another name or --folder.")
    folder.mkdir(parents=True, exist_ok=True)
    words = [word.capitalize() for word in name.split("_")]
    known = {
        "name": name,
        "Name": "".join(words),
        "camel": words[0].lower() + "".join(words[1:]),
        "dashed": name.replace("_", "-"),
        "version": __version__,
    }
    with tempfile.TemporaryDirectory(dir=folder) as unfinished:  # all of it appears at once, or nothing
        for source in sorted(TEMPLATE.rglob(f"*{SUFFIX}")):
            path = source.relative_to(TEMPLATE).as_posix().removesuffix(SUFFIX)
            path = path.replace("package", f"hemicycle_{name}", 1).replace("NAME", name)
            made = Path(unfinished, "plugin", path)
            made.parent.mkdir(parents=True, exist_ok=True)
            made.write_text(Template(source.read_text("utf-8")).substitute(known), "utf-8")
        shutil.move(Path(unfinished, "plugin"), target)
    return target


def _check(name: str) -> None:
    if not NAME.fullmatch(name) or keyword.iskeyword(name) or len(name) > LONGEST:
        raise StartupError(
            f"{name!r} cannot be the name of a plugin: take {LONGEST} small letters, digits and single underscores at "
            "most, as `city_walks`."
        )
    modules = [owners.CORE, *(module.__name__.rpartition(".")[2] for module in CORE)]
    taken = [*modules, *(entry.name for entry in importlib.metadata.entry_points(group=GROUP))]
    if name in taken:
        raise StartupError(f"There is a module or a plugin {name} already: take another name.")
