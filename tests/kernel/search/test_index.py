"""What is put in the index is found, by the same words on both databases, until it is taken out."""

import random
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text

from hemicycle.kernel.search import ddl, index
from hemicycle.kernel.search.find import MOST, find
from hemicycle.kernel.search.words import asked, stems
from hemicycle.testing import World


async def found(world: World, query: str, who: str = "visitor", **more: Any) -> list[UUID]:
    async with world.app.db.read() as connection:
        hits = await find(world.app, connection, world.actor(who).viewer, query, **more)
    return [ref.key for ref in hits]


async def put(world: World, key: UUID, *texts: str) -> None:
    async with world.app.write() as session:
        await index.put(session, "Contribution", key, *texts)


async def kept(world: World) -> tuple[int, int]:
    """(objects, rows of words) in the index."""
    async with world.app.db.read() as connection:
        counts = [await connection.scalar(select(func.count()).select_from(one)) for one in (index.objects, index.kept)]
    return counts[0] or 0, counts[1] or 0


async def test_an_object_is_found_by_all_of_its_texts_and_by_no_others(world: World) -> None:
    key = world.ids["Contribution:PUBLISHED"]
    await put(world, key, "Le numérique", "pour les habitants")
    assert await found(world, "numerique habitant") == [key]
    await put(world, key, "L’eau et les rivières")
    assert await found(world, "numerique") == []
    assert await found(world, "rivière") == [key]


async def test_putting_again_leaves_one_row(world: World) -> None:
    before = await kept(world)
    for words in ("first", "second", "", "third"):
        await put(world, world.ids["Contribution:PUBLISHED"], words)
    assert await kept(world) == before
    assert before[0] == before[1]


async def test_what_is_removed_is_not_found_and_others_are(world: World) -> None:
    first, second = world.ids["Contribution:PUBLISHED"], world.ids["Contribution:REPLY"]
    async with world.app.write() as session:
        await index.put_many(session, "Contribution", [(first, "peuplier"), (second, "peuplier")])
        await index.remove(session, "Contribution", first)
        await index.remove(session, "Contribution", uuid4())  # never there: no mistake
        await index.remove(session, "Space", second)  # another type: not meant
    assert await found(world, "peuplier") == [second]
    objects, words = await kept(world)
    assert objects == words


async def test_an_erasure_forgets_objects_of_any_type(world: World) -> None:
    keys = [world.ids["Contribution:PUBLISHED"], world.ids["Space:OPEN"]]
    async with world.app.write() as session:
        await index.put(session, "Contribution", keys[0], "sentinelle")
        await index.put(session, "Space", keys[1], "sentinelle")
        await index.put(session, "OfAPluginThatIsGone", keys[0], "sentinelle")
    assert set(await found(world, "sentinelle")) == set(keys)
    before = await kept(world)
    async with world.app.write() as session:
        await index.forget(session, keys)
    assert await found(world, "sentinelle") == []
    assert await kept(world) == (before[0] - 3, before[1] - 3)


async def test_many_are_put_and_removed_at_once(world: World, corpus: Any) -> None:
    ids = await corpus.add([f"commun{number} partout" for number in range(1200)])
    assert await found(world, "commun1199") == [ids[1199]]
    assert len(await found(world, "partout")) == MOST
    async with world.app.write() as session:
        await index.remove(session, "Contribution", *ids[1:])
    assert await found(world, "partout") == [ids[0]]


async def test_the_last_text_of_an_id_that_comes_twice_counts(world: World) -> None:
    key = world.ids["Contribution:PUBLISHED"]
    async with world.app.write() as session:
        await index.put_many(session, "Contribution", [(key, "premier"), (key, "dernier")])
    assert await found(world, "premier") == []
    assert await found(world, "dernier") == [key]


async def test_what_is_undone_is_not_found(world: World) -> None:
    async def fails() -> None:
        async with world.app.write() as session:
            await index.put(session, "Contribution", world.ids["Contribution:PUBLISHED"], "brouillard")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fails()
    assert await found(world, "brouillard") == []


async def test_the_better_fit_comes_first_and_ties_by_the_newest(world: World, corpus: Any) -> None:
    filler = "autre chose sans rapport aucun " * 5
    weak, strong, tie = await corpus.add([f"{filler} tilleul", "tilleul tilleul", f"{filler} tilleul"])
    assert await found(world, "tilleul") == [strong, tie, weak]


async def test_a_space_holds_what_lives_in_it_and_below(world: World, corpus: Any) -> None:
    (here,), (there,) = await corpus.add(["glycine"]), await corpus.add(["glycine"], "Space:CLOSED")
    await put_space(world, "Space:OPEN", "glycine")
    root, open_ = world.ids["Space"], world.ids["Space:OPEN"]
    assert set(await found(world, "glycine")) == {here, there, open_}
    assert set(await found(world, "glycine", space=root)) == {here, there, open_}
    assert set(await found(world, "glycine", space=open_)) == {here, open_}
    assert await found(world, "glycine", space=uuid4()) == []
    assert await found(world, "glycine", types=["Space"]) == [open_]
    assert set(await found(world, "glycine", types=["Contribution"])) == {here, there}
    assert await found(world, "glycine", types=[]) == []


async def put_space(world: World, name: str, words: str) -> None:
    async with world.app.write() as session:
        await index.put(session, "Space", world.ids[name], words)


@pytest.mark.parametrize(
    ("name", "who", "sees"),
    [
        ("Contribution:PUBLISHED", "visitor", True),
        ("Contribution:HIDDEN", "visitor", False),
        ("Contribution:HIDDEN", "participant", False),
        ("Contribution:HIDDEN", "author", True),
        ("Contribution:HIDDEN", "moderator", True),
        ("Contribution:DRAFT", "moderator", False),
        ("Contribution:DRAFT", "author", True),
        ("Contribution:PENDING", "participant", False),
        ("Contribution:PENDING", "moderator", True),
        ("Contribution:MEMBERS", "visitor", False),
        ("Contribution:MEMBERS", "participant", False),
        ("Contribution:MEMBERS", "member", True),
    ],
)
async def test_only_what_the_viewer_may_see_is_found(world: World, name: str, who: str, sees: bool) -> None:
    await put(world, world.ids[name], "sequoia")
    assert await found(world, "sequoia", who) == ([world.ids[name]] if sees else [])


TEXTS = [
    "Les élections régionales et la participation des habitantes",
    "développement durable des territoires",
    "l’accès aux données publiques",
    "cyclistes et pistes cyclables en sécurité",
    "Covid-19, 3e5, v2_final, 1.5 million, 0x1F, a@b.org, https://exemple.fr/page?x=1",
    'C\'est "cité" AND OR NOT NEAR(a b) * ^ : - + { } & | ! <-> \\ % $1 :words ?',
    "\ufdfa \u0130stanbul STRASSE straße \ufb01n ÅNGSTRÖM ﷽",
    "η δημοκρατία и народ 民主 🗳️ 👩🏽‍🌾 हिन्दी",
    "a\u0301\u0323\u0301 e\u200bcole \u202eabc\u202c",
    "true false null nan inf -1 1e400 '' ;-- <script>alert(1)</script>",
    "mot " * 20_000,  # more places than PostgreSQL counts
    " ".join(f"mot{number}" for number in range(6_000)),
    "x" * 3_000,
    "",
]
QUERIES = [
    *(word for line in TEXTS for word in line.split()[:40]),
    *TEXTS[:10], "*", '"', "'", "''", "\\", "a' | 'b", 'a" OR "b', "mot OR mots", "NEAR(mot, 2)", "words:mot", "mot*",
    "-mot", "^mot", "mot & !mot", "mot <-> mot", "\0mot\0", "\ud800", "mot\udfff", "%", "_", "x" * 41, "l", "mot5999",
]  # fmt: skip


async def test_hostile_queries_find_the_same_on_both_databases(world: World, corpus: Any) -> None:
    ids = await corpus.add(TEXTS)
    words = [set(stems(one).split()) for one in TEXTS]
    chosen = random.Random(5)
    for query in [*QUERIES, *(" ".join(chosen.sample(QUERIES, 2)) for _ in range(40))]:
        expected = {key for key, one in zip(ids, words, strict=True) if fits(query, one)}
        assert set(await found(world, query)).intersection(ids) == expected, repr(query)


def fits(query: str, kept_: set[str]) -> bool:
    alternatives: Sequence[tuple[str, ...]] = asked(query)
    return bool(alternatives) and all(kept_.intersection(one) for one in alternatives)


async def test_a_query_of_very_many_words_is_answered(world: World, corpus: Any) -> None:
    every = " ".join(f"q{number}" for number in range(2_000))
    (key,) = await corpus.add([every])
    assert await found(world, " ".join(f"q{number}" for number in range(150))) == [key]


async def test_deleted_words_leave_the_file(world: World) -> None:
    sentinel = "xylophonesentinelle"
    await put(world, world.ids["Contribution:PUBLISHED"], f"un {sentinel} rare")
    async with world.app.write() as session:
        await index.remove(session, "Contribution", world.ids["Contribution:PUBLISHED"])
    if world.app.db.dialect == "postgresql":
        async with world.app.db.read() as connection:
            rows = await connection.scalars(text(f"SELECT words::text FROM {ddl.TABLE}"))
            assert not [one for one in rows if "xylophon" in one]
        return
    path = world.app.db.reading.url.database
    assert path
    raw = sqlite3.connect(path, isolation_level=None)
    for line in (ddl.OPTIMISE, "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
        raw.execute(line)
    (state,) = raw.execute("PRAGMA integrity_check").fetchone()
    raw.close()
    assert state == "ok"
    assert b"xylophon" not in Path(path).read_bytes()
