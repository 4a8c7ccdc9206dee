"""What outcomes show in the example instance: a debate of the Region's own size, generated, and said to be so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from hemicycle.api import (
    SYSTEM,
    Actor,
    Application,
    ContributionRow,
    Example,
    ParticipantRow,
    Placed,
    Record,
    Session,
    SpaceTree,
    add_many,
    grant_role,
    new_participant,
    table_of,
)
from hemicycle_outcomes.commitments import example as commitments
from hemicycle_outcomes.dispositions import batches
from hemicycle_outcomes.dispositions.models import DispositionRow
from hemicycle_outcomes.proposals import rules as proposals
from hemicycle_outcomes.transmissions import rules as transmissions
from hemicycle_outcomes.transmissions.models import TransmissionRow

SYSTEM_NAME = "demonstration-outcomes"
FIRST = datetime(2025, 9, 1, 8, tzinfo=UTC)  # when the generated debate begins; it takes five months
LASTS = timedelta(days=150)
QUESTION = """query($slug: String!) { space(slug: $slug) {
  dispositionBalance { total triaged destinations { destination count } gap }
} }"""


@dataclass
class Team:
    """Who triages in the demonstration."""

    analyst: Actor
    reviewer: Actor
    decision_maker: Actor


async def load(app: Application, placed: Placed, said: dict[str, Any]) -> None:
    """Generate the contributions, make proposals of them, and triage these, all in one transaction."""
    root = placed.spaces[said["space"]]
    async with app.write() as session:
        sources = await _contributions(session, placed, root, said)
        team = await _team(session, root, said["team"])
        keys = await _proposals(session, team.analyst, root, sources, said)
        await _triage(session, team, root, keys, said["dispositions"])
        await _after(session, team.decision_maker, keys, said)
        await commitments.load(session, root, team.decision_maker, said["commitments"], said["words"]["answer"])


async def tell(app: Application) -> dict[str, Any]:
    """Where the proposals of the whole example go: one query on its root space."""
    result = await app.execute(QUESTION, slug="centre-val-de-loire")
    if result.errors or result.data is None:
        raise RuntimeError(result.errors)
    return {"dispositions": result.data["space"]["dispositionBalance"]}


async def _contributions(session: Session, placed: Placed, root: UUID, said: dict[str, Any]) -> list[tuple[UUID, str]]:
    """One contribution of each person and structure that lacks, spread over the spaces. (its id, its theme) each."""
    authors = [
        (kind, number)
        for kind, wanted in (("PERSON", said["persons"]), ("STRUCTURE", said["structures"]))
        for number in range(wanted - await _published(session, root, kind))
    ]
    records: dict[UUID, list[Record]] = {key: [] for key in placed.spaces.values()}
    spaces, themes, words = list(records), said["themes"], said["words"]
    for number, (kind, which) in enumerate(authors):
        theme, channel = themes[number % len(themes)], said["channels"][number % len(said["channels"])]
        records[spaces[number % len(spaces)]].append(Record(
            number=number + 1, id=f"generated-{number}", author=f"{kind.lower()}-{which}", author_kind=kind,
            author_name=f"{'Personne' if kind == 'PERSON' else 'Structure'} générée {which + 1}",
            title=words["contribution"].format(number=number + 1, theme=theme), categories=[theme],
            text=words["contribution_text"].format(theme=theme),
            channel=channel if kind == "PERSON" else "STRUCTURE_MEETING",
            published_at=FIRST + LASTS * number / len(authors),
        ))  # fmt: skip
    for space, some in records.items():
        added = await add_many(session, SYSTEM, space=space, system=SYSTEM_NAME, records=some)
        if added.problems:
            raise KeyError(added.problems[0])
    it = table_of(ContributionRow)
    made = select(it.c.id, it.c.categories).where(it.c.published_at >= FIRST, it.c.published_at < FIRST + LASTS)
    return [(key, categories[0]) for key, categories in await session.execute(made.order_by(it.c.published_at))]


async def _published(session: Session, root: UUID, kind: str) -> int:
    it, who, tree = map(table_of, (ContributionRow, ParticipantRow, SpaceTree))
    joined = it.join(who, who.c.id == it.c.author_id).join(tree, tree.c.descendant_id == it.c.space_id)
    tests = tree.c.ancestor_id == root, it.c.state == "PUBLISHED", who.c.kind == kind
    counted = select(func.count(it.c.author_id.distinct())).select_from(joined).where(*tests)
    found: int = (await session.execute(counted)).scalar_one()
    return found


async def _team(session: Session, root: UUID, names: dict[str, str]) -> Team:
    people = {role: new_participant(session, name) for role, name in names.items()}
    await session.flush()
    for role, person in people.items():
        await grant_role(session, SYSTEM, space=root, participant=person.id, role=role)
    return Team(**{role: Actor(person.id) for role, person in people.items()})


async def _proposals(
    session: Session, analyst: Actor, root: UUID, sources: list[tuple[UUID, str]], said: dict[str, Any]
) -> list[UUID]:
    """As many proposals as the dispositions ask for, each of contributions of one theme."""
    themes, words = said["themes"], said["words"]
    number = sum(one["count"] for one in said["dispositions"].values())
    groups: list[dict[UUID, str]] = [{} for _ in range(number)]
    for theme_at, theme in enumerate(themes):
        here = groups[theme_at :: len(themes)]
        for at, key in enumerate(key for key, of in sources if of == theme):
            here[at % len(here)][key] = "MERGED"
    drafts = [
        proposals.Draft(
            group, theme=(theme := themes[at % len(themes)]),
            title=words["proposal"].format(number=at + 1, theme=theme),
            statement=words["proposal_text"].format(theme=theme, sources=len(group)),
        )
        for at, group in enumerate(groups)
    ]  # fmt: skip
    return [row.id for row in await proposals.make_many(session, analyst, space=root, drafts=drafts)]


async def _triage(session: Session, team: Team, root: UUID, keys: list[UUID], said: dict[str, Any]) -> None:
    """An analyst proposes, another person reviews, a third one decides: as everywhere."""
    items = [{"proposal": key, **where} for key, where in zip(keys, _destinations(said), strict=True)]
    await batches.propose_many(session, team.analyst, space=root, items=items)
    it = table_of(DispositionRow)
    found = (await session.execute(select(it.c.id).where(it.c.proposal_id.in_(keys)))).scalars().all()
    await batches.review_many(session, team.reviewer, space=root, dispositions=found)
    await batches.decide_many(session, team.decision_maker, space=root, dispositions=found)


def _destinations(said: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for destination, one in said.items():
        for at in range(one["count"]):
            where = {"destination": destination, "motive": one["motive"]}
            if "recipients" in one:
                where["recipient"] = one["recipients"][at % len(one["recipients"])]
            if "because" in one:
                where["unusable_because"] = one["because"][at % len(one["because"])]
            yield where


async def _after(session: Session, official: Actor, keys: list[UUID], said: dict[str, Any]) -> None:
    """Some official answers, and what other levels did with some of what was handed on."""
    for key in keys[: said["answered"]]:
        await proposals.answer(session, official, proposal=key, text=said["words"]["answer"])
    it = table_of(TransmissionRow)
    waiting = select(it.c.id).where(it.c.proposal_id.in_(keys)).order_by(it.c.id).limit(said["sent"])
    for at, key in enumerate((await session.execute(waiting)).scalars().all()):
        await transmissions.send(session, official, transmission=key, channel="EMAIL")
        if at < said["acknowledged"]:
            await transmissions.acknowledge(session, official, transmission=key)
        if at < said["answered_by_others"]:
            await transmissions.note_answer(
                session, official, transmission=key, text=said["words"]["answer"]
            )  # fmt: skip


EXAMPLE = Example(load, tell)
