"""The cases that doctest and pytest share: tests/data/<concept>/<case>.json."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

DATA = Path(__file__).parent.parent / "data"
CASES = sorted(DATA.glob("*/*.json"))


def read_case(path: Path) -> dict[str, Any]:
    """Read a case; its ``now`` becomes a datetime."""
    case: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return case | {"now": datetime.fromisoformat(case["now"])}


def options_of(case: dict[str, Any]) -> dict[str, Any]:
    """Take the options that a case may have."""
    names = ("now", "allow_missing", "default_poll_interval_ms", "assume_utc")
    return {name: case[name] for name in names if name in case}


def as_text(value: object) -> object:
    """Write a time as the cases do."""
    if not isinstance(value, datetime):
        return value
    precision = "milliseconds" if value.microsecond else "seconds"
    return value.isoformat(timespec=precision).replace("+00:00", "Z")


def pick(row: Mapping[str, object], names: dict[str, object]) -> dict[str, object]:
    """Take the columns that a case names."""
    return {name: as_text(row[name]) for name in names}


def cases_with(part: str) -> list[Any]:
    """List the cases that say something about ``part``."""
    cases = ((path, read_case(path)) for path in CASES)
    return [
        pytest.param(case, id=f"{path.parent.name}/{path.stem}")
        for path, case in cases
        if part in case
    ]
