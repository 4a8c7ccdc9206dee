"""The examples of the page on counting say what the command prints."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hemicycle_votes.commands import app
from hemicycle_votes.counting import Method

PAGE = (Path(__file__).parents[4] / "docs" / "counting.md").read_text("utf-8")
FILES = dict(re.findall(r"^`([\w.]+)`:\n\n```\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
EXAMPLES = re.findall(r"^```console\n\$ hemicycle votes (.*?)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("command", "printed"), EXAMPLES)
def test_an_example(command: str, printed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        Path(name).write_text(text, "utf-8")
    assert CliRunner().invoke(app, shlex.split(command)).stdout == printed


def test_every_method_has_an_example() -> None:
    assert {command.split("--method ")[1].split()[0] for command, _ in EXAMPLES} == {one.value for one in Method}
