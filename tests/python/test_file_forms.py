"""Typed records in files, pages and fleets give the table that their dicts give."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pyarrow.feather
import pyarrow.parquet
import pytest

from typed_answers import Record, Rows, expected_rows, rows_of
from typed_records import FLAG, SHAPE, arrow_table, typed_records, with_some_keys_absent

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.slow

N_RECORDS = 500
SPELLED_FLAGS = {True: ["t", "true", "True", "1"], False: ["f", "false", "False", "0"]}
DELIMITERS = [",", ";", "\t"]


@pytest.fixture(scope="module")
def records() -> list[Record]:
    """Make the records."""
    return typed_records(N_RECORDS)


@pytest.fixture(scope="module")
def expected(records: list[Record]) -> Rows:
    """Ask the oracle."""
    return expected_rows(records)


def parquet_file(records: list[Record]) -> Any:
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(arrow_table(records), buffer)
    return buffer.getvalue()


def feather_file(records: list[Record]) -> Any:
    buffer = io.BytesIO()
    pyarrow.feather.write_feather(arrow_table(records), buffer, compression="uncompressed")
    return buffer.getvalue()


def json_with_a_mark_in_utf_16(records: list[Record]) -> Any:
    return json.dumps(records, ensure_ascii=False).encode("utf-16")


def pages_of_records(records: list[Record]) -> Any:
    return iter([records[:200], {"d": records[200:201]}, [], records[201:]])


def json_of_pages(records: list[Record]) -> Any:
    return json.dumps([records[:200], {"d": records[200:201]}, [records[201:]]]).encode()


def devices_of_a_fleet(records: list[Record]) -> Any:
    return {"actor": 5, "owns__device": with_some_keys_absent(records)}


def json_of_devices_of_fleets(records: list[Record]) -> Any:
    fleets = [{"owns__device": records[:200], "actor": 5}, {"owns__device": records[200:]}]
    return json.dumps({"d": fleets}).encode()


FORMS = [
    *(parquet_file, feather_file, json_with_a_mark_in_utf_16),
    *(pages_of_records, json_of_pages, devices_of_a_fleet, json_of_devices_of_fleets),
]


@pytest.mark.parametrize("make", FORMS)
def test_every_form_gives_the_same_table(
    make: Callable[[list[Record]], Any], records: list[Record], expected: Rows
) -> None:
    assert rows_of(make(records)) == expected


@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_csv_gives_the_table_of_its_cells(records: list[Record], delimiter: str) -> None:
    # An empty cell is null, quoted or not.
    filled = [
        {name: None if value == "" else value for name, value in record.items()}
        for record in records
    ]
    assert rows_of(as_csv(records, delimiter)) == expected_rows(filled)


def as_csv(records: list[Record], delimiter: str) -> bytes:
    """Write CSV with every spelling of flags; lists and links are JSON."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(SHAPE)
    for i, record in enumerate(records):
        writer.writerow(cell(record[name], shape, i) for name, shape in SHAPE.items())
    return text.getvalue().encode()


def cell(value: Any, shape: Any, i: int) -> Any:
    """Write one cell of record i."""
    if value is None:
        return ""
    if shape == FLAG:
        spelled = SPELLED_FLAGS[value]
        return spelled[i % len(spelled)]
    return value if isinstance(shape, str) else json.dumps(value)
