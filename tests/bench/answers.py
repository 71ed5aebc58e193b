"""What every contender answers, and the check that all answer the same."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa

if TYPE_CHECKING:
    import fleetstatus as fs

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
COLUMNS = ("status", "update_status_duration_s", "uuid", "device_name")

Row = tuple[str | None, int | None, str, str | None]


class DifferentAnswersError(Exception):
    """Two contenders disagree, so that their times cannot be compared."""


def four_columns(table: fs.StatusTable) -> pa.Table:
    """Take what a peer answers out of a table, through Arrow."""
    return pa.table({name: pa.array(table[name]) for name in COLUMNS})


def check_answers(contender: str, answers: Any, expected: list[Row]) -> None:
    """Stop if a contender does not give the expected answers."""
    rows = _to_rows(answers)
    if rows == expected:
        return
    if len(rows) != len(expected):
        message = f"{contender} answers {len(rows)} devices, not {len(expected)}"
        raise DifferentAnswersError(message)
    index = next(i for i, row in enumerate(rows) if row != expected[i])
    message = f"{contender} answers {rows[index]} for device {index}, not {expected[index]}"
    raise DifferentAnswersError(message)


def _to_rows(answers: Any) -> list[Row]:
    if isinstance(answers, list):
        return answers
    if isinstance(answers, pl.DataFrame):
        return answers.select(COLUMNS).rows()
    if isinstance(answers, pa.Table):
        return list(zip(*answers.to_pydict().values(), strict=True))
    message = f"answers are a list, a frame or an Arrow table, not a {type(answers).__name__}"
    raise TypeError(message)
