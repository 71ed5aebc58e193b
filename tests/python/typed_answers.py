"""What the engine and the oracle answer for typed records, carried fields included."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import fleetstatus as fs
import oracle
from examples import NOW
from typed_records import CARRY, TIME_FIELDS

Record = dict[str, Any]
Rows = list[dict[str, Any]]


def rows_of(source: Any) -> Rows:
    """Answer with the engine."""
    return fs.classify(source, now=NOW, carry=CARRY).to_dicts()


def expected_rows(records: list[Record]) -> Rows:
    """Answer with the oracle."""
    return [
        oracle.answers(record, scheme="docs-2024-11", now=NOW)
        | {name: carried_value(record, name) for name in CARRY}
        for record in records
    ]


def carried_value(record: Record, name: str) -> Any:
    """Find what is carried of a record, one link deep."""
    field, _, member = name.partition(".")
    value = record[field]
    if member:
        return None if value is None else value[member]
    return datetime.fromisoformat(value) if value and field in TIME_FIELDS else value
