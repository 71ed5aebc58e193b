"""What can be wrong with a tracker's file, in words."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from fleetstatus._words.text import visible
from fleetstatus.errors import SnapshotError

if TYPE_CHECKING:
    from collections.abc import Iterator

_ADVICE = {
    sqlite3.SQLITE_BUSY: "another process has been writing to it for 5 seconds; try again",
    sqlite3.SQLITE_LOCKED: "another process has been writing to it for 5 seconds; try again",
    sqlite3.SQLITE_NOTADB: "it is no SQLite database, so no tracker's; name another file",
    sqlite3.SQLITE_CORRUPT: "it is damaged or cut off; restore it from a copy, or name another file",
}
_SYSTEM = {
    sqlite3.SQLITE_FULL: "the disk is full; nothing of this look was written, so make room and "
    "look again",
    sqlite3.SQLITE_READONLY: "it is read-only; a tracker writes to its file and makes others "
    "beside it",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; a tracker makes files beside it, so see the "
    "permissions of its directory",
    sqlite3.SQLITE_IOERR: "it cannot be read or written (an error of disk or file system, or a "
    "full disk); nothing of this look was written",
    sqlite3.SQLITE_PERM: "this user may not open it",
}


def shown(path: str) -> str:
    """Write a path in a message."""
    return "the tracker in memory" if path == ":memory:" else visible(path)


@contextmanager
def file_error(path: str) -> Iterator[None]:
    """Say which file it is that could not be used, why, and what to do.

    Raises
    ------
    SnapshotError
        If the file is not as it should be, or locked.
    OSError
        If the system does not let us; with the name of the file.
    """
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        told = f"{shown(path)} cannot be used: "
        if code in _SYSTEM:
            raise OSError(told + _SYSTEM[code]) from error
        if code in _ADVICE:
            raise SnapshotError(told + _ADVICE[code]) from error
        raise
