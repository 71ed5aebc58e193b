"""What questions cost after a year of looks."""

from __future__ import annotations

import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import chain
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

import fleetstatus as fs
from changed_fleet import maybe_changed
from fleet_data import full_records
from fleetstatus._tracker import files, writes
from made_log import CHANGES_A_LOOK
from made_year import make_year
from timing import Costs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from fleet_data import Record

_MINUTES = 5
_DAY_LOOKS = 24 * 60 // _MINUTES


def print_year(n_devices: int, n_days: int, n_rounds: int, directory: Path) -> None:
    """Make the log of so many days, then time what is asked of it."""
    path = directory / "year.tracker"
    n_looks = n_days * _DAY_LOOKS
    end = datetime.fromtimestamp(make_year(path, n_devices, n_looks) / 1000, UTC)
    with fs.Tracker(path) as tracker:
        n_changes = len(tracker.changes())
    size = path.stat().st_size
    print(
        f"\n{n_days} days, a look every {_MINUTES} minutes at {n_devices:,} devices: {n_looks:,} looks, "
        f"{n_changes:,} changes, file of {size / 1e6:,.0f} MB ({size / n_changes:,.0f} B a change)\n"
        f"\n{'question':<48}{'rows':>12}{'seconds':>10}{'spread':>8}"
    )
    asked = chain(_of_file(path), _questions(path, n_devices), _looks(path, n_devices, end))
    for question in asked:
        n_rows, costs = _time(question, n_rounds)
        print(
            f"{question.name:<48}{n_rows:>12,}{costs.median:>10.4f}{costs.spread:>8.0%}", flush=True
        )


class _Question(NamedTuple):
    name: str
    ask: Callable[[], Any]
    prepare: Callable[[], None] = lambda: None  # off the clock


def _time(question: _Question, n_rounds: int) -> tuple[int, Costs]:
    seconds = []
    for _ in range(n_rounds):
        question.prepare()
        start = time.perf_counter()
        answer = question.ask()
        seconds.append(time.perf_counter() - start)
    return len(answer), Costs(seconds)


def _of_file(path: Path) -> Iterator[_Question]:
    def devices() -> fs.StatusTable:
        with fs.Tracker(path) as tracker:
            return tracker.devices

    yield _Question("open the file, and its devices now", devices)


def _questions(path: Path, n_devices: int) -> Iterator[_Question]:
    with fs.Tracker(path) as tracker:
        device = tracker.devices["uuid"].to_list()[n_devices // 2]
        yield _Question("changes, last day", lambda: tracker.changes(since="1d"))
        yield _Question("changes, all", tracker.changes)
        yield _Question("time in status", tracker.time_in_status)
        yield _Question("time in status, by fleet", lambda: tracker.time_in_status(by="fleet"))
        yield _Question("time in status, last week", lambda: tracker.time_in_status(since="7d"))
        yield _Question("outages", tracker.outages)
        yield _Question("outages, by fleet", lambda: tracker.outages(by="fleet"))
        yield _Question("outages, last week", lambda: tracker.outages(since="7d"))
        yield _Question("timeline of a device", lambda: tracker.timeline(device))
        yield _Question("counters", tracker.counters)


class _Looks:
    """Looks after the last one; as many devices change in each as in those that were made."""

    def __init__(self, tracker: fs.Tracker, records: list[Record], end: datetime) -> None:
        self._tracker = tracker
        self._records = records
        self._now = end
        self._random = Random(4)
        self._table = fs.classify([], now=end, missing="parts")

    def prepare(self) -> None:
        """Make what the next look is to look at."""
        self._now += timedelta(minutes=_MINUTES)
        self._records = [
            maybe_changed(record, self._random, chance=CHANGES_A_LOOK, now=self._now)
            for record in self._records
        ]
        self._table = fs.classify(self._records, now=self._now)

    def look(self) -> fs.Changes:
        return self._tracker.update(self._table)


def _looks(path: Path, n_devices: int, end: datetime) -> Iterator[_Question]:
    with fs.Tracker(path) as tracker, closing(files.connect(str(path))) as connection:
        tracker.changes(since="1d")  # reads the memory of the looks before
        looks = _Looks(tracker, list(full_records(n_devices)), end)

        def prepare_old() -> None:
            writes.write_settings(connection, {"pruned": 0})
            looks.prepare()

        yield _Question("a look", looks.look, looks.prepare)
        yield _Question("a look that deletes what is old, once a day", looks.look, prepare_old)
