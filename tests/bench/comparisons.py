"""The lines of the table: which work, against which peer, with which target."""

from __future__ import annotations

import gc
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb_case
import fleet_data
import msgspec_loop
import orjson_loop
import polars_when
import python_loop
from answers import NOW, check_answers
from inputs import FRAME_REPEATS, make_frame, make_inputs, without_lists
from pairs import Target, compare, timer

import fleetstatus as fs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import polars as pl
    from answers import Row
    from inputs import Inputs
    from pairs import Result

_ONE_DEVICE_REPEATS = 2000
_NO_LISTS = {
    "image_install": [],
    "device_config_variable": [],
    "belongs_to__application": [{"application_config_variable": []}],
}


@dataclass(frozen=True)
class _Peer:
    name: str
    at_least: float | None
    classify: Callable[[], Any]


def compare_all(n_devices: int, rounds: int, directory: Path) -> Iterator[Result]:
    """Compare with all peers; each does the same work on the same data as we do.

    Raises
    ------
    DifferentAnswersError
        If a contender answers otherwise than the others.
    """
    for name, make in (
        ("selected", fleet_data.selected_records),
        ("all fields", fleet_data.full_records),
    ):
        inputs = make_inputs(name, make(n_devices), directory)
        gc.collect()
        gc.freeze()  # what is there already is no work of any contender
        yield from _compare_json(inputs, rounds)
        yield from _compare_one_device(inputs, rounds)
        if name == "selected":
            yield from _compare_frames(inputs.records, rounds)
        gc.unfreeze()


def _compare_json(inputs: Inputs, rounds: int) -> Iterator[Result]:
    name, content, lines, records = inputs.name, inputs.content, inputs.lines, inputs.records
    expected = python_loop.classify_records(records, NOW)
    connection = duckdb_case.connect()
    yield from _compare_with(
        f"JSON bytes, {name}, one thread",
        lambda: fs.classify(content, now=NOW, threads=1),
        [
            _Peer("orjson + loop", 15, lambda: orjson_loop.classify_bytes(content, NOW)),
            _Peer("msgspec + loop", 5, lambda: msgspec_loop.classify_bytes(content, NOW)),
        ],
        expected,
        rounds,
    )
    yield from _compare_with(
        f"JSON lines file, {name}",
        lambda: fs.classify(lines, now=NOW),
        [
            _Peer(
                "DuckDB read_json, CASE",
                5,
                lambda: duckdb_case.classify_lines(connection, lines, NOW),
            ),
            _Peer(
                "polars scan_ndjson, when/then",
                12,
                lambda: polars_when.classify_lines(lines, NOW),
            ),
            _Peer(
                "the same, lists decoded later",
                12,
                lambda: polars_when.classify_lines_in_steps(lines, NOW),
            ),
        ],
        expected,
        rounds,
    )
    yield from _compare_with(
        f"list of dicts, {name}",
        lambda: fs.classify(records, now=NOW),
        [_Peer("Python loop", 3, lambda: python_loop.classify_records(records, NOW))],
        expected,
        rounds,
    )


def _compare_one_device(inputs: Inputs, rounds: int) -> Iterator[Result]:
    record = inputs.records[0]
    text = json.dumps(record)
    yield compare(
        Target(f"one device, {inputs.name}", "json.loads of it", 2),
        1,
        ours=timer(lambda: fs.classify([record], now=NOW), repeats=_ONE_DEVICE_REPEATS),
        peer=timer(lambda: json.loads(text), repeats=_ONE_DEVICE_REPEATS),
        rounds=rounds,
    )


def _compare_frames(records: list[fleet_data.Record], rounds: int) -> Iterator[Result]:
    frame = make_frame(records)
    expected = python_loop.classify_records(records, NOW) * FRAME_REPEATS
    yield from _compare_frame("frame", frame, expected, rounds)
    flat = python_loop.classify_records([record | _NO_LISTS for record in records], NOW)
    yield from _compare_frame(
        "frame without lists", without_lists(frame), flat * FRAME_REPEATS, rounds
    )


def _compare_frame(
    work: str, frame: pl.DataFrame, expected: list[Row], rounds: int
) -> Iterator[Result]:
    connection = duckdb_case.connect()
    duckdb_case.load_table(connection, frame)
    yield from _compare_with(
        work,
        lambda: fs.classify(frame, now=NOW, allow_missing="image_install"),
        [
            _Peer(
                "polars when/then",
                20,
                lambda: polars_when.classify_frame(frame, NOW, polars_when.LABEL_TEXT),
            ),
            _Peer(
                "the same, labels as Enum",
                20,
                lambda: polars_when.classify_frame(frame, NOW, polars_when.LABEL_ENUM),
            ),
            _Peer(
                "DuckDB CASE on its own table",
                8,
                lambda: duckdb_case.classify_table(connection, NOW),
            ),
        ],
        expected,
        rounds,
    )


def _compare_with(
    work: str,
    ours: Callable[[], Any],
    peers: list[_Peer],
    expected: list[Row],
    rounds: int,
) -> Iterator[Result]:
    check_answers(f"fleetstatus on {work}", ours(), expected)
    for peer in peers:
        check_answers(f"{peer.name} on {work}", peer.classify(), expected)
    for peer in peers:
        target = Target(work, peer.name, peer.at_least)
        yield compare(
            target, len(expected), ours=timer(ours), peer=timer(peer.classify), rounds=rounds
        )
