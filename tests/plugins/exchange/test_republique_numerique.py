"""The shipped mappings of the consultation of 2015: on records made like its own, and on its own where they are."""

import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from hemicycle.testing import World
from hemicycle_exchange.mapping import read_mapping
from hemicycle_exchange.rules import import_file

ROOT = Path(__file__).parents[3]
MAPPINGS = ROOT / "examples" / "mappings"
REAL = ROOT.parent / "shared" / "data" / "republique_numerique_2015"
SLUG = "republique-numerique"
COUNTED = """{ space(slug: "republique-numerique") { state participantCount structureCount
        contributions(filter: { kinds: [IDEA] }) { totalCount } }
    all: contributions(filter: { channels: [IMPORT] }) { totalCount }
    for: contributions(filter: { channels: [IMPORT], kinds: [COMMENT], alignments: [FOR] }) { totalCount }
    against: contributions(filter: { channels: [IMPORT], kinds: [COMMENT], alignments: [AGAINST] }) { totalCount } }"""


@dataclass(frozen=True)
class Source:
    """A folder with both files, and how many are in them."""

    folder: Path
    opinions: int
    arguments: int
    in_favour: int


def made(folder: Path) -> Source:
    """Records like those of the consultation, with what is difficult in them."""
    text = "I. Les « administrations » :\r\n\r\n- diffusent *les* documents_communicables ;\r\n1° <b>et</b> l’habitant."
    opinions = [
        {
            "id": at, "created_at": f"2015-09-26T02:27:{at:02}+0200", "updated_at": "2015-09-29T11:50:19+0200",
            "title": "t" * 236 if at == 1 else "Article 1 - Données", "body": "x" * 19_582 if at == 2 else text,
            "section": "Section 1", "section_subtitle": "Ouverture", "section_id": 86, "author": "gouvernement",
            "author_is_vip": at < 3, "votes_ok": 736, "votes_nok": 12, "votes_mitige": 29, "votes_total": 777,
            "arguments_yes_count": 1, "arguments_no_count": 1, "versions_count": 0, "sources_count": 0,
            "is_trashed": at == 3, "ranking": None, "path": "/consultations/x",
        }
        for at in range(8)
    ]  # fmt: skip
    arguments = [
        {
            "id": at, "opinion_id": at % 8, "side": "no" if at % 3 else "yes", "body": text, "author": f"u{at % 5}",
            "created_at": f"2015-10-18T22:24:{at:02}+0200", "votes_count": at, "is_enabled": True, "is_trashed": False,
        }
        for at in range(20)
    ]  # fmt: skip
    for name, records in (("opinions", opinions), ("arguments", arguments)):
        lines = "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in records)
        (folder / f"{name}.jsonl").write_text(lines, "utf-8")
    return Source(folder, 8, 20, 7)


SOURCES = ["made", *(["real"] if REAL.is_dir() else [])]
"""The records themselves are not ours to give away: where they are not, those that are made like them are tested."""


@pytest.fixture(params=SOURCES)
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Source:
    return made(tmp_path) if request.param == "made" else Source(REAL, 696, 3994, 1960)


async def bring(world: World, source: Source, name: str) -> dict[str, Any]:
    mapping = read_mapping(MAPPINGS / f"republique_numerique_{name}.yaml")
    report = await import_file(world.app, source.folder / f"{name}.jsonl", mapping, space=SLUG, create_space=True)
    assert report.done, report.refused[:3]
    return report.as_json()


@pytest_asyncio.fixture
async def told(world: World, source: Source) -> list[dict[str, Any]]:
    """The reports of the opinions and of the arguments."""
    return [await bring(world, source, "opinions"), await bring(world, source, "arguments")]


async def test_every_opinion_and_argument_is_there(world: World, source: Source, told: list[dict[str, Any]]) -> None:
    assert [one["created"] for one in told] == [source.opinions, source.arguments]
    check_loss(*told)
    found = await world.ask(COUNTED)
    assert found["space"]["state"] == "CLOSED"
    assert found["space"]["structureCount"] == 1
    assert found["space"]["contributions"]["totalCount"] == source.opinions
    assert found["all"]["totalCount"] == source.opinions + source.arguments
    assert found["for"]["totalCount"] == source.in_favour
    assert found["against"]["totalCount"] == source.arguments - source.in_favour
    again = [await bring(world, source, "opinions"), await bring(world, source, "arguments")]
    assert [(one["created"], one["unchanged"]) for one in again] == [(0, source.opinions), (0, source.arguments)]
    assert await world.ask(COUNTED) == found


def check_loss(opinions: dict[str, Any], arguments: dict[str, Any]) -> None:
    """Nothing is left behind that the mappings do not name."""
    for one in (opinions, arguments):
        assert all(lost["known"] for lost in one["lost"])
        assert one["absent"] == []
    assert {"votes_ok", "votes_nok", "votes_mitige", "is_trashed"} <= {lost["field"] for lost in opinions["lost"]}
    assert {lost["field"] for lost in arguments["lost"]} == {"votes_count", "is_enabled", "is_trashed"}


async def test_words_and_answers_are_those_of_the_source(
    world: World, source: Source, told: list[dict[str, Any]]
) -> None:
    said = {}
    for name in ("opinion", "argument"):
        for line in (source.folder / f"{name}s.jsonl").read_text("utf-8").splitlines():
            record = json.loads(line)
            said[f"{name}/{record['id']}"] = record
    question = """query($after: String) { contributions(first: 100, after: $after, filter: { channels: [IMPORT] }) {
        nodes { body { text } origin { externalId } parent { origin { externalId } } author { displayName } }
        pageInfo { hasNextPage endCursor } } }"""
    seen, after, more = 0, None, True
    while more:
        page = (await world.ask(question, after=after))["contributions"]
        for node in page["nodes"]:
            record = said[node["origin"]["externalId"]]
            assert _words(node["body"]["text"]) == _words(record["body"])
            assert node["author"]["displayName"] == record["author"]
            above = node["parent"] and node["parent"]["origin"]["externalId"]
            assert above == (f"opinion/{record['opinion_id']}" if "opinion_id" in record else None)
        seen += len(page["nodes"])
        more, after = page["pageInfo"]["hasNextPage"], page["pageInfo"]["endCursor"]
    assert seen == len(said)


def _words(text: str) -> list[str]:
    return unicodedata.normalize("NFC", text).split()
