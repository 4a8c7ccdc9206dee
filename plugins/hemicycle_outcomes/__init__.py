"""Outcomes: what became of people's words: proposals, where each of them goes, what was promised and done."""

from typing import Any

from pydantic import Field

from hemicycle.api import (
    Action,
    Application,
    Check,
    Contribution,
    ContributionKind,
    Declarations,
    Event,
    Example,
    Figure,
    Handler,
    Job,
    Mutation,
    OpenData,
    PersonalData,
    PluginInfo,
    Query,
    Role,
    Sample,
    SchemaPart,
    Searchable,
    Space,
    Strict,
    Subscription,
    Supportable,
    hookimpl,
)
from hemicycle_outcomes import (
    amendments,
    commitments,
    digests,
    dispositions,
    lineage,
    proposals,
    telling,
    trace,
    transmissions,
)
from hemicycle_outcomes.example import EXAMPLE
from hemicycle_outcomes.graphql import (
    OnContribution,
    OnMutation,
    OnProposal,
    OnProposalFilter,
    OnQuery,
    OnSpace,
    OnSubscription,
)
from hemicycle_outcomes.proposals import sight
from hemicycle_outcomes.proposals.graphql import Proposal, ProposalFilter
from hemicycle_outcomes.proposals.models import ProposalRow

MODULES: tuple[Any, ...] = (proposals, amendments, transmissions, dispositions, lineage, commitments, trace, digests)
"""Each declares ACTIONS, EVENTS, HANDLERS, JOBS, PERSONAL_DATA, OPEN_DATA, FIGURES, SAMPLES and TYPES."""


class OutcomesSettings(Strict):
    """`[plugin.outcomes]` in the settings."""

    contest_days: int = Field(30, ge=1, le=365)
    """For how many days after a decision those who wrote a proposal may contest where it goes."""

    silence_months: int = Field(3, ge=1, le=36)
    """After how many months without an answer another level of government is said to be silent."""

    digest_days: int = Field(7, ge=1, le=31)
    """How many days a digest tells of: everyone concerned is written to once in that time, if there is any news."""


@hookimpl
def describe_plugin() -> PluginInfo:
    told = "What became of people's words: proposals, where each goes, what was promised and done."
    return PluginInfo("Outcomes", told, settings=OutcomesSettings)


@hookimpl
def declare_roles() -> list[Role]:
    def role(name: str, told: str) -> Role:
        return Role(name, told, granted_by=["steward"])

    return [
        role("analyst", "Makes proposals of contributions, and proposes where they go."),
        role("reviewer", "Reviews what analysts propose."),
        role("decision_maker", "Decides where proposals go, answers them, and decides what is done."),
        role("verifier", "Verifies that what was decided is done."),
    ]


@hookimpl
def declare_contribution_kinds() -> list[ContributionKind]:
    return [ContributionKind("PROPOSAL", "Something to do, worked out by who says it.")]


@hookimpl
def declare_actions() -> list[Action]:
    return _all("ACTIONS")


@hookimpl
def declare_events() -> list[Event]:
    return _all("EVENTS")


@hookimpl
def declare_handlers() -> list[Handler]:
    return [*_all("HANDLERS"), *telling.HANDLERS]


@hookimpl
def declare_jobs() -> list[Job]:
    return _all("JOBS")


@hookimpl
def declare_personal_data() -> list[PersonalData]:
    return _all("PERSONAL_DATA")


@hookimpl
def declare_open_data() -> list[OpenData]:
    return _all("OPEN_DATA")


@hookimpl
def declare_searchable() -> list[Searchable]:
    told = "The titles and statements of proposals."
    return [Searchable("Proposal", told, on=ProposalRow, query=sight.texts)]


@hookimpl
def declare_supportable() -> list[Supportable]:
    return [Supportable("Proposal", "Something to do.", on=ProposalRow, states=["SUBMITTED", "TRIAGED", "RESPONDED"])]


@hookimpl
def declare_figures() -> list[Figure]:
    return _all("FIGURES")


@hookimpl
def declare_checks() -> list[Check]:
    return digests.CHECKS


@hookimpl
def declare_samples() -> list[Sample]:
    return _all("SAMPLES")


@hookimpl
def provide_example() -> Example:
    return EXAMPLE


@hookimpl
def extend_schema(declared: Declarations) -> SchemaPart:
    return SchemaPart(
        extend={
            Query: OnQuery,
            Mutation: OnMutation,
            Subscription: OnSubscription,
            Space: OnSpace,
            Contribution: OnContribution,
            Proposal: OnProposal,
            ProposalFilter: OnProposalFilter,
        },
        types=tuple(_all("TYPES")),
    )


@hookimpl
async def settle_restored(app: Application) -> dict[str, int]:
    return await digests.rules.settle(app)


def _all(kind: str) -> list[Any]:
    return [one for module in MODULES for one in getattr(module, kind)]
