"""Bytes of files that may be larger than memory, decompressed, chunk by chunk."""

import errno
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from fleetstatus._input.decode import GZIP_MAGIC, broken_gzip
from fleetstatus._input.file_sources import check_binary

_CHUNK_SIZE = 1 << 20
_COMPRESSED_SIZE = 1 << 16


class Part(Protocol):
    """One file of a source."""

    name: str
    """What it is called in messages; may be empty."""

    @property
    def content(self) -> Path | memoryview | None:
        """What can be read in any order; None if it can be read from its start alone."""

    def size(self) -> int | None:
        """Bytes that there are to read, as far as that is known."""

    def open(self) -> AbstractContextManager[Any]:
        """Open it at its start; what comes has a method ``read``."""


def bytes_of(part: Part, note_bytes: Callable[[int], object] = lambda _: None) -> Generator[bytes]:
    """Read a file from its start, decompressed, about a megabyte at a time.

    Parameters
    ----------
    note_bytes
        Is told each number of bytes that was read, before they are decompressed.
    """
    size_before = part.size()
    with part.open() as opened:
        file = _CountedFile(opened, note_bytes)
        is_compressed = file.head() == GZIP_MAGIC
        try:
            yield from _decompressed(file) if is_compressed else _chunks(file, _CHUNK_SIZE)
        except (EOFError, zlib.error) as error:
            _check_shrunk(part, size_before, file.n_bytes)
            if is_compressed:
                raise broken_gzip(part.name, error) from error
            raise
        _check_shrunk(part, size_before, file.n_bytes)


def _check_shrunk(part: Part, size_before: int | None, n_bytes: int) -> None:
    if size_before is None or n_bytes >= size_before:
        return
    size_now = part.size()
    if size_now is not None and size_now < size_before:
        message = f"it has become shorter while it was read, {size_before:,} to {size_now:,} bytes"
        raise OSError(errno.EIO, message, part.name)


class _CountedFile:
    """Counts what is read, and looks ahead by two bytes."""

    def __init__(self, file: Any, note_bytes: Callable[[int], object]) -> None:
        self.n_bytes = 0
        self._file = file
        self._note_bytes = note_bytes
        self._head = b""

    def head(self) -> bytes:
        while len(self._head) < len(GZIP_MAGIC) and (more := self._read(1)):
            self._head += more
        return self._head[: len(GZIP_MAGIC)]

    def read(self, size: int) -> bytes:
        if self._head:
            head, self._head = self._head, b""
            return head + self._read(size)
        return self._read(size)

    def _read(self, size: int) -> bytes:
        content = self._file.read(size)
        if content is None:
            message = "a file that does not wait for its bytes cannot be read"
            raise BlockingIOError(errno.EAGAIN, message)
        check_binary(content)
        self.n_bytes += len(content)
        self._note_bytes(len(content))
        return bytes(content)


def _chunks(file: _CountedFile, size: int) -> Iterator[bytes]:
    while chunk := file.read(size):
        yield chunk


def _decompressed(file: _CountedFile) -> Iterator[bytes]:
    """Decompress gzip members in a row; zeros may follow them, as `gzip` has it."""
    chunks = _chunks(file, _COMPRESSED_SIZE)
    rest = next(chunks)
    while rest:
        member = zlib.decompressobj(wbits=31)
        while not member.eof:
            if not rest and not (rest := next(chunks, b"")):
                message = "Compressed file ended before the end-of-stream marker was reached"
                raise EOFError(message)
            yield member.decompress(rest, _CHUNK_SIZE)
            rest = member.unconsumed_tail
        rest = member.unused_data.lstrip(b"\0")
        while not rest and (rest := next(chunks, b"")):
            rest = rest.lstrip(b"\0")
