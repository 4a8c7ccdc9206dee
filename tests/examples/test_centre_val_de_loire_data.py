"""The data of the example instance: complete, consistent, and honest about what is attested, inferred or invented."""

import re
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from hemicycle.kernel import settings

HERE = Path(__file__).parents[2] / "examples" / "centre_val_de_loire"
FILES = sorted(path.stem for path in HERE.glob("*.yaml"))
INFERRED = "Son nom est déduit de celui du pôle"
CHANNELS = {"WORKSHOP", "PLATFORM", "STREET", "SHOW", "PANEL", "POST", "STRUCTURE_MEETING"}


@cache
def read(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((HERE / f"{name}.yaml").read_text("utf-8"))
    return loaded


def rows(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read(name)[name]
    return found


def tops() -> list[dict[str, Any]]:
    return [one for one in rows("contributions") if "parent" not in one]


def replies() -> list[dict[str, Any]]:
    return [one for one in rows("contributions") if "parent" in one]


@pytest.mark.parametrize("name", FILES)
def test_each_file_says_that_it_is_a_demonstration(name: str) -> None:
    assert read(name)["demonstration"] is True


@pytest.mark.parametrize("name", FILES)
def test_each_file_is_told_in_the_readme(name: str) -> None:
    assert f"| `{name}.yaml` |" in (HERE / "README.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "unique"),
    [("spaces", "slug"), ("spaces", "title"), ("participants", "key"), ("participants", "display_name"),
     ("contributions", "key"), ("contributions", "text")],
)  # fmt: skip
def test_nothing_is_there_twice(name: str, unique: str) -> None:
    assert [value for value, times in Counter(row[unique] for row in rows(name)).items() if times > 1] == []


def test_titles_of_contributions_are_there_once() -> None:
    assert len({one["title"] for one in tops()}) == len(tops())


# Spaces


def test_the_tree_is_complete() -> None:
    assert Counter(space["kind"] for space in rows("spaces")) == {"REGION": 1, "DEPARTMENT": 6, "LIVING_AREA": 23}
    above = {"REGION": None, "DEPARTMENT": "REGION", "LIVING_AREA": "DEPARTMENT"}
    kinds: dict[str | None, str | None] = {None: None}
    for space in rows("spaces"):  # a parent that comes after its child is a KeyError
        assert kinds[space["parent"]] == above[space["kind"]], space["slug"]
        kinds[space["slug"]] = space["kind"]


def test_the_root_is_the_region() -> None:
    root = rows("spaces")[0]
    assert (root["slug"], root["parent"], root["insee"]) == ("centre-val-de-loire", None, "24")


def test_a_living_area_stands_under_the_department_of_its_pole() -> None:
    codes = {space["slug"]: space["insee"] for space in rows("spaces") if space["kind"] == "DEPARTMENT"}
    assert set(codes.values()) == {"18", "28", "36", "37", "41", "45"}
    areas = [space for space in rows("spaces") if space["kind"] == "LIVING_AREA"]
    assert len({area["pole_insee"] for area in areas}) == 23
    for area in areas:
        assert re.fullmatch(r"\d{5}", area["pole_insee"]), area["slug"]
        assert area["pole_insee"][:2] == codes[area["parent"]], area["slug"]
        assert "où se trouve son pôle" in area["summary"], area["slug"]


def test_six_living_areas_are_attested_and_the_others_say_that_they_are_inferred() -> None:
    areas = [space for space in rows("spaces") if space["kind"] == "LIVING_AREA"]
    assert {area["slug"] for area in areas if area["attested"] is True} == {
        "aubigny-sur-nere", "saint-amand-montrond", "chartres", "issoudun", "amboise", "tours",
    }  # fmt: skip
    for area in areas:
        assert area["source"], area["slug"]
        assert (INFERRED in area["summary"]) is (area["attested"] is False), area["slug"]


def test_the_sources_and_their_licence_are_given() -> None:
    text = (HERE / "spaces.yaml").read_text("utf-8")
    assert "Licence Ouverte" in text
    assert "Code officiel géographique 2026" in text


def test_the_spaces_can_be_opened() -> None:
    opening = read("spaces")["opening"]
    assert datetime.fromisoformat(opening["ends_at"]) > datetime(2030, 1, 1, tzinfo=UTC)
    for text in (opening["rules"], opening["information"]):
        assert text.endswith("(contenu de démonstration)")


# Participants and roles


def test_participants_are_about_forty_persons_and_six_structures() -> None:
    kinds = Counter(one["kind"] for one in rows("participants"))
    assert kinds == {"PERSON": 42, "STRUCTURE": 6}


def test_structures_are_plainly_fictional_and_act_through_persons() -> None:
    persons = {one["key"] for one in rows("participants") if one["kind"] == "PERSON"}
    for one in rows("participants"):
        if one["kind"] == "STRUCTURE":
            assert one["display_name"].startswith("Association de démonstration "), one["key"]
            assert set(one["members"]) <= persons, one["key"]
            assert len(one["members"]) >= 1, one["key"]
        else:
            assert "members" not in one, one["key"]


def test_a_steward_and_a_moderator_hold_the_whole_tree() -> None:
    persons = {one["key"] for one in rows("participants") if one["kind"] == "PERSON"}
    assert [role["role"] for role in rows("roles")] == ["steward", "moderator"]
    assert {role["space"] for role in rows("roles")} == {"centre-val-de-loire"}
    assert {role["participant"] for role in rows("roles")} <= persons


# Contributions


def test_every_reference_of_a_contribution_resolves() -> None:
    slugs = {space["slug"] for space in rows("spaces")}
    keys = {one["key"] for one in rows("participants")}
    before: dict[str, dict[str, Any]] = {}
    for one in rows("contributions"):
        assert one["space"] in slugs, one["key"]
        assert one["author"] in keys, one["key"]
        if "parent" in one:
            parent = before[one["parent"]]  # a parent that comes after its reply is a KeyError
            assert one["space"] == parent["space"], one["key"]
            assert one["author"] != parent["author"], one["key"]
            assert datetime.fromisoformat(one["published_at"]) > datetime.fromisoformat(parent["published_at"])
        before[one["key"]] = one


def test_a_key_says_where_a_reply_stands() -> None:
    for reply in replies():
        assert re.fullmatch(re.escape(reply["parent"]) + r"-\d+", reply["key"]), reply["key"]


def test_there_is_enough_to_try_the_software_with() -> None:
    assert len(tops()) >= 55
    assert len(replies()) >= 120
    assert {one["kind"] for one in tops()} == {"IDEA", "QUESTION"}
    assert {one["channel"] for one in rows("contributions")} == CHANNELS
    assert {one["space"] for one in tops()} == {space["slug"] for space in rows("spaces")}
    assert len({category for one in tops() for category in one["categories"]}) >= 10
    assert max(reply["key"].count("-") for reply in replies()) >= 4
    for one in tops():
        assert one["categories"], one["key"]


def test_replies_are_comments_that_take_sides() -> None:
    assert {reply["kind"] for reply in replies()} == {"COMMENT"}
    sides = Counter(reply["alignment"] for reply in replies())
    assert set(sides) == {"FOR", "AGAINST", "NEUTRAL"}
    assert min(sides.values()) >= 20
    assert not any("alignment" in one for one in tops())


def test_every_text_is_labelled_as_demonstration_content() -> None:
    for one in tops():
        assert one["title"].startswith("[Démonstration] "), one["key"]
    for reply in replies():
        assert reply["text"].endswith("(contenu de démonstration)"), reply["key"]
        assert "title" not in reply, reply["key"]


def test_every_date_is_in_2026_and_has_a_zone() -> None:
    for one in rows("contributions"):
        at = datetime.fromisoformat(one["published_at"])
        assert at.year == 2026, one["key"]
        assert at.utcoffset() is not None, one["key"]


def test_every_department_has_a_panel_whose_quotas_anyone_can_check() -> None:
    said = read("panels")
    departments = {one["slug"] for one in rows("spaces") if one["kind"] == "DEPARTMENT"}
    assert {one["space"] for one in said["panels"]} == departments
    assert {said["prepared_by"], said["drawn_by"]} <= {one["key"] for one in rows("participants")}
    for one in said["panels"]:
        assert min(one["volunteers"]) >= 5, one["space"]  # a profile that fewer share is not published
        assert re.fullmatch("[0-9]{3}", one["balls"])


def test_supporters_are_fewer_than_the_persons_who_could_support() -> None:
    supports: dict[str, int] = read("votes")["supports"]
    numbers = supports.values()
    assert len(numbers) >= 60
    assert set(supports) <= {one["key"] for one in rows("contributions")}
    assert all(isinstance(number, int) and 1 <= number <= 40 for number in numbers)


def test_french_typography_is_kept() -> None:
    careless = re.compile(r"'| [;!?:]|« | »")  # straight apostrophes; spaces where a line could break
    written = [text for one in rows("contributions") for text in (one["text"], one.get("title", ""))]
    written += [text for space in rows("spaces") for text in (space["title"], space["summary"])]
    assert [text for text in written if careless.search(text)] == []


def test_the_settings_are_accepted() -> None:
    chosen = settings.load(HERE / "hemicycle.toml")
    assert (chosen.instance, chosen.locale, chosen.production) == ("centre-val-de-loire", "fr", False)
    assert chosen.plugins == settings.BUNDLED
