"""Proposals: made of contributions, with their sources, versions, co-authors and lineage."""

from hemicycle.api import Action, Event, Figure, Handler, Job, PersonalData, Sample
from hemicycle_outcomes.proposals.graphql import TYPES

ACTIONS: list[Action] = []
EVENTS: list[Event] = []
HANDLERS: list[Handler] = []
JOBS: list[Job] = []
PERSONAL_DATA: list[PersonalData] = []
FIGURES: list[Figure] = []
SAMPLES: list[Sample] = []

__all__ = ["ACTIONS", "EVENTS", "FIGURES", "HANDLERS", "JOBS", "PERSONAL_DATA", "SAMPLES", "TYPES"]
