"""Looks at devices again and again, and the metrics of the last one that succeeded."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from prometheus_client.registry import Collector

from fleetstatus import _core
from fleetstatus._classify import classify
from fleetstatus._table.fleets import fleet_labels
from fleetstatus._words.text import in_devices, visible
from fleetstatus.errors import FleetStatusError
from fleetstatus.metrics import families, metrics_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from threading import Event

    from prometheus_client.core import Metric

    from fleetstatus._openmetrics import Detail
    from fleetstatus._table.table import StatusTable
    from fleetstatus._tracker.tracker import Tracker

_UP, _FETCH_SECONDS = "fleetstatus_up", "fleetstatus_fetch_seconds"
_MOST_INTERVALS = 3


class Settings(NamedTuple):
    """How to look.

    Attributes
    ----------
    interval_s
        Seconds from the begin of a look to that of the next one.
    fleets
        Slugs of the fleets that are fetched; none: all.
    detail, limit
        See `openmetrics`.
    """

    interval_s: float
    fleets: Sequence[str] = ()
    detail: Detail = "attention"
    limit: int | None = 1000


class _State(NamedTuple):
    """What is known after a look; replaced as a whole, since scrapes read it meanwhile."""

    metrics: tuple[Metric, ...] = ()
    taken_at: float | None = None
    fetch_s: float | None = None
    n_failures: int = 0


class Looks(Collector):
    """Fetches, tracks, and gives the metrics of the last snapshot.

    Between looks only the metrics are in memory, not the devices.

    Parameters
    ----------
    tracker
        What remembers the devices.
    fetch
        Gives all devices, as pages of JSON; whatever it raises is a look that failed.
    log
        Takes a line for people.
    clock
        Seconds that only grow.
    """

    def __init__(
        self,
        tracker: Tracker,
        fetch: Callable[[], list[bytes]],
        settings: Settings,
        *,
        log: Callable[[str], object],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tracker = tracker
        self._fetch = fetch
        self._settings = settings
        self._log = log
        self._clock = clock
        self._began_at = clock()
        self._state = _State()

    # Looks

    def run(self, stopped: Event) -> None:
        """Look until it is stopped, in even intervals."""
        due = self._clock()
        while not stopped.is_set():
            self.look()
            due = max(due + self._settings.interval_s, self._clock())
            stopped.wait(max(due - self._clock(), 0))

    def look(self) -> None:
        """Look once; a failure keeps the last snapshot."""
        begin = self._clock()
        before = self._state
        try:
            table = self._read_and_track()
            metrics = tuple(self._metrics_of(table))
        except Exception as error:  # noqa: BLE001
            fetch_s, n_failures = self._clock() - begin, before.n_failures + 1
            self._state = before._replace(fetch_s=fetch_s, n_failures=n_failures)
            self._log(f"the last snapshot stays: {_in_one_line(error)}")
            return
        now = self._clock()
        self._state = _State(metrics, taken_at=now, fetch_s=now - begin)
        if before.n_failures:
            tries = "1 attempt" if before.n_failures == 1 else f"{before.n_failures:,} attempts"
            self._log(f"fetched {in_devices(len(table))} again, after {tries} that failed")

    def _read_and_track(self) -> StatusTable:
        table = classify(self._fetch(), scheme=self._tracker.scheme, on_error="keep")
        fleets = self._fleets_in(table)
        if fleets is None:
            self._tracker.update(table)
        elif fleets:
            self._tracker.update(table, fleets=fleets)
        return table

    def _fleets_in(self, table: StatusTable) -> list[str] | None:
        """Labels of the fleets that are fetched; one that never had a device has none."""
        if not self._settings.fleets:
            return None
        cores = [table._core, self._tracker.devices._core]
        labels = {label for core in cores for label in core.fleets}
        app_names = [pair for core in cores for pair in core.app_names]
        found: list[str] = []
        for fleet in self._settings.fleets:
            try:
                found += fleet_labels([fleet], labels, app_names)
            except ValueError:
                continue
        return found

    def _metrics_of(self, table: StatusTable) -> Iterator[Metric]:
        settings = self._settings
        return metrics_of(
            table, changes=self._tracker, detail=settings.detail, limit=settings.limit
        )

    # What is told

    def age_s(self) -> float:
        """Seconds since the last snapshot, or since the start if there was none."""
        taken_at = self._state.taken_at
        return self._clock() - (self._began_at if taken_at is None else taken_at)

    def is_healthy(self) -> bool:
        """Whether the last snapshot, or the start, is not long ago."""
        return self.age_s() <= _MOST_INTERVALS * self._settings.interval_s

    def health(self) -> str:
        """Say how it is, in a line."""
        if self.is_healthy():
            return "ok"
        age = f"{self.age_s():.0f} seconds"
        return f"no devices were fetched for {age}; the log says why"

    def describe(self) -> Iterator[Metric]:
        """Give all metrics without samples, so that a registry knows their names."""
        return families(name for name, *_ in _core.metric_families())

    def collect(self) -> Iterator[Metric]:
        """Give the metrics; before the first snapshot only that it is not up."""
        state = self._state
        up, fetch_seconds = families((_UP, _FETCH_SECONDS))
        is_up = state.taken_at is not None and state.n_failures == 0 and self.is_healthy()
        up.add_sample(_UP, {}, 1 if is_up else 0)
        yield up
        if state.taken_at is None or state.fetch_s is None:
            return
        fetch_seconds.add_sample(_FETCH_SECONDS, {}, state.fetch_s)
        yield fetch_seconds
        yield from state.metrics


def _in_one_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines()]
    text = "; ".join(line.rstrip(";") for line in lines if line)
    known = isinstance(error, (FleetStatusError, ValueError, OSError)) and text
    return visible(text if known else f"{type(error).__name__}: {text}".rstrip(": "))
