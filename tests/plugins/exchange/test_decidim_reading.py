"""Tables as people really send them: other delimiters, encodings and marks; words as Decidim writes them."""

import zipfile
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hemicycle.api import StartupError
from hemicycle_exchange.decidim.identity import Identity, Wrong, answered_by, identity_of
from hemicycle_exchange.decidim.tables import tables
from hemicycle_exchange.decidim.words import Notes, markdown, moment_of, names_in_one_language
from tests.plugins.exchange.decidim import LILLE, comment, debate, proposal, table, write

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("encoding", "delimiter", "ends"),
    [("utf-8", ";", "\n"), ("utf-8-sig", ",", "\r\n"), ("cp1252", ";", "\r\n"), ("utf-16", "\t", "\n")],
)
def test_a_table_is_read_however_it_was_saved(tmp_path: Path, encoding: str, delimiter: str, ends: str) -> None:
    row = proposal(4, title='L’été ; à « vélo », "vite"')
    path = write(tmp_path, "p.csv", row, row, encoding=encoding, delimiter=delimiter, ends=ends)
    (known,) = tables([path])
    assert known.encoding == encoding
    read = list(known.rows())
    assert [line for line, _ in read] == [2, 4]
    assert read[0][1] == {name: str(value) for name, value in row.items()}


def test_a_row_of_another_width_is_wrong_and_the_next_is_read(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("id;title;body\n1;a\n\n2;a;b;c\n3;a;b;;\n")
    (known,) = tables([path])
    assert list(known.rows()) == [
        (2, "it has 2 cells, where the first line names 3 columns"),
        (4, "it has 4 cells, where the first line names 3 columns"),
        (5, {"id": "3", "title": "a", "body": "b"}),
    ]


@pytest.mark.parametrize("said", ['2;a;"b\n3;a;b\n4;a;b\n', '2;a;"b"c\n'])
def test_a_quotation_mark_that_is_not_closed_takes_nothing_with_it(tmp_path: Path, said: str) -> None:
    (tmp_path / "p.csv").write_text(f"id;title;body\n1;a;b\n{said}")
    (known,) = tables([tmp_path / "p.csv"])
    with pytest.raises(StartupError, match=r"p\.csv, line 3: it is not CSV: .*\. Look at its quotation marks\."):
        list(known.rows())


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text("[{")
    with pytest.raises(StartupError, match=r"p\.json: it is not JSON"):
        tables([tmp_path / "p.json"])
    with pytest.raises(StartupError, match="nowhere: it cannot be read: No such file"):
        tables([tmp_path / "nowhere"])


def test_a_workbook_is_none_of_them(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "p.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(StartupError, match=r"p\.xlsx: there is no CSV and no JSON in it"):
        tables([tmp_path / "p.xlsx"])


@pytest.mark.parametrize(
    "start", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00", b"%PDF-1.4\n", b"PK\x03\x04 and no more"]
)
def test_what_is_no_text_is_refused_as_a_whole(tmp_path: Path, start: bytes) -> None:
    (tmp_path / "p.csv").write_bytes(start)
    with pytest.raises(StartupError, match=r"p\.csv: it is neither CSV nor JSON, nor a zip of them: export it as one"):
        tables([tmp_path / "p.csv"])


def test_a_zip_that_cannot_be_unpacked_is_named(tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("p.csv", table(proposal(4)))
    packed = path.read_bytes()
    path.write_bytes(packed.replace(b"Un titre", b"Un autre"))
    with pytest.raises(StartupError, match=r"p\.zip: it cannot be unpacked: Bad CRC-32 .* Fetch it again, or unpack"):
        tables([path])
    closed = bytearray(packed)
    closed[6] |= 1
    closed[packed.find(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(closed)
    with pytest.raises(StartupError, match=r"p\.zip: it cannot be unpacked: File 'p\.csv' is encrypted"):
        tables([path])


def test_what_a_mac_puts_beside_a_file_is_left_in_the_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        archive.writestr("p.csv", table(proposal(4)))
        archive.writestr("__MACOSX/._p.csv", b"\x00\x05\x16\x07")
    assert [one.name for one in tables([tmp_path / "p.zip"])] == ["p.zip/p.csv"]


@pytest.mark.parametrize("said", ["\n\nid,title\n1,a\n", "id,title\r1,a\r"])
def test_lines_before_the_first_and_lines_of_old_macs(tmp_path: Path, said: str) -> None:
    (tmp_path / "p.csv").write_bytes(said.encode())
    assert [row for one in tables([tmp_path / "p.csv"]) for _, row in one.rows()] == [{"id": "1", "title": "a"}]


def test_what_is_no_object_of_json_is_a_wrong_row(tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text('{"links": [], "said": [{"id": 1}, 2]}')
    (known,) = tables([tmp_path / "p.json"])
    assert list(known.rows()) == [(1, {"id": "1"}), (2, "it is no object of JSON")]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Air, Eau", ["Air", "Eau"]),
        ("", []),
        ('{"en"=>"Air, x", "fr"=>"L\'air, \\"ici\\""}, {"en" => "North", "machine_translations" => {"es" => "N"}}',
         ['L\'air, "ici"', "North"]),
        ('{"fr": "Eau", "en": "Water"}, {"fr": ""}', ["Eau"]),
    ],
)  # fmt: skip
def test_names_in_several_languages_within_one_cell(said: str, expected: list[str]) -> None:
    assert names_in_one_language(said, "fr") == expected


def test_an_empty_file_has_no_rows(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_bytes(b"")
    assert [list(one.rows()) for one in tables([tmp_path / "p.csv"])] == [[]]


@pytest.mark.parametrize(
    ("row", "host", "expected"),
    [
        (proposal(4), None, Identity("lille.example.org", "proposal", "4")),
        (debate(4, "https://lille.example.org:8443/x"), None, Identity("lille.example.org:8443", "debate", "4")),
        (debate(4, id="4.0"), None, Identity("lille.example.org", "debate", "4")),
        (proposal(4, id=""), None, Identity("lille.example.org", "proposal", "4")),
        (proposal(4, url=""), "here.example.org", Identity("here.example.org", "proposal", "4")),
        (comment(5, "Debates::Debate 2"), "here.example.org", Identity("lille.example.org", "comment", "5")),
    ],
)
def test_rows_are_known_by_host_and_id(row: dict[str, str], host: str | None, expected: Identity) -> None:
    said = {name: str(value) for name, value in row.items()}
    assert identity_of(said, list(said), host) == expected


@pytest.mark.parametrize("row", [proposal(4, url=""), proposal(4, url="http://[", id=""), comment(5, "x 1", id="a b")])
def test_what_cannot_be_known_is_wrong(row: dict[str, str]) -> None:
    said = {name: str(value) for name, value in row.items()}
    with pytest.raises(Wrong):
        identity_of(said, list(said), None)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, "comment/2"),
        ({"commentable_type": "Decidim::Budgets::Project"}, "project/2"),
        ({"commentable_type": "", "root_commentable_url": f"{LILLE}/9/proposals/7"}, "proposal/7"),
        ({"commentable_type": "", "depth": "1"}, "comment/2"),
    ],
)
def test_what_a_comment_answers_is_of_its_own_instance(more: dict[str, str], expected: str) -> None:
    said = {name: str(value) for name, value in comment(5, "Comments::Comment 2", **more).items()}
    above = answered_by(said, identity_of(said, list(said), None))
    assert above is not None
    assert (above.host, above.key) == ("lille.example.org", expected)


@pytest.mark.parametrize(
    "said",
    ["2019-01-17 10:38:20 +0100", "2019-01-17 09:38:20 UTC", "2019-01-17T10:38:20+01:00", "2019-01-17T09:38:20Z",
     "2019-01-17 10:38:20", "17/01/2019 10:38:20"],
)  # fmt: skip
def test_moments_with_and_without_zones(said: str) -> None:
    notes = Notes()
    assert moment_of({"created_at": said}, PARIS, notes) == datetime(2019, 1, 17, 9, 38, 20, tzinfo=UTC)
    assert bool(notes.said) == (said[-1] == "0" and "+" not in said)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("a &amp; b\nc", "a & b  \nc"),
        ("2 < 3 & *b*", "2 \\< 3 \\& \\*b\\*"),
        ("<p>a&nbsp;<b>b</b></p><p>c &lt; d</p>", "a **b**\n\nc \\< d"),
        ("a\x0bb", "ab"),
    ],
)
def test_words_as_markdown(said: str, expected: str) -> None:
    assert markdown(said, Notes()).replace("\\&", "&") == expected.replace("\\&", "&")
