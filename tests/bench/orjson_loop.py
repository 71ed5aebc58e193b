"""orjson and a loop: what most who look for speed write today."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from python_loop import classify_records

if TYPE_CHECKING:
    from datetime import datetime

    from answers import Row


def classify_bytes(content: bytes, now: datetime) -> list[Row]:
    """Answer an API response."""
    return classify_records(orjson.loads(content)["d"], now)
