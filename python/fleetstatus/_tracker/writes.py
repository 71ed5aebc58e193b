"""What a look writes, statement by statement."""

from __future__ import annotations

import json
from array import array
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from fleetstatus._changes.counted import told_in
from fleetstatus._tracker import records, schema

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping, Sequence

    from fleetstatus import _core

    _Columns = Sequence[tuple[str, _core.Column]]

_DAY_MS = 86_400_000
_RELINKED_MS = 30 * _DAY_MS
LEAST_TO_MERGE = 1_000
"""Rows of `newer_devices` that are left alone, however few devices there are."""


def write_look(
    connection: sqlite3.Connection,
    look: _core.Look,
    core: _core.StatusTable,
    settings: Mapping[str, Any],
) -> None:
    """Write a look, what it told, and what it changed in the memory of devices."""
    notes = records.notes_of(core)
    changes = look.changes
    _write_devices(connection, look, core, settings)
    if _is_time_to_merge(connection):
        _merge_newer(connection)
    connection.executemany(
        "INSERT OR REPLACE INTO ended_spans(device, first, until, reason, status) "
        "VALUES(?, ?, ?, ?, ?)",
        look.ended_spans,
    )
    _write_changes(connection, look, changes)
    _write_outages(connection, look)
    fleets = None if look.fleets is None else json.dumps(look.fleets)
    row: tuple[Any, ...] = (
        look.number,
        look.moment_ms,
        look.complete,
        fleets,
        json.dumps(look.lacking),
    )
    row += (look.n_rows, *look.counts, look.n_flaps, notes.newest_event_ms)
    connection.execute(f"INSERT INTO looks VALUES({_marks(len(row))})", row)
    write_settings(connection, merged_settings(settings, core, notes))
    add_to_counters(connection, _counts_of(look, changes))


# Devices


def _write_devices(
    connection: sqlite3.Connection,
    look: _core.Look,
    core: _core.StatusTable,
    settings: Mapping[str, Any],
) -> None:
    rows = dict(look.rows)
    states = sorted(look.states, key=itemgetter(0))
    _write_states(connection, [state for state in states if state[0] not in rows])
    with_record = [state for state in states if state[0] in rows]
    if with_record:
        taken = core.take(array("q", [rows[state[0]] for state in with_record]))
        _write_records(connection, look.moment_ms, with_record, taken, settings)


def _write_records(
    connection: sqlite3.Connection,
    moment: int,
    states: Sequence[tuple[Any, ...]],
    core: _core.StatusTable,
    settings: Mapping[str, Any],
) -> None:
    """Write devices with the records that a table has of them; new ones come last."""
    devices = [state[0] for state in states]
    values = records.values_of(core)
    own = [values[name] for name in schema.record_columns()]
    further = (records.errors_of(core), _carried(connection, core, devices, settings))
    written = (
        (*state, *record)
        for state, record in zip(states, zip(*own, *further, strict=True), strict=True)
    )
    n_known = _first_free(connection)
    n_old = sum(device < n_known for device in devices)
    names = ", ".join(schema.written_columns())
    marks = _marks(len(schema.written_columns()))
    connection.executemany(
        f"INSERT INTO newer_devices(device, {names}) VALUES(?, {marks})", islice(written, n_old)
    )
    connection.executemany(
        f"INSERT INTO kept_devices(uuid, first_read, device, {names}) VALUES(?, ?, ?, {marks})",
        ((uuid, moment, *row) for uuid, row in zip(values["uuid"][n_old:], written, strict=True)),
    )


def _write_states(connection: sqlite3.Connection, states: Sequence[tuple[Any, ...]]) -> None:
    """Write what is known of devices whose last good record is still that of before."""
    own, all_columns = schema.state_columns(), schema.written_columns()
    marks = ", ".join(f"?{number}" for number in range(1, len(own) + 2))
    kept = ", ".join(all_columns[len(own) :])
    connection.executemany(
        f"INSERT INTO newer_devices(device, {', '.join(all_columns)}) "
        f"SELECT {marks}, {kept} FROM devices WHERE device = ?1",
        states,
    )


def _first_free(connection: sqlite3.Connection) -> int:
    [last] = connection.execute("SELECT max(device) FROM kept_devices").fetchone()
    return -1 if last is None else int(last) + 1


def _carried(
    connection: sqlite3.Connection,
    core: _core.StatusTable,
    devices: Sequence[int],
    settings: Mapping[str, Any],
) -> Iterator[str | None]:
    """Give the carried values of each device as JSON; those that this look lacks stay."""
    names = records.carried_kinds(core).keys()
    kept = settings.get("carry", {}).keys() - names
    for device, values in zip(devices, _dicts(core, names), strict=True):
        old: dict[str, Any] = {}
        if kept:
            row = connection.execute("SELECT carried FROM devices WHERE device = ?", [device])
            before = json.loads((row.fetchone() or [None])[0] or "{}")
            old = {name: value for name, value in before.items() if name in kept}
        told = {**old, **values}
        yield json.dumps(told, ensure_ascii=False) if told else None


def _dicts(core: _core.StatusTable, names: Any) -> list[dict[str, Any]]:
    return records.carried_of(core) if names else [{} for _ in range(len(core))]


def _is_time_to_merge(connection: sqlite3.Connection) -> bool:
    """Whether there are so many newer rows that to merge them costs little for each."""
    [n_newer] = connection.execute("SELECT max(written) FROM newer_devices").fetchone()
    return (n_newer or 0) > max(LEAST_TO_MERGE, _first_free(connection) // 2)


def _merge_newer(connection: sqlite3.Connection) -> None:
    """Bring `kept_devices` up to date, in its order, so that each of its pages is written once."""
    names = ", ".join(schema.written_columns())
    connection.execute(
        f"UPDATE kept_devices SET ({names}) = (SELECT {names} FROM newer_devices AS newer "
        "WHERE newer.device = kept_devices.device ORDER BY written DESC LIMIT 1) "
        "WHERE device IN (SELECT device FROM newer_devices)"
    )
    connection.execute("DELETE FROM newer_devices")


# The log


def _write_changes(connection: sqlite3.Connection, look: _core.Look, changes: _Columns) -> None:
    lists = [_sql_values(column) for _, column in changes]
    devices = [device if device >= 0 else None for device in look.change_devices]
    looks = [look.number] * len(devices)
    names = ", ".join(schema.change_columns())
    connection.executemany(
        f"INSERT INTO changes(look, device, {names}) VALUES({_marks(len(lists) + 2)})",
        zip(looks, devices, *lists, strict=True),
    )


def _sql_values(column: _core.Column) -> list[Any]:
    if not column.type.startswith("timestamp"):
        return column.to_list()
    numbers, valid = (memoryview(buffer) for buffer in column.integers())
    moments = numbers.cast("B").cast("q") if len(column) else []
    return [ms if known else None for ms, known in zip(moments, valid, strict=True)]


def _write_outages(connection: sqlite3.Connection, look: _core.Look) -> None:
    for outage, fleet, said, _, is_over, members in look.outages:
        over = look.number if is_over else None
        connection.execute(
            "INSERT INTO outages VALUES(?, ?, ?, ?, ?, ?) "
            "ON CONFLICT(outage) DO UPDATE SET over = excluded.over, members = excluded.members",
            (outage, fleet, look.number, over, said, json.dumps(members)),
        )


# The whole file


def merged_settings(
    settings: Mapping[str, Any], core: _core.StatusTable, notes: records.TableNotes
) -> dict[str, Any]:
    """Give what the tables of all looks held, of that before and of this one.

    Raises
    ------
    ValueError
        If a carried column had another type before.
    """
    carry = dict(settings.get("carry", {}))
    for name, kind in records.carried_kinds(core).items():
        if carry.setdefault(name, kind) != kind:
            message = (
                f"carried column {name!r} is {kind}, but was {carry[name]} in looks before; "
                "read it with that type, as in carry={name: type}"
            )
            raise ValueError(message)
    gaps = dict(settings["gaps"]) if "gaps" in settings else dict(notes.gaps)
    seen = dict(notes.gaps)
    return {
        "carry": carry,
        "fields_seen": settings.get("fields_seen", 0) | notes.fields_seen,
        "gaps": [[field, hides] for field, hides in gaps.items() if field in seen],
        "app_names": sorted({*map(tuple, settings.get("app_names", [])), *notes.app_names}),
        "has_silent_link": settings.get("has_silent_link", False) or notes.has_silent_link,
        "has_heartbeat": settings.get("has_heartbeat", False) or notes.has_heartbeat,
    }


def write_settings(connection: sqlite3.Connection, settings: Mapping[str, Any]) -> None:
    """Write the settings that differ from those in the file."""
    connection.executemany(
        "INSERT INTO settings VALUES(?, ?) ON CONFLICT(name) "
        "DO UPDATE SET value = excluded.value WHERE value <> excluded.value",
        [(name, json.dumps(value)) for name, value in settings.items()],
    )


TOLD = "told:"
"""What the names of counters of changes by fleet begin with, before the fields of `Told`."""


def _counts_of(look: _core.Look, changes: _Columns) -> dict[str, int]:
    unreadable, duplicates, without_uuid = look.counts
    counts = {"looks": 1, "flaps": look.n_flaps, "unreadable": unreadable}
    counts |= {"duplicates": duplicates, "without_uuid": without_uuid}
    for kind in dict(changes)["kind"].to_list():
        counts[f"changes:{kind}"] = counts.get(f"changes:{kind}", 0) + 1
    return counts | {f"{TOLD}{json.dumps(key)}": count for key, count in told_in(changes).items()}


def add_to_counters(connection: sqlite3.Connection, counts: Mapping[str, int]) -> None:
    """Add to counts over the whole file."""
    connection.executemany(
        "INSERT INTO counters VALUES(?, ?) ON CONFLICT(name) "
        "DO UPDATE SET value = value + excluded.value",
        [(name, count) for name, count in counts.items() if count],
    )


# What is too old


def prune(
    connection: sqlite3.Connection, now_ms: int, *, keep_ms: int, forget_ms: int
) -> list[int]:
    """Delete what is older than it is kept; give the devices that are forgotten.

    Looks stay, since they are few and number all else. Removed devices stay as long as the log.
    """
    _merge_newer(connection)
    kept_from = now_ms - keep_ms
    first_kept = first_look_since(connection, kept_from)
    first_relinked = first_look_since(connection, max(kept_from, now_ms - _RELINKED_MS))
    connection.execute("DELETE FROM changes WHERE look < ?", [first_kept])
    connection.execute("DELETE FROM changes WHERE look < ? AND kind = 'relinked'", [first_relinked])
    connection.execute("DELETE FROM ended_spans WHERE until < ?", [kept_from])
    connection.execute("UPDATE outages SET members = '[]' WHERE over < ?", [first_kept])
    write_settings(connection, {"pruned": now_ms, "kept_from": kept_from})
    return _forget(connection, min(kept_from, now_ms - forget_ms))


def _forget(connection: sqlite3.Connection, removed_until_ms: int) -> list[int]:
    """Forget the devices that were removed long ago; give their numbers."""
    found = connection.execute(
        "SELECT device FROM kept_devices WHERE removed_at < ?", [removed_until_ms]
    ).fetchall()
    for table in ("kept_devices", "ended_spans"):
        connection.executemany(f"DELETE FROM {table} WHERE device = ?", found)
    connection.executemany("UPDATE changes SET device = NULL WHERE device = ?", found)
    return [device for (device,) in found]


def first_look_since(connection: sqlite3.Connection, moment: int) -> int:
    """Give the number of the first look at a moment or later; that of the next one if none is."""
    found = connection.execute(
        "SELECT look FROM looks WHERE moment >= ? ORDER BY moment, look LIMIT 1", [moment]
    ).fetchone()
    [last] = connection.execute("SELECT max(look) FROM looks").fetchone()
    return int(found[0]) if found else (last or 0) + 1


def is_time_to_prune(settings: Mapping[str, Any], now_ms: int) -> bool:
    """Whether a day of looks has passed since old rows were deleted."""
    pruned = settings.get("pruned")
    return pruned is None or now_ms - pruned >= _DAY_MS


def _marks(n: int) -> str:
    return ", ".join("?" * n)
