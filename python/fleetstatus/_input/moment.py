"""The moment that durations end at, and where it comes from."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from fleetstatus._catalog import NAMED_MOMENTS, NOW_SOURCES, NowSource
from fleetstatus._coerce import to_ms
from fleetstatus._input.file_sources import files_of

if TYPE_CHECKING:
    from datetime import datetime

_GIVEN = NOW_SOURCES.index("given")
_NS_PER_MS = 1_000_000


class Reading(Protocol):
    """What has read the records, or the first of them."""

    @property
    def fetched_at_ms(self) -> int | None:
        """Latest time at which an envelope was fetched."""

    @property
    def newest_event_ms(self) -> int | None:
        """Latest time in any record."""


class WantedMoment(NamedTuple):
    """Which moment a caller wants.

    Attributes
    ----------
    name
        Where it is to come from; None: the best that there is.
    given_ms
        The moment itself, where the caller gives it.
    """

    name: NowSource | None
    given_ms: int = 0

    @property
    def given(self) -> tuple[int, int] | None:
        """What `decide` gives, where that is known without reading anything."""
        return (self.given_ms, _GIVEN) if self.name == "given" else None

    def decide(self, reading: Reading, written_ns: int | None) -> tuple[int, int]:
        """Milliseconds of the moment, and the engine's code of where it comes from.

        Parameters
        ----------
        written_ns
            When the newest file of the source was written; None if it is not all regular files.

        Raises
        ------
        ValueError
            If there is no moment of the kind that is wanted, or if ``fetched_at`` is no time.
        """
        if self.given is not None:
            return self.given
        now_ms, source = self._decide(reading, written_ns)
        return now_ms, NOW_SOURCES.index(source)

    def _decide(self, reading: Reading, written_ns: int | None) -> tuple[int, NowSource]:
        if self.name == "newest":
            return _newest_ms(reading), "newest"
        if self.name is None and (fetched_at_ms := reading.fetched_at_ms) is not None:
            return fetched_at_ms, "fetched_at"
        clock_ms = time.time_ns() // _NS_PER_MS
        if written_ns is None:
            if self.name == "file":
                raise _no_files()
            return clock_ms, "clock"
        if self.name == "clock":
            return clock_ms, "clock"
        # Copies and archives set times of files that are before what is in them, or in the future.
        written_ms = max(written_ns // _NS_PER_MS, reading.newest_event_ms or 0)
        return min(written_ms, clock_ms), "file"


def wanted_moment(now: datetime | str | None, source: Any) -> WantedMoment:
    """Read what a caller passes as `now`.

    Parameters
    ----------
    now
        An aware datetime, RFC 3339 text, ``"newest"``, ``"file"``, ``"clock"``, or None.
    source
        What is going to be read.

    Raises
    ------
    ValueError, TypeError
        If `now` is no moment, or is ``"file"`` for a source that is not all regular files.
    """
    if now is None:
        return WantedMoment(None)
    if not isinstance(now, str) or now not in NAMED_MOMENTS:
        return WantedMoment("given", to_ms(now, name="now"))
    if now == "file" and not isinstance(source, Iterator) and files_of(source) is None:
        raise _no_files()
    return WantedMoment(now)


def _newest_ms(reading: Reading) -> int:
    newest_ms = reading.newest_event_ms
    if newest_ms is None:
        message = "now='newest' is the newest event in the data, which holds none; pass a time"
        raise ValueError(message)
    return newest_ms


def _no_files() -> ValueError:
    return ValueError(
        "now='file' is the time that the newest file was written, and this source is not all "
        "regular files, named by their paths; pass a time, 'newest' or 'clock'"
    )
