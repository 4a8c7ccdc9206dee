"""A moment without a time zone is nobody's: it is refused, in changes and in filters."""

from hemicycle.testing import World


async def test_a_change_says_which_zone(world: World) -> None:
    answer = await world.change(
        "extendSpace", "steward", space=world.gid("Space:OPEN"), endsAt="2030-01-01T00:00:00", reason="More time."
    )
    assert answer["code"] == "INVALID_INPUT"
    assert [one["path"] for one in answer["problems"]] == ["input.endsAt"]
    assert "time zone" in answer["message"]


async def test_a_filter_says_which_zone(world: World) -> None:
    question = "query($since: DateTime!) { spaces(filter: { createdSince: $since }) { totalCount } }"
    assert await world.errors(question, since="2020-01-01T00:00:00") == ["BAD_VARIABLES"]
    for since in ("2020-01-01T00:00:00Z", "2020-01-01T00:00:00+02:00"):
        assert (await world.ask(question, since=since))["spaces"]["totalCount"] > 0
