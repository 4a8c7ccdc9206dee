"""Lineage: proposals that are merged or split, and what stands for them."""

from hemicycle.api import Action
from hemicycle_outcomes.lineage.graphql import TYPES
from hemicycle_outcomes.lineage.open_data import OPEN_DATA
from hemicycle_outcomes.lineage.samples import SAMPLES
from hemicycle_outcomes.proposals.models import ProposalRow

OPEN = ["SUBMITTED", "TRIAGED"]
ACTIONS = [
    Action("outcomes.merge_proposals", "Merge it with others.", ProposalRow, ["analyst"], not_own=True, states=OPEN),
    Action("outcomes.split_proposal", "Split it into several.", ProposalRow, ["analyst"], not_own=True, states=OPEN),
]
EVENTS: list[object] = []
HANDLERS: list[object] = []
JOBS: list[object] = []
PERSONAL_DATA: list[object] = []
FIGURES: list[object] = []

__all__ = ["ACTIONS", "EVENTS", "FIGURES", "HANDLERS", "JOBS", "OPEN_DATA", "PERSONAL_DATA", "SAMPLES", "TYPES"]
