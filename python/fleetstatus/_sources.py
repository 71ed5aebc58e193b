"""Take a source apart and hand it to the engine, piece by piece."""

import contextlib
import gzip
import io
import itertools
import mmap
import os
import stat
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeGuard

from fleetstatus import _core
from fleetstatus._coerce import is_unicode
from fleetstatus._columns import has_columns, read_columns
from fleetstatus._text import visible
from fleetstatus.errors import RecordError

GZIP_MAGIC = b"\x1f\x8b"
_CHUNK_SIZE = 1 << 24
_LARGE = 1 << 22
_NOTHING = object()
_BYTES = (bytes, bytearray, memoryview)


def read_source(reader: _core.Reader, source: Any) -> Any:
    """Read all of a source.

    Returns
    -------
    ``fetched_at`` of the envelope, where the source is one of Python objects; else None.
    """
    if type(source) is list and source and type(source[0]) is dict:  # the usual, told at once
        reader.read_records(source)
        return None
    if isinstance(source, Mapping):
        return _read_mapping(reader, source)
    if has_columns(source):
        read_columns(reader, source)
        return None
    if is_text_source(source):
        _read_text(reader, source, name=name_of(source))
        return None
    if hasattr(source, "read"):
        _read_bytes(reader, _read_file_object(source), name="")
        return None
    if not isinstance(source, Iterable):
        message = (
            f"a source is a path, bytes, a binary file, device records, a data frame or anything "
            f"Arrow, not a {type(source).__name__}"
        )
        raise TypeError(message)
    _read_items(reader, source)
    return None


def is_text_source(source: Any) -> TypeGuard[str | os.PathLike[str] | bytes]:
    """Whether a source is JSON in a file or in memory."""
    return isinstance(source, (str, os.PathLike, *_BYTES)) or _is_buffer(source)


def _is_buffer(source: Any) -> bool:
    """Whether a source is a buffer of bytes of some other kind, such as an array or a memory map."""
    try:
        view = memoryview(source)
    except TypeError:
        return False
    return view.format in {"B", "b", "c"}


def _read_mapping(reader: _core.Reader, source: Mapping[str, Any]) -> Any:
    if _is_envelope(reader, source):
        reader.read_records(source["d"])
        return source.get("fetched_at")
    reader.read_records([source])
    return None


def _is_envelope(reader: _core.Reader, source: Mapping[str, Any]) -> bool:
    """Tell an API response, whose ``d`` is a list before any field of a device, from a record."""
    records = source.get("d")
    if not isinstance(records, Sequence) or isinstance(records, (str, *_BYTES)):
        return False
    before = itertools.takewhile(lambda key: key != "d", source)
    return not any(reader.is_listed(str(key)) for key in before if is_unicode(str(key)))


def _read_items(reader: _core.Reader, items: Iterable[Any]) -> None:
    """Read records, or sources of JSON, one after another; the first item tells which."""
    iterator: Iterator[Any] = iter(items)
    first = next(iterator, _NOTHING)
    if first is _NOTHING:
        return
    if not is_text_source(first):
        rest = items if isinstance(items, Sequence) else itertools.chain([first], iterator)
        reader.read_records(rest)
        return
    starts: list[tuple[int, str]] = []
    for index, item in enumerate(itertools.chain([first], iterator)):
        if not is_text_source(item):
            message = f"item {index} is a {type(item).__name__} among paths or bytes"
            raise TypeError(message)
        name = name_of(item) or f"item {index}"
        starts.append((reader.n_records, name))
        try:
            _read_text(reader, item, name=name)
        except RecordError as error:
            name_file(error, starts)
            raise


def name_file(error: RecordError, starts: Sequence[tuple[int, str]]) -> None:
    """Say which file a bad record stands in.

    Parameters
    ----------
    starts : shape (n_files,)
        For each file so far, how many records stand before it, and its name.
    """
    name = [name for first, name in starts if first <= error.index][-1]
    error.args = (f"{name}: {error}", *error.args[1:])


def _read_text(reader: _core.Reader, source: Any, *, name: str) -> None:
    if isinstance(source, (str, os.PathLike)):
        source = _read_file(to_path(source))
    _read_bytes(reader, source, name=name)


def to_path(source: str | os.PathLike[str]) -> Path:
    """Path of a source; text that is JSON is none."""
    if isinstance(source, str) and source.lstrip()[:1] in {"{", "["}:
        message = "text is taken as a path; to read JSON in memory, pass bytes: source.encode()"
        raise ValueError(message)
    return Path(source)


def name_of(source: Any) -> str:
    """Name of a file in messages; empty if it has none."""
    name = getattr(source, "name", "") if hasattr(source, "read") else source
    if isinstance(name, (str, os.PathLike)):
        return visible(os.fspath(name))
    return ""


def _read_file(path: Path) -> Any:
    """Bytes of a file, read into one buffer of its size, with no copy in between."""
    with path.open("rb", buffering=0) as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            return file.readall()
        view = memoryview(_new_memory(status.st_size))
        done = 0
        while count := file.readinto(view[done : done + _CHUNK_SIZE]):
            done += count
        rest = file.read() if done == len(view) else b""
        if rest:  # it has grown
            return bytes(view) + rest + file.readall()
        return view[:done].toreadonly()


def _new_memory(size: int) -> bytearray | mmap.mmap:
    """Memory to read a file into; much of it in large pages, which take less time to get."""
    if size < _LARGE or sys.platform != "linux":
        return bytearray(size)
    try:
        memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    except OSError as error:
        message = f"a file of {size} bytes does not fit into memory"
        raise MemoryError(message) from error
    with contextlib.suppress(OSError):  # the system has none
        memory.madvise(mmap.MADV_HUGEPAGE)
    return memory


def _read_file_object(file: Any) -> Any:
    content = file.read()
    check_binary(content)
    return content


def check_binary(content: Any) -> None:
    """Refuse what a file read that is not bytes."""
    if not isinstance(content, _BYTES):
        message = "a file is read in binary mode; open it with 'rb'"
        raise TypeError(message)


def _read_bytes(reader: _core.Reader, content: Any, *, name: str) -> None:
    if bytes(memoryview(content).cast("B")[:2]) == GZIP_MAGIC:
        content = _decompress(content, name=name)
    elif not memoryview(content).readonly:
        content = bytes(content)
    reader.read_json(content, name)


def _decompress(content: Any, *, name: str) -> bytes:
    try:
        # gzip.decompress copies all that follows a member, for each of them
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            return file.read()
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise broken_gzip(name, error) from error


def broken_gzip(name: str, error: Exception) -> ValueError:
    """Error of a file that begins like gzip and does not go on so."""
    return ValueError(f"{name or 'the source'} is a broken gzip file: {error}")


def files_of(source):  # LOCAL STUB, H2's comes
    if isinstance(source, (str, os.PathLike)):
        return [Path(source)]
    if (
        isinstance(source, (list, tuple))
        and source
        and all(isinstance(x, (str, os.PathLike)) for x in source)
    ):
        return [Path(x) for x in source]
    return None
