"""What a tracker's log answers, from a plain list of all that each device was seen in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from oracle_compare import UNKNOWN, State, status_change, whole_seconds

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta

    from oracle_told import Device

Event = tuple[str, "datetime", dict[str, Any]]


@dataclass
class Span:
    """A time in which a device was in one reason; ``until`` is None while it lasts."""

    reason: str
    status: str | None
    first: datetime
    until: datetime | None = None


def read_event(
    before: State | None, after: State, last_read: datetime | None, now: datetime
) -> Event:
    """Note what a look saw of a device, and when that began as far as a field tells."""
    change = None
    if before is not None and last_read is not None:
        change = status_change(before, after, last_read, now)
    since = after["status_since"]
    return (
        "read",
        now,
        {
            "reason": after["reason"],
            "status": after["status"],
            "since": None if since is UNKNOWN else since,
            "at": change["at"] if change else None,
        },
    )


def is_same(seen: dict[str, Any], span: Span) -> bool:
    """Tell whether a look saw what the span before it has."""
    return bool(seen["reason"] == span.reason and seen["status"] == span.status)


def begin_of_first(seen: dict[str, Any], now: datetime) -> datetime:
    """Give since when a device has been in what its first look saw."""
    since: datetime | None = seen["since"]
    return since if since is not None and since <= now else now


def begin_of_next(
    seen: dict[str, Any], last_read: datetime, now: datetime, gap: timedelta
) -> datetime:
    """Give the begin of a span between the two looks around it; in a gap as a link tells it."""
    since: datetime | None = seen["since"]
    if now - last_read > gap and since is not None and last_read < since <= now:
        return since
    at: datetime | None = seen["at"]
    return now if at is None else min(max(at, last_read), now)


def spans_of(events: Iterable[Event], gap: timedelta) -> list[Span]:
    """List the spans of a device, the removed ones too."""
    spans: list[Span] = []
    last_read: datetime | None = None
    for what, now, seen in events:
        if what == "removed":
            assert last_read is not None
            spans[-1].until = last_read if now - last_read > gap else now
            spans.append(Span("removed", None, now))
            continue
        if last_read is None:
            first = begin_of_first(seen, now)
        elif spans[-1].reason == "removed":
            first = spans[-1].until = now
        elif is_same(seen, spans[-1]) and (
            now - last_read <= gap or (seen["since"] is not None and seen["since"] <= last_read)
        ):
            last_read = now
            continue
        else:
            first = begin_of_next(seen, last_read, now, gap)
            spans[-1].until = last_read if now - last_read > gap else first
        if spans and spans[-1].first == first:
            spans.pop()  # what lasted no time at all
        spans.append(Span(seen["reason"], seen["status"], first))
        last_read = now
    return spans


def since_of(events: Iterable[Event]) -> datetime:
    """Give since when a device has been in its status; gaps and links that moved change nothing."""
    since: datetime | None = None
    last: dict[str, Any] | None = None
    has_been_read = False
    for what, now, seen in events:
        if what == "removed":
            last = None
            continue
        if not has_been_read:
            since = begin_of_first(seen, now)
        elif last is None:
            since = now
        elif (seen["reason"], seen["status"]) != (last["reason"], last["status"]):
            since = seen["at"] or now
        last, has_been_read = seen, True
    assert since is not None
    return since


def value_of(device: Device, column: str) -> object:
    """Give what a device is in now; None where nobody has told it."""
    value = device.state[column]
    return None if value is UNKNOWN else value


def time_in_status(
    devices: Iterable[Device], last_look: datetime, gap: timedelta, by: str | None = None
) -> dict[Any, dict[str, float]]:
    """Give the seconds of each status by group: a device's uuid, or what it is in now."""
    seconds: dict[Any, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for device in devices:
        group = seconds[device.uuid if by is None else value_of(device, by)]
        begin = device.events[0][1]
        end = device.removed_at or last_look
        not_counted = 0.0
        known = 0.0
        for span in spans_of(device.events, gap):
            until = span.until
            if until is None:
                is_stale = end - device.last_read > gap and span.reason != "removed"
                until = device.last_read if is_stale else end
            length = max(0.0, (min(until, end) - max(span.first, begin)).total_seconds())
            if span.reason == "removed":
                not_counted += length
            else:
                known += length
                group[str(span.status)] += length
        group["unknown"] += (end - begin).total_seconds() - not_counted - known
    return {
        group: {status: length for status, length in lengths.items() if length > 0}
        for group, lengths in seconds.items()
    }


def outages(devices: Iterable[Device], last_look: datetime, gap: timedelta) -> list[dict[str, Any]]:
    """List the runs of looks that found a device without any link."""
    rows = []
    for device in devices:
        run: list[Span] = []
        for span in [*spans_of(device.events, gap), None]:
            if span is not None and span.reason == "no-link":
                run.append(span)
            elif run:
                rows.append(
                    {
                        "uuid": device.uuid,
                        "from": run[0].first,
                        "to": run[-1].until,
                        "duration_s": whole_seconds(run[0].first, run[-1].until or last_look),
                        "ended": run[-1].until is not None,
                    }
                )
                run = []
    return rows


def outages_by(rows: Iterable[dict[str, Any]], groups: dict[str, Any]) -> dict[Any, dict[str, Any]]:
    """Sum outages up by what their devices are in now."""
    lengths: dict[Any, list[int]] = defaultdict(list)
    for row in rows:
        lengths[groups[row["uuid"]]].append(row["duration_s"])
    return {
        group: {"count": len(listed), "total_s": sum(listed), "median_s": median(listed)}
        for group, listed in lengths.items()
    }
