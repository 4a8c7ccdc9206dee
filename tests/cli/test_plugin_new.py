"""`hemicycle plugin new` writes a plugin that works, or nothing."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from hemicycle.cli.plugin import TEMPLATE, new, write
from hemicycle.kernel.errors import StartupError


def test_it_does_what_its_readme_says_once_it_is_installed(
    tmp_path: Path, build_wheel: Callable[[Path], Path], environment: Callable[..., Any]
) -> None:
    """It passes its tests; an instance makes its table; and its migration is what `db revision` writes."""
    made = write("reading_lists", tmp_path / "plugins", "list_entry")
    installed = environment(build_wheel(made))
    # On SQLite alone: PostgreSQL takes as long again, and `plugin_hello`, which began as this, is tested there.
    said = installed.run("-m", "pytest", "-q", "-W", "error", "-k", "not postgresql", folder=made)
    assert "passed" in said
    assert "skipped" not in said

    def hemicycle(*arguments: str) -> str:
        told: str = installed.run(str(installed.folder / "bin" / "hemicycle"), *arguments, folder=instance)
        return told

    (instance := tmp_path / "my-instance").mkdir()
    hemicycle("init", ".")
    settings = instance / "hemicycle.toml"
    settings.write_text(settings.read_text().replace("plugins = [", 'plugins = ["reading_lists", '))
    assert "reading_lists: nothing → reading_lists_0001" in hemicycle("db", "upgrade")
    (first,) = installed.folder.rglob("reading_lists_0001_first_tables.py")
    before = first.read_text()
    first.unlink()
    assert str(first) in hemicycle("db", "revision", "reading_lists", "First tables")
    assert first.read_text().splitlines() == before.splitlines()
    assert "Dropped reading_lists_alembic_version, reading_lists_list_entry." in hemicycle(
        "db", "purge", "reading_lists", "--yes"
    )


def test_the_command_says_what_comes_next(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new("diary", tmp_path)
    said = capsys.readouterr()
    assert said.out == ""
    assert "pip install -e '.[test]'" in said.err
    assert str(tmp_path / "hemicycle_diary") in said.err


HOUSE = str(Path(__file__).parents[2] / "pyproject.toml")
NAMES = [("diary", ""), ("x" * 20, ""), ("reading_lists", "list_entry"), ("x", "y" * 20)]


@pytest.mark.parametrize(("name", "noun"), NAMES)
def test_it_is_written_in_the_style_of_the_house(tmp_path: Path, name: str, noun: str) -> None:
    made = write(name, tmp_path, noun)
    for command in (["check"], ["check", "--config", HOUSE], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, made], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout


def test_its_types_are_right(tmp_path: Path) -> None:
    folders = [str(write(name, tmp_path, noun) / f"hemicycle_{name}") for name, noun in NAMES]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", *folders], capture_output=True, text=True, check=False, cwd=tmp_path
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_the_template_is_in_the_wheel(hemicycle_wheel: Path) -> None:
    inside = {name for name in ZipFile(hemicycle_wheel).namelist() if "/plugin_template/" in name}
    here = {f"hemicycle/cli/plugin_template/{path.relative_to(TEMPLATE)}" for path in TEMPLATE.rglob("*.template")}
    assert inside == here
    assert len(here) > 8


def test_nothing_of_the_template_is_left(tmp_path: Path) -> None:
    made = write("city_diary", tmp_path)
    for path in made.rglob("*"):
        assert not path.name.endswith(".template")
        assert "NAME" not in path.name
        assert not path.is_file() or "${" not in path.read_text("utf-8")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["hemicycle_city_diary"]


@pytest.mark.parametrize("name", ["Diary", "1st", "city-diary", "_x", "a__b", "x_", "class", "x" * 21, "", "é", "a b"])
def test_a_name_that_cannot_be_one_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(StartupError, match="take 20 small letters, digits and single underscores"):
        write(name, tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("noun", "told"), [("Entry", "'Entry' cannot be the name of an object"), ("y" * 20, "24")])
def test_an_object_that_cannot_be_one_is_refused(tmp_path: Path, noun: str, told: str) -> None:
    with pytest.raises(StartupError, match=told):
        write("diary", tmp_path, noun)
    assert not list(tmp_path.iterdir())


def test_its_words_are_those_of_its_object(tmp_path: Path) -> None:
    made = write("reading_lists", tmp_path, "list_entry") / "hemicycle_reading_lists"
    hooks, types = ((made / name).read_text("utf-8") for name in ("__init__.py", "graphql.py"))
    assert 'PluginInfo("Reading lists", "Participants leave list entries on contributions.")' in hooks
    assert "list_entries: Connection[ListEntry] = connection(" in types
    assert "add_list_entry: ListEntry = mutation(" in types
    assert '__tablename__ = "reading_lists_list_entry"' in (made / "models.py").read_text("utf-8")
    plain = write("idea_box", tmp_path) / "hemicycle_idea_box"
    assert "class IdeaBoxNote(Node):" in (plain / "graphql.py").read_text("utf-8")
    assert '__tablename__ = "idea_box_note"' in (plain / "models.py").read_text("utf-8")


@pytest.mark.parametrize("name", ["core", "spaces", "identity", "votes"])
def test_a_name_that_is_taken_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(StartupError, match=f"a plugin {name} already: take another name"):
        write(name, tmp_path)


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    made = write("diary", tmp_path)
    (made / "README.md").write_text("Mine.")
    with pytest.raises(StartupError, match="is there already"):
        write("diary", tmp_path)
    assert (made / "README.md").read_text() == "Mine."
