"""Files that are read in one go from their start: gzip, pipes, open files, UTF-16."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

from fleetstatus import _core
from fleetstatus._input.arrow_files import MAGIC_SIZE, format_of, read_arrow_file
from fleetstatus._input.csv_files import LONGEST_LINE, delimiter_of, read_csv
from fleetstatus._input.decode import BOM_SIZE, to_utf8
from fleetstatus._input.file_bytes import Part, bytes_of
from fleetstatus._input.json_errors import JSONLineSearch, may_be_other_lines, no_line_error
from fleetstatus._input.pieces import Pieces, head_of
from fleetstatus._input.shapes import HEAD_SIZE
from fleetstatus.errors import FleetStatusError, JSONError


def read_pieces(reader: _core.Reader, part: Part) -> None:
    """Read a file piece by piece; only Arrow files and CSV are in memory as a whole.

    That a file cannot be read to its end is told before what is wrong with its text.
    """
    with closing(bytes_of(part)) as chunks:
        head, chunks_from_start = head_of(chunks, BOM_SIZE)
        text = to_utf8(chunks_from_start, head, part.name)
        head, text = head_of(text, LONGEST_LINE)
        if not read_table(reader, head, lambda: b"".join(text), part.name):
            _read_json(reader, head, text, part.name)


def read_table(reader: _core.Reader, head: Any, content: Callable[[], Any], name: str) -> bool:
    """Read an Arrow file or CSV.

    Parameters
    ----------
    head
        Its beginning, or all of it.
    content
        Gives all of it.

    Returns
    -------
    False if it is neither; then nothing was read.
    """
    form = format_of(bytes(head[:MAGIC_SIZE]))
    if form is not None:
        read_arrow_file(reader, content(), form, name)
    elif (delimiter := delimiter_of(head, reader.is_listed)) is not None:
        read_csv(reader, content(), delimiter, name)
    else:
        return False
    return True


def _read_json(reader: _core.Reader, head: bytes, text: Iterator[bytes], name: str) -> None:
    pieces = Pieces(text, name)
    search = JSONLineSearch() if may_be_other_lines(head[:HEAD_SIZE]) else None
    if (error := _error_in(reader, pieces, search, name)) is not None:
        if not isinstance(error, JSONError):
            pieces.read_rest()
            raise error
        pieces.read_rest(error.offset)
        raise pieces.in_words(error, reader.n_records)
    if search is not None and not search.has_found:
        raise no_line_error(head[:HEAD_SIZE], pieces.size, name)


def _error_in(
    reader: _core.Reader, pieces: Pieces, search: JSONLineSearch | None, name: str
) -> FleetStatusError | None:
    """Read pieces up to the first error."""
    try:
        reader.begin_json(name)
        for piece in pieces:
            pieces.forget(reader.feed_json(piece))
            if search is not None:
                search.look_at(piece)
        reader.end_json()
    except FleetStatusError as error:
        return error
    return None
