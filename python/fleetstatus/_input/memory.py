"""Take a source apart and hand it to the engine, piece by piece."""

import io
import itertools
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from fleetstatus import _core
from fleetstatus._input.columns import LAZY, check_is_no_table, has_columns, is_lazy, read_columns
from fleetstatus._input.decode import BOM_SIZE, is_encoded
from fleetstatus._input.file_sources import is_file, is_text_source, name_of, opened, written_ns
from fleetstatus._input.json_errors import excerpt_of, in_words, other_lines_error
from fleetstatus._input.parts import FilePart, to_part
from fleetstatus._input.regular_file import read_open_file, read_regular_file
from fleetstatus._input.shapes import tell_own_table
from fleetstatus._input.streamed import read_pieces, read_table
from fleetstatus.errors import JSONError, RecordError


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
    try:
        return _read(reader, source)
    except RecordError as error:
        tell_own_table(error)
        raise


def _read(reader: _core.Reader, source: Any) -> int | None:
    if type(source) is list:  # the usual, told at once
        return _read_items(reader, source)
    check_is_no_table(source)
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
            LAZY
            if is_lazy(source)
            else (
                f"a source is a path, bytes, a binary file, device records, a data frame or anything "
                f"Arrow, not a {type(source).__name__}"
            )
        )
        raise TypeError(message)
    return None


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


def _read_file_source(reader: _core.Reader, source: Any, *, name: str) -> int | None:
    """Read a path, a file object, or bytes; the content decides what it is."""
    written = written_ns(source)
    if isinstance(source, (str, os.PathLike)):
        with opened(source) as file:
            if not read_regular_file(reader, file, name):
                read_pieces(reader, FilePart(file, name))
        return written
    if read_open_file(reader, source, name):
        return written
    if isinstance(source, io.BytesIO) and source.tell() == 0:  # in memory already
        source = source.read()
    if not (is_text_source(source) and _read_bytes(reader, source, name)):
        read_pieces(reader, to_part(source, name))
    return written


def _read_bytes(reader: _core.Reader, content: Any, name: str) -> bool:
    """Read what is in memory, which the threads of the engine share.

    Returns
    -------
    False if it is to be unpacked or decoded; then nothing was read.
    """
    view = memoryview(content).cast("B")
    if is_encoded(bytes(view[:BOM_SIZE])):
        return False
    if not view.readonly:
        content = bytes(view)
    if read_table(reader, memoryview(content).cast("B"), lambda: content, name):
        return True
    try:
        reader.read_json(content, name)
    except JSONError as error:
        excerpt = excerpt_of(content, error)
        raise in_words(error, excerpt, name, reader.n_records) from None
    other_lines = other_lines_error(content, name)
    if other_lines is not None:
        raise other_lines
    return True
