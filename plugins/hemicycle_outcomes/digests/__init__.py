"""Digests: what became of their words, told by mail to all who agreed to be written to."""

from datetime import timedelta

from hemicycle.api import Check, Job, PersonalData
from hemicycle_outcomes.digests import rules, sending
from hemicycle_outcomes.digests.graphql import TYPES
from hemicycle_outcomes.digests.samples import SAMPLES

ACTIONS: list[object] = []
EVENTS: list[object] = []
HANDLERS: list[object] = []
JOBS = [
    Job("outcomes.make_digest", "Make a digest, once the last one is old enough.", run=rules.make,
        every=timedelta(hours=1)),
    Job("outcomes.plan_digest", "Find out whom a digest is for.", run=rules.plan, timeout=timedelta(hours=1)),
    Job("outcomes.send_digest", "Write a batch of a digest.", run=sending.send, timeout=timedelta(hours=1),
        outward=True),
]  # fmt: skip
PERSONAL_DATA = [
    PersonalData("outcomes_letter.state", "That a digest was sent to them.", owner="participant_id", erase="DELETE"),
]
FIGURES: list[object] = []
OPEN_DATA: list[object] = []
CHECKS = [Check("outcomes.digests", "Letters that may not have arrived.", run=sending.tell_doubts)]

__all__ = [
    "ACTIONS",
    "CHECKS",
    "EVENTS",
    "FIGURES",
    "HANDLERS",
    "JOBS",
    "OPEN_DATA",
    "PERSONAL_DATA",
    "SAMPLES",
    "TYPES",
]
