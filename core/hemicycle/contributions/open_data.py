"""What anyone may take away of contributions: their words, and those that they had before."""

from typing import Any

from sqlalchemy import ColumnElement, Select, case, select

from hemicycle.contributions.models import ContributionRow, VersionRow
from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.declarations import OpenData, WayBack
from hemicycle.participants.models import OriginRow, ParticipantRow
from hemicycle.spaces.tree import readable

contributions, versions, participants, origins = map(
    table_of, (ContributionRow, VersionRow, ParticipantRow, OriginRow)
)  # fmt: skip


def _shown() -> ColumnElement[bool]:
    """What is published, and the places of what was withdrawn."""
    it = contributions.c
    return it.state.in_(["PUBLISHED", "WITHDRAWN"]) & it.published_at.is_not(None) & readable(it.space_id)


def _contributions() -> Select[Any]:
    it, said, who, source = contributions.c, versions.c, participants.c, origins.c
    published = it.state == "PUBLISHED"
    words = select(
        it.id, it.space_id, it.parent_id, it.kind, it.state, it.alignment, it.channel, it.language, it.categories,
        it.published_at, it.version, said.at.label("written_at"), said.title, said.text,
        case((published & (who.kind == "PERSON"), it.author_id)).label("person"),
        case((published & (who.kind == "STRUCTURE"), who.display_name)).label("structure"),
        source.system.label("origin_system"), source.external_id.label("origin_id"),
    )  # fmt: skip
    joined = contributions.join(versions, (said.contribution_id == it.id) & (said.number == it.version))
    joined = joined.join(participants, who.id == it.author_id)
    joined = joined.outerjoin(origins, (source.type == "Contribution") & (source.object_id == it.id))
    return words.select_from(joined).where(_shown()).order_by(it.id)


def _versions() -> Select[Any]:
    it, said = contributions.c, versions.c
    earlier = versions.join(contributions, (it.id == said.contribution_id) & (said.number < it.version))
    words = select(said.contribution_id, said.number, said.title, said.text, said.at).select_from(earlier)
    return words.where(_shown()).order_by(said.contribution_id, said.number)


_CONTRIBUTION = {
    "id": "The id.", "space_id": "The id of its space.", "parent_id": "The id of what it answers.",
    "kind": "What sort of words.", "state": "PUBLISHED, or WITHDRAWN: its author took the words back.",
    "alignment": "For or against what it answers.", "channel": "How it came in.", "language": "Its language.",
    "categories": "Its categories.", "published_at": "When it was published.",
    "version": "How often its words were written.", "written_at": "When these words were written.",
    "title": "What it is about.", "text": "The words, in Markdown.",
    "person": "Who said it: a pseudonym that holds in this space alone.",
    "structure": "The name of the structure that said it.", "origin_system": "Where it was imported from.",
    "origin_id": "Its id there.",
}  # fmt: skip
_VERSION = {
    "contribution_id": "The id of its contribution.", "number": "1 for the first one.", "title": "What it was about.",
    "text": "The words, in Markdown; empty where they were taken back.", "at": "When it was written.",
}  # fmt: skip
OPEN_DATA = [
    OpenData(
        "contributions", "What was published, and the places of what was withdrawn. No person is named.",
        query=_contributions, columns=_CONTRIBUTION, pseudonyms={"person": "space_id"},
        way_back="`hemicycle import open-data` writes them with `add_many`, before all that refers to them.",
    ),
    OpenData(
        "contribution_versions", "The words that contributions had before they were changed.",
        query=_versions, columns=_VERSION,
        way_back=WayBack(VersionRow, refs={"contribution_id": "contributions"}, part_of="contribution_id"),
    ),
]  # fmt: skip
