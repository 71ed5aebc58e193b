"""Files and streams that may be larger than memory, as chunks of bytes or batches of columns."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from fleetstatus._catalog import FIELDS, to_api_name
from fleetstatus._input.arrow_files import MAGIC_SIZE, format_of
from fleetstatus._input.column_batches import ColumnStream
from fleetstatus._input.columns import LAZY, check_is_no_table, has_stream, is_lazy, is_pandas
from fleetstatus._input.csv_files import delimiter_of
from fleetstatus._input.decode import BOM_SIZE, to_utf8
from fleetstatus._input.file_bytes import Part, bytes_of
from fleetstatus._input.file_sources import is_file, name_of
from fleetstatus._input.parts import to_part
from fleetstatus._input.pieces import Pieces, head_of
from fleetstatus._words.text import quoted

AnyPart = Part | ColumnStream


class Parts:
    """The files and streams of a source, in their order.

    Raises
    ------
    TypeError, ValueError
        If the source is anything else.
    """

    def __init__(self, source: Any) -> None:
        self._parts: list[AnyPart] | None = None
        self._items: Iterator[Any] | None = None
        self.are_many = False
        if (part := _to_part(source, name_of(source))) is not None:
            self._parts = [part]
            return
        self.are_many = True
        if isinstance(source, Mapping) or is_pandas(source) or not isinstance(source, Iterable):
            raise _no_file(source)
        if isinstance(source, Iterator):
            self._items = source
        else:
            self._parts = list(_to_parts(source))

    def in_words(self) -> str:
        """Name the source in a few words; nothing is read for that."""
        if self._parts is None:
            return "an iterator of sources"
        names = [part.name for part in self._parts]
        if len(names) == 1:
            return quoted(Path(names[0]).name) if names[0] else "a source in memory"
        return f"{len(names):,} sources"

    def __iter__(self) -> Iterator[AnyPart]:
        if self._parts is not None:
            return iter(self._parts)
        if self._items is None:
            message = "an iterator of sources can be scanned once; pass a list to scan again"
            raise ValueError(message)
        items, self._items = self._items, None
        return _to_parts(items)

    def size(self) -> int | None:
        """Bytes of all files together; None where they are not known beforehand."""
        try:
            sizes = [part.size() for part in self._parts or ()]
        except OSError:  # told when its turn comes
            return None
        known = [size for size in sizes if size is not None]
        return sum(known) if self._parts is not None and len(known) == len(sizes) else None


@contextmanager
def pieces_of(part: Part, note_bytes: Callable[[int], object]) -> Iterator[Pieces]:
    """Read a file from its start, as UTF-8, decompressed, about a megabyte at a time.

    Parameters
    ----------
    note_bytes
        Is told each number of bytes that was read, before they are decompressed.
    """
    with closing(bytes_of(part, note_bytes)) as chunks:
        yield Pieces(_text_of(chunks, part.name), part.name)


def _text_of(chunks: Iterator[bytes], name: str) -> Iterator[bytes]:
    head, chunks = head_of(chunks, MAGIC_SIZE)
    _check_is_text(head, name)
    yield from to_utf8(chunks, head[:BOM_SIZE], name)


def _check_is_text(head: bytes, name: str) -> None:
    """Refuse what `classify` alone reads."""
    form = format_of(head)
    if form is None and delimiter_of(head, _is_field) is not None:
        form = "CSV"
    if form is not None:
        what, advice = form, "classify reads it"
        if form != "CSV":
            what, advice = f"{form} in an open file", "name the file by its path"
        message = f"{name or 'the source'}: {what}, which scan does not read\n{advice}"
        raise ValueError(message)


def _is_field(name: str) -> bool:
    return to_api_name(name) in FIELDS


def _to_part(source: Any, name: str) -> AnyPart | None:
    """Make a part of a file or a stream; None for anything else."""
    check_is_no_table(source, name or "the source")
    if has_stream(source) and not is_pandas(source):
        return ColumnStream(source, name)
    return to_part(source, name) if is_file(source) else None


def _to_parts(sources: Iterable[Any]) -> Iterator[AnyPart]:
    for index, source in enumerate(sources):
        part = _to_part(source, name_of(source) or f"item {index}")
        if part is None:
            raise _no_file(source, f"item {index}: ")
        yield part


def _no_file(source: Any, where: str = "") -> TypeError:
    message = (
        f"{where}scan reads paths, bytes, binary files and streams of Arrow, or a sequence of "
        f"these, not a {type(source).__name__}; for records in memory there is classify"
    )
    if is_lazy(source):
        message = where + LAZY
    return TypeError(message)
