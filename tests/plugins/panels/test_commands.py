"""What a person types to draw and to verify, and what they are told."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from hemicycle_panels import add_commands, describe_plugin
from hemicycle_panels.commands import app

QUOTAS = "category,feature,min,max\nage,young,1,2\nage,old,1,2\n"
PEOPLE = "age\n" + "young\n" * 4 + "old\n" * 8


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "categories.csv").write_text(QUOTAS)
    (tmp_path / "respondents.csv").write_text(PEOPLE)
    return tmp_path


def _draw(files: Path, *more: str, size: int = 3) -> Result:
    given = ["--quotas", str(files / "categories.csv"), "--pool", str(files / "respondents.csv"), "--size", str(size)]
    return CliRunner().invoke(app, ["draw", *given, *more])


def test_the_plugin_answers_its_hooks() -> None:
    assert describe_plugin().label == "Panels"
    assert [commands.name for commands in add_commands()] == ["panels"]


def test_a_draw_tells_what_it_did(files: Path) -> None:
    told = json.loads(_draw(files, "--balls", "123", "--json").stdout)
    assert told["algorithm"] == "leximin"
    assert (told["panel_size"], told["pool_size"], told["lottery_size"]) == (3, 12, 1000)
    assert (told["min_probability"], told["max_probability"]) == pytest.approx((0.25, 0.25), abs=1e-6)
    assert told["certificate_gap"] <= 1e-6
    assert told["gini"] == pytest.approx(0, abs=1e-6)
    assert told["seconds"] > 0
    assert len(set(told["panel"])) == 3
    assert 1 <= sum(id_ <= 4 for id_ in told["panel"]) <= 2


def test_the_same_number_draws_the_same_panel_and_others_draw_others(files: Path) -> None:
    panels = [json.loads(_draw(files, "--balls", balls, "--json").stdout)["panel"] for balls in ("7", "7", "8", "9")]
    assert panels[0] == panels[1]
    assert len({tuple(panel) for panel in panels}) > 1


def test_the_computer_draws_where_no_number_is_given(files: Path) -> None:
    told = json.loads(_draw(files, "--json").stdout)
    again = json.loads(_draw(files, "--balls", told["balls"], "--json").stdout)
    assert again["panel"] == told["panel"]


def test_maximin_and_the_size_of_the_lottery_are_choices(files: Path) -> None:
    told = json.loads(_draw(files, "--algorithm", "maximin", "--lottery", "40", "--json").stdout)
    assert (told["algorithm"], told["lottery_size"]) == ("maximin", 40)


def test_probabilities_are_written_for_each_person(files: Path) -> None:
    _draw(files, "--probabilities", str(files / "chances.csv"))
    rows = list(csv.reader((files / "chances.csv").read_text().splitlines()))
    assert rows[0] == ["id", "probability"]
    assert [row[0] for row in rows[1:]] == [str(number) for number in range(1, 13)]
    assert [float(row[1]) for row in rows[1:]] == pytest.approx([0.25] * 12, abs=1e-6)


def test_quotas_that_cannot_be_kept_are_said(files: Path) -> None:
    result = _draw(files, size=5)
    assert result.exit_code == 1
    assert "no panel keeps all quotas; the smallest change that helps: age = " in result.stderr


@pytest.mark.parametrize("package", ["highspy", "numpy"])
def test_without_the_extra_it_says_which_to_install(files: Path, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("hemicycle_panels.lottery")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    result = _draw(files)
    assert result.exit_code == 1
    assert f"the lottery needs {package}: pip install 'hemicycle[panels]'" in result.stderr


def test_without_the_extra_signatures_say_which_to_install(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("hemicycle_panels.transcript")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)
    for result in (
        _draw(files, f"--out={files / 'transcript.jsonl'}"),
        CliRunner().invoke(app, ["verify", str(files / "transcript.jsonl")]),
    ):
        assert result.exit_code == 1
        assert "signatures need cryptography.exceptions: pip install 'hemicycle[panels]'" in result.stderr
    assert not (files / "transcript.jsonl").exists()


def test_the_plugin_loads_without_the_extra() -> None:
    hidden = "import sys; sys.modules.update(dict.fromkeys(['numpy', 'highspy', 'cryptography'])); "
    code = hidden + "import hemicycle_panels; print(hemicycle_panels.add_commands()[0].name)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "panels\n"
