"""What Decidim exports comes in as it was said, and whatever could not be kept is named."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from hemicycle.api import Refused
from hemicycle.contributions.models import ContributionRow, VersionRow
from hemicycle.kernel.events.models import JournalRow
from hemicycle.spaces.models import SpaceRow
from hemicycle.testing import World
from hemicycle_exchange.decidim.rules import import_exports
from tests.asking import change, rows
from tests.plugins.exchange.decidim import NANCY, comment, debate, proposal, write

REAL = Path(__file__).parents[4] / "shared" / "data" / "decidim_export_mel_2019"
THREAD = """{ space(slug: "lille") { state openedAt closedAt
    contributions(first: 10, filter: { replies: false }) { nodes { kind title alignment categories language publishedAt
        origin { system externalId } author { kind displayName } body { text markdown } state
        replies(first: 5) { nodes { body { text } alignment author { displayName } origin { externalId }
            replies(first: 5) { nodes { body { text } origin { externalId } } } } } } } } }"""


@pytest.fixture
def plugins() -> dict[str, Any]:
    return {"plugins": ["exchange", "outcomes"]}


async def bring(world: World, *paths: Path, **more: Any) -> dict[str, Any]:
    report = await import_exports(world.app, paths, **({"space": "lille", "create_space": True} | more))
    return report.as_json()


async def test_threads_are_put_together_again(world: World, tmp_path: Path) -> None:
    """Comments come first on the command line, answers before what they answer; another instance has the same ids."""
    said = write(
        tmp_path, "comments.csv", comment(6, "Comments::Comment 5", depth=1, alignment=1),
        comment(5, "Debates::Debate 23", alignment="-1"), comment(7, "Proposals::Proposal 4"),
    )  # fmt: skip
    other = write(tmp_path, "nancy.csv", comment(8, "Proposals::Proposal 4", NANCY),
                  comment(9, "Comments::Comment 8", NANCY))  # fmt: skip
    told = await bring(world, said, other, write(tmp_path, "debates.csv", debate(23)),
                       write(tmp_path, "proposals.csv", proposal(4, meeting_urls="x")))  # fmt: skip
    assert told["kept"] == {"proposals": 1, "debates": 1, "comments": 3}
    assert told["depths"] == {"0": 2, "1": 1}
    assert told["alignments"] == {"AGAINST": 1, "FOR": 1, "NEUTRAL": 1}
    assert told["systems"] == ["lille.example.org", "nancy.example.org"]
    assert [(one["file"], one["line"], one["id"]) for one in told["lost"]] == [
        ("nancy.csv", 2, "comment/8"), ("nancy.csv", 3, "comment/9"),
    ]  # fmt: skip
    assert told["lost"][0]["reason"] == (
        "nancy.example.org: It answers 'proposal/4', which is not here and was not imported before."
    )
    assert told["lost_columns"] == [
        {"file": "proposals.csv", "column": "meeting_urls", "count": 1, "total": None, "lines": [2]},
        {"file": "proposals.csv", "column": "votes", "count": 1, "total": 2.0, "lines": [2]},
    ]
    space = (await world.ask(THREAD))["space"]
    assert (space["state"], space["openedAt"], space["closedAt"]) == (
        "CLOSED", "2019-01-17T09:38:20+00:00", "2019-01-17T09:38:20+00:00",
    )  # fmt: skip
    question, idea = sorted(space["contributions"]["nodes"], key=lambda one: str(one["origin"]["externalId"]))
    assert (question["kind"], question["title"], question["body"]["text"]) == ("QUESTION", "Faut-il ?", "Air pur")
    assert question["author"] == {"kind": "STRUCTURE", "displayName": "lille.example.org"}
    assert question["origin"] == {"system": "lille.example.org", "externalId": "debate/23"}
    assert (idea["kind"], idea["categories"], idea["body"]["text"]) == (
        "PROPOSAL", ["Mobilité & air"], "Des lignes & des\nmots.",
    )  # fmt: skip
    (answer,) = question["replies"]["nodes"]
    assert (answer["body"]["text"], answer["alignment"], answer["author"]["displayName"]) == (
        "Réponse 5.",
        "AGAINST",
        "u1",
    )
    assert [one["origin"]["externalId"] for one in answer["replies"]["nodes"]] == ["comment/6"]


async def test_a_second_time_changes_nothing_and_other_words_are_a_version(world: World, tmp_path: Path) -> None:
    first = write(tmp_path, "proposals.csv", proposal(4), proposal(5), proposal(6))
    assert (await bring(world, first))["created"] == 3
    before = [await rows(world, table) for table in (ContributionRow, VersionRow, JournalRow)]
    told = await bring(world, first)
    assert (told["created"], told["edited"], told["unchanged"], told["kept"]["proposals"]) == (0, 0, 3, 3)
    assert [await rows(world, table) for table in (ContributionRow, VersionRow, JournalRow)] == before
    other = write(tmp_path, "other.csv", proposal(4, body="D’autres mots.", state=""), proposal(5, state=""),
                  proposal(6, state="withdrawn"))  # fmt: skip
    told = await bring(world, other, write(tmp_path, "late.csv", comment(1, "Proposals::Proposal 6")))
    assert (told["created"], told["edited"], told["unchanged"], told["lost"]) == (1, 2, 1, [])
    nodes = (await world.ask(THREAD))["space"]["contributions"]["nodes"]
    found = {one["origin"]["externalId"]: one for one in nodes}
    assert found["proposal/4"]["body"]["text"] == "D’autres mots."
    assert (found["proposal/6"]["state"], found["proposal/6"]["body"]) == ("WITHDRAWN", None)
    hits = await world.ask('{ search(text: "autres") { nodes { ... on Contribution { title } } } }')
    assert len(hits["search"]["nodes"]) == 1


async def test_what_came_before_stays_where_it_is_and_no_space_is_made_for_nothing(
    world: World, tmp_path: Path
) -> None:
    path = write(tmp_path, "proposals.csv", proposal(4))
    assert (await bring(world, path))["created"] == 1
    before = await rows(world, SpaceRow)
    told = await bring(world, path, space="other", create_space=True)
    assert (told["created"], [one["id"] for one in told["lost"]]) == (0, ["proposal/4"])
    assert "stays there" in told["lost"][0]["reason"]
    assert await rows(world, SpaceRow) == before


async def test_a_dry_run_tells_the_same_and_leaves_nothing(world: World, tmp_path: Path) -> None:
    paths = write(tmp_path, "c.csv", comment(1, "Debates::Debate 2")), write(tmp_path, "d.csv", debate(2))
    before = [await rows(world, table) for table in (ContributionRow, SpaceRow, JournalRow)]
    dry = await bring(world, *paths, dry_run=True)
    assert [await rows(world, table) for table in (ContributionRow, SpaceRow, JournalRow)] == before
    assert dry == await bring(world, *paths) | {"dry_run": True}
    with pytest.raises(Refused, match="There is no space none"):
        await bring(world, *paths, space="none", create_space=False)


async def test_what_cannot_be_kept_is_named_and_the_others_are_kept(world: World, tmp_path: Path) -> None:
    proposals = write(
        tmp_path, "proposals.csv", proposal(1), proposal(1), proposal(1, body="Autre."), proposal(2, body=""),
        proposal(3, created_at="yesterday"), proposal(4, created_at="2999-01-01 00:00:00 UTC"),
        proposal(5, title="t" * 400), proposal(6, url="https://lille.example.org/processes/p/f/9/meetings/6"),
        proposal(7, url=""), proposal(8, title="", body="x" * 50_001), proposal(9, created_at="17/01/2019 10:38"),
    )  # fmt: skip
    said = write(
        tmp_path, "comments.csv", comment(1, "Comments::Comment 2"), comment(2, "Comments::Comment 1"),
        comment(3, "Proposals::Proposal 1", body=" "), comment(4, "Meetings::Meeting 1"),
        comment(5, "Proposals::Proposal 1", alignment="7"),
    )  # fmt: skip
    told = await bring(world, proposals, said)
    why = {(one["file"], one["line"]): one["reason"] for one in told["lost"]}
    expected = {
        ("proposals.csv", 6): "with other words", ("proposals.csv", 8): "'yesterday' is not a moment",
        ("proposals.csv", 10): "published in the future", ("proposals.csv", 14): "one of the meetings",
        ("proposals.csv", 16): "add --host HOST", ("proposals.csv", 18): "The text cannot be kept",
        ("comments.csv", 2): "in a circle", ("comments.csv", 3): "in a circle",
        ("comments.csv", 4): "it has no words", ("comments.csv", 5): "'meeting/1', which is not here",
        ("comments.csv", 6): "its alignment is '7'",
    }  # fmt: skip
    assert why.keys() == expected.keys(), why
    assert len(told["lost"]) == len(expected)  # each is told once
    assert [at for at, told in expected.items() if told not in why[at]] == []
    assert (told["kept"]["proposals"], told["repeated"]) == (4, 1)
    changed = {one["what"].partition(":")[0]: one["lines"] for one in told["changed"]}
    assert changed["it has no text"] == [7]
    assert changed["its title is too long"] == [12]
    assert changed["its moment has no zone"] == [19]
    found = {one["origin"]["externalId"]: one for one in (await world.ask(THREAD))["space"]["contributions"]["nodes"]}
    assert found["proposal/2"]["body"]["text"] == "Un titre"
    assert (len(found["proposal/5"]["title"]), "t" * 400 in found["proposal/5"]["body"]["text"]) == (300, True)
    assert found["proposal/9"]["publishedAt"] == "2019-01-17T09:38:00+00:00"


async def test_the_columns_of_newer_versions(world: World, tmp_path: Path) -> None:
    """JSON in a zip: nested, in two languages, with HTML, several authors, a group, an organisation."""
    new = {
        "id": 4, "author": {"id": [12, 15], "name": ["Ada", "Bob"], "url": ["https://lille.example.org/profiles/a"]},
        "title": {"fr": "Un titre", "en": "A title", "machine_translations": {"es": "Un título"}},
        "body": {"fr": "<p>Un &lt;mot&gt;</p><ul><li>a</li></ul><img src='x'>", "en": "<p>A word</p>"},
        "taxonomies": {"id": [1, 2], "name": [{"fr": "Air"}, {"fr": "Eau"}]},
        "scope": {"id": 3, "name": {"fr": "Nord"}},
        "state": "accepted", "answer": {"fr": "<p>Oui.</p>"}, "supports": 12, "endorsements": {"total_count": 3},
        "published_at": "2023-01-17T10:38:20.123+01:00", "url": "https://lille.example.org/processes/p/f/1/proposals/4",
        "withdrawn": False, "attachments": 0,
    }  # fmt: skip
    held = {
        "id": 9, "author": {"id": 1, "name": "La Ville", "url": "https://lille.example.org/"},
        "title": {"fr": "Faut-il ?"},
        "description": {"fr": "Quoi."}, "instructions": {"fr": "Comment."}, "start_time": None,
        "url": "https://lille.example.org/processes/p/f/2/debates/9",
    }  # fmt: skip
    met = {
        "id": 5, "author/id": "12", "author/name": "Réunion du 3 mai", "title": "Un autre", "body": "Des mots.",
        "author/url": "https://lille.example.org/processes/p/f/3/meetings/12", "author/email": "a@example.org",
        "taxonomies/id": "1, 2", "taxonomies/name": '{"en"=>"Air, x", "fr"=>"Air, eau"}, {"fr"=>"Nord"}',
        "published_at": "2023-01-17 10:38:20 +0100", "url": "https://lille.example.org/processes/p/f/1/proposals/5",
    }  # fmt: skip
    grouped = comment(1, "Debates::Debate 9", locale="en", **{"user_group/id": 7, "user_group/name/fr": "Les Amis"})
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("proposals.json", json.dumps([new]))
        archive.writestr("debates.json", json.dumps([held]))
    told = await bring(world, tmp_path / "export.zip", write(tmp_path, "comments.csv", grouped),
                       write(tmp_path, "met.csv", met))  # fmt: skip
    assert (told["kept"], told["lost"]) == ({"proposals": 2, "debates": 1, "comments": 1}, [])
    assert {one["column"]: one["total"] for one in told["lost_columns"]} == {
        "answer/fr": None, "author/email": None, "body/en": None, "endorsements/total_count": 3, "state": None,
        "supports": 12, "title/en": None, "title/machine_translations/es": None,
    }  # fmt: skip
    assert {one["what"].partition(":")[0] for one in told["changed"]} == {
        "it has several authors", "images and players in the text are left out", "it says no moment",
        "it was said for a group",
    }  # fmt: skip
    nodes = (await world.ask(THREAD))["space"]["contributions"]["nodes"]
    found = {one["origin"]["externalId"]: one for one in nodes}
    assert found["proposal/4"]["title"] == "Un titre"
    assert found["proposal/4"]["body"]["markdown"] == "Un \\<mot>\n\n- a"
    assert found["proposal/4"]["author"] == {"kind": "PERSON", "displayName": "Ada"}
    assert (found["proposal/4"]["categories"], found["proposal/4"]["language"]) == (["Air", "Eau", "Nord"], "fr")
    assert found["proposal/5"]["author"] == {"kind": "STRUCTURE", "displayName": "Réunion du 3 mai"}
    assert found["proposal/5"]["categories"] == ["Air, eau", "Nord"]
    assert found["debate/9"]["author"] == {"kind": "STRUCTURE", "displayName": "La Ville"}
    assert found["debate/9"]["body"]["text"] == "Quoi.\n\nComment."
    assert found["debate/9"]["replies"]["nodes"][0]["author"]["displayName"] == "Les Amis"


async def test_without_a_kind_for_proposals_they_are_ideas(world: World, tmp_path: Path) -> None:
    path = write(tmp_path, "proposals.csv", proposal(4))
    done = await change(world, "setPlugins", "administrator", space="Space", plugins=["exchange"])
    assert "code" not in done, done
    await bring(world, path)
    assert [one["kind"] for one in (await world.ask(THREAD))["space"]["contributions"]["nodes"]] == ["IDEA"]


if REAL.is_dir():  # the export itself is not ours to give away

    async def test_the_export_of_2019(world: World) -> None:
        told = await bring(world, *sorted(REAL.glob("*.csv")))
        assert told["kept"] == {"proposals": 196, "debates": 29, "comments": 334}
        assert told["depths"] == {"0": 258, "1": 55, "2": 15, "3": 6}
        assert told["alignments"] == {"AGAINST": 10, "FOR": 47, "NEUTRAL": 277}
        assert len({one["id"] for one in told["lost"] if one["file"] == "commentaires_propositions_libres.csv"}) == 44
        assert len(told["lost"]) == 44
        counted = await world.ask("""{ space(slug: "lille") { structureCount
            proposals: contributions(filter: { kinds: [PROPOSAL] }) { totalCount }
            debates: contributions(filter: { kinds: [QUESTION] }) { totalCount nodes { replyCount } } }
            all: contributions(filter: { channels: [IMPORT] }) { totalCount } }""")
        assert counted["space"]["proposals"]["totalCount"] == 196
        assert counted["space"]["debates"]["totalCount"] == 29
        assert counted["all"]["totalCount"] == 559
        assert (await bring(world, *sorted(REAL.glob("*.csv"))))["unchanged"] == 559
