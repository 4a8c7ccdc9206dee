"""What is weakened, and the tests that must notice."""

from dataclasses import dataclass

MATRIX = "tests/authorisation"
PANELS = ("candidacy", "states", "options", "draw", "replacements")
SUPPORTS = [f"tests/plugins/votes/test_{name}.py" for name in ("rules", "graphql", "people", "supportable")]


@dataclass(frozen=True)
class Target:
    """Files of one module, and its tests beside the matrix. match: which of all these may notice, as pytest's `-k`."""

    files: list[str]
    tests: list[str]
    match: str = ""


def _module(folder: str, files: str, *tests: str, match: str = "") -> Target:
    return Target([f"{folder}/{name}.py" for name in files.split()], [MATRIX, *tests], match)


TARGETS = {
    "participants": _module(
        "core/hemicycle/participants", "__init__ rules graphql", "tests/participants/test_rules.py"
    ),
    "identity": _module(
        "core/hemicycle/participants/identity", "__init__ rules account tokens sessions links graphql",
        "tests/participants/identity",
    ),
    "spaces": _module("core/hemicycle/spaces", "__init__ rules roles tree activity graphql", "tests/spaces"),
    "contributions": _module(
        "core/hemicycle/contributions", "__init__ rules words records bulk moderation follows graphql",
        "tests/contributions",
    ),
    "votes": _module("plugins/hemicycle_votes", "__init__ rules graphql", *SUPPORTS),
    "polls": _module(
        "plugins/hemicycle_votes/polls", "__init__ rules casting closing eligibility graphql",
        "tests/plugins/votes/polls", "tests/plugins/votes/test_criteria.py",
        match="poll or votes or test_types",
    ),
    "petitions": _module(
        "plugins/hemicycle_votes/petitions", "__init__ rules graphql", "tests/plugins/votes/test_petitions.py",
        match="petition or votes or test_types",
    ),
    "outcomes": _module(
        "plugins/hemicycle_outcomes",
        "amendments/__init__ amendments/rules commitments/__init__ commitments/rules commitments/milestones "
        "commitments/sight dispositions/__init__ dispositions/rules lineage/rules proposals/__init__ proposals/rules "
        "proposals/sight proposals/sources proposals/co_authors transmissions/__init__ transmissions/rules "
        "digests/sight",
        "tests/plugins/outcomes",
        match="outcomes or Proposal or Disposition or Commitment or Transmission or Amendment or author or Digest",
    ),
    "panels": _module(
        "plugins/hemicycle_panels", "__init__ rules candidacy seats drawing links opinion graphql",
        *[f"tests/plugins/panels/test_{name}.py" for name in PANELS],
        match="test_types or panel or Panel or Candidacy or Opinion",
    ),
    "territories": _module(
        "plugins/hemicycle_territories", "__init__ rules graphql", "tests/plugins/territories/test_people.py",
        "tests/plugins/territories/test_sets.py", match="test_types or territor or Residence",
    ),
    "youtube": _module(
        "plugins/hemicycle_youtube", "__init__ rules linking questions graphql",
        *[f"tests/plugins/youtube/test_{name}.py" for name in ("rules", "linking", "chapters", "refreshing")],
        match="test_types or youtube or Show or Episode or Chapter or Cue or Question",
    ),
    "webhooks": _module(
        "plugins/hemicycle_webhooks", "__init__ rules sight graphql",
        *[f"tests/plugins/webhooks/test_{name}.py" for name in ("rules", "sight", "hostile", "polls", "sending")],
        match="webhook or test_types",
    ),
    "kernel": _module(
        "core/hemicycle/kernel", "access/policy db/session graphql/live graphql/statements search/find",
        "tests/kernel/access", "tests/kernel/search", "tests/kernel/graphql/test_pages.py", *SUPPORTS,
    ),
}  # fmt: skip

KNOWN_TO_BE_HARMLESS = {
    "identity/account.py where without: col(ParticipantRow.id).in_(mine)": "it locks fewer; who is named is asked",
    "identity/account.py where without: col(StructureMemberRow.structure_id).in_(mine)": "it counts fewer",
    "identity/graphql.py type: own='participant_id'": "nobody else sees it, so nobody else could act on it",
    "identity/sessions.py without: table.c[column].is_not_distinct_from(before)": "of many at once one writes, not all",
    "contributions/follows.py type: own='participant_id'": "nobody else sees it, so nobody else could act on it",
    "hemicycle_votes/graphql.py type: visible=rules.counted": "nobody else sees what is supported (`about`)",
    "hemicycle_webhooks/rules.py without: actor.id is None":
        "a visitor was refused before; nothing registers a webhook as the system",
    "petitions/graphql.py type: own='participant_id'": "nobody else sees it, so nobody else could act on it",
    "polls/casting.py without: known is None": "what stands in the way is found, unless it goes at the same moment",
    "polls/graphql.py type: own='participant_id'": "nobody else sees it, so nobody else could act on it",
    "polls/graphql.py type: own='giver_id'": "no action is on it; the conformance kit asks whom it names",
    "contributions/bulk.py where without: it.id.in_(some)": "it reads fewer; each is looked up by its id",
}  # fmt: skip
"""Checks that another one makes superfluous, kept for whoever reads the code or waits; each with the reason."""
