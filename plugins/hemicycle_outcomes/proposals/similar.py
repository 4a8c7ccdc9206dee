"""Contributions that say nearly the same: the five nearest are shown, and a person decides. Nothing merges by itself.

The search index names candidates that share telling words; TF-IDF of character 3- to 5-grams, accents left out, puts
them in order. No threshold separates duplicates from others, so none is drawn.
"""

import asyncio
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from hemicycle.api import (
    Application,
    ContributionRow,
    contribution_words,
    find,
    search_words,
    table_of,
)

NEAREST = 5
TELLING = 12  # words of the one asked about that candidates are looked for with: the longest
CANDIDATES = 200
LONGEST = 2000  # characters of a text that are compared
SIZES = (3, 4, 5)
contributions = table_of(ContributionRow)


def grams(text: str) -> Counter[str]:
    """How often each run of 3, 4 or 5 characters stands in the words of a text, accents and capitals left out."""
    plain = f" {' '.join(search_words(text[:LONGEST]))} "
    return Counter(plain[at : at + size] for size in SIZES for at in range(len(plain) - size + 1))


def ranked(one: str, others: Mapping[UUID, str]) -> list[tuple[UUID, float]]:
    """The others, the nearest first, each with its cosine (0 to 1) over TF-IDF weights among all these texts."""
    counts = {key: grams(text) for key, text in others.items()}
    mine, number = grams(one), len(others) + 1
    known = Counter(gram for count in (mine, *counts.values()) for gram in count)
    weight = {gram: math.log(number / times) + 1 for gram, times in known.items()}

    def length(count: Counter[str]) -> float:
        return math.sqrt(sum((times * weight[gram]) ** 2 for gram, times in count.items())) or 1.0

    def cosine(count: Counter[str]) -> float:
        shared = sum(times * mine[gram] * weight[gram] ** 2 for gram, times in count.items() if gram in mine)
        return shared / (length(count) * own)

    own = length(mine)
    found = [(key, cosine(count)) for key, count in counts.items()]
    return sorted(found, key=lambda pair: (-pair[1], str(pair[0])))


async def nearest(app: Application, connection: AsyncConnection, viewer: UUID | None, key: UUID) -> list[UUID]:
    """The nearest published contributions that the viewer sees, at most five; none of one that they do not see."""
    said = await _texts(app, connection, viewer, [key])
    if key not in said:
        return []
    telling = sorted(dict.fromkeys(search_words(said[key])), key=len, reverse=True)[:TELLING]
    hits = Counter[UUID]()
    for word in telling:
        hits.update(ref.key for ref in await find(app, connection, viewer, word, ["Contribution"]))
    del hits[key]
    others = await _texts(app, connection, viewer, [one for one, _ in hits.most_common(CANDIDATES)])
    order = await asyncio.to_thread(ranked, said[key], others)  # a fifth of a second, in which others are served
    return [one for one, _ in order[:NEAREST]]


async def _texts(
    app: Application, connection: AsyncConnection, viewer: UUID | None, keys: Sequence[UUID]
) -> dict[UUID, str]:
    """Title and text of those that are published and seen."""
    it = contributions.alias()
    seen = app.access.visible(app.mappings[contributions], it.c)
    words = select(it.c.id, contribution_words("title")(it.c), contribution_words("text")(it.c))
    chosen = words.where(it.c.id.in_(keys), it.c.state == "PUBLISHED", seen)
    return {key: f"{title or ''} {text}" for key, title, text in await connection.execute(chosen, {"viewer": viewer})}
