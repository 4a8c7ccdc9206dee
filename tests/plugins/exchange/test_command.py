"""`hemicycle import jsonl`, as a person or a program calls it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.plugins.exchange.conftest import ANSWER, IDEA, MAPPING, Write
from tests.plugins.exchange.decidim import comment, debate, proposal
from tests.plugins.exchange.decidim import write as table


class Instance:
    """An instance in a folder, and the command in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def call(self, *arguments: str, code: int = 0) -> tuple[str, str]:
        """Standard output and standard error of `hemicycle …`, which must end with this code."""
        command = [sys.executable, "-c", "from hemicycle.cli import main; main()", *arguments]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout, done.stderr

    def bring(self, path: Path, *arguments: str, code: int = 0) -> tuple[str, str]:
        given = ("--mapping", "mapping.yaml", "--space", "old-debate", *arguments)
        return self.call("import", "jsonl", str(path), *given, code=code)


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Instance:
    instance = Instance(tmp_path_factory.mktemp("instance"))
    (instance.folder / "mapping.yaml").write_text(yaml.safe_dump(MAPPING))
    (instance.folder / "hemicycle.toml").write_text('plugins = ["exchange"]\n')
    instance.call("db", "upgrade")
    return instance


def test_a_file_is_imported_once(instance: Instance, write: Write) -> None:
    """First tried, then done, then done again; each time one JSON object on standard output."""
    path = write(IDEA | {"votes": 3}, ANSWER | {"note": "x"})
    told: list[Any] = []
    for more in (["--dry-run"], [], []):
        output, _ = instance.bring(path, "--create-space", "--json", *more)
        (line,) = output.splitlines()
        told.append(json.loads(line))
    assert [(one["dry_run"], one["created"], one["unchanged"]) for one in told] == [
        (True, 2, 0), (False, 2, 0), (False, 0, 2),
    ]  # fmt: skip
    assert told[0]["lost"] == [
        {"field": "note", "count": 1, "known": False}, {"field": "votes", "count": 1, "known": True},
    ]  # fmt: skip


def test_wrong_lines_are_told_and_nothing_is_imported(instance: Instance, write: Write) -> None:
    path = write("{", IDEA | {"id": "w1"}, IDEA | {"id": "w1"}, IDEA | {"id": "w2", "side": "maybe"})
    output, _ = instance.bring(path, "--create-space", "--json", code=1)
    told = json.loads(output)
    assert (told["created"], [one["line"] for one in told["refused"]]) == (0, [1, 4])
    assert told["duplicates"] == [{"line": 3, "first": 2, "id": "w1"}]
    output, errors = instance.bring(path, "--create-space", code=1)
    assert output == ""
    assert "line 1: It is not JSON" in errors
    assert "line 3: its id w1 came before, in line 2" in errors
    assert "3 of 4 lines are wrong. Nothing was imported: mend them first." in errors


def test_a_person_reads_what_was_left_behind(instance: Instance, write: Write) -> None:
    lines = [IDEA | {"id": f"p{at}", "votes": 0, "note": "x"} for at in range(3)]
    _, errors = instance.bring(write(*lines), "--create-space")
    assert "3 imported into old-debate, 0 known before" in errors
    assert "not kept: note, in 3 lines (the mapping does not know it)" in errors
    assert "not kept: votes, empty everywhere" in errors
    assert "the mapping names what no line has: answers, side, themes" in errors


def test_of_many_wrong_lines_the_first_are_told(instance: Instance, write: Write) -> None:
    _, errors = instance.bring(write(*["{"] * 25), "--create-space", code=1)
    assert errors.count("It is not JSON") == 20
    assert "… and 5 more; --json has them all" in errors


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere.jsonl", "--mapping", "mapping.yaml", "--space", "root"], "nowhere.jsonl: it cannot be read"),
        (["mapping.yaml", "--mapping", "nowhere.yaml", "--space", "root"], "nowhere.yaml: the mapping cannot be read"),
        (["mapping.yaml", "--mapping", "mapping.yaml", "--space", "none"], "There is no space none: name another one"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(instance: Instance, arguments: list[str], told: str) -> None:
    _, errors = instance.call("import", "jsonl", *arguments, code=1)
    assert errors.strip().splitlines()[-1].startswith("hemicycle: ")
    assert told in errors
    assert "Traceback" not in errors


def test_decidim_comes_in_and_open_data_leaves(instance: Instance, tmp_path: Path) -> None:
    """The commands of docs/exchange.md; each tells a person, and a program."""
    said = table(tmp_path, "comments.csv", comment(1, "Debates::Debate 23"), comment(2, "Debates::Debate 99"))
    held = table(tmp_path, "debates.csv", debate(23))
    asked = table(tmp_path, "proposals.csv", proposal(4, body=""))
    where = ("--space", "grand-debat", "--create-space")
    (none := tmp_path / "none.csv").touch()  # as Decidim exports a component in which there is nothing
    _, errors = instance.call("import", "decidim", str(said), str(held), str(asked), str(none), *where, "--dry-run")
    assert "nothing in it: none.csv" in errors
    assert "nothing in it: debates.csv" not in errors
    assert "1 proposals, 1 debates, 1 comments would be kept (this was a dry run) in grand-debat: 3 new" in errors
    assert "lost: comments.csv, line 3, comment/2: lille.example.org: It answers 'debate/99'" in errors
    assert "not kept: proposals.csv, votes, in 1 rows, 2 in all" in errors
    assert "changed: proposals.csv, in 1 rows: it has no text: its title stands for it" in errors
    output, _ = instance.call("import", "decidim", str(said), str(held), str(asked), *where, "--json")
    assert json.loads(output)["kept"] == {"proposals": 1, "debates": 1, "comments": 1}
    output, _ = instance.call("export", "open-data", str(tmp_path / "out"), "--json")
    rows = json.loads(output)["tables"]["contributions"]["rows"]
    assert (tmp_path / "out" / "datapackage.json").exists()
    _, errors = instance.call("import", "open-data", str(tmp_path / "out"), "--dry-run")
    told = (
        f"{rows} contributions would be kept (this was a dry run): 0 new, 0 changed, {rows} known before; 0 new spaces"
    )
    assert told in errors
    _, errors = instance.call("import", "open-data", str(tmp_path), code=1)
    assert "is not what `hemicycle export open-data` writes" in errors
