"""Where roles, membership and activations hold: in a space and all that stands below it."""

from datetime import timedelta

import pytest
from sqlalchemy import literal

from hemicycle.kernel.access.actor import SYSTEM
from hemicycle.spaces import rules, tree
from hemicycle.spaces.models import ActivationRow, RoleRow
from hemicycle.testing import World
from tests.asking import holds, read, verdict


async def a_child(world: World, of: str, access: str = "PUBLIC", *, opened: bool = True) -> str:
    """A space below a sample; its name among the samples."""
    name = f"{of} › {access}"
    async with world.app.write() as session:
        row = await rules.create(
            session, SYSTEM, parent=world.ids[of], slug=f"child-{len(world.ids)}", title="Child", access=access,
            ends_at=session.now + timedelta(days=3), modalities="Rules.", information="What to know.",
        )  # fmt: skip
        if opened:
            await rules.open_(session, SYSTEM, space=row.id)
    world.ids[name] = row.id
    return name


async def readers(world: World, space: str) -> list[str]:
    """Who reads it, of those with roles in the root."""
    people = ("visitor", "participant", "member", "moderator", "steward", "administrator")
    return [who for who in people if await read(world, who, space, "slug") is not None]


async def test_what_is_below_a_space_of_members_is_for_members(world: World) -> None:
    below = await a_child(world, await a_child(world, "Space:MEMBERS"))
    assert await readers(world, below) == ["member", "moderator", "steward", "administrator"]


async def test_what_is_below_a_draft_is_for_those_who_prepare_it(world: World) -> None:
    below = await a_child(world, await a_child(world, "Space:DRAFT"))
    assert await readers(world, below) == ["steward", "administrator"]


async def test_a_draft_among_members_is_for_those_who_prepare_it(world: World) -> None:
    draft = await a_child(world, "Space:MEMBERS", opened=False)
    assert await readers(world, draft) == ["steward", "administrator"]


async def test_what_is_public_stays_so_beside_and_above_what_is_closed(world: World) -> None:
    await a_child(world, await a_child(world, "Space:OPEN", "MEMBERS"))
    everyone = ["visitor", "participant", "member", "moderator", "steward", "administrator"]
    for space in ("Space", "Space:OPEN", "Space:CLOSED", "Space:ARCHIVED"):
        assert await readers(world, space) == everyone


@pytest.mark.parametrize("role", ["MEMBER", "MODERATOR", "STEWARD", "ADMINISTRATOR"])
async def test_a_member_of_a_closed_space_reads_what_is_below_it_and_not_what_is_above(world: World, role: str) -> None:
    inner = await a_child(world, "Space:MEMBERS", "MEMBERS")
    given = {"participant": "Participant:outsider", "role": role}
    assert await verdict(world, "grantRole", "administrator", space=inner, **given) == "done"
    below = await a_child(world, inner)
    seen = [one for one in ("Space:MEMBERS", inner, below) if await read(world, "participant", one, "slug")]
    assert seen == [inner, below]


async def test_another_role_than_that_of_a_member_opens_nothing(world: World) -> None:
    async with world.app.write() as session:
        person, space = world.ids["Participant:outsider"], world.ids["Space:MEMBERS"]
        session.add(RoleRow(participant_id=person, space_id=space, role="ringer", at=session.now))
    assert await read(world, "participant", "Space:MEMBERS", "slug") is None


async def test_a_role_holds_here_and_below(world: World) -> None:
    below = await a_child(world, "Space:OPEN")
    given = {"space": "Space:OPEN", "participant": "Participant:outsider", "role": "MODERATOR"}
    assert await verdict(world, "grantRole", "steward", **given) == "done"
    where = {"Space:OPEN": True, below: True, "Space": False, "Space:CLOSED": False}
    for space, expected in where.items():
        test = tree.holds(frozenset({"moderator", "steward"}), literal(world.ids[space]))
        assert await holds(world, test, "participant") == expected, space
        assert not await holds(world, test, "author")
        assert not await holds(world, tree.holds(frozenset({"steward"}), literal(world.ids[space])), "participant")


async def test_a_role_in_the_instance_is_one_in_the_root(world: World) -> None:
    anywhere = tree.holds(frozenset({"moderator"}), None)
    assert await holds(world, anywhere, "moderator")
    assert not await holds(world, anywhere, "steward")  # the kernel adds the roles that include it
    assert not await holds(world, anywhere, "visitor")
    given = {"space": "Space:OPEN", "participant": "Participant:outsider", "role": "MODERATOR"}
    assert await verdict(world, "grantRole", "steward", **given) == "done"
    assert not await holds(world, anywhere, "participant")


async def test_a_plugin_is_active_here_and_below(world: World) -> None:
    below = await a_child(world, "Space:OPEN")
    async with world.app.write() as session:
        session.add(ActivationRow(space_id=world.ids["Space:OPEN"], plugin="bells"))
        session.add(ActivationRow(space_id=world.ids["Space:CLOSED"], plugin="whistles"))
    where = {"Space:OPEN": True, below: True, "Space": False, "Space:CLOSED": False}
    for space, expected in where.items():
        assert await holds(world, tree.active("bells", literal(world.ids[space])), "visitor") == expected, space


async def test_a_space_is_below_itself_and_what_is_above_it(world: World) -> None:
    inner = await a_child(world, await a_child(world, "Space:OPEN"))
    for above, expected in {inner: True, "Space:OPEN": True, "Space": True, "Space:CLOSED": False}.items():
        test = tree.below(literal(world.ids[inner]), literal(world.ids[above]))
        assert await holds(world, test, "visitor") == expected, above
    assert not await holds(world, tree.below(literal(world.ids["Space:OPEN"]), literal(world.ids[inner])), "visitor")


async def test_a_list_of_a_subtree_holds_what_is_below_and_nothing_beside(world: World) -> None:
    below = await a_child(world, "Space:OPEN")
    given = {"space": below, "title": "Below", "text": "Words."}
    assert await verdict(world, "contribute", "author", **given) == "done"
    here = await titles(world, "Space:OPEN", "contributions")
    assert "Below" not in here
    assert set(await titles(world, "Space:OPEN", "contributions(scope: SUBTREE)")) == {*here, "Below"}
    assert await titles(world, "Space:CLOSED", "contributions(scope: SUBTREE)") == []


async def titles(world: World, space: str, contributions: str) -> list[str | None]:
    """The titles of a list of contributions of a space."""
    data = await read(world, "visitor", space, f"list: {contributions} {{ nodes {{ title }} }}")
    return [one["title"] for one in data["list"]["nodes"]]
