"""Every command that a page names exists, with the options that it names."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

from hemicycle.cli.main import app, assemble
from hemicycle.kernel.settings import BUNDLED

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
PAGES += [ROOT / "plugins" / f"hemicycle_{name}" / "README.md" for name in BUNDLED]
PAGES += sorted((ROOT / "examples").glob("*/README.md"))
EXAMPLE = "tour"  # the plugin that docs/plugins.md writes


@pytest.fixture(scope="module")
def hemicycle() -> Any:
    """The command line, with the plugins that ship."""
    assemble(["demo"])
    return typer.main.get_command(app)


def named(page: Path) -> list[str]:
    """What stands in `code` or on a line of a ```sh block, and begins with `hemicycle` and a command."""
    text = page.read_text("utf-8")
    lines = [line for block in re.findall(r"^```(?:sh)?\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
             for line in re.split(r"&&|\n", block)]  # fmt: skip
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    found = [one.partition("#")[0].strip() for one in (*lines, *inline)]
    return [one for one in found if re.match(rf"hemicycle (?!{EXAMPLE}\b)[a-z]", one)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.name}")
def test_commands_exist(page: Path, hemicycle: Any) -> None:
    for line in named(page):
        command, (_, *words) = hemicycle, shlex.split(line)
        while hasattr(command, "commands") and words and re.fullmatch(r"[a-z-]+", words[0]):
            assert words[0] in command.commands, f"{page.name}: `{line}`: there is no {words[0]}"
            command = command.commands[words.pop(0)]
        known = {option for one in command.params for option in (*one.opts, *one.secondary_opts)}
        missing = [word for word in words if word.startswith("--") and word.partition("=")[0] not in known]
        assert not missing, f"{page.name}: `{line}`: it has no {missing}"


def test_pages_name_commands() -> None:
    assert len([line for page in PAGES for line in named(page)]) > 30
