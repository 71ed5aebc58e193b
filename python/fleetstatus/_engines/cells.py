"""Rows of text as pandas holds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


def cells_of(values: Sequence[Any], column: str) -> list[bytes | None]:
    """Bytes of each row.

    Raises
    ------
    TypeError
        If a row holds something else than text, bytes or null.
    """
    return [_cell(value, row, column) for row, value in enumerate(values)]


def _cell(value: Any, row: int, column: str) -> bytes | None:
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    if isinstance(value, (bytes, bytearray)):
        return bytes(value)
    # The nulls of pandas: None, NA, and NaN, which is not equal to itself.
    if value is None or type(value).__name__ == "NAType" or value != value:  # noqa: PLR0124
        return None
    message = f"row {row} of column {column} holds a {type(value).__name__}, expected text or bytes"
    raise TypeError(message)
