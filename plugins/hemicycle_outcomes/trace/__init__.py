"""The trace: from what someone said to what was done because of it."""

from uuid import UUID

from hemicycle.api import Sample, Session
from hemicycle_outcomes.trace.graphql import TYPES


def _sample(state: str) -> Sample:
    async def name(_: Session, world: dict[str, UUID]) -> UUID:
        return world[f"Contribution:{state}"]

    return Sample(f"Trace:{state}", f"What became of Contribution:{state}.", make=name)


ACTIONS: list[object] = []
EVENTS: list[object] = []
HANDLERS: list[object] = []
JOBS: list[object] = []
PERSONAL_DATA: list[object] = []
FIGURES: list[object] = []
OPEN_DATA: list[object] = []
SAMPLES = [_sample(state) for state in ("PUBLISHED", "MEMBERS", "HIDDEN", "WITHDRAWN")]

__all__ = ["ACTIONS", "EVENTS", "FIGURES", "HANDLERS", "JOBS", "OPEN_DATA", "PERSONAL_DATA", "SAMPLES", "TYPES"]
