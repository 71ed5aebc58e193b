"""Tables written for Excel: every text a text, and nothing lost without a word."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import openpyxl
import polars as pl
import pytest
from openpyxl.utils.escape import unescape

import fleetstatus as fs
from examples import device_record, table_of
from fleetstatus._table import excel
from fleetstatus._table.kinds import Kind
from fleetstatus._table.rows import Rows

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

MOST = 32_767
HOSTILE = [
    *('=HYPERLINK("http://evil","x")', "=1+1", "+1", "-1", "@SUM(A1)", "{=1}", "\t=1", "'quoted"),
    *("http://evil.example", "mailto:a@b", "internal:Sheet1!A1", "external:c.xlsx", "file:///etc"),
    *("<script>alert(1)</script>", "a&b", '"', "<r><t>x</t></r>", "<r></r>", "<r>", "</row>"),
    *("\u202eevil", "kühl\U0001f680", " spaces ", "two\nlines", "cr\rlf\r\n", "tab\t", "\u2028"),
    *(
        "\x00\x01\x1b[2J\x7f\x85",
        "\ufffe\uffff",
        "_x0041_",
        "_x005F_x0041_",
        "_x0041_x0041_x0041_",
        "007",
        "1e5",
        "TRUE",
    ),
    *("2026-11-01", "", "None", "x" * MOST, "\U0001f680" * (MOST // 2)),
]


def written(table: Any) -> bytes:
    file = io.BytesIO()
    table.write(file, format="xlsx")
    return file.getvalue()


def sheet_of(table: Any) -> Worksheet:
    book = openpyxl.load_workbook(io.BytesIO(written(table)))
    assert len(book.worksheets) == 1
    sheet: Worksheet = book.worksheets[0]
    return sheet


def texts_in(table: Any, column: str) -> list[str]:
    """Texts of a column, decoded as Excel does, each run for itself."""
    with zipfile.ZipFile(io.BytesIO(written(table))) as book:
        root = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
    space = {"s": root.tag.partition("}")[0].removeprefix("{")}
    cells = [cell for cell in root.iterfind(".//s:c", space) if cell.attrib["r"].startswith(column)]
    runs = [[run.text or "" for run in cell.iterfind(".//s:t", space)] for cell in cells]
    return ["".join(map(unescape, texts)) for texts in runs if texts]


def rows_of(kind: str, *values: Any) -> Rows:
    return Rows([("value", Kind(kind).build(values))])


def test_texts_stay_texts_whatever_they_say() -> None:
    table = table_of(*({"id": n, "device_name": text} for n, text in enumerate(HOSTILE)))
    sheet = sheet_of(table)
    headings, *rows = sheet.iter_rows()
    assert [cell.value for cell in headings] == list(table.columns)
    place = table.columns.index("device_name")
    cells = [row[place] for row in rows]
    assert texts_in(table, "C") == ["device_name", *HOSTILE]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    assert all(cell.hyperlink is None for row in rows for cell in row)
    assert not any(cell.data_type in {"f", "e"} for row in rows for cell in row)


def test_the_file_has_no_formula_no_link_and_no_markup_of_texts() -> None:
    carried = [device_record(device_name=text, os_version=text) for text in HOSTILE]
    table = fs.classify(carried, carry="os_version", now="2026-11-01T12:00:00Z")
    with zipfile.ZipFile(io.BytesIO(written(table))) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    kinds = {element.tag.rpartition("}")[2] for element in ET.fromstring(sheet).iter()}
    assert "v" in kinds
    assert not kinds & {"f", "hyperlinks", "hyperlink", "script", "dataValidation"}
    assert not any("External" in name or "macro" in name for name in parts)
    assert b"TargetMode" not in b"".join(parts.values())


def test_values_have_the_types_that_excel_has() -> None:
    table = table_of(
        {"last_vpn_event": "2026-10-31T23:00:00.500Z", "is_connected_to_vpn": False},
        {"id": None, "device_name": None},
    )
    heading, first, second = sheet_of(table).iter_rows()
    names = [cell.value for cell in heading]
    row = {name: cell for name, cell in zip(names, first, strict=True)}
    assert row["cloudlink_since"].value == datetime(2026, 10, 31, 23, 0, 0, 500_000)  # noqa: DTZ001
    assert row["cloudlink_since"].is_date
    assert row["cloudlink"].value is False
    assert (row["id"].value, row["heartbeat_window_s"].value) == (1, 1350)
    expected = table[0]
    assert row["status"].value == expected.status
    assert [cell.value for cell in second][:3] == [None, table["uuid"][1], None]


def test_polars_reads_what_was_written() -> None:
    table = fs.classify(fs.sample_fleet())
    frame = pl.read_excel(io.BytesIO(written(table)), engine="openpyxl", infer_schema_length=None)
    assert frame.columns == list(table.columns)
    assert frame["uuid"].to_list() == table["uuid"].to_list()
    assert frame["status"].to_list() == table["status"].to_list()
    since = [None if one is None else one.replace(tzinfo=None) for one in table["status_since"]]
    assert frame["status_since"].to_list() == since
    assert frame["status_duration_s"].to_list() == table["status_duration_s"].to_list()


@pytest.mark.parametrize(
    ("number", "cell"),
    [
        (10**15 - 1, 10**15 - 1),
        (1 - 10**15, 1 - 10**15),
        (10**15, str(10**15)),
        (-(2**63), str(-(2**63))),
        (2**53 + 1, str(2**53 + 1)),
    ],
)
def test_a_number_that_excel_would_round_is_a_text(number: int, cell: object) -> None:
    assert sheet_of(rows_of("int64", number))["A2"].value == cell


def test_what_excel_has_no_number_for_is_a_text() -> None:
    sheet = sheet_of(rows_of("float64", 0.25, float("nan"), float("-inf"), 1e300))
    assert [cell.value for (cell,) in sheet.iter_rows(min_row=2)] == [0.25, "nan", "-inf", 1e300]


def test_a_time_before_1901_is_a_text() -> None:
    times = [
        datetime(1, 1, 1, 0, 0, 0, 1000, tzinfo=UTC),
        datetime(1900, 12, 31, 23, 59, 59, tzinfo=UTC),
        datetime(1901, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
    ]
    sheet = sheet_of(rows_of("timestamp[ms, UTC]", *times))
    values = [cell.value for (cell,) in sheet.iter_rows(min_row=2)]
    assert values[:2] == ["0001-01-01T00:00:00.001000Z", "1900-12-31T23:59:59Z"]
    assert [str(one) for one in values[2:]] == ["1901-01-01 00:00:00", "9999-12-31 23:59:59"]


@pytest.mark.parametrize(
    ("text", "n_units"), [("x" * 40_000, "40,000"), ("\U0001f680" * 16_384, "32,768")]
)
def test_a_text_that_no_cell_holds_is_an_error(tmp_path: Path, text: str, n_units: str) -> None:
    path = tmp_path / "devices.xlsx"
    table = table_of({}, {"device_name": text})
    told = rf"^'device_name' of row 1 has {n_units} letters, and a cell of Excel holds 32,767; "
    with pytest.raises(ValueError, match=told) as error:
        table.write(path)
    assert len(str(error.value)) < 200
    assert not path.exists()
    with pytest.raises(ValueError, match=r"^the name of a column, '.*\.\.\.', has 40,000 letters"):
        Rows([("x" * 40_000, Kind("int64").build([1]))]).write(path)
    with pytest.raises(ValueError, match=r"^the name of a column, '\\x1b\[2Jx+\.\.\.', has 40,004"):
        Rows([("\x1b[2J" + "x" * 40_000, Kind("int64").build([1]))]).write(path)
    table[:1].write(path)
    assert path.exists()


def test_a_cell_holds_the_longest_text_that_fits() -> None:
    texts = ["x" * 32_767, "\U0001f680" * 16_383]
    cells = sheet_of(table_of(*({"device_name": text} for text in texts))[["device_name"]])["A"]
    assert [cell.value for cell in cells][1:] == texts


def test_more_rows_than_a_sheet_has_are_an_error(tmp_path: Path) -> None:
    path = tmp_path / "rows.xlsx"
    rows = rows_of("bool", *[None] * 2**20)
    told = (
        r"^1,048,576 rows of 1 columns do not fit a sheet of Excel, which has 1,048,575 of 16,384"
    )
    with pytest.raises(ValueError, match=told):
        rows.write(path)
    assert not path.exists()


def test_more_columns_than_a_sheet_has_are_an_error() -> None:
    column = Kind("bool").build([None])
    with pytest.raises(ValueError, match="1 rows of 16,385 columns do not fit"):
        Rows([(f"c{number}", column) for number in range(2**14 + 1)]).write(
            io.BytesIO(), format="xlsx"
        )


def test_the_limits_are_those_of_excel(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (excel._MOST_ROWS, excel._MOST_COLUMNS) == (1_048_575, 16_384)
    monkeypatch.setattr(excel, "_MOST_ROWS", 2)
    assert sheet_of(rows_of("bool", True, False)).max_row == 3
    with pytest.raises(ValueError, match="3 rows"):
        written(rows_of("bool", True, False, None))


def test_a_table_without_rows_has_its_headings() -> None:
    table = fs.empty()
    (headings,) = sheet_of(table).iter_rows()
    assert [cell.value for cell in headings] == list(table.columns)


def test_many_rows_are_all_written() -> None:
    rows = rows_of("int64", *range(2 * 4096 + 1))
    sheet = sheet_of(rows)
    assert [cell.value for (cell,) in sheet.iter_rows(min_row=2)] == rows["value"].to_list()


def test_the_headings_stay_in_sight_and_filter() -> None:
    sheet = sheet_of(table_of({}, {}))
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(3, sheet.max_column).coordinate}"


def test_without_xlsxwriter_a_line_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "xlsxwriter", None)
    with pytest.raises(ImportError, match=r"^write needs xlsxwriter for .xlsx: pip install 'fleet"):
        table_of({}).write(tmp_path / "devices.xlsx")
    assert list(tmp_path.iterdir()) == []
