"""The questions that a tracker answers from its log."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from fleetstatus import _core
from fleetstatus._changes.counted import Told
from fleetstatus._coerce import from_ms, scheme_code, to_names
from fleetstatus._table.find import find_row
from fleetstatus._table.labels import to_text
from fleetstatus._table.table import StatusTable
from fleetstatus._tracker import durations, history, outages
from fleetstatus._tracker.arguments import to_range
from fleetstatus._tracker.durations import Groups, Range
from fleetstatus._tracker.writes import TOLD
from fleetstatus._words.names import no_column

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from fleetstatus._changes.changes import Changes
    from fleetstatus._table.rows import Rows
    from fleetstatus._tracker.arguments import Moment
    from fleetstatus._tracker.memory import Memory
    from fleetstatus.enums import StatusScheme

_WHO = ("uuid", "device_name")


class Counters(TypedDict):
    """Counts over the whole file of a tracker; see `Tracker.counters`."""

    looks: int
    refused: int
    changes: dict[str, int]
    flaps: int
    unreadable: int
    duplicates: int
    without_uuid: int


class _Question(NamedTuple):
    """A question in one state of the file.

    Attributes
    ----------
    asked
        The moments that were asked for.
    range
        These, clipped to what the log holds.
    devices, table
        Numbers and rows of all devices, removed ones too.
    """

    connection: sqlite3.Connection
    asked: tuple[int | None, int | None]
    range: Range
    devices: list[int]
    table: _core.StatusTable


class Answers:
    """The part of `Tracker` that only reads."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    @property
    def scheme(self) -> StatusScheme:
        """Vocabulary of the statuses."""
        return self._memory.scheme

    @property
    def last_look(self) -> datetime | None:
        """Moment of the last look; None before the first."""
        number, moment = self._memory.store.last_look()
        return from_ms(moment) if number else None

    @property
    def devices(self) -> StatusTable:
        """The devices now: the last readable record of each, without removed devices.

        ``status_since`` is when the status began as far as the looks show, also if no field of the
        API says it.
        """
        with self._memory.store.lock, self._memory.store.reading():
            return StatusTable(self._memory.table(removed=False)[1])

    def changes(self, *, since: Moment | None = None, until: Moment | None = None) -> Changes:
        """Read the log of reported changes.

        Parameters
        ----------
        since, until
            Return changes reported by looks from `since` on and before `until`: an aware datetime,
            RFC 3339 text, or a time before the last look, such as ``"7d"``.

        Raises
        ------
        ValueError, TypeError
            If `since` or `until` is not a moment, or `until` is before `since`.

        Examples
        --------
        >>> import fleetstatus as fs
        >>> tracker = fs.Tracker()
        >>> changes = tracker.update(fs.classify(fs.sample_fleet()))
        >>> len(tracker.changes(since="7d"))
        0
        """
        with self._memory.store.lock, self._memory.store.reading() as connection:
            moments = to_range(since, until, self._memory.store.last_look()[1])
            about = self._memory.about_log(until_ms=moments[1])
            return history.changes_between(connection, *moments, about)

    def time_in_status(
        self,
        *,
        by: str | Iterable[str] | None = None,
        since: Moment | None = None,
        until: Moment | None = None,
    ) -> Rows:
        """Return how long devices were in each status.

        Parameters
        ----------
        by
            Column of `devices`, or several, by which devices are grouped. None: each device is a
            group, with ``uuid`` and ``device_name``.
        since, until
            The time to count; see `changes`.

        Returns
        -------
        Rows
            For each group and status of it: ``seconds``, and the ``share`` of the group's time.
            Shares of a group sum to 1. Time in which the status is not known has the status
            ``unknown``. Time before the first look at a device, and time in which it was removed,
            does not count.

        Raises
        ------
        ValueError, TypeError
            If there is no such column, or `since` or `until` is not a moment.

        Examples
        --------
        >>> from datetime import datetime, timedelta, UTC
        >>> import fleetstatus as fs
        >>> now = datetime(2026, 11, 1, 12, tzinfo=UTC)
        >>> tracker = fs.Tracker()
        >>> for minutes in (0, 10):
        ...     devices = fs.classify([{"uuid": "8f4ac02b", "is_frozen": True}],
        ...                           now=now + timedelta(minutes=minutes), allow_missing="all")
        ...     changes = tracker.update(devices)
        >>> tracker.time_in_status().to_dicts()
        [{'uuid': '8f4ac02b', 'device_name': None, 'status': 'Frozen', 'seconds': 600.0, 'share': 1.0}]
        """
        with self._question(since, until) as question:
            groups = _groups(question, by)
            statuses = _core.labels(scheme_code(self.scheme))
            return durations.time_in_status(question.connection, question.range, groups, statuses)

    def outages(
        self,
        *,
        by: str | Iterable[str] | None = None,
        since: Moment | None = None,
        until: Moment | None = None,
    ) -> Rows:
        """List the times in which devices had no link (reason ``no-link``).

        Parameters
        ----------
        by, since, until
            See `time_in_status`. Outages that overlap this time are returned.

        Returns
        -------
        Rows
            By when they began: ``uuid``, ``device_name``, ``fleet``, ``from``, ``to`` (null while
            it lasts), ``duration_s`` (whole seconds of it in the time that is asked for; up to
            the last look while it lasts), ``ended``. With `by`: for each group that had any
            ``count``, ``total_s``, ``median_s``.

        Raises
        ------
        ValueError, TypeError
            If there is no such column, or `since` or `until` is not a moment.

        Examples
        --------
        >>> import fleetstatus as fs
        >>> tracker = fs.Tracker()
        >>> changes = tracker.update(fs.classify(fs.sample_fleet()))
        >>> tracker.outages(by="fleet").columns
        ('fleet', 'count', 'total_s', 'median_s')
        """
        with self._question(since, until) as question:
            since_ms, _ = question.asked
            found = outages.outages_in(question.connection, since_ms, question.range.until_ms)
            # What was found down began before the first look.
            asked = question.range._replace(since_ms=0 if since_ms is None else since_ms)
            if by is not None:
                return outages.outages_by_group(found, asked, _groups(question, by))
            rows = {device: row for row, device in enumerate(question.devices)}
            columns = [(name, question.table.column(name)) for name in (*_WHO, "fleet")]
            return outages.outage_rows(found, asked, rows, columns)

    def timeline(self, device: str) -> Rows:
        """List the statuses and the reported changes of a device, in order.

        Parameters
        ----------
        device
            Its uuid, the first 4 or more letters of it, or its exact name.

        Returns
        -------
        Rows
            ``entry`` is ``status`` or ``change``. A status has ``from``, ``to`` (null while it
            lasts), ``duration_s``, ``status`` (also ``unknown`` and ``removed``) and ``reason``; a
            change has ``from`` (when it happened, or was seen first), ``kind``, ``before``,
            ``after`` and ``cause``.

        Raises
        ------
        LookupError
            If there is no such device, or several.

        Examples
        --------
        >>> import fleetstatus as fs
        >>> tracker = fs.Tracker()
        >>> changes = tracker.update(fs.classify(fs.sample_fleet()))
        >>> tracker.timeline("bitter-wind")["status"].to_list()
        ['Reduced Functionality']
        """
        with self._question(None, None) as question:
            number = question.devices[find_row(question.table, to_text(device))]
            reads = question.connection.execute(
                "SELECT last_read FROM stale WHERE device = ?", [number]
            ).fetchone()
            statuses = [*_core.labels(scheme_code(self.scheme)), "unknown", "removed"]
            last_read = None if reads is None else reads[0]
            return history.timeline(question.connection, number, statuses, last_read)

    def counters(self) -> Counters:
        """Return counts since the file was made, including what was deleted from its log.

        Returns
        -------
        dict
            ``looks``, ``refused`` (looks), ``changes`` by kind, ``flaps`` (changes that were over
            before they were reported), and the rows that were not used: ``unreadable``,
            ``duplicates``, ``without_uuid``.

        Examples
        --------
        >>> import fleetstatus as fs
        >>> fs.Tracker().counters()["looks"]
        0
        """
        counts = self._memory.store.counters()
        told = {kind: counts.get(f"changes:{kind}", 0) for kind, _ in _core.change_kinds()}
        return {
            "looks": counts.get("looks", 0),
            "refused": counts.get("refused", 0),
            "changes": {kind: count for kind, count in told.items() if count},
            "flaps": counts.get("flaps", 0),
            "unreadable": counts.get("unreadable", 0),
            "duplicates": counts.get("duplicates", 0),
            "without_uuid": counts.get("without_uuid", 0),
        }

    def _told(self) -> dict[Told, int]:
        """Count all changes by fleet, kind and what they led to, whatever the log has kept."""
        return {
            Told(*json.loads(name.removeprefix(TOLD))): count
            for name, count in self._memory.store.counters().items()
            if name.startswith(TOLD)
        }

    @contextmanager
    def _question(self, since: Moment | None, until: Moment | None) -> Iterator[_Question]:
        memory = self._memory
        with memory.store.lock, memory.store.reading() as connection:
            last_ms = memory.store.last_look()[1]
            asked = to_range(since, until, last_ms)
            begin, end = asked
            kept_from = memory.store.settings().get("kept_from", 0)
            clipped = Range(
                kept_from if begin is None else max(begin, kept_from),
                last_ms if end is None else min(end, last_ms),
            )
            devices, table = memory.table(removed=True)
            durations.put_stale(connection, memory.stale_reads(last_ms))
            yield _Question(connection, asked, clipped, devices, table)


def _groups(question: _Question, by: str | Iterable[str] | None) -> Groups:
    """Put each device into a group: by columns, or each into its own."""
    table = question.table
    if by is None:
        of_device = {device: row for row, device in enumerate(question.devices)}
        return Groups(of_device, [(name, table.column(name)) for name in _WHO])
    names = to_names(by, name="by")
    for name in names:
        if name not in table.columns:
            message = f"by: {no_column(name, table.columns)}"
            raise ValueError(message)
    group_of, columns = table.groups(names)
    groups = memoryview(group_of).cast("B").cast("i") if question.devices else []
    return Groups(
        dict(zip(question.devices, groups, strict=True)),
        list(zip(names, columns, strict=True)),
    )
