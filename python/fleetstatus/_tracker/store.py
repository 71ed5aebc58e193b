"""A tracker's memory and log in its file."""

from __future__ import annotations

import json
import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from fleetstatus import _core
from fleetstatus._tracker import files, records, schema, writes
from fleetstatus._tracker.arguments import checked_gap_ms
from fleetstatus._tracker.problems import file_error, shown
from fleetstatus._tracker.records import TableNotes
from fleetstatus.errors import SnapshotError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator


class Store:
    """A tracker's file, or its memory. All access goes through one lock.

    Raises
    ------
    SnapshotError, OSError
        See `files.connect`.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = files.to_path(path)
        self.lock = threading.RLock()
        self._pid = os.getpid()
        self._connection: sqlite3.Connection | None = files.connect(self.path)
        _stores.add(self)

    # Access

    @property
    def connection(self) -> sqlite3.Connection:
        """The open connection.

        Raises
        ------
        ValueError
            If it was closed.
        RuntimeError
            If another process opened it, and this one was forked from that.
        """
        if self._pid != os.getpid():
            message = (
                f"{shown(self.path)} was opened before this process was forked; "
                "open it again here, with a Tracker of its own"
            )
            raise RuntimeError(message)
        if self._connection is None:
            message = f"{shown(self.path)} was closed; open it again"
            raise ValueError(message)
        return self._connection

    @property
    def is_open(self) -> bool:
        """Whether it can be used in this process."""
        return self._connection is not None and self._pid == os.getpid()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Write in one transaction, or nothing at all."""
        with self.lock, file_error(self.path):
            connection = self.connection
            with files.writing(connection):
                yield connection

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Read all from one state of the file."""
        with self.lock, file_error(self.path):
            connection = self.connection
            if connection.in_transaction:  # of this thread, which has the lock
                yield connection
            else:
                with files.reading(connection):
                    yield connection

    def close(self) -> None:
        """Close the file. What was committed is in it."""
        with self.lock:
            if self._connection is not None and self._pid == os.getpid():
                with file_error(self.path):
                    self._connection.close()
            self._connection = None

    def leave_to_parent(self) -> None:
        """Keep a child process from closing what its parent has open."""
        if self._connection is not None:
            _left_to_parent.append(self._connection)
        self.lock = threading.RLock()  # another thread of the parent may hold the old one

    # What is in it

    def settings(self) -> dict[str, Any]:
        """Read what holds for the whole file."""
        with self.reading() as connection:
            found = connection.execute("SELECT name, value FROM settings").fetchall()
        with self._damage_named():
            return {name: json.loads(value) for name, value in found}

    def scheme(self, wanted: str) -> str:
        """Give the scheme of the file, which is the wanted one if it is new."""
        if "scheme" not in self.settings():
            with self.writing() as connection:
                if "scheme" not in self.settings():  # written meanwhile
                    writes.write_settings(connection, {"scheme": wanted})
        return str(self.settings()["scheme"])

    def keep_gap(self, gap_ms: int) -> None:
        """Remember the gap of a look, within `writing`."""
        with self.reading() as connection:
            writes.write_settings(connection, {"gap_ms": gap_ms})

    def kept_gap(self) -> int | None:
        """Give the gap of the last look in milliseconds; None if there was none."""
        gap_ms = self.settings().get("gap_ms")
        with self._damage_named():
            return None if gap_ms is None else checked_gap_ms(gap_ms)

    def last_look(self) -> tuple[int, int]:
        """Give number and moment of the last look; zeros if there was none."""
        with self.reading() as connection:
            found = connection.execute("SELECT look, moment FROM looks ORDER BY look DESC LIMIT 1")
            row: tuple[int, int] | None = found.fetchone()
        return row or (0, 0)

    def counters(self) -> dict[str, int]:
        """Read the counts over the whole file, by their names in it."""
        with self.reading() as connection:
            return dict(connection.execute("SELECT name, value FROM counters").fetchall())

    def load_into(self, tracker: _core.Tracker) -> int:
        """Give the engine all that it remembered; give the number of the last look.

        Raises
        ------
        SnapshotError
            If the file holds what no tracker writes.
        """
        with self.reading() as connection, self._damage_named():
            tracker.load_looks(_looks_in(connection))
            tracker.load_devices(_devices_in(connection))
            tracker.load_outages(_outages_in(connection))
        return tracker.n_looks

    @contextmanager
    def _damage_named(self) -> Iterator[None]:
        try:
            yield
        except (ValueError, TypeError, RuntimeError) as error:
            message = (
                f"{shown(self.path)} is damaged, or was changed by others: {error}; "
                "restore it from a copy, or name another file"
            )
            raise SnapshotError(message) from error

    def table(self, *, removed: bool) -> tuple[list[int], _core.StatusTable]:
        """Make a table of the devices that are remembered, and give their numbers.

        Parameters
        ----------
        removed
            Whether removed devices are in it.
        """
        names = {name: "seen_since" if name == "known_since" else name for name in _stored()}
        condition = "" if removed else "WHERE removed_at IS NULL"
        with self.reading() as connection:
            rows = connection.execute(
                f"SELECT device, error, carried, {', '.join(names.values())} "
                f"FROM devices {condition} ORDER BY device"
            ).fetchall()
            notes, carry = self._notes(connection)
        lists = list(zip(*rows, strict=True)) or [()] * (len(names) + 3)
        devices, errors, carried, *columns = lists
        by_name = dict(zip(names, columns, strict=True))
        return list(devices), records.table_of(by_name, carried, errors, carry, notes)

    def _notes(self, connection: sqlite3.Connection) -> tuple[TableNotes, dict[str, str]]:
        settings = self.settings()
        [newest] = connection.execute("SELECT max(newest_event) FROM looks").fetchone()
        notes = TableNotes(
            _core.schemes().index(settings["scheme"]),
            self.last_look()[1],
            newest,
            [(field, hides) for field, hides in settings.get("gaps", [])],
            settings.get("fields_seen", 0),
            [(fleet, name) for fleet, name in settings.get("app_names", [])],
            settings.get("has_silent_link", False),
            settings.get("has_heartbeat", False),
        )
        return notes, settings.get("carry", {})

    # What is written

    def write(
        self, look: _core.Look, core: _core.StatusTable, *, keep_ms: int, forget_ms: int
    ) -> list[int]:
        """Write what a look changed, within `writing`; give the devices that are forgotten."""
        with self.reading() as connection:
            settings = self.settings()
            writes.write_look(connection, look, core, settings)
            if not writes.is_time_to_prune(settings, look.moment_ms):
                return []
            return writes.prune(connection, look.moment_ms, keep_ms=keep_ms, forget_ms=forget_ms)

    def count_refused(self) -> None:
        """Count a look that was refused."""
        with self.writing() as connection:
            writes.add_to_counters(connection, {"refused": 1})

    def compact(self, *, keep_ms: int, forget_ms: int) -> list[int]:
        """Delete what is too old, and give the room back to the disk; give what is forgotten."""
        with self.lock:
            with self.writing() as connection:
                forgotten = writes.prune(
                    connection, self.last_look()[1], keep_ms=keep_ms, forget_ms=forget_ms
                )
            with file_error(self.path):
                self.connection.execute("VACUUM")
                self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return forgotten


def _looks_in(connection: sqlite3.Connection) -> list[Any]:
    found = connection.execute(
        "SELECT look, moment, complete, coalesce(fleets, 'null'), lacking FROM looks ORDER BY look"
    )
    return [
        (look, moment, bool(complete), json.loads(fleets), json.loads(lacking))
        for look, moment, complete, fleets, lacking in found
    ]


def _devices_in(connection: sqlite3.Connection) -> list[Any]:
    columns = ", ".join(schema.state_columns())
    found = connection.execute(f"SELECT uuid, device, {columns} FROM devices ORDER BY device")
    return [(row[0], row[1:]) for row in found]


def _outages_in(connection: sqlite3.Connection) -> list[Any]:
    found = connection.execute(
        "SELECT outage, fleet, said, over IS NOT NULL, members FROM outages ORDER BY outage"
    )
    return [
        (outage, fleet, said, bool(is_over), json.loads(members))
        for outage, fleet, said, is_over, members in found
    ]


def _stored() -> list[str]:
    return list(records.stored_columns())


_stores: WeakSet[Store] = WeakSet()
_left_to_parent: list[sqlite3.Connection] = []


def _after_fork() -> None:
    for store in list(_stores):
        store.leave_to_parent()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
