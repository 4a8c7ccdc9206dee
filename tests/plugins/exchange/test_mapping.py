"""A mapping says which field means what; whatever is wrong in it is named, with the file."""

from pathlib import Path

import pytest

from hemicycle.api import StartupError
from hemicycle_exchange.mapping import read_mapping, word_of

SHORT = """
system: old.example.org
fields:
  id: {field: id, prefix: opinion/}
  text: body
  author: {constant: someone}
  published_at: at
"""
EXAMPLES = Path(__file__).parents[3] / "examples" / "mappings"


def test_a_name_is_short_for_a_field(tmp_path: Path) -> None:
    mapping = read_mapping(_written(tmp_path, SHORT + "  categories: theme\n"))
    assert mapping.fields.text.field == "body"
    assert [one.field for one in mapping.fields.categories] == ["theme"]
    assert mapping.kept() == ["at", "body", "id", "theme"]


def test_yes_and_no_are_words_and_true_is_a_truth(tmp_path: Path) -> None:
    values = "{yes: FOR, no: AGAINST, on: NEUTRAL, true: FOR, 61: FOR, 2.5: FOR}"
    mapping = read_mapping(_written(tmp_path, SHORT + f"  alignment: {{field: side, values: {values}}}\n"))
    assert mapping.fields.alignment is not None
    assert list(mapping.fields.alignment.values or ()) == ["yes", "no", "on", "true", "61", "2.5"]


@pytest.mark.parametrize(
    ("value", "word"), [(True, "true"), (False, "false"), (61, "61"), (61.0, "61"), (2.5, "2.5"), ("yes", "yes")]
)
def test_a_plain_value_is_a_word(value: object, word: str) -> None:
    assert word_of(value) == word


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the file: Input should be"),
        ("a: [", "it is not YAML"),
        ("- one", "the file: Input should be"),
        ("system: x\n", "fields: Field required"),
        (SHORT.replace("  text: body\n", ""), "fields.text: Field required"),
        (SHORT + "  titel: title\n", "fields.titel: no such key: remove it, or correct its name"),
        (SHORT + "  title: {}\n", "fields.title: Value error, say either `field` or `constant`"),
        (SHORT + "  title: {field: a, constant: b}\n", "say either `field` or `constant`"),
        (SHORT + "  title: {field: a, format: rtf}\n", "fields.title.format: Input should be 'markdown'"),
        (SHORT + "  title: {field: a, values: none}\n", "fields.title.values: Input should be a valid dict"),
        (SHORT.replace("old.example.org", "''"), "system: String should have at least 1 character"),
        (SHORT + "timezone: Europe/Pari\n", "timezone: Value error, there is no time zone 'Europe/Pari' here"),
        (SHORT + "timezone: ../../etc/passwd\n", "there is no time zone"),
        (SHORT + "space: {opened_at: 2015-09-26T00:00:00}\n", "space.opened_at: Value error, give it a time zone"),
        (SHORT + "colour: red\n", "colour: no such key"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, told: str) -> None:
    path = _written(tmp_path, text)
    with pytest.raises(StartupError) as error:
        read_mapping(path)
    assert str(error.value).startswith(f"{path}: ")
    assert told in str(error.value)


def test_every_thing_that_is_wrong_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(StartupError) as error:
        read_mapping(_written(tmp_path, "fields: {id: id, colour: red}\n"))
    assert len(str(error.value).splitlines()) == 5


def test_a_mapping_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="nowhere.yaml: the mapping cannot be read: No such file"):
        read_mapping(tmp_path / "nowhere.yaml")


def test_code_in_a_mapping_is_not_run(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="it is not YAML"):
        read_mapping(_written(tmp_path, "system: !!python/object/apply:os.getcwd []\n"))


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_examples_can_be_read(path: Path) -> None:
    assert read_mapping(path).kept()


def _written(folder: Path, text: str) -> Path:
    path = folder / "mapping.yaml"
    path.write_text(text, "utf-8")
    return path
