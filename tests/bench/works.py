"""What is compared: each work in our ways and in its peers', all with the same answers."""

from __future__ import annotations

import dataclasses
import json
from functools import partial
from typing import TYPE_CHECKING

import duckdb_case
import fleetstatus as fs
import msgspec_loop
import orjson_loop
import polars_when
import python_loop
import targets
from answers import NOW, four_columns
from inputs import FRAME_REPEATS, make_frame, without_lists
from timing import Work
from variants import VARIANTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl
    import pyarrow as pa

    from answers import Row
    from fleet_data import Record
    from inputs import Inputs
    from timing import Clock, Ways
    from walk import Walk

_ONE_DEVICE_REPEATS = 2000
_NO_LISTS: Record = {
    "image_install": [],
    "device_config_variable": [],
    "belongs_to__application": [{"application_config_variable": []}],
}


def works_on_records(inputs: Inputs, walk: Walk) -> Iterator[Work]:
    """Give the works on JSON, on a file of JSON lines, and on dicts."""
    name, content, lines, records = inputs.name, inputs.content, inputs.lines, inputs.records
    expected = python_loop.classify_records(records, NOW)
    connection = duckdb_case.connect()
    yield _with_walk(
        _work(
            expected,
            {
                targets.BYTES.format(name): partial(_four_columns_of, content),
                targets.BYTES_ALL.format(name): lambda: _classify_bytes(content).to_polars(),
            },
            {
                targets.ORJSON: lambda: orjson_loop.classify_bytes(content, NOW),
                targets.MSGSPEC: lambda: msgspec_loop.classify_bytes(content, NOW),
            },
        ),
        content,
        walk,
    )
    yield _work(
        expected,
        {
            targets.LINES.format(name): lambda: four_columns(fs.classify(lines, now=NOW)),
            targets.LINES_ALL.format(name): lambda: fs.classify(lines, now=NOW).to_polars(),
        },
        {
            targets.DUCKDB_JSON: lambda: duckdb_case.classify_lines(connection, lines, NOW),
            targets.POLARS_JSON: lambda: polars_when.classify_lines(lines, NOW),
            targets.POLARS_JSON_AS_TEXT: lambda: polars_when.classify_lines_as_text(lines, NOW),
        },
        clock="wall",
    )
    yield _work(
        expected,
        {
            targets.DICTS.format(name): lambda: four_columns(fs.classify(records, now=NOW)),
            targets.DICTS_ALL.format(name): lambda: fs.classify(records, now=NOW).to_polars(),
        },
        {targets.LOOP: lambda: python_loop.classify_records(records, NOW)},
    )
    yield _one_device(inputs)


def _one_device(inputs: Inputs) -> Work:
    record = inputs.records[0]
    text = json.dumps(record)

    def classified() -> fs.StatusTable:
        return fs.classify([record], now=NOW)

    return Work(
        n_devices=1,
        ours={
            targets.ONE_DEVICE.format(inputs.name): classified,
            targets.ONE_STATUS.format(inputs.name): lambda: list(classified()["status"]),
        },
        peers={targets.LOADS: lambda: json.loads(text)},
        clock="cpu",
        expected=None,
        repeats=_ONE_DEVICE_REPEATS,
    )


def works_on_variants(records: list[Record], walk: Walk) -> Iterator[Work]:
    """Give the works on JSON that is harder to read."""
    for name, write in VARIANTS.items():
        content = write(records)
        expected = python_loop.classify_records(_read_again(content, records), NOW)
        ours = {name: partial(_four_columns_of, content)}
        yield _with_walk(_work(expected, ours, {}), content, walk)


def _read_again(content: bytes, records: list[Record]) -> list[Record]:
    """Read a response; what it leaves out is null."""
    nothing = dict.fromkeys(records[0])
    return [nothing | record for record in json.loads(content)["d"]]


def works_on_frames(records: list[Record]) -> Iterator[Work]:
    """Give the works on a frame of the records, with lists and without."""
    frame = make_frame(records)
    yield _frame_work((targets.FRAME, targets.FRAME_ALL), frame, records)
    flat_records = [record | _NO_LISTS for record in records]
    names = (targets.FLAT_FRAME, targets.FLAT_FRAME_ALL)
    yield _frame_work(names, without_lists(frame), flat_records)


def _frame_work(names: tuple[str, str], frame: pl.DataFrame, records: list[Record]) -> Work:
    connection = duckdb_case.connect()
    duckdb_case.load_table(connection, frame)
    text, enum = polars_when.LABEL_TEXT, polars_when.LABEL_ENUM

    def classified() -> fs.StatusTable:
        return fs.classify(frame, now=NOW, allow_missing="image_install")

    return _work(
        python_loop.classify_records(records, NOW) * FRAME_REPEATS,
        {names[0]: lambda: four_columns(classified()), names[1]: lambda: classified().to_polars()},
        {
            targets.POLARS: lambda: polars_when.classify_frame(frame, NOW, text),
            targets.POLARS_ENUM: lambda: polars_when.classify_frame(frame, NOW, enum),
            targets.DUCKDB: lambda: duckdb_case.classify_table(connection, NOW),
        },
        clock="wall",
    )


def _work(expected: list[Row], ours: Ways, peers: Ways, clock: Clock = "cpu") -> Work:
    return Work(len(expected), ours, peers, clock, expected)


def _with_walk(work: Work, content: bytes, walk: Walk) -> Work:
    """Add the walk over the same bytes, if it is built."""
    walk_over = walk.over(content)
    return (
        work if walk_over is None else dataclasses.replace(work, silent={targets.WALK: walk_over})
    )


def _classify_bytes(content: bytes) -> fs.StatusTable:
    return fs.classify(content, now=NOW, threads=1)


def _four_columns_of(content: bytes) -> pa.Table:
    return four_columns(_classify_bytes(content))
