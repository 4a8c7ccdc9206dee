"""The example instance: its YAML, loaded by the rules that everyone goes through, all of it or nothing."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from rich.console import Console
from rich.progress import track
from sqlalchemy import select
from sqlmodel import col

from hemicycle.contributions import bulk
from hemicycle.contributions.records import Record
from hemicycle.kernel.access.actor import SYSTEM, Actor
from hemicycle.kernel.application import Application
from hemicycle.kernel.db.session import Session
from hemicycle.kernel.errors import StartupError
from hemicycle.kernel.graphql.ids import encode_id
from hemicycle.participants.models import OriginRow, StructureMemberRow
from hemicycle.participants.rules import new_participant
from hemicycle.spaces import roles, rules
from hemicycle.spaces.models import ActivationRow, SpaceRow

ROOT = "centre-val-de-loire"
SYSTEM_NAME = "demonstration"
KINDS = {"REGION": "PROGRAMME"}  # kinds of territories come with the plugin that knows territories
SUPPORT = "mutation($id: ID!) { support(input: { target: $id }) { __typename ... on Refusal { message } } }"


def folder() -> Path:
    """Where the example is: beside the code, in a checkout."""
    found = Path(__file__).parents[3] / "examples" / "centre_val_de_loire"
    if not found.is_dir():
        raise StartupError(f"There is no example at {found}: take a checkout of hemicycle (git clone) to see it.")
    return found


async def load_into(app: Application, where: Path, console: Console) -> bool:
    """Load the example, unless it is there. Whether it was loaded now."""
    known = select(col(SpaceRow.id)).where(col(SpaceRow.slug) == ROOT)
    async with app.db.read() as connection:
        if (await connection.execute(known)).first() is not None:
            return False
    said = _read(where)
    contributions = said["contributions"]["contributions"]
    async with app.write() as session:
        spaces = await _spaces(session, said["spaces"])
        await _contributions(session, said["participants"]["participants"], contributions, spaces)
        people = await _people(session, said["participants"]["participants"])
        for one in said["roles"]["roles"]:
            await roles.grant(session, SYSTEM, space=spaces[one["space"]], participant=people[one["participant"]],
                              role=one["role"])  # fmt: skip
    if "votes" in app.plugins.loaded:
        persons = [people[one["key"]] for one in said["participants"]["participants"] if one["kind"] == "PERSON"]
        await _supports(app, contributions, persons, console)
    return True


def _read(where: Path) -> dict[str, Any]:
    return {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in sorted(where.glob("*.yaml"))}


async def _spaces(session: Session, said: dict[str, Any]) -> dict[str, UUID]:
    """The tree, each space open: parents come before children."""
    made: dict[str, UUID] = {}
    opening = said["opening"]
    for one in said["spaces"]:
        row = await rules.create(
            session, SYSTEM, parent=made.get(one["parent"]), slug=one["slug"], title=one["title"], locale="fr",
            kind=KINDS.get(one["kind"], "TERRITORY"), summary=one["summary"], modalities=opening["rules"],
            information=opening["information"], ends_at=datetime.fromisoformat(opening["ends_at"]),
        )  # fmt: skip
        await rules.open_(session, SYSTEM, space=row.id)
        made[one["slug"]] = row.id
    session.add_all(ActivationRow(space_id=made[ROOT], plugin=name) for name in sorted(session.app.plugins.optional))
    return made


async def _contributions(
    session: Session, people: Iterable[dict[str, Any]], said: list[dict[str, Any]], spaces: dict[str, UUID]
) -> None:
    who = {one["key"]: one for one in people}
    for slug, space in spaces.items():
        records = [
            Record(
                number=number, id=one["key"], text=one["text"], author=one["author"], title=one.get("title"),
                author_name=who[one["author"]]["display_name"], author_kind=who[one["author"]]["kind"],
                published_at=datetime.fromisoformat(one["published_at"]), kind=one["kind"], parent=one.get("parent"),
                alignment=one.get("alignment"), categories=one.get("categories", ()), channel=one["channel"],
            )
            for number, one in enumerate(said, 1)
            if one["space"] == slug
        ]  # fmt: skip
        added = await bulk.add_many(session, SYSTEM, space=space, system=SYSTEM_NAME, records=records)
        if added.problems:
            raise StartupError(f"The example has mistakes: {added.problems}")


async def _people(session: Session, said: Iterable[dict[str, Any]]) -> dict[str, UUID]:
    """Everyone, by key: those who wrote are there by now, the others are added. Structures get their members."""
    known = select(col(OriginRow.external_id), col(OriginRow.object_id)).where(
        col(OriginRow.type) == "Participant", col(OriginRow.system) == SYSTEM_NAME
    )
    people: dict[str, UUID] = {key: found for key, found in await session.execute(known)}  # noqa: C416  (rows)
    for one in said:
        if one["key"] not in people:
            people[one["key"]] = new_participant(session, one["display_name"], one["kind"]).id
    await session.flush()
    for one in said:
        session.add_all(
            StructureMemberRow(structure_id=people[one["key"]], participant_id=people[member])
            for member in one.get("members", ())
        )
    return people


async def _supports(app: Application, said: list[dict[str, Any]], persons: list[UUID], console: Console) -> None:
    """As a front end would: one mutation a person."""
    supported = [one for one in said if one.get("supports")]
    known = select(col(OriginRow.external_id), col(OriginRow.object_id)).where(
        col(OriginRow.type) == "Contribution", col(OriginRow.system) == SYSTEM_NAME
    )
    async with app.db.read() as connection:
        ids = {key: found for key, found in await connection.execute(known)}  # noqa: C416  (rows)
    for number, one in enumerate(track(supported, "Supports", console=console, transient=True)):
        for at in range(one["supports"]):
            person = persons[(number + at) % len(persons)]
            result = await app.execute(SUPPORT, Actor(person), id=encode_id("Contribution", ids[one["key"]]))
            if result.errors or (result.data or {})["support"].get("message"):
                raise RuntimeError(f"a support of the example was refused: {result}")
