"""Tokens: they see and do what their scopes and their owner both allow."""

from hemicycle.kernel.access.actor import Actor
from hemicycle.testing.world import World
from tests.authorisation.attempts import attempt, someone
from tests.authorisation.matrix import Matrix


async def test_a_token_sees_and_does_what_is_written(shared: World, matrix: Matrix) -> None:
    wrong = []
    for written in matrix.tokens:
        token = Actor(someone(shared, written["of"]).id, frozenset(written["scopes"].split()))
        told = f"a token of {written['of']} with {written['scopes']}"
        for row, expected in written["sees"].items():
            data = await shared.ask("query($id: ID!) { node(id: $id) { id } }", token, id=shared.gid(row))
            if (data["node"] is not None) != expected:
                wrong.append(f"{told} sees {row}: {data['node']}")
        for what, expected in written["does"].items():
            action, row = what.split()
            for mutation, given in matrix.tries[action].items():
                if (verdict := await attempt(shared, token, mutation, given, row)) != expected:
                    wrong.append(f"{told}: {mutation} on {row}: {verdict}")
    assert not wrong, "\n".join(wrong)


async def test_a_token_is_offered_only_what_its_scopes_allow(shared: World) -> None:
    text = "query($id: ID!) { node(id: $id) { ... on Contribution { viewerCan } } }"
    moderator, published = someone(shared, "moderator").id, shared.gid("Contribution:PUBLISHED")
    offered = {}
    for scope in ("read", "write", "contribution.hide"):
        node = (await shared.ask(text, Actor(moderator, frozenset({scope})), id=published))["node"]
        offered[scope] = set(node["viewerCan"])
    everything = {"CONTRIBUTION_HIDE", "CONTRIBUTION_REPORT", "CONTRIBUTION_READ_REPORTS", "VOTES_SUPPORT"}
    assert offered == {"read": set(), "write": everything, "contribution.hide": {"CONTRIBUTION_HIDE"}}
