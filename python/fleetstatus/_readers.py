"""Readers of sources, kept to be used again: to set one up takes longer than to read a record."""

import sys
from collections.abc import Iterable
from typing import Any

from fleetstatus import _core
from fleetstatus._coerce import check_threads, to_read_options
from fleetstatus.enums import StatusScheme
from fleetstatus.table import COLUMNS

_NEVER_CHANGE = (StatusScheme, str, tuple, int, type(None))
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
        """Give one that nobody else has, also not a caller on another thread or further out."""
        try:
            return self._idle.pop()
        except IndexError:
            return _core.Reader(**self._options)

    def give_back(self, reader: _core.Reader) -> None:
        """Keep one that has finished its source; one that has failed must not come back."""
        self._idle.append(reader)


_readers: dict[tuple[Any, ...], Readers] = {}


def readers_for(
    scheme: StatusScheme | str,
    allow_missing: str | Iterable[str],
    on_error: str,
    carry: str | Iterable[str],
    threads: int | None,
) -> Readers:
    """Readers for options as callers give them.

    Raises
    ------
    ValueError, TypeError
        If an option is none.
    """
    if threads is not None:
        check_threads(threads)
    key = (scheme, allow_missing, on_error, carry, threads)
    try:
        return _readers[key]
    except (KeyError, TypeError):  # a list has no hash
        pass
    options = to_read_options(scheme, allow_missing, on_error, carry, columns=COLUMNS)
    n_threads = None if threads is None else min(threads, sys.maxsize)
    readers = Readers(options | {"n_threads": n_threads})
    if all(type(option) in _NEVER_CHANGE for option in key):
        if len(_readers) == _MOST_OPTIONS:
            _readers.clear()
        _readers[key] = readers
    return readers
