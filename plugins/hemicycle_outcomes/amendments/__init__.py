"""Amendments: other words for a proposal, and what was decided on them."""

from hemicycle.api import Action, Event, Figure, Handler, Job, PersonalData, Sample
from hemicycle_outcomes.amendments.graphql import TYPES

ACTIONS: list[Action] = []
EVENTS: list[Event] = []
HANDLERS: list[Handler] = []
JOBS: list[Job] = []
PERSONAL_DATA: list[PersonalData] = []
FIGURES: list[Figure] = []
SAMPLES: list[Sample] = []

__all__ = ["ACTIONS", "EVENTS", "FIGURES", "HANDLERS", "JOBS", "PERSONAL_DATA", "SAMPLES", "TYPES"]
