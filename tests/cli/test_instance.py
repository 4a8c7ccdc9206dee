"""`hemicycle init` writes settings that an instance starts with, once."""

import stat
from pathlib import Path

import pytest

from hemicycle.cli.instance import init
from hemicycle.kernel.errors import StartupError
from hemicycle.kernel.settings import BUNDLED, FILE, load


def test_a_new_instance_has_every_plugin_that_ships_and_a_secret_of_its_own(tmp_path: Path) -> None:
    for name in ("Débat Cher", 'the "other"'):
        init(tmp_path / name)
    first, other = (load(tmp_path / name / FILE) for name in ("Débat Cher", 'the "other"'))
    assert (first.name, first.instance, first.plugins) == ("Débat Cher", "d-bat-cher", BUNDLED)
    assert first.secret_key != other.secret_key
    assert len(first.secret_key) > 32
    assert stat.S_IMODE((tmp_path / 'the "other"' / FILE).stat().st_mode) == 0o600


def test_what_is_only_shown_is_right_too(tmp_path: Path) -> None:
    """Every table of the settings that an instance may want is there, as a comment that can be taken as it stands."""
    init(tmp_path)
    shown = [one.removeprefix("# ") for one in (tmp_path / FILE).read_text().splitlines()[1:]]
    (tmp_path / FILE).write_text("\n".join(shown))
    said = load(tmp_path / FILE).model_dump(exclude_defaults=True)
    assert {"mail", "outbound", "logs", "metrics", "traces", "actions", "production", "allowed_hosts"} <= said.keys()


def test_settings_that_are_there_are_left_alone(tmp_path: Path) -> None:
    init(tmp_path)
    before = (tmp_path / FILE).read_text()
    with pytest.raises(StartupError, match="is there already: edit it, or name another folder"):
        init(tmp_path)
    assert (tmp_path / FILE).read_text() == before
