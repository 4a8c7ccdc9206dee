"""What takes over is there, whatever fails afterwards."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from hemicycle.kernel.backup.places import _File


class Full(sqlite3.Connection):
    """Its log cannot be folded into the file: the disk is full."""

    def execute(self, statement: str, *parameters: Any) -> sqlite3.Cursor:
        if "wal_checkpoint" in statement:
            raise sqlite3.OperationalError("database or disk is full")
        return super().execute(statement, *parameters)


def test_what_took_over_is_not_said_to_have_failed(tmp_path: Path) -> None:
    """Else whoever restores reads that nothing was changed, where all was."""
    beside, path = tmp_path / "x.db.restoring", tmp_path / "x.db"
    with closing(sqlite3.connect(beside)) as aside:
        aside.execute("create table restored (id integer)")
        aside.commit()
    with closing(sqlite3.connect(path, factory=Full)) as old:
        old.execute("pragma journal_mode=wal")
        _File(old, beside, used=True)._copy()
    with closing(sqlite3.connect(path)) as after:
        assert after.execute("select count(*) from restored").fetchone() == (0,)
