"""The sample fleet in files, and the flat rows that an engine is to answer with."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa

import fleetstatus as fs
from fleetstatus._catalog import FIELDS

if TYPE_CHECKING:
    from pathlib import Path

NOW = "2026-11-02T09:00:00Z"
RECORDS: list[dict[str, Any]] = json.loads(fs.sample_fleet().read_bytes())["d"]
BAD = RECORDS[2] | {"is_active": "maybe"}


def write_files(folder: Path, records: list[dict[str, Any]], n_files: int) -> list[str]:
    """Share records out to files in their order, alternately as arrays and as JSON lines."""
    size = -(-len(records) // n_files)
    paths = []
    for number in range(n_files):
        own = records[number * size : (number + 1) * size]
        text = json.dumps(own) if number % 2 == 0 else "\n".join(map(json.dumps, own))
        paths.append(folder / f"part-{number:02}.json")
        paths[-1].write_text(text, encoding="utf-8")
    return [str(path) for path in paths]


def without(record: dict[str, Any], field: str) -> dict[str, Any]:
    """Leave a field out of a record."""
    return {key: value for key, value in record.items() if key != field}


def write_many(path: Path, times: int) -> int:
    """Write a small file that unpacks to many records: a multiple of 12,000."""
    lines = [json.dumps({key: one[key] for key in one if key in FIELDS}) for one in RECORDS]
    text = "\n".join([*lines, ""]).encode() * 40
    path.write_bytes(gzip.compress(text, 1) * times)
    return len(RECORDS) * 40 * times


def answers(table: fs.StatusTable) -> list[dict[str, Any]]:
    """Rows of a table as engines have them, but without the column ``fields_seen``."""
    rows: list[dict[str, Any]] = pa.table(table).to_pylist()
    return rows


def rows_of(frame: Any) -> list[dict[str, Any]]:
    """Rows of an engine's answer, but without the column ``fields_seen``."""
    rows: list[dict[str, Any]] = pa.table(frame).drop_columns(["fields_seen"]).to_pylist()
    return rows


def classified(source: Any, **options: Any) -> fs.StatusTable:
    """Classify all of a source at `NOW`, as an engine does its parts."""
    return fs.classify(source, **{"now": NOW, "missing": "parts"} | options)
