"""CSV as a source: told by its first line, read by Python's `csv`, with nothing guessed."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import json
import threading
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

import fleetstatus as fs
from examples import NOW, device_record
from fleetstatus._input.csv_files import _large_cells

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ["quiet-river", "loud, brook", 'bitter "wind"', "two\nlines", " spaces "]


def cell_of(value: Any) -> str:
    """Write a value as a database does."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "t" if value else "f"
    return json.dumps(value) if isinstance(value, (dict, list)) else str(value)


def csv_of(*records: dict[str, Any], delimiter: str = ",", **options: Any) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, **options)
    writer.writerow(records[0])
    for record in records:
        writer.writerow(map(cell_of, record.values()))
    return file.getvalue().encode()


def classify(source: Any, **options: Any) -> fs.StatusTable:
    return fs.classify(source, **{"now": NOW, **options})


def read(field: str, cell: str, column: str) -> Any:
    """Give what one cell of a device on which all is well is read as."""
    record = device_record() | {field: cell}
    return classify(csv_of(record))[column][0]


def error_of(field: str, cell: str) -> fs.RecordError:
    with pytest.raises(fs.RecordError) as raised:
        classify(csv_of(device_record() | {field: cell}))
    return raised.value


INSTALLS = [{"id": 1, "status": "Downloading", "download_progress": 40}]
RECORDS = [
    device_record(id=number, device_name=name, image_install=INSTALLS)
    for number, name in enumerate(NAMES)
]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=repr)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=repr)
def test_csv_answers_what_its_records_answer(delimiter: str, end: str) -> None:
    text = csv_of(*RECORDS, delimiter=delimiter, lineterminator=end)
    assert classify(text).to_dicts() == classify(RECORDS).to_dicts()
    assert classify(text)["device_name"].to_list() == NAMES


def test_csv_may_be_a_file_compressed_and_in_any_unicode(tmp_path: Path) -> None:
    text = csv_of(*RECORDS)
    for number, content in enumerate(
        (text, gzip.compress(text), text.decode().encode("utf-16"), b"\xef\xbb\xbf" + text)
    ):
        path = tmp_path / f"{number}.data"
        path.write_bytes(content)
        assert classify(path).to_dicts() == classify(RECORDS).to_dicts()
        with path.open("rb") as file:
            assert classify(file)["device_name"].to_list() == NAMES
    assert (
        classify([text, json.dumps(RECORDS).encode(), text])["device_name"].to_list() == 3 * NAMES
    )


def test_headers_may_be_those_of_the_database() -> None:
    def of_database(name: str) -> str:
        return name.replace("__", "-").replace("_", " ")

    named = [{of_database(key): value for key, value in record.items()} for record in RECORDS]
    assert "changed api heartbeat state on-date" in named[0]
    assert classify(csv_of(*named)).to_dicts() == classify(RECORDS).to_dicts()


def test_other_columns_are_not_read() -> None:
    odd = {"": "0", "note": "'", "created by": "x", "x" * 1000: "y"}
    text = csv_of(*(odd | record for record in RECORDS))
    assert classify(text)["device_name"].to_list() == NAMES


def test_a_mark_is_no_part_of_the_first_name() -> None:
    with pytest.raises(fs.MissingFieldsError):
        classify(b"\xef\xbb\xbfdevice_name\nquiet-river\n")


def test_blank_lines_are_no_records() -> None:
    text = csv_of(*RECORDS).replace(b"\r\n", b"\r\n\r\n") + b"\n\n"
    assert len(classify(text)) == len(RECORDS)


def test_a_header_alone_is_an_empty_table() -> None:
    assert len(classify(csv_of(*RECORDS).splitlines()[0])) == 0
    assert len(classify(csv_of(*RECORDS).splitlines()[0] + b"\r\n")) == 0


def test_empty_cells_are_null_quoted_or_not() -> None:
    text = csv_of(device_record(device_name="", uuid="x"), quoting=csv.QUOTE_ALL)
    assert b'""' in text
    (row,) = classify(text).to_dicts()
    assert (row["device_name"], row["uuid"]) == (None, "x")


@pytest.mark.parametrize("cell", ["null", "NULL", "NaN", "None", "\\N", " "], ids=repr)
def test_nothing_else_is_null(cell: str) -> None:
    assert read("device_name", cell, "device_name") == cell
    assert error_of("provisioning_progress", cell).field == "provisioning_progress"
    assert error_of("last_vpn_event", cell).field == "last_vpn_event"


BOOLEANS = {"t": True, "true": True, "True": True, "1": True}
BOOLEANS |= {"f": False, "false": False, "False": False, "0": False}


@pytest.mark.parametrize("cell", BOOLEANS)
def test_bools_are_read_as_databases_and_python_write_them(cell: str) -> None:
    assert read("is_connected_to_vpn", cell, "cloudlink") is BOOLEANS[cell]


@pytest.mark.parametrize("cell", ["yes", "TRUE", "T", "on", "2", "1.0", " t", "-1"], ids=repr)
def test_other_bools_are_bad_records(cell: str) -> None:
    error = error_of("is_connected_to_vpn", cell)
    assert (error.field, error.index) == ("is_connected_to_vpn", 0)
    assert cell in error.value


NUMBERS = {"40": 40, "40.0": 40, "40.000": 40, "0": 0, "-7": -7, "4e1": 40, "400E-1": 40}


@pytest.mark.parametrize("cell", NUMBERS)
def test_whole_numbers_are_read(cell: str) -> None:
    assert read("provisioning_progress", cell, "progress") == NUMBERS[cell]


def test_large_numbers_are_exact() -> None:
    largest = 2**63 - 1
    assert read("id", f"{largest}.0", "id") == largest
    assert read("id", f"{largest}.000", "id") == largest
    assert read("id", f"-{largest + 1}", "id") == -largest - 1


@pytest.mark.parametrize(
    "cell",
    ["4.5", "x", "1e999", "0x10", "+4", "007", "4_0", "٤", "1,5", ".5", "5.", "9" * 5000],
    ids=lambda cell: cell[:9],
)
def test_other_numbers_are_bad_records(cell: str) -> None:
    assert error_of("provisioning_progress", cell).field == "provisioning_progress"


def test_texts_stay_as_they_are() -> None:
    for cell in ("07333074444444444444444444444444", "1", "1.0", "t", "2026-01-01", '{"a": 1}'):
        assert read("uuid", cell, "uuid") == cell


def test_times_are_those_of_postgresql() -> None:
    since = read("last_vpn_event", "2026-10-30 09:58:11.042+00", "cloudlink_since")
    assert since.isoformat() == "2026-10-30T09:58:11.042000+00:00"


def test_a_time_without_a_zone_says_what_to_pass() -> None:
    error = error_of("last_vpn_event", "2026-10-30 09:58:11")
    assert "assume_utc=True" in str(error)
    text = csv_of(device_record(last_vpn_event="2026-10-30 09:58:11"))
    assert classify(text, assume_utc=True)["cloudlink_since"][0] is not None


def test_lists_and_links_are_json() -> None:
    fleet = {"__id": 4, "slug": "acme/pumps", "app_name": "pumps"}
    variables = [{"name": "RESIN_SUPERVISOR_VPN_CONTROL", "value": "false"}]
    record = device_record(belongs_to__application=fleet, device_config_variable=variables)
    table = classify(csv_of(record | {"is_pinned_on__release": 7}))
    assert table["fleet"].to_list() == ["acme/pumps"]
    assert table["cloudlink_expected"].to_list() == [False]
    numbered = device_record(belongs_to__application=4)
    assert classify(csv_of(numbered))["fleet"].to_list() == ["4"]


def test_the_repr_of_a_list_is_a_bad_record_that_says_so() -> None:
    error = error_of("image_install", repr(INSTALLS))
    assert error.field == "image_install"
    assert "Python" in str(error)


RELEASES = {
    "12.11.38": "12.11.38",
    "1.20": "1.20",
    "v1": "v1",
    '{"raw_version": "1.2"}': "1.2",
    '[{"id": 7}]': "7",
    "7": "7",
}


@pytest.mark.parametrize("cell", RELEASES)
def test_a_running_release_is_a_link_or_a_version(cell: str) -> None:
    assert read("is_running__release", cell, "release") == RELEASES[cell]


CARRIED = [
    ("os_version", "12", "12"),
    ("memory_usage", "321", 321),
    ("is_web_accessible", "t", True),
    ("is_undervolted", "f", False),
    ("note", "null", "null"),
]


@pytest.mark.parametrize(("field", "cell", "value"), CARRIED)
def test_carried_cells_have_the_type_of_their_name(field: str, cell: str, value: Any) -> None:
    table = classify(csv_of(device_record() | {field: cell}), carry=field)
    assert table[field].to_list() == [value]


def test_carried_cells_may_have_a_type_that_is_given() -> None:
    record = device_record(slots="12", load="0.5", on="t", note="t", at="2026-10-31 08:00:00+00")
    types = {"slots": int, "load": float, "on": bool, "note": str, "at": datetime}
    table = classify(csv_of(record), carry=types)
    values = [table[name][0] for name in types]
    assert values == [12, 0.5, True, "t", datetime(2026, 10, 31, 8, tzinfo=UTC)]
    with pytest.raises(fs.RecordError, match="slots is"):
        classify(csv_of(device_record(slots="x")), carry={"slots": int})


def test_columns_of_database_and_of_flat_frames_are_carried() -> None:
    record = device_record() | {"os version": "6.1", "is_on__release.raw_version": "1.20"}
    table = classify(csv_of(record), carry=["os_version", "is_on__release.raw_version"])
    assert table["os_version"].to_list() == ["6.1"]
    assert table["is_on__release.raw_version"].to_list() == ["1.20"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("on_error", ["raise", "keep"])
def test_a_delimiter_at_the_end_of_all_lines_but_the_first_is_told(
    delimiter: str, on_error: Any
) -> None:
    records = [device_record(id=number) for number in range(3)]
    first, *others = csv_of(*records, delimiter=delimiter).splitlines()
    longer = [line + delimiter.encode() for line in others]
    with pytest.raises(ValueError, match="CSV whose first line names") as raised:
        classify(b"\n".join([first, *longer]), on_error=on_error)
    assert "name the last column in the first line" in str(raised.value)
    table = classify(b"\n".join([first, *longer[:2], others[2]]), on_error="keep")
    assert [error is None for error in table["error"]] == [False, False, True]
    named = b"\n".join([first + delimiter.encode() + b"rest", *longer])
    assert classify(named)["id"].to_list() == [0, 1, 2]


def test_lines_with_too_few_or_too_many_cells_are_bad_records() -> None:
    first, *lines = csv_of(*RECORDS[:3]).splitlines(keepends=True)
    lines[1] = b"7,aa,bb\r\n"
    lines[2] = lines[2].replace(b"\r\n", b",1,2\r\n")
    text = b"".join([first, *lines])
    n_cells = len(RECORDS[0])
    with pytest.raises(fs.RecordError, match=rf"record 1 .*3 cells of {n_cells}") as raised:
        classify(text)
    assert raised.value.index == 1
    kept = classify(text, on_error="keep")
    assert kept["id"].to_list() == [0, None, None]
    assert f"{n_cells + 2} cells of {n_cells}" in kept["error"][2]


def test_a_quote_that_does_not_close_is_an_error() -> None:
    text = csv_of(*RECORDS[:1]) + b'1,"abc'
    with pytest.raises(ValueError, match=r"broken CSV, line \d+: ") as raised:
        classify(text, on_error="keep")
    assert str(raised.value).count("\n") == 1


def test_text_that_is_not_utf8_is_an_error() -> None:
    text = csv_of(device_record(device_name="kühl")).decode().encode("latin-1")
    with pytest.raises(ValueError, match=r"CSV that is not UTF-8: byte \d+ is b'\\xfc'"):
        classify(text)


def test_cells_may_be_longer_than_the_module_allows() -> None:
    limit = csv.field_size_limit()
    installs = [{"id": number, "status": "Running"} for number in range(10_000)]
    text = csv_of(device_record(image_install=installs))
    assert max(map(len, text.decode().split("\n"))) > limit
    assert len(classify(text)) == 1
    assert csv.field_size_limit() == limit


def test_long_cells_can_be_read_on_several_threads() -> None:
    limit = csv.field_size_limit()
    text = csv_of(device_record(device_name="x" * 2 * limit))
    failures = []

    def read_many() -> None:
        for _ in range(30):
            try:
                classify(text)
            except Exception as error:  # noqa: BLE001 - told below
                failures.append(error)

    threads = [threading.Thread(target=read_many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert csv.field_size_limit() == limit


def test_the_limit_is_that_of_the_longest_text_until_the_last_is_read() -> None:
    limit = csv.field_size_limit()
    with _large_cells(3 * limit):
        for size in (2 * limit, 4 * limit, 1):
            with _large_cells(size):
                assert csv.field_size_limit() >= max(size, 3 * limit)
            assert csv.field_size_limit() >= 3 * limit
    assert csv.field_size_limit() == limit


NO_DEVICES = [
    b"id,name\n1,oslo\n",
    b"status;id\nok;1\n",
    b"uuid\naa\n",
    b"id\tuuid\tstatus\n1\ta\tIdle\n",
]


@pytest.mark.parametrize("text", NO_DEVICES, ids=repr)
def test_csv_without_a_field_of_devices_is_no_device_data(text: bytes) -> None:
    with pytest.raises(fs.NotDevicesError, match="CSV") as raised:
        classify(text, allow_missing="all", on_error="keep")
    assert "a table with the columns" in raised.value.looks_like
    assert raised.value.index is None
    assert "record" not in str(raised.value)
    assert str(raised.value).count("\n") == 1


def test_csv_that_lacks_fields_says_which() -> None:
    record = device_record()
    del record["image_install"]
    with pytest.raises(fs.MissingFieldsError) as raised:
        classify(csv_of(record))
    assert raised.value.fields == ("image_install",)


PIECES = [*(b",", b";", b"\t", b'"', b'""', b"\n", b"\r", b"\r\n", b"\0", b"\xff", b"\xef\xbb\xbf")]
PIECES += [
    *(b"id", b"device_name", b"last_vpn_event", b"1", b"t", b"[{}]", b"\xff\xfe", b"'", b" ")
]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_no_text_breaks_anything_else(seed: int) -> None:
    random = Random(seed)
    for _ in range(60):
        text = bytearray(csv_of(*RECORDS[:2]))
        for _ in range(random.randint(1, 4)):
            at = random.randrange(len(text) + 1)
            text[at : at + random.choice([0, 1, 30])] = b"".join(random.choices(PIECES, k=2))
        for on_error in ("raise", "keep"):
            with contextlib.suppress(ValueError):
                classify(bytes(text), on_error=on_error).to_dicts()
            with contextlib.suppress(ValueError):
                classify(bytes(text[at:]), on_error=on_error, allow_missing="all").to_dicts()


def test_scan_says_that_classify_reads_it() -> None:
    with pytest.raises(
        ValueError, match=r"^x\.csv: CSV, which scan does not read.*\nclassify reads it"
    ):
        list(fs.scan(_named(csv_of(*RECORDS)), now=NOW))


def _named(content: bytes) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = "x.csv"
    return file
