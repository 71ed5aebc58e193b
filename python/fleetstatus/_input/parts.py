"""The files of a source: paths, bytes and open files, read from their start."""

import io
import os
import stat
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from fleetstatus._input.file_bytes import Part
from fleetstatus._input.file_sources import check_binary, is_text_source, to_path


def to_part(source: Any, name: str) -> Part:
    """Make a part of a source that is a file."""
    if isinstance(source, (str, os.PathLike)):
        return _PathPart(to_path(source), name)
    return _BufferPart(source, name) if is_text_source(source) else FilePart(source, name)


class _PathPart:
    """A file that is opened anew each time."""

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self.content = path

    def size(self) -> int | None:
        status = self.content.stat()
        return status.st_size if stat.S_ISREG(status.st_mode) else None

    def open(self) -> AbstractContextManager[Any]:
        return self.content.open("rb", buffering=0)


class _BufferPart:
    """Bytes in memory."""

    def __init__(self, buffer: Any, name: str) -> None:
        self.name = name
        self.content = memoryview(buffer).cast("B")

    def size(self) -> int:
        return self.content.nbytes

    def open(self) -> AbstractContextManager[Any]:
        return nullcontext(_ViewReader(self.content))


class _ViewReader:
    """Reads a buffer from its start, without a copy of all of it."""

    def __init__(self, view: memoryview) -> None:
        self._rest = view

    def read(self, size: int) -> bytes:
        chunk, self._rest = self._rest[:size], self._rest[size:]
        return bytes(chunk)


class FilePart:
    """A file that the caller has opened, from where it stands; it stays open."""

    content = None

    def __init__(self, file: Any, name: str) -> None:
        if isinstance(file, io.TextIOBase):
            check_binary("")
        self.name = name
        self._file = file
        seekable = getattr(file, "seekable", None)
        self._start: int | None = file.tell() if seekable is not None and seekable() else None
        self._is_read = False

    def size(self) -> int | None:
        """Bytes from where the file stood; known where its own bytes are those on the disk."""
        if self._start is None:
            return None
        if isinstance(self._file, io.BytesIO):
            return max(self._file.getbuffer().nbytes - self._start, 0)
        if isinstance(getattr(self._file, "raw", self._file), io.FileIO):
            status = os.fstat(self._file.fileno())
            is_regular = stat.S_ISREG(status.st_mode)
            return max(int(status.st_size) - self._start, 0) if is_regular else None
        return None

    def open(self) -> AbstractContextManager[Any]:
        if self._start is not None:
            self._check_holds_more()
            self._file.seek(self._start)
        elif self._is_read:
            message = (
                f"{self.name or 'the file object'} cannot be rewound, so it can be scanned once; "
                "pass a path to scan again"
            )
            raise ValueError(message)
        self._is_read = True
        return nullcontext(self._file)

    def _check_holds_more(self) -> None:
        """Refuse a file that was read before: it would seem to be empty."""
        if self._start == 0 or self._is_read:
            return
        self._file.seek(self._start)
        if not self._file.read(1):
            message = (
                f"{self.name or 'the file object'} stands at its end, {self._start:,} bytes from "
                "its start, as if it was read before; rewind it (file.seek(0)), or pass a path"
            )
            raise ValueError(message)
