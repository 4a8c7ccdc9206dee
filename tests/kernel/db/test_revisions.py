"""A revision is written from the models, in plain types, and makes what they say on both databases."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from hemicycle.app import CORE
from hemicycle.kernel.db import migrations
from hemicycle.kernel.db.migrations import Owner, owners_of
from hemicycle.kernel.errors import StartupError
from hemicycle.kernel.plugins import Plugins
from hemicycle.kernel.search import ddl
from hemicycle.testing.databases import Databases


@pytest.fixture
def url(databases: Databases) -> Iterator[str]:
    with databases.bare() as empty:
        yield empty


@pytest.fixture
def core(tmp_path: Path) -> Owner:
    """The core, as if it had no migration yet."""
    return replace(owners_of(Plugins(CORE, []))[0], folder=tmp_path / "versions")


def execute(url: str, *statements: str) -> None:
    def run(connection: Connection) -> None:
        for one in statements:
            connection.execute(sa.text(one))

    migrations._run(url, run, change=True)


def test_the_first_revision_of_the_core_makes_what_its_models_say(url: str, core: Owner) -> None:
    made = migrations.revision([core], "core", "First tables")
    text = made.read_text()
    assert made.name == "core_0001_first_tables.py"
    head = '"""First tables"""\n\nimport sqlalchemy as sa\nfrom alembic import op\n\nrevision = "core_0001"\n'
    assert text.startswith(head)
    assert not [word for word in ("sqlmodel", "hemicycle", "###", "Words", "marks") if word in text]
    for column in (
        "sa.Column('created_at', sa.DateTime(timezone=True), nullable=False)",
        "sa.Column('text', sa.Text(), nullable=True)",
        "sa.Column('display_name', sa.String(length=100), nullable=True)",
        "sa.Column('state', sa.String(length=100), nullable=False)",
        "sa.Column('slug', sa.String(length=100), nullable=False)",
        "sa.Column('titles', sa.JSON(), nullable=False)",
        "sa.Column('id', sa.Uuid(), nullable=False)",
    ):
        assert column in text, column
    for _ in range(2):
        migrations.upgrade(url, [core])
        assert migrations.compare(url, [core], "core") == []
        migrations.downgrade(url, [core], "core", "base")


def test_only_what_is_an_owners_is_compared(url: str, core: Owner) -> None:
    migrations.revision([core], "core", "First tables")
    migrations.upgrade(url, [core])
    words = ddl.CREATE["sqlite" if url.startswith("sqlite") else "postgresql"]
    execute(url, "create table marks_mark (id integer)", *words)
    assert migrations.compare(url, [core], "core") == []
    execute(url, "drop index ix_core_participant_name", "create table core_more (id integer)")
    differences = migrations.compare(url, [core], "core")
    assert sorted(one[0] for one in differences) == ["add_index", "remove_table"]


def test_a_revision_with_nothing_new_says_so(core: Owner) -> None:
    migrations.revision([core], "core", "First tables")
    made = migrations.revision([core], "core", "Nothing new")
    assert made.name == "core_0002_nothing_new.py"
    assert (
        made.read_text()
        == '''"""Nothing new"""

revision = "core_0002"
down_revision = "core_0001"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
'''
    )


def test_an_index_comes_and_goes_without_a_copy_of_its_table(core: Owner) -> None:
    text = migrations.revision([core], "core", "First tables").read_text()
    assert "op.create_index(" in text
    assert not [word for word in ("batch_alter_table", "drop_index") if word in text]


def test_a_plugin_of_one_file_has_no_revisions() -> None:
    with pytest.raises(StartupError, match="^plugin marks is one file: make it a package"):
        migrations.revision([Owner("marks", None)], "marks", "First")
