"""Large sources are read in parts side by side: the same table, and the same error, as by one."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import fleetstatus as fs
from examples import NOW, Record, device_record

if TYPE_CHECKING:
    from collections.abc import Callable

N_RECORDS = 8000  # more than two parts of a megabyte, and of 16,384 rows four times over
SCHEMES = list(fs.StatusScheme)


def records(n_records: int = N_RECORDS) -> list[Record]:
    """Make devices of several fleets, some downloading, some never seen."""
    heartbeats = ["online", "timeout", "offline", "unknown"]
    return [
        device_record(
            id=i,
            uuid=f"{i:032x}",
            device_name=f"device {i} of München",
            api_heartbeat_state=heartbeats[i // 3 % 4],
            is_connected_to_vpn=i % 5 > 0,
            belongs_to__application=[{"id": i * i % 11, "slug": f"org/{i * i % 11}"}],
            image_install=[{"id": 1, "status": "Running"}, {"id": 2, "download_progress": i % 100}],
            note="x" * 100,
        )
        for i in range(n_records)
    ]


RECORDS = records()
MADE: dict[str, Callable[[list[Record]], bytes]] = {
    "lines": lambda made: b"\n".join(json.dumps(record).encode() for record in made),
    "list": lambda made: json.dumps(made).encode(),
    "envelope": lambda made: json.dumps({"d": made, "fetched_at": "2026-10-31T00:00:00Z"}).encode(),
    "indented": lambda made: json.dumps(made, indent=1).encode(),
}


def outcome(source: Any, threads: int, **options: Any) -> Any:
    """Give all that classify says, be it a table or an error."""
    try:
        table = fs.classify(source, threads=threads, **options)
    except (ValueError, fs.FleetStatusError) as error:
        return type(error), str(error), vars(error)
    columns = {name: table[name].to_list() for name in table.columns}
    return columns, table.now, table.newest_event, table.fields_missing


def check_threads_agree(source: Any, **options: Any) -> Any:
    expected = outcome(source, 1, now=NOW, **options)
    for threads in (2, 3, 8):
        assert outcome(source, threads, now=NOW, **options) == expected
    return expected


@pytest.mark.slow
@pytest.mark.parametrize("form", MADE)
def test_json_is_the_same_table_on_any_number_of_threads(form: str) -> None:
    content = MADE[form](RECORDS)
    assert len(content) > 2 << 20
    columns, *_ = check_threads_agree(content, carry=["note"])
    assert columns["uuid"] == [record["uuid"] for record in RECORDS]


def test_any_number_of_threads_will_do() -> None:
    content = MADE["lines"](RECORDS)
    for threads in (1000, 2**61, 2**63, 2**70):
        assert len(fs.classify(content, threads=threads)) == N_RECORDS


@pytest.mark.slow
@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_scheme_is_answered_in_parts(scheme: fs.StatusScheme) -> None:
    check_threads_agree(MADE["lines"](RECORDS), scheme=scheme, allow_missing="all")


def test_the_time_of_an_envelope_is_found_in_any_part() -> None:
    content = MADE["envelope"](RECORDS)
    assert fs.classify(content, threads=4).now.isoformat() == "2026-10-31T00:00:00+00:00"


@pytest.mark.slow
@pytest.mark.parametrize("bad", [0, 5, 4321, N_RECORDS - 1])
@pytest.mark.parametrize("form", ["lines", "list"])
@pytest.mark.parametrize("on_error", ["raise", "keep"])
def test_the_first_bad_record_is_told(form: str, bad: int, on_error: str) -> None:
    made = records()
    made[bad]["uuid"] = 17
    made[-1]["is_active"] = "no"
    outcome = check_threads_agree(MADE[form](made), on_error=on_error)
    message = outcome[1] if on_error == "raise" else outcome[0]["error"][bad]
    assert message.startswith(f"record {bad}: ")


@pytest.mark.parametrize("on_error", ["raise", "keep"])
def test_a_broken_line_is_told_with_its_place(on_error: str) -> None:
    lines = MADE["lines"](RECORDS).split(b"\n")
    lines[4321] = lines[4321][:-1]
    outcome = check_threads_agree(b"\n".join(lines), on_error=on_error)
    message = outcome[1] if on_error == "raise" else outcome[0]["error"][4321]
    assert "line 4322" in message


@cache
def arrow_table() -> pa.Table:
    """Make a table of more rows than a part has, of types that kernels read."""
    frame = pl.DataFrame(records(40_000)).with_columns(
        pl.col("last_connectivity_event").str.to_datetime(time_zone="UTC"),
        pl.col("api_heartbeat_state").cast(pl.Categorical),
    )
    return frame.to_arrow()


@pytest.mark.slow
@pytest.mark.parametrize("n_batches", [1, 2, 7])
def test_arrow_is_the_same_table_on_any_number_of_threads(n_batches: int) -> None:
    table = arrow_table()
    size = -(-table.num_rows // n_batches)
    batches = table.combine_chunks().to_batches(max_chunksize=size)
    source = pa.Table.from_batches(batches)
    columns, *_ = check_threads_agree(source, carry=["note"])
    assert columns["uuid"] == table["uuid"].to_pylist()
    assert columns["status"] == fs.classify(table.to_pylist(), now=NOW)["status"].to_list()


@pytest.mark.slow
def test_packed_bits_of_two_parts_never_share_a_byte() -> None:
    repeats = 8  # more rows than the least that parts have, by no round number
    source = pa.concat_tables([arrow_table()] * repeats).slice(3).combine_chunks()
    expected = pa.table(fs.classify(source, now=NOW, threads=1))
    for threads in (2, 3):
        assert pa.table(fs.classify(source, now=NOW, threads=threads)).equals(expected)


def test_names_of_an_arrow_source_are_passed_on_by_all_parts() -> None:
    source = arrow_table().combine_chunks()
    table = fs.classify(source, now=NOW, threads=4)
    passed = pa.table(table)["device_name"]
    assert passed.type == source["device_name"].type
    addresses = {chunk.buffers()[1].address for chunk in passed.chunks}
    assert addresses == {source["device_name"].chunk(0).buffers()[1].address}


@pytest.mark.slow
@pytest.mark.parametrize("bad", [3, 20_000, 39_999])
@pytest.mark.parametrize("on_error", ["raise", "keep"])
def test_the_first_bad_row_of_arrow_is_told(bad: int, on_error: str) -> None:
    table = arrow_table()
    states = table["api_heartbeat_state"].cast(pa.string()).to_pylist()
    states[bad] = "asleep"
    states[-1] = None
    column = pa.array(states)
    place = table.column_names.index("api_heartbeat_state")
    source = table.set_column(place, "api_heartbeat_state", column)
    outcome = check_threads_agree(source, on_error=on_error)
    message = outcome[1] if on_error == "raise" else outcome[0]["error"][bad]
    assert message.startswith(f"record {bad}: api_heartbeat_state is ")


def test_frames_of_pandas_take_the_number_of_threads_too() -> None:
    check_threads_agree(pd.DataFrame(RECORDS))
