"""Files of ballots: what they say, and what is told where one is wrong."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hemicycle.api import StartupError
from hemicycle_votes.commands import app
from hemicycle_votes.counting import Budget, Grades, Method, Project, Rankings, count
from hemicycle_votes.reading import Unreadable, read

TOI = """# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: 6
# ALTERNATIVE NAME 1: Ana
# ALTERNATIVE NAME 2: Bo: the second
# ALTERNATIVE NAME 3: Cy
3: 1,{2,3}
2: 2
1: {2, 3}, 1
"""
OLD = """3
1,Ana
2,"Bo", the second
3,Cy
7,6,3
3,1,{2,3}
2,2
1,{2,3},1
"""
PB = """META
key;value
budget;100
vote_type;{kind}
num_votes;2
PROJECTS
project_id;cost;name
p1;60.5;"Park; and pond"
p2;40;Quay
VOTES
voter_id;vote;points
1;p1,p2;3,1
2;p2;2
"""
CSV = ",Ana,Bo\n1,5,0\n2,5,\n3,2.5,1\n"
BOX = """{"box": "rankings", "candidates": ["Ana", "Bo", "Cy"]}
{"ranking": ["Ana", ["Cy", "Bo"]], "count": 3}
{"ranking": []}
"""
MARKS = '{"box": "grades", "candidates": ["Ana", "Bo"], "worst": 0, "best": 5}\n{"grades": {"Ana": 2.5}}\n'


MONEY = '{"box": "budget", "candidates": ["Park", "Quay"], "budget": 10, "costs": [7, 5]}\n{"approves": ["Quay"]}\n'


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_preflib(tmp_path: Path) -> None:
    found = read(written(tmp_path, "a.toi", "\ufeff" + TOI.replace("\n", "\r\n")))
    assert found == Rankings(("Ana", "Bo: the second", "Cy"), {((0,), (1, 2)): 3, ((1,),): 2, ((1, 2), (0,)): 1})


def test_preflib_of_before_2022(tmp_path: Path) -> None:
    found = read(written(tmp_path, "a.toi", OLD))
    assert found == Rankings(("Ana", '"Bo", the second', "Cy"), {((0,), (1, 2)): 3, ((1,),): 2, ((1, 2), (0,)): 1})


def test_preflib_tells_candidates_of_one_name_apart(tmp_path: Path) -> None:
    found = read(written(tmp_path, "a.toi", TOI.replace("Cy", "Ana").replace("Bo: the second", "")))
    assert found.candidates == ("Ana (1)", "(2)", "Ana (3)")


def test_ordinal_ballots_of_pabulib(tmp_path: Path) -> None:
    found = read(written(tmp_path, "a.pb", PB.format(kind="ordinal\nmax_length;3")))
    assert isinstance(found, Budget)
    assert found.ballots == {((0, 3), (1, 2)): 1, ((1, 3),): 1}
    found = read(written(tmp_path, "b.pb", PB.format(kind="ordinal")))
    assert isinstance(found, Budget)
    assert found.ballots == {((0, 2), (1, 1)): 1, ((1, 2),): 1}


@pytest.mark.parametrize(
    ("kind", "points"),
    [("approval", (1, 1, 1)), ("choose-1", (1, 1, 1)), ("cumulative", (3, 1, 2)), ("scoring", (3, 1, 2))],
)
def test_pabulib(tmp_path: Path, kind: str, points: tuple[int, int, int]) -> None:
    found = read(written(tmp_path, "a.pb", PB.format(kind=kind)))
    projects = (Project("p1", "Park; and pond", Fraction(121, 2)), Project("p2", "Quay", 40))
    assert found == Budget(projects, 100, {((0, points[0]), (1, points[1])): 1, ((1, points[2]),): 1})


def test_pabulib_says_how_many_points_it_takes_and_what_is_not_named_gets(tmp_path: Path) -> None:
    path = written(
        tmp_path, "a.pb", PB.format(kind="Approval\ncomment;#1: one; and two\nmin_project_score_threshold;2")
    )
    found = read(path)
    assert isinstance(found, Budget)
    assert found.least == 2
    for method in (Method.GREEDY, Method.EQUAL_SHARES):
        result = count(found, method)  # the park has one vote: it would fit, and is not funded
        assert (result.winners, result.rules["least_points"]) == (["p2"], "2")
    assert "That is all that has enough points." in count(found, Method.EQUAL_SHARES).because.en
    scored = (
        PB.format(kind="scoring\ndefault_score;0.5").replace("3,1", "3,-1").replace("cost;name", "cost;name; note;")
    )
    found = read(written(tmp_path, "b.pb", scored))
    assert isinstance(found, Budget)
    assert found.ballots == {((0, 3), (1, -1)): 1, ((0, Fraction(1, 2)), (1, 2)): 1}


def test_grades(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", CSV)
    assert read(path, blank=0) == Grades(("Ana", "Bo"), {(5, None): 2, (Fraction(5, 2), 1): 1})
    other = written(tmp_path, "b.csv", "Ana;Bo\n5;1\n")
    assert read(other, 0, 5) == Grades(("Ana", "Bo"), {(5, 1): 1}, 0, 5)
    excel = written(tmp_path, "c.csv", '\ufeffVoter ID;"Bo, Ana, Cy";"""Di"""\n7;2,5;\n8;-1;3\n')
    assert read(excel, 1, 5, -1) == Grades(("Bo, Ana, Cy", '"Di"'), {(Fraction(5, 2), None): 1, (None, 3): 1}, 1, 5)
    tabs = written(tmp_path, "d.csv", "Ana\tBo\n1,5\t2\n")
    assert read(tabs) == Grades(("Ana", "Bo"), {(Fraction(3, 2), 2): 1})


def test_our_own_box(tmp_path: Path) -> None:
    assert read(written(tmp_path, "a.jsonl", BOX)) == Rankings(("Ana", "Bo", "Cy"), {((0,), (1, 2)): 3, (): 1})
    assert read(written(tmp_path, "b.jsonl", MARKS)) == Grades(("Ana", "Bo"), {(Fraction(5, 2), None): 1}, 0, 5)
    projects = (Project("Park", "Park", 7), Project("Quay", "Quay", 5))
    assert read(written(tmp_path, "c.jsonl", MONEY)) == Budget(projects, 10, {((1, 1),): 1})


WRONG = [
    ("a.toi", TOI.replace("2: 2", "2 2"), 7, "'2 2' is no ballot"),
    ("a.toi", TOI.replace("2: 2", "x: 2"), 7, "is no ballot"),
    ("a.toi", TOI.replace("2: 2", "2: 4"), 7, "'4' is no candidate"),
    ("a.toi", TOI.replace("2: 2", "2: 2,2"), 7, "candidate 2 is ranked twice"),
    ("a.toi", TOI.replace("2: 2", "2: 2,,1"), 7, "is no order"),
    ("a.toi", TOI.replace("2: 2", "2: {2,{1}}"), 7, "is no order"),
    ("a.toi", TOI.replace("2: 2", "2: { }"), 7, "'' is no candidate"),
    ("a.toi", TOI.replace("VOTERS: 6", "VOTERS: 7"), 2, "is '7', and the ballots are 6"),
    ("a.toi", TOI.replace("ATIVES: 3", "ATIVES: 4"), 1, "is '4', and 3 are named"),
    ("a.toi", "2\n1,Ana\nBo\n", 3, "'Bo' names no candidate"),
    ("a.toi", OLD.replace("2,2\n", "2:2\n"), 7, "is no ballot: write `12, 3,1,{2,4}`"),
    ("a.toi", OLD.replace("7,6,3", "6,7,3"), 5, "is '7', and the ballots are 6"),
    ("a.toi", "3: 1,2\n", None, "no candidate is named"),
    ("a.soi", TOI, 6, "equal ranks do not belong into a .soi file"),
    ("a.toc", TOI, 7, "ranks everyone in each ballot: name it .toi"),
    ("a.pb", "voter;vote\n", 1, "starts with META"),
    ("a.pb", "META\nkey;value\nbudget;1\n", None, "no section PROJECTS"),
    ("a.pb", PB.format(kind="emoji"), 4, "vote_type 'emoji' is not counted"),
    ("a.pb", PB.format(kind="ordinal\nmax_length;1"), 13, "2 projects are ranked, and max_length is 1"),
    ("a.pb", PB.format(kind="ordinal\nmax_length;few"), 5, "max_length is 'few'"),
    ("a.pb", PB.format(kind="approval").replace("budget;100", "budget;lots"), 3, "the budget is 'lots'"),
    ("a.pb", PB.format(kind="approval").replace("budget;100", "purse;100"), None, "the budget is ''"),
    ("a.pb", PB.format(kind="approval").replace("p2;40", "p2;-4"), 9, "the cost is '-4'"),
    ("a.pb", PB.format(kind="approval").replace("p2;40", ";40"), 9, "no project_id"),
    ("a.pb", PB.format(kind="approval").replace("p2;40", "p1;40"), None, "two of the projects are called 'p1'"),
    ("a.pb", PB.format(kind="approval").replace("2;p2;2", "2;p3;2"), 13, "'p3' is no project"),
    ("a.pb", PB.format(kind="approval").replace("2;p2;2", "2;p2,p2;2"), 13, "project p2 is named twice"),
    ("a.pb", PB.format(kind="scoring").replace("2;p2;2", "2;p2;2,1"), 13, "1 projects have 2 points"),
    ("a.pb", PB.format(kind="scoring").replace("2;p2;2", "2;p2;many"), 13, "'many' points"),
    ("a.pb", PB.format(kind="approval").replace("2;p2;2", "2;p2;2;3"), 13, "4 cells for 3 columns"),
    ("a.pb", PB.format(kind="approval").replace("num_votes;2", "num_votes;3"), 5, "is '3', and the ballots are 2"),
    ("a.csv", "", 1, "the first line is empty"),
    ("a.csv", "id\n1\n", 1, "no candidate is named"),
    ("a.csv", "Ana,\n1,2\n", 1, "a candidate has no name"),
    ("a.csv", CSV.replace("2,5,", "2,5"), 3, "it has 2 cells, and the first line 3"),
    ("a.csv", CSV.replace("2.5", "good"), 4, "Ana has 'good', which is no number"),
    ("a.csv", CSV.replace("2.5", "9"), 4, "Ana has the grade 9, outside of the scale from 0"),
    ("a.csv", CSV.replace("2.5", '"2"5'), 4, "it is no CSV"),
    ("a.jsonl", "", 1, "the file is empty"),
    ("a.jsonl", "{}", 1, "does not say what the box holds"),
    ("a.jsonl", BOX.replace('"Bo", "Cy"]}', '"Bo", 3]}'), 1, "3 is no name"),
    ("a.jsonl", BOX + "nonsense", 4, "it is not JSON"),
    ("a.jsonl", BOX + "[]", 4, "no JSON object"),
    ("a.jsonl", BOX + "{}", 4, "it has no ranking"),
    ("a.jsonl", BOX + '{"ranking": ["Di"]}', 4, "'Di' is no candidate"),
    ("a.jsonl", BOX + '{"ranking": ["Bo", ["Bo"]]}', 4, "Bo is ranked twice"),
    ("a.jsonl", BOX + '{"ranking": [], "count": 0}', 4, "the count is 0"),
    ("a.jsonl", MARKS + "{}", 3, "it has no grades"),
    ("a.jsonl", MARKS + '{"grades": {"Bo": true}}', 3, "the grade of Bo is True"),
    ("a.jsonl", MONEY + "{}", 3, "it approves of nothing"),
    ("a.jsonl", MONEY + '{"approves": ["Quay", "Quay"]}', 3, "Quay is named twice"),
    ("a.jsonl", MONEY.replace("[7, 5]", "[7]"), 1, 'it has no costs. Say `"costs"`, 2 numbers'),
    ("a.jsonl", MONEY.replace("[7, 5]", "[7, null]"), 1, "the cost of Quay is None"),
    ("a.jsonl", MONEY.replace(": 10", ": []"), 1, "the budget is []"),
    ("a.txt", "", None, "its ending '.txt' is not known"),
]


@pytest.mark.parametrize(("name", "text", "line", "message"), WRONG)
def test_what_is_wrong_is_told_with_its_line(
    tmp_path: Path, name: str, text: str, line: int | None, message: str
) -> None:
    path = written(tmp_path, name, text)
    with pytest.raises(Unreadable) as refused:
        read(path, 0, 5)
    told = str(refused.value)
    assert told.startswith(f"{path}, line {line}: " if line else f"{path}: ")
    assert message in told


def test_files_that_are_not_there_or_not_utf8(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="cannot be read: No such file"):
        read(tmp_path / "a.csv")
    path = tmp_path / "b.toi"
    path.write_bytes(b"# TITLE: x\n# ALTERNATIVE NAME 1: Ren\xe9\n")
    with pytest.raises(Unreadable, match="line 2: byte 26 is not UTF-8"):
        read(path)


def test_the_command_prints_one_object_of_json(tmp_path: Path) -> None:
    path = str(written(tmp_path, "a.csv", CSV))
    scale = ("--worst", "1", "--best", "5", "--blank", "0")
    done = CliRunner().invoke(app, ["tally", path, "--method", "majority-judgment", *scale, "--json"])
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert (said["method"], said["ballots"], said["winners"], said["ties"]) == ("majority-judgment", 3, ["Ana"], [])
    assert said["ranking"][0] == {"name": "Ana", "median": 5, "above": 0, "below": 1}


def test_the_command_tells_a_person_why(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["tally", str(written(tmp_path, "a.toi", TOI)), "--method", "irv"])
    heading, first, english, french = done.stdout.splitlines()
    assert (heading, first) == ("irv, 6 ballots", "1. Ana")
    assert english.startswith("Ana wins in round 2 with 3 of the 6 votes that still count, half. Ties were broken")
    assert french.startswith("Ana l’emporte au tour 2 avec 3 des 6 voix encore en jeu, la moitié.")


@pytest.mark.parametrize(("text", "method"), [(TOI.replace("2: 2", "2: 9"), "irv"), (TOI, "greedy")])
def test_the_command_prints_nothing_of_a_count_that_failed(tmp_path: Path, text: str, method: str) -> None:
    path = written(tmp_path, "a.toi", text)
    done = CliRunner().invoke(app, ["tally", str(path), "--method", method, "--json"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert isinstance(done.exception, StartupError)
    assert str(done.exception).startswith(str(path))


def test_a_grade_on_the_command_line_is_a_number(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app, ["tally", str(written(tmp_path, "a.csv", CSV)), "--method", "score", "--worst", "bad"]
    )
    assert done.exit_code == 2
    assert "no number" in done.output
