"""Regular files of JSON, which the threads of the engine read themselves, each its own part."""

import errno
import io
import os
import stat
from collections.abc import Iterator
from functools import partial
from io import FileIO
from typing import Any

from fleetstatus import _core
from fleetstatus._input.decode import UTF8_BOM, begins_like_json
from fleetstatus._input.json_errors import (
    cut_out,
    has_json_line,
    in_words,
    may_be_other_lines,
    no_line_error,
)
from fleetstatus._input.shapes import HEAD_SIZE
from fleetstatus.errors import FleetStatusError, JSONError

_PIECE_SIZE = 1 << 16


def read_regular_file(reader: _core.Reader, file: FileIO, name: str) -> bool:
    """Read all of a file; no more of its text is in memory than what the threads work on.

    Parameters
    ----------
    file
        Open at its start.

    Returns
    -------
    False if it is no regular file, or does not begin like JSON in UTF-8; then nothing was read, and
    the file is at its start.

    Raises
    ------
    NotDevicesError, JSONError, RecordError
        If it holds something else than device records.
    OSError
        If it changes while it is read.
    """
    status = os.fstat(file.fileno())
    if not stat.S_ISREG(status.st_mode):
        return False
    head = file.read(HEAD_SIZE + len(UTF8_BOM))
    file.seek(0)
    if not begins_like_json(head):
        return False
    try:
        reader.read_json_file(file.fileno(), status.st_size, name)
    except FleetStatusError as error:
        _check_unchanged(file, status, name)
        if not isinstance(error, JSONError):
            raise
        excerpt = cut_out(head, partial(_read_at, file), status.st_size, error)
        raise in_words(error, excerpt, name, reader.n_records) from None
    _check_unchanged(file, status, name)
    if may_be_other_lines(head) and not has_json_line(_pieces_of(file)):
        raise no_line_error(head, status.st_size, name)
    return True


def read_open_file(reader: _core.Reader, file: Any, name: str) -> bool:
    """Read a file that the caller has opened, if it stands at its start; then it is at its end.

    Returns
    -------
    False as `read_regular_file`; then it is at its start.
    """
    raw = file.raw if type(file) is io.BufferedReader else file
    if type(raw) is not FileIO or not file.seekable() or file.tell() != 0:
        return False
    raw.seek(0)  # a buffer may be ahead
    try:
        if read_regular_file(reader, raw, name):
            return True
    finally:
        file.seek(0, os.SEEK_END)  # which empties the buffer
    file.seek(0)
    return False


def _read_at(file: FileIO, offset: int) -> bytes:
    file.seek(offset)
    return file.read(HEAD_SIZE)


def _pieces_of(file: FileIO) -> Iterator[bytes]:
    file.seek(0)
    return iter(partial(file.read, _PIECE_SIZE), b"")


def _check_unchanged(file: FileIO, before: os.stat_result, name: str) -> None:
    now = os.fstat(file.fileno())
    if (now.st_size, now.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        message = "it has changed while it was read; read it again, or a copy"
        raise OSError(errno.EIO, message, name)
