"""The documentation says what the code does."""

import re
from pathlib import Path

import pytest
from graphql import LoneAnonymousOperationRule, build_schema, parse, specified_rules, validate

from hemicycle.kernel.graphql.errors import CODES
from hemicycle.kernel.settings import BUNDLED, Settings

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

SCHEMA = build_schema((ROOT / "schema" / "full.graphql").read_text("utf-8"))
READMES = [ROOT / "plugins" / f"hemicycle_{name}" / "README.md" for name in BUNDLED]


def test_every_code_of_an_error_is_told_to_front_ends() -> None:
    page = (ROOT / "docs" / "front-end.md").read_text("utf-8")
    told = dict(re.findall(r"^\| `([A-Z_]+)` \| (.*) \|$", page, re.MULTILINE))
    assert {code: meaning for code, meaning in told.items() if code in CODES} == CODES


def test_every_setting_is_told_to_who_deploys() -> None:
    page = (ROOT / "docs" / "deploy.md").read_text("utf-8")
    table = page.partition("| setting |")[2].partition("\n\n")[0]
    missing = [name for name in Settings.model_fields if name not in table]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text("utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_named_files_exist(page: Path) -> None:
    known = ("core/", "plugins/", "examples/", "docs/", "schema/", "tests/", "benchmarks/", "requirements/")
    for name in re.findall(r"`([\w./-]+)`", page.read_text("utf-8")):
        if name.startswith(known):
            assert (ROOT / name).exists(), f"{page.name} names {name}"


@pytest.mark.parametrize("page", [*PAGES, *READMES], ids=lambda page: f"{page.parent.name}/{page.name}")
def test_documents_fit_the_schema(page: Path) -> None:
    """Several stand in one block; `…` stands for an id."""
    rules = [rule for rule in specified_rules if rule is not LoneAnonymousOperationRule]
    for document in re.findall(r"^```graphql\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL):
        assert validate(SCHEMA, parse(document), rules) == [], document


def test_the_readme_names_every_plugin_that_ships() -> None:
    page = (ROOT / "README.md").read_text("utf-8")
    assert [name for name in BUNDLED if f"[{name}](plugins/hemicycle_{name}/README.md)" not in page] == []
