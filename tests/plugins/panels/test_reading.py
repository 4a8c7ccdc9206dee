"""Quotas and people from CSV files, and what is said of a wrong one."""

from pathlib import Path

import pytest

from hemicycle_panels.lottery.pool import LotteryError, Quota
from hemicycle_panels.lottery.reading import read_pool

QUOTAS = "category,feature,min,max\nage,young,1,2\nage,old,0,2\n"


def test_an_id_is_the_number_of_the_row_where_there_is_none(tmp_path: Path) -> None:
    pool = _read(tmp_path, QUOTAS, "\ufeffage,town\nyoung,Tours\n old ,Blois\nold,Bourges\n")
    assert [person.id for person in pool.people] == [1, 2, 3]
    assert [dict(person.features) for person in pool.people] == [{"age": "young"}, {"age": "old"}, {"age": "old"}]
    assert pool.quotas == (Quota("age", "young", 1, 2), Quota("age", "old", 0, 2))


def test_an_id_is_its_column_where_there_is_one(tmp_path: Path) -> None:
    pool = _read(tmp_path, QUOTAS, "id,age\nk7,young\nk3,old\n")
    assert [person.id for person in pool.people] == ["k7", "k3"]


@pytest.mark.parametrize(
    ("quotas", "people", "said"),
    [
        ("category,min,max\n", "age\n", "quotas.csv has no column feature: its columns are category, min, max"),
        ("category,feature,min,max\n", "age\n", "quotas.csv has no quotas"),
        ("category,feature,min,max\nage,young,one,2\n", "age\n", "quotas.csv, row 1: min is 'one'"),
        (QUOTAS, "town\nTours\n", "people.csv has no column age"),
        (QUOTAS, "age\nyoung\nold,Tours\n", "people.csv, row 2 has not as many cells"),
        (QUOTAS, 'age\n"young\n', "cannot be read"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(tmp_path: Path, quotas: str, people: str, said: str) -> None:
    with pytest.raises(LotteryError, match=said):
        _read(tmp_path, quotas, people)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(LotteryError, match="nowhere.csv cannot be read"):
        read_pool(tmp_path / "nowhere.csv", tmp_path / "nowhere.csv", 1)


def _read(folder: Path, quotas: str, people: str):
    (folder / "quotas.csv").write_text(quotas, "utf-8")
    (folder / "people.csv").write_text(people, "utf-8")
    return read_pool(folder / "quotas.csv", folder / "people.csv", 1)
