"""The published schema is the one that the code answers. `make schema` prints it anew; read the difference."""

from pathlib import Path

import pytest
from graphql import build_schema, find_breaking_changes

from hemicycle.app import build
from hemicycle.kernel.settings import BUNDLED, Settings

FOLDER = Path(__file__).parents[1] / "schema"
PLUGINS = {"core": [], "full": BUNDLED}


def printed(name: str) -> str:
    return build(Settings(plugins=PLUGINS[name])).schema.as_str() + "\n"


@pytest.mark.parametrize("name", PLUGINS)
def test_the_schema_is_the_published_one(name: str) -> None:
    published = (FOLDER / f"{name}.graphql").read_text("utf-8")
    now = printed(name)
    broken = [str(one) for one in find_breaking_changes(build_schema(published), build_schema(now))]
    assert not broken, "this breaks front ends: name it in CHANGELOG.md, then `make schema`"
    assert published == now, "the schema changed: run `make schema`, and read the difference"


def test_plugins_only_add() -> None:
    core, full = (build_schema((FOLDER / f"{name}.graphql").read_text("utf-8")) for name in PLUGINS)
    assert [str(one) for one in find_breaking_changes(core, full)] == []


def test_the_names_that_front_ends_rely_on() -> None:
    """What architecture promises by name."""
    schema = build_schema((FOLDER / "core.graphql").read_text("utf-8"))
    promised = {
        "Query": "instance viewer node nodes space spaces participant participants contribution contributions search",
        "Instance": "name version plugins",
        "Plugin": "name version label",
        "Space": "id slug kind title summary state access parent children contributions participantCount "
        "structureCount viewerCan",
        "Participant": "id kind displayName contributions",
        "Contribution": "id kind title body alignment categories language origin author space parent replies channel "
        "state publishedAt version versions viewerCan",
        "Body": "markdown html text",
        "Origin": "system externalId",
        "Mutation": "requestSignInLink signIn signOut createSpace updateSpace openSpace closeSpace extendSpace "
        "archiveSpace joinSpace leaveSpace grantRole revokeRole contribute editContribution publishContribution "
        "hideContribution restoreContribution withdrawContribution reportContribution follow unfollow exportMe eraseMe",
        "Subscription": "contributionPublished activity",
        "InvalidInput": "message code problems",
        "PageInfo": "hasNextPage hasPreviousPage startCursor endCursor",
    }
    for type_, names in promised.items():
        fields = schema.type_map[type_].fields  # type: ignore[attr-defined]
        missing = [name for name in names.split() if name not in fields]
        assert not missing, f"{type_} has no {', '.join(missing)}"
    assert {"FOR", "AGAINST", "NEUTRAL"} == set(schema.type_map["Alignment"].values)  # type: ignore[attr-defined]
    assert {"IDEA", "QUESTION", "COMMENT"} <= set(schema.type_map["ContributionKind"].values)  # type: ignore[attr-defined]
