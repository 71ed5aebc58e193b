"""What every way of comparing snapshots answers, and the check that all answer the same."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from answers import DifferentAnswersError

if TYPE_CHECKING:
    import fleetstatus as fs
    from dict_diff import Answer

COMPARED = (
    "uuid",
    "device_name",
    "fleet",
    "status",
    "reason",
    "heartbeat_since",
    "cloudlink_since",
    "update_status",
    "update_status_since",
    "release",
)
"""Columns of a snapshot that peers compare."""

COLUMNS = ("uuid", "kind", "before", "after")


def rows_of(table: fs.StatusTable) -> pa.Table:
    """Take what peers compare out of a table."""
    return pa.table({name: pa.array(table[name]) for name in COMPARED})


def check_changes(contender: str, answers: Any, expected: Any) -> None:
    """Stop if a contender finds other changes; their order does not matter.

    Raises
    ------
    DifferentAnswersError
        With the first of them.
    """
    found, wanted = Counter(_to_rows(answers)), Counter(_to_rows(expected))
    too_many, missing = found - wanted, wanted - found
    for changes, word in ((too_many, "finds"), (missing, "does not find")):
        for change in changes:
            message = f"{contender} {word} {change}"
            raise DifferentAnswersError(message)


def _to_rows(answers: Any) -> list[Answer]:
    if isinstance(answers, list):
        return answers
    if isinstance(answers, pa.Table):
        columns = [answers[name].to_pylist() for name in COLUMNS]
    else:
        columns = [answers[name].to_list() for name in COLUMNS]
    return list(zip(*columns, strict=True))
