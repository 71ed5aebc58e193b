"""Regular files of JSON, which the threads of the engine read themselves, each its own part."""

import errno
import os
import stat
from functools import partial
from io import FileIO

from fleetstatus import _core
from fleetstatus._input.decode import UTF8_BOM, begins_like_json
from fleetstatus._input.json_errors import (
    cut_out,
    in_words,
    is_json_line,
    may_be_other_lines,
    no_line_error,
)
from fleetstatus._input.shapes import HEAD_SIZE
from fleetstatus.errors import FleetStatusError, JSONError


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
    if may_be_other_lines(head) and not _has_json_line(file):
        raise no_line_error(head, status.st_size, name)
    return True


def _read_at(file: FileIO, offset: int) -> bytes:
    file.seek(offset)
    return file.read(HEAD_SIZE)


def _has_json_line(file: FileIO) -> bool:
    file.seek(0)
    return any(map(is_json_line, file))


def _check_unchanged(file: FileIO, before: os.stat_result, name: str) -> None:
    now = os.fstat(file.fileno())
    if (now.st_size, now.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        message = "it has changed while it was read; read it again, or a copy"
        raise OSError(errno.EIO, message, name)
