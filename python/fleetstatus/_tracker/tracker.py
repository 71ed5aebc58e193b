"""Looks at the devices of fleets again and again, and remembers what it saw."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from fleetstatus._changes.sources import in_scheme
from fleetstatus._classify import classify
from fleetstatus._coerce import check_flag, to_names, to_scheme
from fleetstatus._table.table import StatusTable
from fleetstatus._tracker.answers import Answers
from fleetstatus._tracker.arguments import to_max_removed, to_settings
from fleetstatus._tracker.display import about, about_html
from fleetstatus._tracker.memory import Memory, Snapshot
from fleetstatus._tracker.problems import shown
from fleetstatus._tracker.store import Store
from fleetstatus.enums import StatusScheme

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator
    from types import TracebackType

    from fleetstatus._changes.changes import Changes
    from fleetstatus._types import SchemeName, Source


class Tracker(Answers):
    """A memory of fleets: it reports what changed since the last snapshot, and when.

    Parameters
    ----------
    path
        The path of the file, or ``":memory:"``. If there is no such file, it is made, and only its
        owner can read it. When `update` returns, its look is in the file, even if the process is
        killed then. All durations below may be text, such as ``"2min"``.
    hold
        How long a status must last before it is reported; one that is over earlier is counted as a
        flap.
    gap
        Longest time between two looks for which the status between them counts as known.
    max_removed
        Share of the devices that may be missing at once. If more are missing, a page has probably
        failed, and the look is refused.
    outage
        How many devices of a fleet, and what share of those that recently had a link, must lose it
        to be reported as one outage; None: never.
    flapping
        With how many changes of the status in 3 hours flapping begins, and with how few it ends;
        None: never.
    forget
        How long a removed device is remembered.
    keep
        How long the log is kept; changes of kind ``relinked`` are kept for at most 30 days.
    scheme
        Vocabulary of the statuses. It is fixed when the file is made. None: the one of the file, or
        ``docs-2024-11`` for a new file.

    Raises
    ------
    SnapshotError
        If the file is not that of a tracker, is damaged, locked, or of a newer version. It is not
        changed.
    OSError
        If the file cannot be read and written, or is not a regular file.
    ValueError, TypeError
        If an argument has a wrong value or type.

    Notes
    -----
    Several threads may use a tracker, and several processes may use its file. It is closed by
    `close`, or at the end of a ``with`` block.

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
        scheme: StatusScheme | SchemeName | None = None,
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
            super().__init__(Memory(store, settings, _scheme_of(store, wanted)))
        except BaseException:
            store.close()
            raise

    # Looks

    def update(
        self,
        devices: Source | StatusTable,
        *,
        complete: bool = True,
        fleets: str | Iterable[str] | None = None,
        max_removed: float | None = None,
    ) -> Changes:
        """Take a snapshot, remember it, and return what changed since the last look.

        Parameters
        ----------
        devices
            A table, or what `classify` takes, which is read with ``on_error="keep"``.
        complete
            Whether the snapshot should have all devices. If so, a device that is not in it was
            removed.
        fleets
            Use only these fleets, of which the snapshot has all devices; rows of other fleets are
            ignored.
        max_removed
            Share of the devices that may be missing in this look; 1.0 allows all.

        Returns
        -------
        Changes
            Outages first, then changes by device. The first look reports nothing.

        Raises
        ------
        SnapshotError
            If the look is older than the last one, has the same moment with other answers, or lacks
            too many devices. Then only the refusal is counted. Also if the file cannot be used; see
            `Tracker`.
        OSError
            If the disk is full, or the file cannot be written.
        ValueError
            If a fleet is not known. Also the errors of `classify`.

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
        return self._memory.look_and_keep(self._to_look(devices, complete, fleets, max_removed))

    @contextmanager
    def transaction(
        self,
        devices: Source | StatusTable,
        *,
        complete: bool = True,
        fleets: str | Iterable[str] | None = None,
        max_removed: float | None = None,
    ) -> Iterator[Changes]:
        """Take a snapshot, and remember it only when the ``with`` block has ended.

        If the block raises an error, or the process dies in it, nothing is remembered, and the next
        look reports the same changes again. So what the block does is done at least once for each
        change. No lock is held during the block. Parameters and errors are those of `update`.

        Raises
        ------
        SnapshotError
            Also at the end of the block, if another process or thread has looked in the meantime.

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
        memory = self._memory
        asked = self._to_look(devices, complete, fleets, max_removed)
        with memory.store.lock, memory.refusals_counted():
            looked = memory.look(asked)
        yield looked.changes
        memory.keep(looked)

    def _to_look(
        self,
        devices: Source | StatusTable,
        complete: bool,
        fleets: str | Iterable[str] | None,
        max_removed: float | None,
    ) -> Snapshot:
        check_flag(complete, name="complete")
        names = None if fleets is None else to_names(fleets, name="fleets")
        own = self._memory.settings.max_removed
        share = own if max_removed is None else to_max_removed(max_removed)
        if isinstance(devices, StatusTable):
            table = devices
        else:
            table = classify(devices, scheme=self.scheme, on_error="keep")
        return Snapshot(in_scheme(table._core, self.scheme), complete, names, share)

    # The file

    def compact(self) -> None:
        """Delete old entries from the file, and make the file smaller.

        This writes the whole file again, so it needs time and as much space on the disk. Looks
        delete entries older than `keep` once a day, but then the file keeps its size.

        Raises
        ------
        SnapshotError, OSError
            If the file cannot be used, or the disk is full; see `Tracker`.
        """
        self._memory.compact()

    def close(self) -> None:
        """Close the file. Closing it again does nothing."""
        self._memory.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __reduce__(self) -> tuple[Any, ...]:
        message = "a tracker cannot be pickled or copied; open its file again"
        raise TypeError(message)

    # For people

    def __repr__(self) -> str:
        return about(self._memory)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": about_html(self._memory)}


def _scheme_of(store: Store, wanted: StatusScheme | None) -> StatusScheme:
    """Give the scheme of a file; a new one gets the wanted one."""
    kept = to_scheme(store.scheme(wanted or StatusScheme.DOCS_2024_11))
    if wanted not in {None, kept}:
        message = (
            f"{shown(store.path)} was made with the scheme {kept}, which it keeps, not {wanted}; "
            "leave scheme= out, or name another file"
        )
        raise ValueError(message)
    return kept
