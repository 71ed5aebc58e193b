"""Take a source apart and hand it to the engine, piece by piece."""

import itertools
import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeGuard

from fleetstatus import _core
from fleetstatus._input.arrow_files import MAGIC_SIZE, format_of, read_arrow_file
from fleetstatus._input.columns import has_columns, read_columns
from fleetstatus._input.csv_files import delimiter_of, read_csv
from fleetstatus._input.decode import plain
from fleetstatus._input.json_errors import excerpt_of, in_words, other_lines_error
from fleetstatus._input.regular_file import read_regular_file
from fleetstatus._words.text import visible
from fleetstatus.errors import JSONError, NotDevicesError, RecordError

_BYTES = (bytes, bytearray, memoryview)


def read_source(reader: _core.Reader, source: Any) -> int | None:
    """Read all of a source.

    Returns
    -------
    When the newest of its files was last written, in nanoseconds since 1970, as it was before the
    file was read; None unless all of the source is regular files. An iterator of paths counts too.

    Raises
    ------
    NotDevicesError, JSONError, RecordError
        If it holds something else than device records.
    TypeError
        If it is nothing that can hold any.
    """
    if type(source) is list:  # the usual, told at once
        return _read_items(reader, source)
    if isinstance(getattr(source, "_core", None), _core.StatusTable):
        raise _table_error()
    if isinstance(source, Mapping):
        reader.read_records([source])
    elif has_columns(source):
        read_columns(reader, source)
    elif is_file(source):
        return _read_file_source(reader, source, name=name_of(source))
    elif isinstance(source, Iterable):
        return _read_items(reader, source)
    else:
        message = (
            f"a source is a path, bytes, a binary file, device records, a data frame or anything "
            f"Arrow, not a {type(source).__name__}"
        )
        raise TypeError(message)
    return None


def files_of(source: Any) -> list[Path] | None:
    """Regular files that all of a source is made of: paths, and files that are open.

    Returns
    -------
    None if any part of the source is something else, or if it is an iterator, which can be looked
    through once only.
    """
    if isinstance(source, (list, tuple)):
        files = [_regular_file(item) for item in source]
    else:
        files = [_regular_file(source)]
    found = [file for file in files if file is not None]
    return found if found and len(found) == len(files) else None


def written_ns(source: Any) -> int | None:
    """When the newest file of a source was written; None if it is not all regular files.

    To be called before it is read, so that what is written later does not make it younger.
    """
    try:
        return max((file.stat().st_mtime_ns for file in files_of(source) or ()), default=None)
    except OSError:  # reading it says what is wrong
        return None


def _regular_file(source: Any) -> Path | None:
    """Path of a source that is a regular file."""
    try:
        if isinstance(source, (str, os.PathLike)):
            path = Path(source)
            return path if path.is_file() else None
        if not hasattr(source, "read") or not hasattr(source, "fileno"):
            return None
        number = source.fileno()
        status = os.fstat(number)
        if not stat.S_ISREG(status.st_mode):
            return None
        path = Path(source.name) if isinstance(source.name, str) else Path()
        if path.exists() and os.path.samestat(path.stat(), status):
            return path
        path = Path(f"/dev/fd/{number}")
        return path if path.is_file() else None
    except (OSError, ValueError, AttributeError, TypeError):  # told when it is read
        return None


def _table_error() -> NotDevicesError:
    looks_like = "a StatusTable already"
    message = (
        f"the source: {looks_like}, no devices\n"
        "use it as it is, or classify the records again that it was made of"
    )
    return NotDevicesError(message, looks_like, None)


def is_file(source: Any) -> bool:
    """Whether a source is the content of a file: a path, bytes, or an open file."""
    return is_text_source(source) or hasattr(source, "read")


def is_text_source(source: Any) -> TypeGuard[str | os.PathLike[str] | bytes]:
    """Whether a source is a path, or the content of a file in memory."""
    return isinstance(source, (str, os.PathLike, *_BYTES)) or _is_buffer(source)


def _is_buffer(source: Any) -> bool:
    """Whether a source is a buffer of bytes of some other kind, such as an array or a memory map."""
    try:
        view = memoryview(source)
    except TypeError:
        return False
    return view.format in {"B", "b", "c"}


def _read_items(reader: _core.Reader, items: Iterable[Any]) -> int | None:
    """Read records, pages of records and files, one after another, as one source."""
    if isinstance(items, list) and not _has_files(items):
        reader.read_records(items)
        return None
    rest = _Items(items)
    starts: list[tuple[int, str]] = []
    times: list[int | None] = []
    while True:
        reader.read_records(rest.up_to_file())
        if rest.file is None:
            break
        name = name_of(rest.file) or f"item {rest.number}"
        starts.append((reader.n_records, name))
        try:
            times.append(_read_file_source(reader, rest.file, name=name))
        except RecordError as error:
            name_file(error, starts)
            raise
    known = [time for time in times if time is not None]
    return max(known, default=None) if len(known) == rest.number + 1 else None


def _has_files(items: list[Any]) -> bool:
    """Whether any item is a file; looks at one item of each type."""
    if type(items) is list and _core.are_dicts(items):  # the usual
        return False
    examples = dict(zip(map(type, items), items, strict=True))
    return any(is_file(example) for example in examples.values())


class _Items:
    """Items of a source, of which some may be files."""

    def __init__(self, items: Iterable[Any]) -> None:
        self.file: Any = None
        """The file that ended what `up_to_file` gave last; None if the items have ended."""
        self.number = -1
        """Place of the last item that was looked at."""
        self._items = iter(items)
        self._has_had_files = False
        self._has_had_records = False

    def up_to_file(self) -> Iterator[Any]:
        """Give the items up to the next file."""
        self.file = None
        return itertools.takewhile(self._is_no_file, self._items)

    def _is_no_file(self, item: Any) -> bool:
        self.number += 1
        if type(item) is dict:  # the usual
            self._has_had_records = True
            return True
        # Text among records is none of their paths, but what a client gave in place of a page.
        if is_file(item) and not (self._has_had_records and isinstance(item, str)):
            self.file, self._has_had_files = item, True
            return False
        if self._has_had_files and not isinstance(item, Iterable):
            message = f"item {self.number} is a {type(item).__name__} among paths or bytes"
            raise TypeError(message)
        self._has_had_records = self._has_had_records or isinstance(item, (Mapping, list, tuple))
        return True


def name_file(error: RecordError, starts: Sequence[tuple[int, str]]) -> None:
    """Say which file a bad record stands in.

    Parameters
    ----------
    starts : shape (n_files,)
        For each file so far, how many records stand before it, and its name.
    """
    name = [name for first, name in starts if first <= error.index][-1]
    error.args = (f"{name}: {error}", *error.args[1:])


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


def _read_file_object(file: Any) -> Any:
    content = file.read()
    check_binary(content)
    return content


def check_binary(content: Any) -> None:
    """Refuse what a file read that is not bytes."""
    if not isinstance(content, _BYTES):
        message = "a file is read in binary mode; open it with 'rb'"
        raise TypeError(message)


def _read_file_source(reader: _core.Reader, source: Any, *, name: str) -> int | None:
    """Read a path, a file object, or bytes; the content decides what it is."""
    written = written_ns(source)
    if isinstance(source, (str, os.PathLike)):
        with to_path(source).open("rb", buffering=0) as file:
            if read_regular_file(reader, file, name):
                return written
            source = file.readall()
    elif not is_text_source(source):
        source = _read_file_object(source)
    content = plain(source, name)
    form = format_of(bytes(memoryview(content).cast("B")[:MAGIC_SIZE]))
    if form is not None:
        read_arrow_file(reader, content, form, name)
    elif (delimiter := delimiter_of(content, reader.is_listed)) is not None:
        read_csv(reader, content, delimiter, name)
    else:
        _read_json(reader, content, name)
    return written


def _read_json(reader: _core.Reader, content: Any, name: str) -> None:
    try:
        reader.read_json(content, name)
    except JSONError as error:
        excerpt = excerpt_of(content, error)
        raise in_words(error, excerpt, name, reader.n_records) from None
    other_lines = other_lines_error(content, name)
    if other_lines is not None:
        raise other_lines
