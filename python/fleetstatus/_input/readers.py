"""A pool of engine readers: to set one up takes longer than to read one record."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from fleetstatus import _core
from fleetstatus._coerce import check_flag, check_threads
from fleetstatus.enums import StatusScheme

if TYPE_CHECKING:
    from fleetstatus._options import ReadOptions

_NEVER_CHANGE = {StatusScheme, str, tuple, int, bool, timedelta, type(None)}
_MOST_OPTIONS = 32


class Readers:
    """Readers that read alike.

    Parameters
    ----------
    options
        How they read, as the engine takes it.
    """

    __slots__ = ("_idle", "_options")

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        self._idle: list[_core.Reader] = []

    def take(self) -> _core.Reader:
        """Give a reader for exclusive use, also where calls nest or run on several threads."""
        try:
            return self._idle.pop()
        except IndexError:
            return _core.Reader(**self._options)

    def give_back(self, reader: _core.Reader) -> None:
        """Return a reader that has finished its source; one that failed must not be reused."""
        self._idle.append(reader)


_readers: dict[tuple[Any, ...], Readers] = {}


def readers_for(options: ReadOptions, threads: int | None) -> Readers:
    """Readers for options as callers give them.

    Raises
    ------
    ValueError, TypeError
        If an option is none.
    """
    # As a key of a dict 1 equals 1.0 and True, so these are checked before they are looked up.
    if threads is not None:
        check_threads(threads)
    check_flag(options.assume_utc, name="assume_utc")
    key = (*options, threads)
    try:
        return _readers[key]
    except (KeyError, TypeError):  # a list has no hash
        pass
    n_threads = None if threads is None else min(threads, sys.maxsize)
    readers = Readers(options.for_engine() | {"n_threads": n_threads})
    if all(type(option) in _NEVER_CHANGE for option in key):
        if len(_readers) == _MOST_OPTIONS:
            _readers.clear()
        _readers[key] = readers
    return readers
