"""Files of territories are read as they are, or refused with the file and the entry that are wrong."""

import json
from pathlib import Path
from typing import Any

import pytest

from hemicycle.api import StartupError
from hemicycle_territories.reading import read_folder
from hemicycle_territories.reading.own import parse_own, read_own


def rewrite(folder: Path, name: str, entries: Any) -> None:
    (folder / f"{name}.json").write_text(entries if isinstance(entries, str) else json.dumps(entries))


def test_each_territory_has_the_communes_that_name_it(folder: Path) -> None:
    said, _ = read_folder(folder)
    assert {(one.kind, one.scheme, one.code): set(one.communes) for one in said} == {
        ("COMMUNE", "COG", "18033"): {"18033"},
        ("COMMUNE", "COG", "18279"): {"18279"},
        ("COMMUNE", "COG", "45234"): {"45234"},
        ("DEPARTMENT", "COG", "18"): {"18033", "18279"},
        ("DEPARTMENT", "COG", "45"): {"45234"},
        ("REGION", "COG", "24"): {"18033", "18279", "45234"},
        ("EPCI", "SIREN", "200000001"): {"18279", "45234", "58059"},
    }


def test_what_is_not_kept_is_told(folder: Path) -> None:
    assert read_folder(folder)[1] == {
        "communes.json: chefLieu": 1,
        "communes.json: entries of type commune-deleguee": 1,
        "communes.json: population": 1,
    }


def test_the_package_itself_and_files_with_a_prefix_are_read(folder: Path, tmp_path: Path) -> None:
    data = tmp_path / "package" / "data"
    data.mkdir(parents=True)
    for file in folder.glob("*.json"):
        (data / f"r24_{file.name}").write_text(file.read_text())
    (data / "r24_regions.json").rename(data / "r24_region.json")
    rewrite(data, "r24_epci", [{"code": "200000001", "nom": "CC Across", "membres": ["18279", "45234", "58059"]}])
    assert read_folder(tmp_path / "package")[0] == read_folder(folder)[0]


def test_a_commune_without_a_region_is_in_that_of_its_department(folder: Path) -> None:
    rewrite(folder, "communes", [{"code": "18033", "nom": "Bourges", "departement": "18"}])
    said, lost = read_folder(folder)
    assert {one.code for one in said if one.kind == "REGION"} == {"24"}
    assert lost["departements.json: without communes"] == 1


@pytest.mark.parametrize(
    ("name", "entries", "told"),
    [
        ("communes", "{", "communes.json: it cannot be read as JSON"),
        ("communes", {}, "communes.json: it is not a list"),
        ("communes", [1], "communes.json, entry 1: it is not an object"),
        ("communes", [{"code": 1033, "nom": "Bourges"}], "entry 1: it has no `code` that is a text"),
        ("communes", [{"code": "1033", "nom": "Bourges"}], "entry 1: '1033' is no code of a commune"),
        ("communes", [{"code": "18033"}], "entry 1 (18033): its `nom` cannot be kept"),
        ("communes", [{"code": "18033", "nom": "A"}] * 2, "code 18033 came before, in entry 1"),
        ("communes", [{"code": "18033", "nom": "A", "departement": "99"}], "18033 is in departement 99, which no file"),
        ("epci", [{"code": "2", "nom": "CC"}], "epci.json, entry 1: it has no `membres`"),
        ("epci", [{"code": "2", "nom": "CC", "membres": ["x"]}], "epci.json, entry 1: 'x' is no code of a commune"),
        ("epci", [{"code": "2", "nom": "CC", "membres": ["18033", "18033"]}], "it names a commune twice: 18033"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_file_and_entry(folder: Path, name: str, entries: Any, told: str) -> None:
    rewrite(folder, name, entries)
    with pytest.raises(StartupError, match="Nothing was loaded") as refused:
        read_folder(folder)
    assert told in str(refused.value)


def test_a_folder_without_communes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match=r"there is no communes\.json in it"):
        read_folder(tmp_path)


def test_the_same_list_twice_is_refused(folder: Path) -> None:
    rewrite(folder, "r24_communes", [])
    with pytest.raises(StartupError, match=r"communes\.json and r24_communes\.json are the same list"):
        read_folder(folder)


def test_only_the_first_problems_are_told(folder: Path) -> None:
    rewrite(folder, "communes", [{}] * 30)
    with pytest.raises(StartupError, match="and 10 more"):
        read_folder(folder)


def test_an_instance_says_its_own(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(
        "vintage: 2026\nsource: A document.\n"
        "territories:\n"
        "  - {kind: LIVING_AREA, code: bourges, name: Bourges, evidence: INFERRED, partial: true,\n"
        "     communes: ['18033']}\n"
        "  - {kind: COMMUNE, scheme: COG, code: '18033', name: Bourges}\n"
        "spaces:\n  bourges: {kind: LIVING_AREA, code: bourges}\n"
    )
    own = read_own(file)
    assert own.vintage == 2026
    assert [(one.kind, one.evidence, one.partial, set(one.communes), one.source) for one in own.said] == [
        ("LIVING_AREA", "INFERRED", True, {"18033"}, "A document."),
        ("COMMUNE", "ATTESTED", False, {"18033"}, "A document."),
    ]
    assert own.spaces == {"bourges": ("LOCAL", "LIVING_AREA", "bourges")}


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({"kind": "TOWN"}, "territories[0].kind: "),
        ({"communes": ["1"]}, "territories[0].communes: Value error, '1' is no code of a commune"),
        ({"communes": []}, "name its communes, or say `partial: true`"),
        ({"kind": "COMMUNE", "code": "18033", "communes": ["18279"]}, "a commune has no other communes"),
        ({"nmae": "x"}, "territories[0].nmae: "),
    ],
)
def test_what_is_wrong_in_yaml_is_told_by_place(entry: dict[str, Any], told: str) -> None:
    good = {"kind": "OTHER", "code": "x", "name": "X", "communes": ["18033"]}
    with pytest.raises(StartupError, match="Nothing was loaded") as refused:
        parse_own({"vintage": 2026, "territories": [{**good, **entry}]}, "own.yaml")
    assert told in str(refused.value)


def test_the_same_territory_twice_is_refused() -> None:
    one = {"kind": "OTHER", "code": "x", "name": "X", "communes": ["18033"]}
    with pytest.raises(StartupError, match="names LOCAL OTHER x twice"):
        parse_own({"vintage": 2026, "territories": [one, one]}, "own.yaml")


def test_a_file_that_is_not_yaml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="cannot be read as YAML"):
        read_own(tmp_path / "none.yaml")
