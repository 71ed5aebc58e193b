"""Looks at the devices of fleets again and again, and remembers what it saw."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from fleetstatus import _core
from fleetstatus._changes.changes import Changes, Comparison
from fleetstatus._changes.sources import in_scheme
from fleetstatus._classify import classify
from fleetstatus._coerce import check_flag, from_ms, scheme_code, scheme_of, to_names, to_scheme
from fleetstatus._table.fleets import fleet_labels
from fleetstatus._table.table import StatusTable
from fleetstatus._tracker.answers import Answers
from fleetstatus._tracker.arguments import to_max_removed, to_settings
from fleetstatus._tracker.store import Store
from fleetstatus.enums import StatusScheme
from fleetstatus.errors import SnapshotError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator
    from types import TracebackType


class Tracker(Answers):
    """Memory of the devices of fleets: tells what changed since it looked last, and when.

    Parameters
    ----------
    path
        A file, which is made, for its owner alone, if there is none; or ``":memory:"``. What a
        look saw and told is in it when `update` returns, even if the process is killed then.
    hold
        How long a status must last to be told; one that goes back before is counted as a flap.
    gap
        Longest time between two looks that counts as known, where no field tells more.
    max_removed
        Share of the devices that may be missing at once; more is taken for a page that failed.
    outage
        How many devices of a fleet, and what share of those that had their link lately, must be
        without it to be told as one outage; None: never.
    flapping
        How many changes of the status in 3 hours begin flapping, and how few end it; None: never.
    forget
        How long a removed device is remembered.
    keep
        How long the log is kept; changes of kind ``relinked`` for 30 days at most.
    scheme
        Vocabulary of the statuses. A file keeps that it was made with. None: that of the file; of
        a new one ``docs-2024-11``.

    All durations may be text, such as ``"2min"``. A tracker may be used by several threads, and
    its file by several processes; it is closed by `close`, or at the end of a ``with`` block.

    Raises
    ------
    SnapshotError
        If the file is no tracker's, damaged, locked, or of a newer version; it is left alone.
    OSError
        If the file cannot be read and written, or is no regular file.
    ValueError, TypeError
        If an argument is none of the above.

    Examples
    --------
    >>> import fleetstatus as fs
    >>> with fs.Tracker() as tracker:
    ...     changes = tracker.update(fs.classify(fs.sample_fleet()))
    ...     len(changes), len(tracker.devices), f"{tracker.last_look:%Y-%m-%d %H:%M}"
    (0, 300, '2026-11-01 12:00')
    """

    def __init__(
        self,
        path: str | os.PathLike[str] = ":memory:",
        *,
        hold: timedelta | str = timedelta(minutes=2),
        gap: timedelta | str = timedelta(minutes=15),
        max_removed: float = 0.2,
        outage: tuple[int, float] | None = (3, 0.55),
        flapping: tuple[int, int] | None = (6, 2),
        forget: timedelta | str = timedelta(days=90),
        keep: timedelta | str = timedelta(days=400),
        scheme: StatusScheme | str | None = None,
    ) -> None:
        settings = to_settings(
            hold=hold,
            gap=gap,
            max_removed=max_removed,
            outage=outage,
            flapping=flapping,
            forget=forget,
            keep=keep,
        )
        wanted = None if scheme is None else to_scheme(scheme)
        store = Store(path)
        try:
            kept = scheme_of(store.scheme(scheme_code(wanted or StatusScheme.DOCS_2024_11)))
            if wanted not in {None, kept}:
                message = f"the file was made with the scheme {kept}, which it keeps; not {wanted}"
                raise ValueError(message)
            super().__init__(store, settings, kept)
        except BaseException:
            store.close()
            raise

    # Looks

    def update(
        self,
        devices: Any,
        *,
        complete: bool = True,
        fleets: str | Iterable[str] | None = None,
        max_removed: float | None = None,
    ) -> Changes:
        """Look at a snapshot, remember it, and tell what changed since the last look.

        Parameters
        ----------
        devices
            A table, or what `classify` takes, which is read with ``on_error="keep"``.
        complete
            Whether the snapshot is meant to hold every device, so that one that is not in it was
            removed.
        fleets
            It holds all devices of these fleets and nothing of others, whose rows are ignored.
        max_removed
            Share of the devices that may be missing in this look; 1.0: all.

        Returns
        -------
        Changes
            Outages of many first, then by device. The first look tells nothing.

        Raises
        ------
        SnapshotError
            If the look is older than the last one, of the same moment with other answers, or
            lacks too many devices: nothing is remembered but that it was refused. Also if the
            file cannot be used; see `Tracker`.
        OSError
            If the disk is full, or the file cannot be written.
        ValueError
            If a fleet is not known; and what `classify` raises.

        Examples
        --------
        >>> from datetime import datetime, timedelta, UTC
        >>> import fleetstatus as fs
        >>> now = datetime(2026, 11, 1, 12, tzinfo=UTC)
        >>> def look(heartbeat, minutes):
        ...     device = {"uuid": "8f4ac02b", "is_connected_to_vpn": False,
        ...               "last_connectivity_event": "2026-10-01T08:00:00Z",
        ...               "api_heartbeat_state": heartbeat}
        ...     return fs.classify([device], now=now + timedelta(minutes=minutes),
        ...                        allow_missing="all")
        >>> tracker = fs.Tracker(hold="2min")
        >>> [len(tracker.update(look("online", 0))), len(tracker.update(look("offline", 1)))]
        [0, 0]
        >>> tracker.update(look("offline", 3))[0]["after"]
        'Disconnected'
        """
        asked = self._to_look(devices, complete, fleets, max_removed)
        with self._store.lock:
            try:
                with self._store.writing():
                    look = self._look(*asked)
                    self._write(look, asked[0])
            except RefusedLookError as refused:
                self._refuse(refused)
            return self._remember(look, asked[0])

    @contextmanager
    def transaction(
        self,
        devices: Any,
        *,
        complete: bool = True,
        fleets: str | Iterable[str] | None = None,
        max_removed: float | None = None,
    ) -> Iterator[Changes]:
        """Look at a snapshot, and remember it only when a ``with`` block has ended.

        What the block does with the changes is done at least once: if it raises, or the process
        dies in it, nothing is remembered, and the next look tells the same again. The block holds
        no lock. Parameters and errors are those of `update`.

        Raises
        ------
        SnapshotError
            At the end of the block too, if another process or thread has looked meanwhile.

        Examples
        --------
        >>> import fleetstatus as fs
        >>> tracker = fs.Tracker()
        >>> with tracker.transaction(fs.classify(fs.sample_fleet())) as changes:
        ...     len(changes), tracker.last_look
        (0, None)
        >>> tracker.last_look is None
        False
        """
        asked = self._to_look(devices, complete, fleets, max_removed)
        with self._store.lock:
            try:
                look = self._look(*asked)
            except RefusedLookError as refused:
                self._refuse(refused)
            changes = self._changes_of(look, asked[0])
        yield changes
        with self._store.lock:
            with self._store.writing():
                if self._store.last_look()[0] != look.number - 1:
                    message = (
                        "another look was remembered in the meantime, so this one is not; look "
                        "again: what is still to be told is told then"
                    )
                    raise SnapshotError(message)
                self._write(look, asked[0])
            self._remember(look, asked[0])

    def _to_look(
        self,
        devices: Any,
        complete: bool,
        fleets: str | Iterable[str] | None,
        max_removed: float | None,
    ) -> tuple[_core.StatusTable, bool, list[str] | None, float]:
        check_flag(complete, name="complete")
        share = self._settings.max_removed if max_removed is None else to_max_removed(max_removed)
        names = None if fleets is None else to_names(fleets, name="fleets")
        if isinstance(devices, StatusTable):
            table = devices
        else:
            table = classify(devices, scheme=self.scheme, on_error="keep")
        return in_scheme(table._core, self.scheme), complete, names, share

    def _look(
        self, core: _core.StatusTable, complete: bool, fleets: list[str] | None, max_removed: float
    ) -> _core.Look:
        """Find out what changed, against what is remembered in the file now."""
        engine = self._engine()
        if fleets is not None:
            labels = {*engine.fleets, *core.fleets}
            fleets = fleet_labels(fleets, labels, core.app_names)
        try:
            return engine.look(core, complete, fleets, max_removed)
        except SnapshotError as error:
            raise RefusedLookError(error) from error

    def _refuse(self, refused: RefusedLookError) -> None:
        """Count a look that was refused, and raise why."""
        self._store.count_refused()
        raise refused.reason from None

    def _write(self, look: _core.Look, core: _core.StatusTable) -> None:
        self._forgotten = self._store.write(
            look,
            core,
            forget_ms=self._settings.forget_ms,
            keep_ms=self._settings.keep_ms,
        )
