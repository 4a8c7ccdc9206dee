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
LONGEST = 20  # characters
LONGEST_BOTH = 24  # with the object: names of constraints are made of both, and PostgreSQL cuts them at 63
NOUN = "note"
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z][a-z0-9]*)*")


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="What the settings will call it, as `city_walks`.")],
    folder: Annotated[Path, typer.Option(help="Where its own folder is made.")] = Path(),
    noun: Annotated[str, typer.Option("--object", help="What a row of its table is, as `reading_list`.")] = "",
) -> None:
    """Write a working plugin: a table, fields, a filter, a mutation, a subscription, and tests that pass."""
    target = write(name, folder, noun)
    console.print(f"Wrote {target}. Next, in that folder:\n"
                  "  pip install -e '.[test]'   into the environment where hemicycle is\n"
                  "  pytest                     on SQLite and PostgreSQL, the conformance kit included\n"
                  "Its README says where to look.", highlight=False, markup=False, soft_wrap=True)  # fmt: skip


@app.callback()
def _group() -> None:
    """Write plugins."""


def write(name: str, folder: Path, noun: str = "") -> Path:
    """Write the plugin `name` into a new folder below `folder`, and return it. StartupError if that cannot be."""
    _check(name, noun or NOUN)
    target = folder / f"hemicycle_{name}"
    if target.exists():
        raise StartupError(f"{target} is there already: remove it, or take another name or --folder.")
    folder.mkdir(parents=True, exist_ok=True)
    known = _words(name, noun or NOUN, prefix="" if noun else f"{name}_")
    with tempfile.TemporaryDirectory(dir=folder) as unfinished:  # all of it appears at once, or nothing
        for source in sorted(TEMPLATE.rglob(f"*{SUFFIX}")):
            path = source.relative_to(TEMPLATE).as_posix().removesuffix(SUFFIX)
            path = path.replace("package", f"hemicycle_{name}", 1).replace("NAME", name)
            made = Path(unfinished, "plugin", path)
            made.parent.mkdir(parents=True, exist_ok=True)
            made.write_text(Template(source.read_text("utf-8")).substitute(known), "utf-8")
        shutil.move(Path(unfinished, "plugin"), target)
    return target


def _words(name: str, noun: str, prefix: str) -> dict[str, str]:
    """What the template says. prefix: of its names in the API, where all plugins meet."""
    word, many = noun.replace("_", " "), _many(noun)
    return {
        "name": name,
        "label": name.replace("_", " ").capitalize(),
        "dashed": name.replace("_", "-"),
        "version": __version__,
        "table": f"{name}_{noun}",
        "Row": _camel(noun),
        "Type": _camel(prefix + noun),
        "field": prefix + noun,
        "fields": prefix + many,
        "camel": _camel(prefix + noun, first=False),
        "camels": _camel(prefix + many, first=False),
        "a_word": f"{'an' if word[0] in 'aeiou' else 'a'} {word}",
        "words_many": many.replace("_", " "),
    }


def _many(noun: str) -> str:
    if noun.endswith("y") and noun[-2:-1] not in ("a", "e", "o", "u"):
        return f"{noun[:-1]}ies"
    return f"{noun}{'es' if noun.endswith(('s', 'x', 'z', 'ch', 'sh')) else 's'}"


def _camel(name: str, *, first: bool = True) -> str:
    joined = "".join(word.capitalize() for word in name.split("_"))
    return joined if first else joined[0].lower() + joined[1:]


def _check(name: str, noun: str) -> None:
    for one, what in ((name, "the name of a plugin"), (noun, "the name of an object")):
        if not NAME.fullmatch(one) or keyword.iskeyword(one) or len(one) > LONGEST:
            raise StartupError(
                f"{one!r} cannot be {what}: take {LONGEST} small letters, digits and single underscores at most, as "
                "`city_walks`."
            )
    if len(name) + len(noun) > LONGEST_BOTH:
        raise StartupError(
            f"{name} and {noun} have more than {LONGEST_BOTH} characters together: names of tables would be too "
            "long. Shorten one."
        )
    modules = [owners.CORE, *(module.__name__.rpartition(".")[2] for module in CORE)]
    taken = [*modules, *(entry.name for entry in importlib.metadata.entry_points(group=GROUP))]
    if name in taken:
        raise StartupError(f"There is a module or a plugin {name} already: take another name.")
