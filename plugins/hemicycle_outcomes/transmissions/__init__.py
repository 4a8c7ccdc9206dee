"""Transmissions: what was handed on to other levels of government, and what came back."""

from hemicycle.api import Action, Event, Figure, Handler, Job, PersonalData, Sample
from hemicycle_outcomes.transmissions.graphql import TYPES

ACTIONS: list[Action] = []
EVENTS: list[Event] = []
HANDLERS: list[Handler] = []
JOBS: list[Job] = []
PERSONAL_DATA: list[PersonalData] = []
FIGURES: list[Figure] = []
SAMPLES: list[Sample] = []

__all__ = ["ACTIONS", "EVENTS", "FIGURES", "HANDLERS", "JOBS", "PERSONAL_DATA", "SAMPLES", "TYPES"]
