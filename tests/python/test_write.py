"""Tables written to files, and read back by other programs."""

from __future__ import annotations

import csv
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

import fleetstatus as fs
from examples import NOW, device_record, table_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HOSTILE = [
    *("plain", "", " spaces ", "a,b", 'say "hi"', "two\nlines", "cr\r", "\r\n", "tab\t", "'"),
    *("=1+1", "kühl\U0001f680", "\u202eevil", "\x00\x1b[2J\x7f\x85\u2028", "null", "None", "\\n"),
]
TABLE = fs.classify(
    [
        *(
            device_record(id=number, device_name=name, os_version=None)
            for number, name in enumerate(HOSTILE)
        ),
        device_record(id=None, device_name=None, uuid=None, overall_status=""),
        device_record(id=-(2**63), last_vpn_event="0001-01-01T00:00:00.001Z", is_frozen=True),
        17,  # type: ignore[list-item]
    ],
    now=NOW,
    on_error="keep",
    carry="os_version",
    allow_missing="os_version",
)


def read_json(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return rows


def read_lines(path: Path) -> list[dict[str, Any]]:
    lines = path.read_bytes().split(b"\n")
    assert lines.pop() == b""
    return [json.loads(line) for line in lines]


def as_json_value(value: Any) -> Any:
    if not isinstance(value, datetime):
        return value
    precision = "milliseconds" if value.microsecond else "seconds"
    return value.isoformat(timespec=precision).replace("+00:00", "Z")


def as_csv_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(as_json_value(value))


@pytest.mark.parametrize(("ending", "read"), [("json", read_json), ("ndjson", read_lines)])
@pytest.mark.parametrize("form", [lambda path: path, str])
def test_json_holds_the_rows(
    tmp_path: Path, ending: str, read: Callable[[Path], Any], form: Callable[[Path], Any]
) -> None:
    path = tmp_path / f"rows.{ending}"
    TABLE.write(form(path))
    rows = read(path)
    assert [list(row) for row in rows] == [list(TABLE.columns)] * len(TABLE)
    expected = [{k: as_json_value(v) for k, v in row.items()} for row in TABLE.to_dicts()]
    assert rows == expected


def test_csv_holds_the_rows_exactly(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    TABLE.write(path)
    with path.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file, strict=True)
    assert header == list(TABLE.columns)
    assert rows == [[as_csv_text(value) for value in row.values()] for row in TABLE.to_dicts()]


def test_csv_is_as_rfc_4180_says(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    table_of({"id": None, "device_name": ""}, {"device_name": 'a,"b"\n'}).write(path)
    content = path.read_bytes()
    assert content.count(b"\r\n") == 3
    assert content.endswith(b"\r\n")
    first, second = content.split(b"\r\n")[1:3]
    # Null is nothing, empty text is two quotes.
    assert first.startswith(b',5a1c0de5a1c0de5a1c0de5a1c0de5a1c,"",,Operational,')
    assert second.startswith(b'1,5a1c0de5a1c0de5a1c0de5a1c0de5a1c,"a,""b""\n",,Operational,')


def test_times_are_in_utc_with_z(tmp_path: Path) -> None:
    path = tmp_path / "rows.ndjson"
    table_of({"last_vpn_event": "2026-11-01T01:00:00.5+02:00"}).write(path)
    (row,) = read_lines(path)
    assert row["cloudlink_since"] == "2026-10-31T23:00:00.500Z"
    assert row["heartbeat_since"] == "2026-10-21T08:00:00Z"


HEADER = ",".join(fs.classify([]).columns) + "\r\n"


@pytest.mark.parametrize(
    ("ending", "content"), [("json", "[\n]\n"), ("ndjson", ""), ("csv", HEADER)]
)
def test_a_table_without_rows_is_a_whole_file(tmp_path: Path, ending: str, content: str) -> None:
    path = tmp_path / f"rows.{ending}"
    path.write_text("something that was there before, and longer", encoding="utf-8")
    fs.classify([]).write(path)
    assert "".join(path.read_bytes().decode().split()) == "".join(content.split())


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["json", "ndjson", "csv"])
def test_long_tables_are_written_whole(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"rows.{ending}"
    n_rows = 2 * 4096 + 1
    table = table_of(*({"id": number} for number in range(n_rows)))
    table.write(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    around = {"json": 2, "ndjson": 0, "csv": 1}[ending]
    assert len(lines) == n_rows + around
    if ending == "json":
        assert [row["id"] for row in read_json(path)] == list(range(n_rows))


@pytest.mark.parametrize("ending", [".JSON", ".NdJson", ".Csv"])
def test_the_ending_may_be_in_capitals(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"rows{ending}"
    TABLE.write(path)
    assert path.stat().st_size > 0


def test_a_file_that_cannot_be_written_fails_as_open_does(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        TABLE.write(tmp_path / "none" / "rows.csv")
