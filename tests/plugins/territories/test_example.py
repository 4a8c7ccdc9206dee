"""What the example says of territories: only what is really known."""

from pathlib import Path

import yaml

from hemicycle_territories.reading.own import read_own

EXAMPLE = Path(__file__).parents[3] / "examples" / "centre_val_de_loire"


def test_the_living_areas_say_which_are_attested_and_which_inferred() -> None:
    spaces = {one["slug"]: one for one in yaml.safe_load((EXAMPLE / "spaces.yaml").read_text())["spaces"]}
    areas = {one.code: one for one in read_own(EXAMPLE / "territories.yaml").said if one.kind == "LIVING_AREA"}
    assert len(areas) == 23
    for slug, area in areas.items():
        space = spaces[slug]
        assert (area.evidence == "ATTESTED") is space["attested"]
        assert (area.name, area.source, area.communes) == (space["title"], space["source"], {space["pole_insee"]})
        assert area.partial, "no source says which communes a living area has"
    assert [one.evidence for one in areas.values()].count("ATTESTED") == 6


def test_every_space_of_the_example_has_its_territory() -> None:
    own = read_own(EXAMPLE / "territories.yaml")
    spaces = [one["slug"] for one in yaml.safe_load((EXAMPLE / "spaces.yaml").read_text())["spaces"]]
    assert sorted(own.spaces) == sorted(spaces)
    assert set(own.spaces.values()) <= {one.key for one in own.said}
