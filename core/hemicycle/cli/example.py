"""The example instance: its YAML, loaded by the rules that everyone goes through, the core's first, all or nothing."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from hemicycle.contributions import bulk
from hemicycle.contributions.records import Record
from hemicycle.kernel.access.actor import SYSTEM
from hemicycle.kernel.application import Application
from hemicycle.kernel.db.session import Session
from hemicycle.kernel.declarations import Placed
from hemicycle.kernel.errors import StartupError
from hemicycle.participants.models import OriginRow, StructureMemberRow
from hemicycle.participants.rules import new_participant
from hemicycle.spaces import roles, rules
from hemicycle.spaces.models import SpaceRow

ROOT = "centre-val-de-loire"
SYSTEM_NAME = "demonstration"
KINDS = {"REGION": "PROGRAMME"}  # kinds of territories come with the plugin that knows territories


def folder() -> Path:
    """Where the example is: beside the code, in a checkout."""
    found = Path(__file__).parents[3] / "examples" / "centre_val_de_loire"
    if not found.is_dir():
        raise StartupError(f"There is no example at {found}: take a checkout of hemicycle (git clone) to see it.")
    return found


async def load_into(app: Application, where: Path) -> bool:
    """Load what the core shows, unless it is there. Whether it was loaded now."""
    if await _root(app) is not None:
        return False
    said = {name: read(where / f"{name}.yaml") for name in ("spaces", "participants", "contributions", "roles")}
    async with app.write() as session:
        spaces = await _spaces(session, said["spaces"])
        people = said["participants"]["participants"]
        await _contributions(session, people, said["contributions"]["contributions"], spaces)
        known = await _people(session, people)
        for one in said["roles"]["roles"]:
            await roles.grant(session, SYSTEM, space=spaces[one["space"]], participant=known[one["participant"]],
                              role=one["role"])  # fmt: skip
    return True


async def placed(app: Application, where: Path) -> Placed:
    """What is there of the core's example."""
    slugs = [one["slug"] for one in read(where / "spaces.yaml")["spaces"]]
    async with app.db.read() as connection:
        found = await connection.execute(
            select(col(SpaceRow.slug), col(SpaceRow.id)).where(col(SpaceRow.slug).in_(slugs))
        )
        spaces: dict[str, UUID] = {slug: key for slug, key in found}  # noqa: C416  (rows)
        return Placed(
            {slug: spaces[slug] for slug in slugs if slug in spaces},
            await origins(connection, "Participant"),
            await origins(connection, "Contribution"),
        )


async def origins(connection: AsyncConnection | Session, type_name: str) -> dict[str, UUID]:
    """The objects of a type that came with the example, by key."""
    known = select(col(OriginRow.external_id), col(OriginRow.object_id)).where(
        col(OriginRow.type) == type_name, col(OriginRow.system) == SYSTEM_NAME
    )
    found = await connection.execute(known.order_by(col(OriginRow.external_id)))
    return {key: known for key, known in found}  # noqa: C416  (rows)


def read(path: Path) -> dict[str, Any]:
    """What a file of the example says."""
    said: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return said


async def _root(app: Application) -> UUID | None:
    async with app.db.read() as connection:
        return (await connection.execute(select(col(SpaceRow.id)).where(col(SpaceRow.slug) == ROOT))).scalar()


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
    people = await origins(session, "Participant")
    for one in said:
        if (key := one["key"]) not in people:
            people[key] = new_participant(session, one["display_name"], one["kind"]).id
            session.add(OriginRow(type="Participant", system=SYSTEM_NAME, external_id=key, object_id=people[key]))
    await session.flush()
    for one in said:
        session.add_all(
            StructureMemberRow(structure_id=people[one["key"]], participant_id=people[member])
            for member in one.get("members", ())
        )
    return people
