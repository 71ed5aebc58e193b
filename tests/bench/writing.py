"""Write records as JSON lines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def write_lines(file: Path, records: Iterable[dict[str, Any]]) -> None:
    """Write a record a line."""
    with file.open("w", encoding="utf-8") as lines:
        lines.writelines(f"{json.dumps(record, separators=(',', ':'))}\n" for record in records)
