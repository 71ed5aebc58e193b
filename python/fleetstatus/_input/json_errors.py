"""Say of text that is no JSON what it looks like."""

import json
import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from fleetstatus._input.decode import UTF8_BOM
from fleetstatus._input.shapes import (
    HEAD_SIZE,
    answer_error,
    shape_of_break,
    shape_of_text,
    shape_of_word,
)
from fleetstatus.errors import FleetStatusError, JSONError

# How JSON of objects begins; the shapes of other text are not tried on it.
_JSON = rb'\s*(?:\[\s*)*(?:\{\s*["}]|\]|$)'
# A line that may be a record, and what such a line may begin with at the end of a text.
_JSON_LINE = rb'(?m)^[ \t]*(?:\[[ \t]*)*\{\s*["}]'
_JSON_LINE_BEGINS = rb"(?m)^[ \t]*(?:\[[ \t]*)*(?:\{\s*)?\Z"
BEFORE_SIZE = 256
"""Bytes before an error that are looked at."""

_TRUNCATED = "fetch or copy it again; scan gives the records before its end"


class Excerpt(NamedTuple):
    """The text around an error."""

    head: bytes
    """The beginning of the text."""
    line: bytes
    """From the beginning of the line in which the error is."""
    before: bytes
    """Right before the error; may be empty."""
    near: bytes
    """From the error on."""
    is_end: bool
    """Whether no more than white space follows the error."""


def excerpt_of(content: Any, error: JSONError) -> Excerpt:
    """Cut out the text around an error."""
    view = memoryview(content).cast("B")
    return cut_out(
        bytes(view[: HEAD_SIZE + len(UTF8_BOM)]),
        lambda begin: bytes(view[begin : begin + HEAD_SIZE]),
        len(view),
        error,
    )


def cut_out(head: bytes, at: Callable[[int], bytes], size: int, error: JSONError) -> Excerpt:
    """Cut out the text around an error.

    Parameters
    ----------
    at
        Gives up to `HEAD_SIZE` bytes from an offset on; none where they are not known any more.
    size
        Bytes of all of the text; more than that where its end is not known yet.
    """
    near = at(error.offset)
    line = at(error.offset - (error.column - 1))
    n_before = min(error.offset, BEFORE_SIZE)
    before = at(error.offset - n_before)[:n_before]
    return Excerpt(head, line, before, near, error.offset + len(near) >= size and not near.strip())


def other_lines_error(content: Any, name: str) -> FleetStatusError | None:
    """Error of lines none of which is an object of JSON; None if there is any.

    Where the lines of JSON lines are lost one by one, it would be all of them.
    """
    view = memoryview(content).cast("B")
    if not may_be_other_lines(head := bytes(view[:HEAD_SIZE])) or has_json_line([view]):
        return None
    return no_line_error(head, len(view), name)


def may_be_other_lines(head: bytes) -> bool:
    """Whether text begins with a line that is no JSON of objects."""
    head = head.removeprefix(UTF8_BOM)
    return not is_json(head) and _is_broken(head.partition(b"\n")[0])


def has_json_line(pieces: Iterable[bytes | memoryview]) -> bool:
    """Whether any line of a text may be a record; all of it is read."""
    search = JSONLineSearch()
    for piece in pieces:
        search.look_at(piece)
    return search.has_found


class JSONLineSearch:
    """Looks for a line that may be a record in a text that comes in pieces."""

    def __init__(self) -> None:
        self.has_found = False
        self._rest = b""

    def look_at(self, piece: bytes | memoryview) -> None:
        """Look at the next piece."""
        if self.has_found:
            return
        text = self._rest + piece if self._rest else piece
        self.has_found = re.search(_JSON_LINE, text) is not None
        begins = re.search(_JSON_LINE_BEGINS, text)
        self._rest = b"." if begins is None else bytes(text[begins.start() :])


def no_line_error(head: bytes, size: int, name: str) -> FleetStatusError:
    """Error of text of so many bytes, none of whose lines is an object of JSON."""
    error = JSONError("no line is JSON", 0, 1, 1)
    head = head.removeprefix(UTF8_BOM)
    return in_words(error, cut_out(head, lambda _: head, size, error), name, 0)


def _is_broken(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return True
    return False


def in_words(error: JSONError, excerpt: Excerpt, name: str, n_records: int) -> FleetStatusError:
    """Say what the text looks like, and what to do; an error of plain JSON is given back.

    Parameters
    ----------
    n_records
        Records of the whole source before the error.
    """
    if "\n" in str(error):  # it says what to do already
        return error
    where = f"line {error.line}, column {error.column}"
    head = excerpt.head.removeprefix(UTF8_BOM)
    if (answer := _answer(head, excerpt, where, name)) is not None:
        return answer
    shape = _shape(head, excerpt, str(error))
    if shape is not None:
        first = f"{shape[0]}, no JSON ({where})"
        advice = shape[1]
    elif excerpt.is_end:
        first, advice = f"ends inside record {n_records}: truncated? ({where})", _TRUNCATED
    else:
        return error
    message = f"{name or 'the source'}: {first}\n{advice}"
    return JSONError(message, error.offset, error.line, error.column)


def _answer(head: bytes, excerpt: Excerpt, where: str, name: str) -> FleetStatusError | None:
    if not is_json(head):
        return answer_error(head, where, name)
    return answer_error(excerpt.line.partition(b"\n")[0], where, name)


def _shape(head: bytes, excerpt: Excerpt, said: str) -> tuple[str, str] | None:
    if not is_json(head):
        return shape_of_text(head) or _shape_of_break(excerpt, said)
    if excerpt.is_end:
        return None
    line = excerpt.line.lstrip()
    is_first = not excerpt.before.rpartition(b"\n")[2].strip(b" \t[")
    shape = shape_of_text(line, behind_json=True) if is_first and not is_json(line) else None
    return shape or _shape_of_break(excerpt, said)


def _shape_of_break(excerpt: Excerpt, said: str) -> tuple[str, str] | None:
    return shape_of_break(excerpt.before, excerpt.near, said) or shape_of_word(excerpt.near)


def is_json(text: bytes) -> bool:
    """Whether text begins like JSON of objects."""
    return re.match(_JSON, text) is not None
