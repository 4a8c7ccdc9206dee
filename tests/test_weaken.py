"""The script that takes checks away: it finds each, and takes away that one alone."""

import ast
from pathlib import Path

import pytest

from tests.weaken.sites import HELPERS, weakenings
from tests.weaken.targets import TARGETS

ROOT = Path(__file__).parents[1]
RULES = '''"""Rules."""


def visible(row: Row | None) -> Test | None:
    return or_(row.state.in_(["OPEN", "CLOSED"]), row.owner_id == VIEWER & readable(row))


async def hide(session, actor, *, thing, reason):
    row = await session.authorize(actor, "thing.hide", ThingRow, thing)
    if not reason or row.state not in ("OPEN",):
        raise invalid("reason", "Say why.")
    in_person(actor)
    await check_space_state(session, row.space_id)
    its = col(ThingRow.id) == thing, mine
    await session.execute(select(1).where(mine, row.id == thing, *its, *_of(actor)))
    return row


def _tests(row):
    tests = [visible(row)]
    if row.scope:
        tests.append(active(row))
    tests += _conditions(row)
    return and_(*tests)


ACTIONS = [Action("thing.hide", "Hide it.", ThingRow, ["moderator"], not_own=True, states=["OPEN"])]


@mapped(ThingRow, "A thing.", visible=visible, own="owner_id")
class Thing(Node):
    reports = column("For some.", requires="thing.hide")
'''
FOUND = [
    "without 'OPEN': row.state.in_(['OPEN', 'CLOSED'])",
    "without 'CLOSED': row.state.in_(['OPEN', 'CLOSED'])",
    "without: VIEWER",
    "without: readable(row)",
    "or_ without: row.state.in_(['OPEN', 'CLOSED'])",
    "or_ without: row.owner_id == VIEWER & readable(row)",
    "authorize 'thing.hide'",
    "refusal: Say why.",
    "without: not reason",
    "without: row.state not in ('OPEN',)",
    "without 'OPEN': row.state not in ('OPEN',)",
    "guard: in_person(actor)",
    "guard: check_space_state(session, row.space_id)",
    "without: col(ThingRow.id) == thing",
    "without: mine",
    "where without: mine",
    "where without: row.id == thing",
    "where without: *_of(actor)",
    "without: visible(row)",
    "tests without: active(row)",
    "tests without: _conditions(row)",
    "thing.hide: for everyone, not moderator",
    "thing.hide: without not_own=True",
    "thing.hide: without states=['OPEN']",
    "column: requires='thing.hide'",
    "type: visible=visible",
    "type: own='owner_id'",
]


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    (tmp_path / "rules.py").write_text(RULES)
    return tmp_path


def test_every_check_is_found(rules: Path) -> None:
    assert sorted(one.told for one in weakenings(rules, Path("rules.py"))) == sorted(FOUND)


def test_each_is_taken_away_alone(rules: Path) -> None:
    plain = ast.unparse([*ast.parse(RULES).body[:1], *HELPERS, *ast.parse(RULES).body[1:]])  # type: ignore[arg-type]
    weaker = [one.source(rules) for one in weakenings(rules, Path("rules.py"))]
    for source in weaker:
        compile(source, "rules.py", "exec")
        assert source != plain
    assert len(set(weaker)) == len(weaker)


def test_what_is_named_is_there() -> None:
    for target in TARGETS.values():
        for path in [*target.files, *target.tests]:
            assert (ROOT / path).exists(), path
