"""Files that may be larger than memory, as chunks of bytes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

from fleetstatus._catalog import FIELDS, to_api_name
from fleetstatus._input.arrow_files import MAGIC_SIZE, format_of
from fleetstatus._input.csv_files import delimiter_of
from fleetstatus._input.decode import BOM_SIZE, to_utf8
from fleetstatus._input.file_bytes import Part, bytes_of
from fleetstatus._input.file_sources import is_file, name_of
from fleetstatus._input.parts import to_part
from fleetstatus._input.pieces import Pieces, head_of


class Parts:
    """The files of a source, in their order.

    Raises
    ------
    TypeError, ValueError
        If the source is anything but files.
    """

    def __init__(self, source: Any) -> None:
        self._parts: list[Part] | None = None
        self._items: Iterator[Any] | None = None
        self.are_many = not is_file(source)
        if is_file(source):
            self._parts = [to_part(source, name_of(source))]
        elif isinstance(source, Mapping) or _is_frame(source) or not isinstance(source, Iterable):
            raise _no_file(source)
        elif isinstance(source, Iterator):
            self._items = source
        else:
            self._parts = list(_to_parts(source))

    def __iter__(self) -> Iterator[Part]:
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
        message = f"{name or 'the source'}: {form}, and scan reads JSON\nclassify reads {form} too"
        raise ValueError(message)


def _is_field(name: str) -> bool:
    return to_api_name(name) in FIELDS


def _is_frame(source: Any) -> bool:
    return hasattr(source, "__arrow_c_stream__") or hasattr(source, "__dataframe__")


def _to_parts(sources: Iterable[Any]) -> Iterator[Part]:
    for index, source in enumerate(sources):
        if not is_file(source):
            raise _no_file(source, f"item {index}: ")
        yield to_part(source, name_of(source) or f"item {index}")


def _no_file(source: Any, where: str = "") -> TypeError:
    message = (
        f"{where}scan reads paths, bytes and binary files, or a sequence of these, "
        f"not a {type(source).__name__}; for records in memory there is classify"
    )
    return TypeError(message)
