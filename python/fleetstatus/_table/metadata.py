"""What an Arrow schema says of a table, so that it can be read back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from fleetstatus import _core
from fleetstatus._catalog import NOW_SOURCES
from fleetstatus._coerce import from_ms, scheme_of

if TYPE_CHECKING:
    from datetime import datetime

KEY = "fleetstatus"
"""The key of the metadata; its value is JSON."""

FIELD = "status"
"""The field that has the metadata too, since some stores keep only those of fields."""

Note = tuple[str, str, str]


def note_of(core: _core.StatusTable, *, is_part: bool = False, has_moment: bool = True) -> Note:
    """Say what a table is, for the metadata of its schema.

    Parameters
    ----------
    is_part
        Whether the rows become part of a larger frame, whose metadata is that of one of its parts:
        then nothing is said that only holds for these rows.
    has_moment
        Whether the moment that durations end at is known, and so said.
    """
    said = {
        "version": _core.version,
        "layout": _core.rule_bits_layout,
        "scheme": str(scheme_of(core.scheme)),
        "options": _options_of(core),
    }
    if has_moment:
        said["now"] = moment_text(core.now_ms)
        said["now_source"] = NOW_SOURCES[core.now_source]
    if not is_part:
        newest_ms = core.newest_event_ms
        said["newest_event"] = None if newest_ms is None else moment_text(newest_ms)
        said["no_heartbeats"] = core.no_heartbeats
        said["fields_seen"] = core.fields_seen
        said["fields_missing"] = dict(core.gaps)
    return KEY, json.dumps(said, separators=(",", ":")), FIELD


def _options_of(core: _core.StatusTable) -> dict[str, Any]:
    return {
        "allow_missing": core.allow_missing,
        "missing": "parts" if core.is_of_parts else "source",
        "default_poll_interval_ms": core.default_poll_interval_ms,
        "assume_utc": core.assume_utc,
        "attention_ms": core.thresholds_ms,
    }


def moment_text(ms: int) -> str:
    """Write a moment as RFC 3339, to the millisecond."""
    time: datetime = from_ms(ms)
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
