"""What is weakened, and the tests that must notice."""

from dataclasses import dataclass

MATRIX = "tests/authorisation"
SUPPORTS = [f"tests/plugins/votes/test_{name}.py" for name in ("rules", "graphql", "people", "supportable")]


@dataclass(frozen=True)
class Target:
    """Files of one module, and its tests beside the matrix."""

    files: list[str]
    tests: list[str]


def _module(folder: str, files: str, *tests: str) -> Target:
    return Target([f"{folder}/{name}.py" for name in files.split()], [MATRIX, *tests])


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
    "kernel": _module(
        "core/hemicycle/kernel", "access/policy db/session graphql/live graphql/statements search/find",
        "tests/kernel/access", "tests/kernel/search", *SUPPORTS,
    ),
}  # fmt: skip

KNOWN_TO_BE_HARMLESS = {
    "account.py where without: col(ParticipantRow.id).in_(mine)": "it locks fewer; who is named is asked after",
    "account.py where without: col(StructureMemberRow.structure_id).in_(mine)": "it counts fewer",
    "graphql.py type: own='participant_id'": "nobody else sees it, so nobody else could act on it",
    "follows.py type: own='participant_id'": "nobody else sees it, so nobody else could act on it",
    "bulk.py where without: it.id.in_(some)": "it reads fewer; each is looked up by its id",
}
"""Checks that another one makes superfluous, kept for whoever reads the code or waits; each with the reason."""
