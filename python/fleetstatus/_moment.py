"""The moment that durations end at, and where it comes from."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from fleetstatus._coerce import to_ms
from fleetstatus._now_source import NOW_SOURCES, NowSource
from fleetstatus._sources import files_of

if TYPE_CHECKING:
    from datetime import datetime

_BY_NAME = ("newest", "file", "clock")


class Reading(Protocol):
    """What has read the records, or the first of them."""

    @property
    def fetched_at_ms(self) -> int | None:
        """Latest time at which an envelope was fetched."""

    @property
    def newest_event_ms(self) -> int | None:
        """Latest time in any record."""


class WantedMoment(NamedTuple):
    """Which moment a caller wants, as far as that is known before the source is read.

    Attributes
    ----------
    name
        Where it is to come from; None: the best that there is.
    given_ms
        The moment itself, where the caller gives it.
    written_ms
        When the newest file of the source was written; None if it is not all regular files.
    """

    name: NowSource | None
    given_ms: int = 0
    written_ms: int | None = None

    def decide(self, reading: Reading) -> tuple[int, int]:
        """Milliseconds of the moment, and the engine's code of where it comes from.

        Raises
        ------
        ValueError
            If it is to be the newest event and there is none, or if ``fetched_at`` is no time.
        """
        now_ms, source = self._decide(reading)
        return now_ms, NOW_SOURCES.index(source)

    def _decide(self, reading: Reading) -> tuple[int, NowSource]:
        if self.name == "given":
            return self.given_ms, "given"
        if self.name == "newest":
            return _newest_ms(reading), "newest"
        if self.name is None and (fetched_at_ms := reading.fetched_at_ms) is not None:
            return fetched_at_ms, "fetched_at"
        clock_ms = time.time_ns() // 1_000_000
        if self.written_ms is None:
            return clock_ms, "clock"
        # Copies and archives set times of files that are before what is in them, or in the future.
        newest_ms = reading.newest_event_ms
        written_ms = self.written_ms if newest_ms is None else max(self.written_ms, newest_ms)
        return min(written_ms, clock_ms), "file"


def wanted_moment(now: datetime | str | None, source: Any) -> WantedMoment:
    """Read what a caller passes as `now`.

    Parameters
    ----------
    now
        An aware datetime, RFC 3339 text, ``"newest"``, ``"file"``, ``"clock"``, or None.
    source
        What is going to be read. The times of its files are taken before, so that what is written
        later cannot make them younger than what was read.

    Raises
    ------
    ValueError, TypeError
        If `now` is no moment, or is ``"file"`` for a source that is not all regular files.
    """
    if now is None:
        return WantedMoment(None, written_ms=_written_ms(source))
    if not isinstance(now, str) or now not in _BY_NAME:
        return WantedMoment("given", given_ms=to_ms(now, name="now"))
    if now != "file":
        return WantedMoment("newest" if now == "newest" else "clock")
    written_ms = _written_ms(source)
    if written_ms is None:
        message = (
            "now='file' is the time that the newest file was written, and this source is not all "
            "regular files, named by their paths; pass a time, 'newest' or 'clock'"
        )
        raise ValueError(message)
    return WantedMoment("file", written_ms=written_ms)


def _newest_ms(reading: Reading) -> int:
    newest_ms = reading.newest_event_ms
    if newest_ms is None:
        message = "now='newest' is the newest event in the data, which holds none; pass a time"
        raise ValueError(message)
    return newest_ms


def _written_ms(source: Any) -> int | None:
    """When the newest file of a source was last written; None if it is not all regular files."""
    files = files_of(source)
    if not files:
        return None
    try:
        return max(file.stat().st_mtime_ns for file in files) // 1_000_000
    except OSError:  # reading it says what is wrong
        return None
