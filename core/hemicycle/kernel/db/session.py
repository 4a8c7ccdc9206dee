"""The session of a rule: one transaction that authorizes, writes, records what happened, and queues what follows."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from uuid import UUID

from sqlalchemy import select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

from hemicycle.kernel.access.actor import Actor
from hemicycle.kernel.clock import new_id
from hemicycle.kernel.db.dialect import insert_once, table_of
from hemicycle.kernel.declarations import Event, Handler, Job, Occurrence
from hemicycle.kernel.errors import RefusalCode, Refused
from hemicycle.kernel.events.models import JournalRow
from hemicycle.kernel.graphql.ids import Ref
from hemicycle.kernel.graphql.sources import mapping_of
from hemicycle.kernel.jobs.models import JobRow

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application

R = TypeVar("R", bound=SQLModel)
DELIVER = "deliver"


class Session(AsyncSession):
    """What rules write with. It comes from `app.write()`, which commits when the rule returns, or undoes all of it."""

    def __init__(self, app: "Application") -> None:
        super().__init__(app.db.writing, expire_on_commit=False)
        self.app = app
        self.now: datetime = app.clock.now()
        self.authorized: set[str] = set()
        self.recorded: list[Occurrence] = []

    async def authorize(
        self, actor: Actor, action: str, on: type[R], key: UUID | None, *, lock: Literal["change", "share"] = "change"
    ) -> R:
        """The row of `on` under that key, if the actor sees it, has the action there, and its state allows it.

        Refused otherwise (SIGN_IN_FIRST, NOT_FOUND, NOT_ALLOWED, WRONG_STATE). On PostgreSQL the row is locked until
        the end: `change` it alone, or `share` it with others who depend on its state. First line of every rule.
        """
        self._check_scope(actor, action)
        row = await self.app.access.authorize(self, actor, action, on, key, lock)
        self.authorized.add(action)
        return row

    async def authorize_alone(self, actor: Actor, action: str) -> None:
        """Refuse, unless the actor has this action, which is on nothing."""
        self._check_scope(actor, action)
        await self.app.access.authorize_alone(self, actor, action)
        self.authorized.add(action)

    async def sees(self, actor: Actor, ref: Ref) -> bool:
        """Whether there is such an object, and the actor sees it."""
        if ref.type not in self.app.types:
            return False
        mapping = mapping_of(self.app.types[ref.type])
        row = mapping.table.alias().c
        seen = true() if actor.system else self.app.access.visible(mapping, row)
        question = select(row.id).where(row.id == ref.key, seen)
        return (await self.execute(question, {"viewer": actor.viewer})).first() is not None

    def record(
        self,
        actor: Actor,
        event: str,
        subject: SQLModel,
        *,
        space: UUID | None = None,
        reason: str | None = None,
        private: bool = False,
    ) -> None:
        """Write in the journal that `event` happened to `subject`; its handlers and listeners learn it after commit.

        space: where (the subject's own, if not said). reason: public, unless `private`.
        """
        known: Event = self.app.declared[Event][event]
        mapping = self.app.access.mappings[table_of(type(subject))]
        where: UUID | None = space or (getattr(subject, mapping.scope) if mapping.scope else None)
        row = JournalRow(
            at=self.now,
            event=known.name,
            actor_id=actor.id,
            by="SYSTEM" if actor.system else "TOKEN" if actor.scopes is not None else "PERSON",
            space_id=where,
            subject_type=self.app.table_types[mapping.table],
            subject_id=subject.id,  # type: ignore[attr-defined]
            reason=reason,
            private=private,
            public=known.public,
        )
        self.add(row)
        self.recorded.append(
            Occurrence(row.id, row.event, row.at, row.actor_id, row.space_id, row.subject_type, row.subject_id)
        )
        for handler in self.app.declared[Handler].values():
            if handler.event == event or (handler.event is None and known.public):
                argument = f"{row.id.hex}:{handler.name}"
                self.add(JobRow(name=DELIVER, argument=argument, once=argument, run_at=self.now))

    async def enqueue(
        self, job: str, argument: str = "", *, at: datetime | None = None, once: str | None = None
    ) -> None:
        """Put a declared job in the queue, to run at `at` (now, if not said). `once`: at most one of these."""
        if job not in self.app.declared[Job]:
            raise ValueError(f"no module declares the job {job!r}")
        key = new_id()
        new = insert_once(self.app.db.dialect, table_of(JobRow)).values(
            id=key, name=job, argument=argument, once=once or key.hex, run_at=at or self.now, attempts=0, state="READY"
        )
        await self.execute(new.on_conflict_do_nothing())

    def insert_once(self, on: type[SQLModel]) -> Any:
        """An INSERT into the table of `on` that knows `on_conflict_do_nothing().returning(…)`."""
        return insert_once(self.app.db.dialect, table_of(on))

    async def add_once(self, row: SQLModel) -> bool:
        """Write a row, unless one is there that is equal in what is unique. Whether it is new.

        What may be done once is done so: also by fifty at the same moment. Later changes of `row` are not written.
        """
        key = table_of(type(row)).primary_key
        new = self.insert_once(type(row)).values(**row.model_dump()).on_conflict_do_nothing()
        return (await self.execute(new.returning(*key))).first() is not None

    def _check_scope(self, actor: Actor, action: str) -> None:
        if not actor.has_scope(action):
            raise Refused(RefusalCode.NOT_ALLOWED, f"This token has no scope for {action}: create one that has.")
