"""The picture of each family of methods: well formed, told in words, and it shows what the result says."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner

from hemicycle.api import StartupError
from hemicycle_votes.commands import app
from hemicycle_votes.counting import Budget, Grades, Method, Options, Project, Rankings, count
from hemicycle_votes.pictures import draw

RANKED = Rankings(("Ana", "<Bo & Co>", "C" * 60), {((0,), (1,)): 4, ((1,), (2,)): 3, ((2,), (1,)): 2})
GRADED = Grades(("Ana", "Bo"), {(1, -1): 2, (None, 1): 1}, -1, 1)
BUDGET = Budget((Project("p", "Park", 7), Project("q", "Quay", 5)), 10, {((0, 2),): 1, ((1, 1),): 2})
SVG = "{http://www.w3.org/2000/svg}"


def drawn(svg: str) -> tuple[list[str], list[str]]:
    """The words in a drawing, and what is told over its shapes."""
    root = ET.fromstring(svg)  # noqa: S314 - our own
    assert root.get("role") == "img"
    assert root.find(f"{SVG}desc") is not None
    words = [one.text or "" for one in root.iter(f"{SVG}text")]
    return words, [one.text or "" for one in root.iter(f"{SVG}title")]


@pytest.mark.parametrize(
    ("profile", "method", "seats", "words", "told"),
    [
        (RANKED, Method.PLURALITY, 1, "4 ✓", "<Bo & Co>: 3"),
        (RANKED, Method.IRV, 1, "<Bo & Co> ✓", "<Bo & Co>, 2: 5"),
        (RANKED, Method.STV, 2, "Not counted any more", "Ana, 1: 4"),
        (RANKED, Method.CONDORCET, 1, "5 ✓", "<Bo & Co> – Ana: 5 – 4"),
        (RANKED, Method.SCHULZE, 1, "7 ✓", f"<Bo & Co> – {'C' * 60}: 7 – 2"),
        (GRADED, Method.QUADRATIC, 1, "2 ✓", "Bo: -1"),
        (GRADED, Method.MAJORITY_JUDGMENT, 1, "Ana ✓", "Ana, 1: 2"),
        (BUDGET, Method.GREEDY, 1, "5 / 10", "5 / 10"),
        (BUDGET, Method.EQUAL_SHARES, 1, "5 ✓", "p Park: 7"),
    ],
)
def test_a_picture(profile: Rankings | Grades | Budget, method: Method, seats: int, words: str, told: str) -> None:
    result = count(profile, method, Options(seats))
    shown, over = drawn(draw(result))
    assert shown[0] == f"{method.value}: {result.ballots} ballots"
    assert words in shown
    assert told in over


def test_a_long_name_is_cut_and_told_in_full() -> None:
    shown, over = drawn(draw(count(RANKED, Method.PLURALITY)))
    assert "C" * 20 + "…" + "C" * 6 in shown
    assert "C" * 60 in over


def test_names_too_long_for_their_columns_are_numbered_in_a_table_of_duels() -> None:
    shown, _ = drawn(draw(count(RANKED, Method.SCHULZE)))
    assert shown[1:5] == ["1", "2", "3", "1. <Bo & Co>"]
    short, _ = drawn(draw(count(Rankings(("Ana", "Bo"), {((0,), (1,)): 1}), Method.SCHULZE)))
    assert short[1:4] == ["Ana", "Bo", "Ana"]


def test_nobody_voted() -> None:
    for method in (Method.PLURALITY, Method.IRV, Method.SCHULZE):
        shown, _ = drawn(draw(count(Rankings(("A", "B"), {}), method)))
        assert shown[0].endswith(": 0 ballots")


def test_the_command_draws_into_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("A,B\n1,0\n")
    said = ["tally", str(tmp_path / "a.csv"), "--method", "approval", "--svg"]
    assert CliRunner().invoke(app, [*said, str(tmp_path / "a.svg")]).exit_code == 0
    assert "1 ✓" in drawn((tmp_path / "a.svg").read_text("utf-8"))[0]
    done = CliRunner().invoke(app, [*said, str(tmp_path / "no" / "a.svg")])
    assert isinstance(done.exception, StartupError)
    assert "cannot be written: No such file" in str(done.exception)
    assert done.stdout == ""
