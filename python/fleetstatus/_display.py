"""A table as text and as HTML."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from fleetstatus import _html
from fleetstatus._text import in_devices, in_words, label_text, moment, shortened, visible
from fleetstatus.enums import Capability

if TYPE_CHECKING:
    from fleetstatus.device import DeviceStatus
    from fleetstatus.table import StatusTable

WENT_BY_IS_ONLINE = "an API before v45 (May 2026) went by is_online, which would explain it"
_NOW_SOURCES = {
    "file": " (when the file was written)",
    "clock": " (now, by the clock)",
}
_OLD_AFTER = timedelta(hours=1)
_MOST_DISAGREEMENTS = 3
_FIRST_ROWS = 8
_SHOWN = ("fleet", "device_name", "status", "reason", "status_since", "update_status", "attention")


def device_title(table: StatusTable, row: int) -> str:
    """Best name of a device, with control characters shown as escapes."""
    return visible(best_name(table[row], row))


def best_name(device: DeviceStatus, row: int) -> str:
    """Name of a device as it is, else its uuid, its id or its row."""
    return str(device.device_name or device.uuid or device.id or f"row {row}")


def about(table: StatusTable) -> list[str]:
    """Say as of when the data is and how old its newest event, then what it lacks."""
    lines = [f"as of {moment(table.now)}{_NOW_SOURCES.get(table.now_source, '')}"]
    if table.now_source == "newest" and table.now == table.newest_event:
        lines[0] += ", which is the newest event"
    else:
        lines[0] += f", {newest_event_text(table.newest_event, table.now)}"
    lines += [f"{field} not in the data: {hides}" for field, hides in table.fields_missing.items()]
    return lines


def warnings(
    table: StatusTable, *, among: StatusTable | None = None, in_counts: bool = False
) -> list[str]:
    """Say what must not be missed: what may make the answers wrong, old or incomplete.

    Parameters
    ----------
    table
        The rows.
    among
        Rows from which they were chosen, whose repeated uuids are told; the same if None.
    in_counts
        Whether what is told beside them counts each uuid once, as reports do and tables do not.
    """
    lines = [
        old_snapshot(table),
        no_heartbeats(table),
        *disagreements(table),
        _duplicates(table if among is None else among, in_counts=in_counts),
        _unreadable(table),
    ]
    return [line for line in lines if line]


def old_snapshot(table: StatusTable) -> str | None:
    """Warn of data whose newest event is long before the moment that it is read for, or after it."""
    if table.newest_event is None or abs(table.now - table.newest_event) <= _OLD_AFTER:
        return None
    age = in_words(abs(table.now - table.newest_event))
    if table.newest_event > table.now:
        return (
            f"The newest event is {age} after this moment, so a clock or the moment is wrong: how "
            "old the snapshot is cannot be known."
        )
    return f"The newest event is {age} before this moment: the snapshot may be that old."


def no_heartbeats(table: StatusTable) -> str | None:
    """Warn of a server that keeps no heartbeats, so that each device seems to have lost its own."""
    if not table._core.no_heartbeats:
        return None
    return (
        "Cloudlinks are up but no device has a known heartbeat: this server seems to keep none, "
        "so a device with cloudlink alone may be well."
    )


def disagreements(table: StatusTable) -> list[str]:
    """Count the devices for which the API itself gives another status, by both answers."""
    counted = _disagreements(table)
    lines = [_disagreement(count, *answers) for answers, count in counted[:_MOST_DISAGREEMENTS]]
    if rest := sum(count for _, count in counted[_MOST_DISAGREEMENTS:]):
        lines.append(f"{in_devices(rest)}: other disagreements with the API's own answer")
    return lines


def _disagreements(table: StatusTable) -> list[tuple[tuple[str, str, bool], int]]:
    """Count pairs of answers, and whether is_online explains them; most first."""
    found = table.disagreements()
    if not len(found):
        return []
    by_is_online = found._core.api_went_by_is_online().to_list()
    columns = (found[name].to_list() for name in ("api_overall_status", "status"))
    return Counter(zip(*columns, by_is_online, strict=True)).most_common()


def _disagreement(count: int, of_api: str, of_rules: str, by_is_online: bool) -> str:
    why = f" ({WENT_BY_IS_ONLINE})" if by_is_online else ""
    return f"{in_devices(count)}: the API says {shortened(of_api)}, the rules {of_rules}{why}"


def _duplicates(table: StatusTable, *, in_counts: bool) -> str | None:
    rows = len(table.duplicates())
    if not rows:
        return None
    last = "the last of each uuid counts" if in_counts else "find takes the last of each uuid"
    return f"{rows:,} rows share a uuid with another row; {last}"


def _unreadable(table: StatusTable) -> str | None:
    unreadable = sum(1 for error in table["error"] if error is not None)
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


def counts(table: StatusTable) -> list[tuple[str | None, int]]:
    """Count the devices of each status, in the scheme's order, null last."""
    return [(row["label"], row["devices"]) for row in table.summary()] if len(table) else []


def table_text(table: StatusTable) -> str:
    """Tell the counts and what the data is."""
    as_of, *gaps = about(table)
    lines = [f"{in_devices(len(table))}, {table.scheme}", as_of]
    lines += [f"! {visible(warning)}" for warning in warnings(table)]
    lines += [f"  {count:>8,}  {label_text(label)}" for label, count in counts(table) if count]
    return "\n".join([*lines, *gaps])


def table_html(table: StatusTable) -> str:
    """Draw the shares of the statuses, and the first rows."""
    as_of, *gaps = about(table)
    top = [
        _html.paragraph(f"{in_devices(len(table))}, {table.scheme}", kind="title"),
        _html.paragraph(as_of, kind="note"),
        *map(_warning_html, warnings(table)),
    ]
    notes = "".join(_html.paragraph(line, kind="note") for line in gaps)
    if not len(table):
        return _html.page(*top, notes)
    rows = [_cells(table[row]) for row in range(min(len(table), _FIRST_ROWS))]
    parts = [*top, _html.status_bar(counts(table)), _html.table(_SHOWN, rows)]
    if len(table) > _FIRST_ROWS:
        more = f"and {len(table) - _FIRST_ROWS:,} more rows"
        parts.append(_html.paragraph(more, kind="note"))
    return _html.page(*parts, notes)


def _warning_html(warning: str) -> str:
    return _html.paragraph(_html.Markup(f"<b>! {_html.markup(warning)}</b>"))


def _cells(device: DeviceStatus) -> list[str]:
    texts = (
        device.fleet,
        device.device_name or device.uuid,
        _html.key(device.status, device),
        device.reason,
        None if device.status_since is None else moment(device.status_since),
        device.update_status,
        device.attention,
    )
    return ["" if text is None else text for text in texts]


def device_html(device: DeviceStatus) -> str:
    """List what is known of a device."""
    columns = {field.name: getattr(device, field.name) for field in fields(device)}
    known = columns | columns.pop("carried")
    rows = [(name, shown(value)) for name, value in known.items() if value is not None]
    title = _html.paragraph(
        device.device_name or device.uuid or device.id or "device", kind="title"
    )
    return _html.page(title, _html.table(("", ""), rows, prose=("",)))


def shown(value: object) -> str:
    """Write a value of a device for people."""
    if isinstance(value, Capability):
        return ", ".join((one.name or "").lower().replace("_", " ") for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return moment(value)
    return in_words(value) if isinstance(value, timedelta) else str(value)
