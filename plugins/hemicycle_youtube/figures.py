"""Numbers about shows, and what anyone may take away of them."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from hemicycle.api import Figure, OpenData, readable, table_of, under
from hemicycle_youtube.models import EpisodeRow, LinkRow

episodes, links = table_of(EpisodeRow), table_of(LinkRow)


def _episodes(space: ColumnElement[UUID]) -> Select[Any]:
    it = episodes.c
    here = under(it.space_id, space), readable(it.space_id)
    return select(func.count()).select_from(episodes).where(it.shown_at.is_not(None), *here)


def _moments(space: ColumnElement[UUID]) -> Select[Any]:
    it = links.c
    here = under(it.space_id, space), readable(it.space_id)
    return select(func.count()).select_from(links).where(it.state == "CONFIRMED", *here)


def _public() -> Select[Any]:
    it = episodes.c
    columns = it.id, it.site, it.video, it.title, it.state, it.duration, it.published_at
    return select(*columns).where(it.shown_at.is_not(None), readable(it.space_id)).order_by(it.id)


FIGURES = [
    Figure("episodes", "How many episodes were shown.", query=_episodes),
    Figure("moments", "How many moments of episodes are linked to something.", query=_moments),
]
OPEN_DATA = [
    OpenData(
        "episodes", "The episodes of shows.", query=_public,
        columns={
            "id": "Its id.", "site": "The site of its video.", "video": "The id of the video there.",
            "title": "Its title.", "state": "What it is.", "duration": "Seconds.",
            "published_at": "When the video was published.",
        },
        on=EpisodeRow,
        way_back="The site of its video says what it is: declare its show here, and it comes from there.",
    )
]  # fmt: skip
