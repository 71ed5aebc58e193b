"""What to know of a snapshot: as of when it is, what it lacks, and what must not be missed."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from fleetstatus._catalog import NOW_SOURCES
from fleetstatus._coerce import from_ms
from fleetstatus._words.text import in_devices, in_words, moment, shortened

if TYPE_CHECKING:
    from fleetstatus import _core

WENT_BY_IS_ONLINE = "an API before v45 (May 2026) went by is_online, which would explain it"
_NOW_SOURCES = {
    "file": " (when the file was written)",
    "clock": " (now, by the clock)",
}
_OLD_AFTER = timedelta(hours=1)
_MOST_DISAGREEMENTS = 3


def about(core: _core.StatusTable) -> list[str]:
    """Say as of when the data is and how old its newest event, then what its records lack."""
    now, newest = from_ms(core.now_ms), from_ms(core.newest_event_ms)
    source = NOW_SOURCES[core.now_source]
    as_of = f"as of {moment(now)}{_NOW_SOURCES.get(source, '')}"
    if source == "newest" and now == newest:
        as_of += ", which is the newest event"
    else:
        as_of += f", {newest_event_text(newest, now)}"
    has_records = len(core) or core.fields_seen
    gaps = core.gaps if has_records else []
    return [as_of, *(f"{field} not in the data: {hides}" for field, hides in gaps)]


def warnings(
    core: _core.StatusTable, *, among: _core.StatusTable | None = None, in_counts: bool = False
) -> list[str]:
    """Say what must not be missed: what may make the answers wrong, old or incomplete.

    Parameters
    ----------
    core
        The rows.
    among
        Rows that these were selected from, whose duplicate uuids are counted; None: the same.
    in_counts
        Whether counts are of devices, each uuid once, as in reports, and not of rows.
    """
    lines = [
        old_snapshot(core),
        _no_heartbeats(core),
        *_disagreements(core),
        _duplicates(core if among is None else among, in_counts=in_counts),
        _unreadable(core),
    ]
    return [line for line in lines if line]


def old_snapshot(core: _core.StatusTable) -> str | None:
    """Warn of data whose newest event is long before the moment that it is read for, or after it."""
    now, newest = from_ms(core.now_ms), from_ms(core.newest_event_ms)
    if newest is None or abs(now - newest) <= _OLD_AFTER:
        return None
    age = in_words(abs(now - newest))
    if newest > now:
        return (
            f"The newest event is {age} after this moment, so a clock or the moment is wrong: how "
            "old the snapshot is cannot be known."
        )
    return f"The newest event is {age} before this moment: the snapshot may be that old."


def _no_heartbeats(core: _core.StatusTable) -> str | None:
    """Warn of a server that keeps no heartbeats, so that each device seems to have lost its own."""
    if not core.no_heartbeats:
        return None
    return (
        "Cloudlinks are up but no device has a known heartbeat: this server seems to keep none, "
        "so a device with cloudlink alone may be well."
    )


def _disagreements(core: _core.StatusTable) -> list[str]:
    """Count the devices for which the API itself gives another status, by both answers."""
    if not core.has_rule_bits:
        return []
    counted = _pairs_of_answers(core.disagreements(None))
    lines = [_disagreement(count, *answers) for answers, count in counted[:_MOST_DISAGREEMENTS]]
    if rest := sum(count for _, count in counted[_MOST_DISAGREEMENTS:]):
        lines.append(f"{in_devices(rest)}: other disagreements with the API's own answer")
    return lines


def _pairs_of_answers(found: _core.StatusTable) -> list[tuple[tuple[str, str, bool], int]]:
    """Count pairs of answers, and whether is_online explains them; most first."""
    if not len(found):
        return []
    by_is_online = found.api_went_by_is_online().to_list()
    columns = (found.column(name).to_list() for name in ("api_overall_status", "status"))
    return Counter(zip(*columns, by_is_online, strict=True)).most_common()


def _disagreement(count: int, of_api: str, of_rules: str, by_is_online: bool) -> str:
    why = f" ({WENT_BY_IS_ONLINE})" if by_is_online else ""
    return f"{in_devices(count)}: the API says {shortened(of_api)}, the rules {of_rules}{why}"


def _duplicates(core: _core.StatusTable, *, in_counts: bool) -> str | None:
    rows = len(core.duplicates())
    if not rows:
        return None
    last = "the last of each uuid counts" if in_counts else "find takes the last of each uuid"
    return f"{rows:,} rows share a uuid with another row; {last}"


def _unreadable(core: _core.StatusTable) -> str | None:
    unreadable = sum(1 for error in core.column("error").to_list() if error is not None)
    if not unreadable:
        return None
    records = "1 record" if unreadable == 1 else f"{unreadable:,} records"
    return f"{records} could not be read in full; see the column error"


def newest_event_text(newest: datetime | None, now: datetime) -> str:
    """Say how long before a moment the newest event of the data was."""
    if newest is None:
        return "no event in the data"
    age = now - newest
    if age.total_seconds() < 0:
        return f"newest event {in_words(-age)} after"
    return f"newest event {in_words(age)} before"
