"""Compare with every peer, on the same data."""

from __future__ import annotations

import gc
import json
from typing import TYPE_CHECKING, Any

import duckdb_case
import fleet_data
import fleetstatus as fs
import limits
import msgspec_loop
import orjson_loop
import polars_when
import python_loop
import targets
from answers import NOW, check_answers
from inputs import FRAME_REPEATS, make_frame, make_inputs, without_lists
from targets import target_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import polars as pl

    from answers import Row
    from inputs import Inputs
    from pairs import Result, Stopwatch
    from programs import Programs

_ONE_DEVICE_REPEATS = 2000
_NO_LISTS: fleet_data.Record = {
    "image_install": [],
    "device_config_variable": [],
    "belongs_to__application": [{"application_config_variable": []}],
}


def compare_all(
    n_devices: int, watch: Stopwatch, programs: Programs, directory: Path
) -> Iterator[Result]:
    """Compare line by line of the table; limits by programs only if these are built.

    Raises
    ------
    DifferentAnswersError
        If a contender answers otherwise than the others.
    """
    selected = make_inputs(targets.SELECTED, fleet_data.selected_records(n_devices), directory)
    full = make_inputs(targets.ALL_FIELDS, fleet_data.full_records(n_devices), directory)
    frame = make_frame(selected.records)
    gc.collect()
    gc.freeze()  # what is there already is no work of any contender
    try:
        for inputs in (selected, full):
            yield from _compare_json(inputs, watch)
        yield from _compare_frames(selected.records, frame, watch)
        for inputs in (selected, full):
            yield from limits.compare_with_walk(inputs, programs, watch, directory)
        yield limits.compare_with_memcpy(targets.FRAME, frame, watch)
        yield limits.compare_with_memcpy(targets.FLAT_FRAME, without_lists(frame), watch)
        for inputs in (selected, full):
            yield _compare_one_device(inputs, watch)
    finally:
        gc.unfreeze()


def _compare_json(inputs: Inputs, watch: Stopwatch) -> Iterator[Result]:
    name, content, lines, records = inputs.name, inputs.content, inputs.lines, inputs.records
    expected = python_loop.classify_records(records, NOW)
    connection = duckdb_case.connect()
    yield from _compare_with(
        targets.BYTES.format(name),
        lambda: fs.classify(content, now=NOW, threads=1),
        {
            targets.ORJSON: lambda: orjson_loop.classify_bytes(content, NOW),
            targets.MSGSPEC: lambda: msgspec_loop.classify_bytes(content, NOW),
        },
        expected,
        watch,
    )
    yield from _compare_with(
        targets.LINES.format(name),
        lambda: fs.classify(lines, now=NOW),
        {
            targets.DUCKDB_JSON: lambda: duckdb_case.classify_lines(connection, lines, NOW),
            targets.POLARS_JSON: lambda: polars_when.classify_lines(lines, NOW),
            targets.POLARS_JSON_AS_TEXT: lambda: polars_when.classify_lines_as_text(lines, NOW),
        },
        expected,
        watch,
    )
    yield from _compare_with(
        targets.DICTS.format(name),
        lambda: fs.classify(records, now=NOW),
        {targets.LOOP: lambda: python_loop.classify_records(records, NOW)},
        expected,
        watch,
    )


def _compare_frames(
    records: list[fleet_data.Record], frame: pl.DataFrame, watch: Stopwatch
) -> Iterator[Result]:
    expected = python_loop.classify_records(records, NOW)
    yield from _compare_frame(targets.FRAME, frame, expected * FRAME_REPEATS, watch)
    flat_frame = without_lists(frame)
    expected = python_loop.classify_records([record | _NO_LISTS for record in records], NOW)
    yield from _compare_frame(targets.FLAT_FRAME, flat_frame, expected * FRAME_REPEATS, watch)


def _compare_frame(
    work: str, frame: pl.DataFrame, expected: list[Row], watch: Stopwatch
) -> Iterator[Result]:
    connection = duckdb_case.connect()
    duckdb_case.load_table(connection, frame)
    text, enum = polars_when.LABEL_TEXT, polars_when.LABEL_ENUM
    yield from _compare_with(
        work,
        lambda: fs.classify(frame, now=NOW, allow_missing="image_install"),
        {
            targets.POLARS: lambda: polars_when.classify_frame(frame, NOW, text),
            targets.POLARS_ENUM: lambda: polars_when.classify_frame(frame, NOW, enum),
            targets.DUCKDB: lambda: duckdb_case.classify_table(connection, NOW),
        },
        expected,
        watch,
    )


def _compare_with(
    work: str,
    ours: Callable[[], Any],
    peers: dict[str, Callable[[], Any]],
    expected: list[Row],
    watch: Stopwatch,
) -> Iterator[Result]:
    check_answers(f"fleetstatus on {work}", ours(), expected)
    for peer, classify in peers.items():
        check_answers(f"{peer} on {work}", classify(), expected)
    for peer, classify in peers.items():
        yield watch.compare(
            target_of(work, peer),
            len(expected),
            ours=watch.timer(ours),
            peer=watch.timer(classify),
        )


def _compare_one_device(inputs: Inputs, watch: Stopwatch) -> Result:
    record = inputs.records[0]
    text = json.dumps(record)
    return watch.compare(
        target_of(targets.ONE_DEVICE.format(inputs.name), targets.LOADS),
        1,
        ours=watch.timer(lambda: fs.classify([record], now=NOW), repeats=_ONE_DEVICE_REPEATS),
        peer=watch.timer(lambda: json.loads(text), repeats=_ONE_DEVICE_REPEATS),
    )
