"""Each owner's tables go up and down by themselves; nothing is lost on the way, and nothing is half done."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from hemicycle.kernel.db import migrations
from hemicycle.kernel.db.migrations import Owner, State
from hemicycle.kernel.declarations import PersonalData
from hemicycle.kernel.errors import StartupError
from hemicycle.testing.databases import Databases

THING = """op.create_table("core_thing",
        sa.Column("id", sa.Integer(), primary_key=True), sa.Column("title", sa.Text()),
        sa.Column("state", sa.String(10)),
        sa.CheckConstraint("state in ('NEW', 'OLD')", name=op.f("ck_core_thing_state")))
    op.create_index("ix_core_thing_title", "core_thing", ["title"])"""
MARK = """op.create_table("marks_mark", sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("thing_id", sa.Integer(), sa.ForeignKey("core_thing.id", ondelete="CASCADE"), nullable=False))"""
REBUILD = """with op.batch_alter_table("core_thing") as thing:
        thing.alter_column("title", existing_type=sa.Text(), nullable=False, server_default="")
        thing.add_column(sa.Column("weight", sa.Integer(), nullable=False, server_default="1"))"""
UNBUILD = """with op.batch_alter_table("core_thing") as thing:
        thing.drop_column("weight")
        thing.alter_column("title", existing_type=sa.Text(), nullable=True, server_default=None)"""


class Lab:
    """Two owners, `core` and `marks`, with migrations that a test writes; and an empty database."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.folder = folder / "100%"  # the configuration of Alembic would take what follows % for a variable
        self.core, self.marks = (Owner(name, self.folder / name) for name in ("core", "marks"))
        self.owners = [self.core, self.marks]
        self.write(self.core, THING, 'op.drop_table("core_thing")')
        self.write(self.marks, MARK, 'op.drop_table("marks_mark")')

    def write(
        self, owner: Owner, up: str, down: str = "pass", *, number: int | None = None, after: int | None = None
    ) -> Path:
        """The next migration of an owner."""
        assert owner.folder is not None
        owner.folder.mkdir(parents=True, exist_ok=True)
        number = number or len(list(owner.folder.glob("*.py"))) + 1
        before = number - 1 if after is None else after
        follows = f"{owner.name}_{before:04}" if before else None
        path = owner.folder / f"{owner.name}_{number:04}.py"
        path.write_text(
            "import sqlalchemy as sa\nfrom alembic import op\n\n"
            f"revision = {f'{owner.name}_{number:04}'!r}\ndown_revision = {follows!r}\n\n"
            f"def upgrade():\n    {up}\n\ndef downgrade():\n    {down}\n"
        )
        return path

    def make_registry(self) -> None:
        """A migration of the core, for where personal data is written down."""
        columns = ["table_name", "column_name", "owner", "owner_column", "via_column", "via_table", "erase"]
        texts = [f'sa.Column("{name}", sa.Text())' for name in columns]
        flags = [f'sa.Column("{name}", sa.Boolean())' for name in ("content", "export")]
        self.write(self.core, f'op.create_table("core_personal_data", {", ".join(texts + flags)})')

    def fill(self) -> None:
        """Two things, each with a mark."""
        self.execute("insert into core_thing (id, title, state) values (1, 'one', 'NEW'), (2, null, 'OLD')")
        self.execute("insert into marks_mark (id, thing_id) values (10, 1), (20, 2)")

    def execute(self, statement: str) -> list[Any]:
        def run(connection: Connection) -> list[Any]:
            answer = connection.execute(sa.text(statement))
            return [tuple(row) for row in answer] if answer.returns_rows else []

        return migrations._run(self.url, run, change=True)

    def tables(self) -> set[str]:
        return set(migrations._run(self.url, migrations._tables))

    def current(self) -> dict[str, str | None]:
        return {one.owner: one.current for one in migrations.state(self.url, self.owners)}


@pytest.fixture
def lab(databases: Databases, tmp_path: Path) -> Iterator[Lab]:
    with databases.bare() as url:
        yield Lab(url, tmp_path)


VERSIONS = {"core_alembic_version", "marks_alembic_version"}


def test_each_owner_goes_up_and_down_and_up(lab: Lab) -> None:
    assert migrations.upgrade(lab.url, lab.owners) == [
        State("core", None, "core_0001"),
        State("marks", None, "marks_0001"),
    ]
    assert lab.tables() == {"core_thing", "marks_mark"} | VERSIONS
    assert migrations.upgrade(lab.url, lab.owners) == []
    migrations.downgrade(lab.url, lab.owners, "marks", "base")
    assert lab.current() == {"core": "core_0001", "marks": None}
    assert lab.tables() == {"core_thing"} | VERSIONS
    migrations.downgrade(lab.url, lab.owners, "core", "base")
    assert lab.tables() == VERSIONS
    migrations.upgrade(lab.url, lab.owners)
    lab.fill()
    assert lab.current() == {"core": "core_0001", "marks": "marks_0001"}


def test_a_core_table_made_anew_keeps_the_rows_that_refer_to_it(lab: Lab) -> None:
    migrations.upgrade(lab.url, lab.owners)
    lab.fill()
    lab.execute("update core_thing set title = '' where title is null")
    lab.write(lab.core, REBUILD, UNBUILD)
    assert migrations.upgrade(lab.url, lab.owners) == [State("core", "core_0001", "core_0002")]
    assert lab.execute("select id, title, weight from core_thing order by id") == [(1, "one", 1), (2, "", 1)]
    assert lab.execute("select id, thing_id from marks_mark order by id") == [(10, 1), (20, 2)]
    for refused in (
        "insert into core_thing (id, state) values (3, 'WRONG')",
        "insert into core_thing (id, title) values (3, null)",
    ):
        with pytest.raises(StartupError):
            lab.execute(refused)
    migrations.downgrade(lab.url, lab.owners, "core", "core_0001")
    assert lab.execute("select id, thing_id from marks_mark order by id") == [(10, 1), (20, 2)]
    migrations.upgrade(lab.url, lab.owners)

    def look(connection: Connection) -> Any:
        inspector = sa.inspect(connection)
        (key,) = inspector.get_foreign_keys("marks_mark")
        indexes = [one["name"] for one in inspector.get_indexes("core_thing")]
        checks = [one["name"] for one in inspector.get_check_constraints("core_thing")]
        return key["referred_table"], key["options"], indexes, checks

    known = ("core_thing", {"ondelete": "CASCADE"}, ["ix_core_thing_title"], ["ck_core_thing_state"])
    assert migrations._run(lab.url, look) == known


def test_a_migration_that_fails_half_way_leaves_nothing_behind(lab: Lab) -> None:
    migrations.upgrade(lab.url, lab.owners)
    lab.fill()
    lab.write(lab.core, f"""op.create_table("core_half", sa.Column("id", sa.Integer()))
    op.execute("update core_thing set title = 'changed'")
    {REBUILD}""")  # fmt: skip
    lab.write(lab.marks, """op.execute("delete from marks_mark")
    op.execute("insert into nowhere values (1)")""")  # fmt: skip
    with pytest.raises(StartupError, match="^marks: the migration failed, and nothing was changed: .*nowhere"):
        migrations.upgrade(lab.url, lab.owners)
    assert lab.tables() == {"core_thing", "marks_mark"} | VERSIONS
    assert lab.current() == {"core": "core_0001", "marks": "marks_0001"}
    assert lab.execute("select id, title from core_thing order by id") == [(1, "one"), (2, None)]
    assert lab.execute("select id, thing_id from marks_mark order by id") == [(10, 1), (20, 2)]


def test_a_migration_that_leaves_rows_without_what_they_refer_to_is_refused(lab: Lab) -> None:
    lab.write(lab.marks, """op.drop_table("marks_mark")
    op.create_table("marks_mark", sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("thing_id", sa.Integer(), sa.ForeignKey("core_thing.id"), nullable=False))""")  # fmt: skip
    migrations.upgrade(lab.url, lab.owners)
    lab.fill()
    lab.write(lab.core, 'op.execute("delete from core_thing where id = 2")')
    with pytest.raises(StartupError, match="nothing was changed"):
        migrations.upgrade(lab.url, lab.owners)
    assert lab.execute("select id from core_thing order by id") == [(1,), (2,)]
    assert lab.current()["core"] == "core_0001"


def test_processes_that_start_at_once_migrate_once(lab: Lab) -> None:
    lab.write(lab.core, """op.create_table("core_once", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("insert into core_once values (1)")""")  # fmt: skip
    program = (
        "import sys; from pathlib import Path; from hemicycle.kernel.db.migrations import Owner, upgrade\n"
        "sys.stdin.read(1)\n"
        "print(len(upgrade(sys.argv[1], [Owner('core', Path(sys.argv[2]))])))"
    )
    command = [sys.executable, "-W", "ignore", "-c", program, lab.url, str(lab.core.folder)]
    every = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    for one in every:  # all have imported what they need, and wait
        assert one.stdin is not None
        one.stdin.write("x")
        one.stdin.flush()
    assert sorted(one.communicate()[0].strip() for one in every) == ["0", "0", "0", "1"]
    assert lab.execute("select id from core_once") == [(1,)]


# -- what is refused before it starts ---------------------------------------------------------------------------------


def test_a_database_without_tables_is_refused(lab: Lab) -> None:
    with pytest.raises(StartupError, match=r"^The database has no tables yet: run `hemicycle db upgrade`\.$"):
        migrations.require_current(lab.url, lab.owners)
    migrations.upgrade(lab.url, [lab.core])
    with pytest.raises(StartupError, match=r"^The database has no tables of marks yet: run `hemicycle db upgrade`\.$"):
        migrations.require_current(lab.url, lab.owners)
    migrations.upgrade(lab.url, lab.owners)
    migrations.require_current(lab.url, lab.owners)


def test_an_older_database_is_refused(lab: Lab) -> None:
    migrations.upgrade(lab.url, lab.owners)
    lab.write(lab.marks, "pass")
    with pytest.raises(StartupError, match=r"^The tables of marks are older .* `hemicycle db upgrade`\.$"):
        migrations.require_current(lab.url, lab.owners)
    migrations.upgrade(lab.url, lab.owners)
    migrations.require_current(lab.url, lab.owners)


def test_a_newer_database_is_refused(lab: Lab) -> None:
    newer = lab.write(lab.marks, "pass")
    migrations.upgrade(lab.url, lab.owners)
    newer.unlink()
    told = r"^The tables of marks are newer \(marks_0002\) than its code \(marks_0001\): upgrade the package"
    for refused in (migrations.require_current, migrations.upgrade):
        with pytest.raises(StartupError, match=told):
            refused(lab.url, lab.owners)


def test_tables_that_no_migration_makes_are_refused(lab: Lab, tmp_path: Path) -> None:
    bare = Owner("core", tmp_path / "empty")  # the models of the core are known here
    assert "core_participant" in bare.tables
    for refused in (migrations.require_current, migrations.upgrade):
        with pytest.raises(StartupError, match="^core declares tables and has no migration .* db revision core"):
            refused(lab.url, [bare])


def test_migrations_that_cannot_be_read_are_refused(lab: Lab) -> None:
    lab.write(lab.marks, "pass")
    third = lab.write(lab.marks, "pass", after=1)
    with pytest.raises(StartupError, match="^marks: its migrations in .*marks cannot be read: .*multiple heads"):
        migrations.state(lab.url, lab.owners)
    third.write_text("def")
    with pytest.raises(StartupError, match="^marks: its migrations in .*marks cannot be read: .*invalid syntax"):
        migrations.upgrade(lab.url, lab.owners)
    assert lab.tables() == set()


def test_unknown_owners_and_revisions_are_refused(lab: Lab) -> None:
    migrations.upgrade(lab.url, lab.owners)
    with pytest.raises(StartupError, match="^There is no votes among .*: name one of core, marks"):
        migrations.downgrade(lab.url, lab.owners, "votes", "base")
    with pytest.raises(StartupError, match="^marks: the migration failed, and nothing was changed: .*marks_0009"):
        migrations.downgrade(lab.url, lab.owners, "marks", "marks_0009")


def test_a_database_that_cannot_be_reached_is_refused(tmp_path: Path, postgres_server: str) -> None:
    core = Owner("core", tmp_path)
    (tmp_path / "text.db").write_text("This is not a database. " * 100)
    for url in (
        f"sqlite:///{tmp_path}/missing/instance.db",
        f"sqlite:///{tmp_path}/text.db",
        postgres_server.rpartition("/")[0] + "/missing",
        "postgresql://nobody@127.0.0.1:1/missing",
    ):
        with pytest.raises(StartupError, match="^The database cannot be used: .* check DATABASE_URL, and that it runs"):
            migrations.state(url, [core])


def test_personal_data_that_is_nowhere_is_refused(lab: Lab) -> None:
    lab.make_registry()
    wrong = replace(lab.marks, personal=[PersonalData("marks_mark.by", "Whose.", owner="by", erase="KEEP")])
    with pytest.raises(StartupError, match=r"^marks: personal data 'marks_mark\.by': marks_mark has no column by"):
        migrations.upgrade(lab.url, [lab.core, wrong])
    assert lab.tables() == set()


# -- plugins that leave -----------------------------------------------------------------------------------------------


def test_a_plugin_that_is_gone_stops_nothing_and_keeps_its_tables(lab: Lab) -> None:
    migrations.upgrade(lab.url, lab.owners)
    lab.fill()
    lab.execute("update core_thing set title = '' where title is null")
    lab.write(lab.core, REBUILD, UNBUILD)
    migrations.upgrade(lab.url, [lab.core])
    migrations.require_current(lab.url, [lab.core])
    assert migrations.left_behind(lab.url, [lab.core]) == ["marks"]
    assert lab.execute("select id, thing_id from marks_mark order by id") == [(10, 1), (20, 2)]


def test_what_is_personal_is_known_until_its_table_is_purged(lab: Lab) -> None:
    lab.make_registry()
    personal = [PersonalData("marks_mark.thing_id", "What.", owner="thing_id", erase="KEEP")]
    migrations.upgrade(lab.url, [lab.core, replace(lab.marks, personal=personal)])
    registered = "select owner, table_name, column_name from core_personal_data"
    for _ in range(2):
        assert lab.execute(registered) == [("marks", "marks_mark", "thing_id")]
        migrations.upgrade(lab.url, [lab.core])  # the package is gone
    migrations.purge(lab.url, [lab.core], "marks")
    assert lab.execute(registered) == []


@pytest.mark.parametrize("installed", [True, False])
def test_purging_drops_what_is_a_plugins_and_nothing_else(lab: Lab, installed: bool) -> None:
    migrations.upgrade(lab.url, lab.owners)
    lab.fill()
    owners = lab.owners if installed else [lab.core]
    assert migrations.purge(lab.url, owners, "marks") == ["marks_alembic_version", "marks_mark"]
    assert lab.tables() == {"core_thing", "core_alembic_version"}
    assert lab.execute("select count(*) from core_thing") == [(2,)]
    assert migrations.left_behind(lab.url, [lab.core]) == []
    with pytest.raises(StartupError, match="^The database has no tables of marks: there is nothing to purge"):
        migrations.purge(lab.url, owners, "marks")


def test_purging_drops_tables_for_searching(lab: Lab) -> None:
    if lab.url.startswith("sqlite"):
        lab.write(lab.marks, 'op.execute("create virtual table marks_fts using fts5(words)")')
    else:
        lab.write(lab.marks, 'op.execute("create table marks_fts (words tsvector)")')
    migrations.upgrade(lab.url, lab.owners)
    assert "marks_fts" in migrations.purge(lab.url, lab.owners, "marks")
    assert lab.tables() == {"core_thing", "core_alembic_version"}


def test_what_others_stand_on_is_not_removed(lab: Lab) -> None:
    above = Owner("above", lab.folder / "above", requires=("marks",))
    lab.write(
        above, """op.create_table("above_one", sa.Column("mark_id", sa.Integer(), sa.ForeignKey("marks_mark.id")))"""
    )
    migrations.upgrade(lab.url, [*lab.owners, above])
    with pytest.raises(StartupError, match="^above requires marks: take it out of `plugins` in the settings first"):
        migrations.purge(lab.url, [*lab.owners, above], "marks")
    with pytest.raises(StartupError, match="^above requires marks"):
        migrations.downgrade(lab.url, [*lab.owners, above], "marks", "base")
    with pytest.raises(StartupError, match="^above_one refers to marks_mark: `hemicycle db purge above` first"):
        migrations.purge(lab.url, [lab.core], "marks")
    with pytest.raises(StartupError, match="^marks_mark refers to core_thing: `hemicycle db purge marks` first"):
        migrations.downgrade(lab.url, lab.owners, "core", "base")
    with pytest.raises(StartupError, match="^The core cannot be purged"):
        migrations.purge(lab.url, lab.owners, "core")
    assert {"above_one", "marks_mark", "core_thing"} <= lab.tables()
    migrations.purge(lab.url, [lab.core], "above")
    migrations.purge(lab.url, [lab.core], "marks")


def test_writing_down_what_is_personal_reads_no_table_whole(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every start does it: looking for orphans took minutes on a large file."""

    def refused(_: Connection) -> None:
        raise AssertionError("all rows are read")

    monkeypatch.setattr(migrations, "_refuse_orphans", refused)
    with databases.fresh() as url:
        migrations.sync_registry(url, [])
