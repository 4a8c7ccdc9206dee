"""Whose tables are whose."""

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from hemicycle.app import CORE
from hemicycle.kernel.db.owners import owner_of, owners_of
from hemicycle.kernel.declarations import PersonalData, PluginInfo
from hemicycle.kernel.errors import StartupError
from hemicycle.kernel.hookspecs import hookimpl
from hemicycle.kernel.plugins import Plugins


def test_a_table_belongs_to_the_longest_name_that_fits() -> None:
    names = {"core", "votes", "votes_extra"}
    assert owner_of("votes_support", names) == "votes"
    assert owner_of("votes_extra_one", names) == "votes_extra"
    assert owner_of("votes_extra_one", {"core", "votes"}) == "votes"
    assert owner_of("core_search", names) == "core"
    assert owner_of("core_search_fts_data", names) is None
    assert owner_of("spatial_ref_sys", names) is None


def plugin(name: str, path: Path | None = None, requires: tuple[str, ...] = ()) -> Any:
    def describe_plugin() -> PluginInfo:
        return PluginInfo("Marks", requires=requires)

    def declare_personal_data() -> list[PersonalData]:
        return [PersonalData(f"{name}_mark.by_id", "Whose mark.", owner="by_id", erase="KEEP")]

    made: Any = ModuleType(f"hemicycle_{name}")
    made.describe_plugin, made.declare_personal_data = hookimpl(describe_plugin), hookimpl(declare_personal_data)
    if path is not None:
        made.__path__ = [str(path)]
    return made


def test_owners_are_the_core_and_then_the_plugins(tmp_path: Path) -> None:
    core, marks, above = owners_of(Plugins(CORE, [], [plugin("above", requires=("marks",)), plugin("marks", tmp_path)]))
    assert (core.name, marks.name, above.name) == ("core", "marks", "above")
    assert core.folder is not None
    assert core.folder.parts[-3:] == ("hemicycle", "migrations", "versions")
    assert marks.folder == tmp_path / "migrations" / "versions"
    assert above.folder is None
    assert above.requires == ("marks",)
    assert [one.name for one in marks.personal] == ["marks_mark.by_id"]
    assert "core_participant.display_name" in {one.name for one in core.personal}
    assert "core_role.role" in {one.name for one in core.personal}


def test_no_plugin_is_called_core(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="^plugin core: that is the core's own name"):
        owners_of(Plugins(CORE, [], [plugin("core", tmp_path)]))
