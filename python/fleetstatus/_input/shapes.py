"""What a source that holds no device records looks like, in words."""

import re
from collections.abc import Sequence

from fleetstatus import _core
from fleetstatus._input.shape_list import (
    ANSWER,
    ANSWERS,
    FETCH_AGAIN,
    NO_RECORDS,
    OBJECTS,
    QUERY,
    SEEN,
)
from fleetstatus._input.text_shapes import BREAKS, DELETE_LINES, TEXTS, WORDS, TextShape
from fleetstatus._words.text import listed, quoted, shortened, visible
from fleetstatus.errors import NotDevicesError, RecordError

HEAD_SIZE = 8192
"""Bytes of the beginning that are looked at."""

_LONGEST_ANSWER = 2000
_MOST_KEYS = 5
_ROWS_AS_DICTS = (
    "make a dict of each row: psycopg: row_factory=dict_row; sqlite3: "
    "dict(zip((c[0] for c in cursor.description), row))"
)
_DEFERRED = (
    "ask for the devices in the fleet: $expand=owns__device, as "
    "balena.models.application.get_with_device_service_details does"
)
_DECODE = "decode it once more: jq --raw-output '.[]? // .' FILE"  # of a list, and of a text alone
_OWN_TABLE = (
    "a table of statuses, as fleetstatus writes it, has such labels: StatusTable.from_arrow reads "
    "one back; classify reads the device records that it was made of"
)
_LABELS = frozenset(f'"{label}"' for label in _core.update_statuses())
_LOST_LINE = "a line that is no JSON"  # the engine's words
_PARTIAL = "device records of a `$select` that leaves fields out"


def not_devices_error(
    index: int, keys: Sequence[str], value: str, kind: str, name: str
) -> NotDevicesError:
    """Error of a source that holds no device records.

    Called by the engine.

    Parameters
    ----------
    index
        The record at fault, counted from 0.
    keys
        Keys of the object, or names of the columns; empty where there is no object.
    value
        Short form of the value, if it is no object; for an error answer the text under
        ``error`` or ``message``.
    kind
        ``error answer``, ``no device``, ``table``, ``owns__device`` or ``tuple``.
    name
        Name of the source; may be empty.
    """
    where = "" if kind == "table" else f" (record {index})"
    return _error(name, _words_of(keys, value, kind), where, None if kind == "table" else index)


def answer_error(content: bytes, where: str, name: str) -> NotDevicesError | None:
    """Error of text that is an error answer of the API, such as a bare "Unauthorized".

    Parameters
    ----------
    content
        The text, from the beginning of a line on.
    where
        Line and column, in words.
    """
    found = re.match(ANSWER, content.strip()) if len(content) < _LONGEST_ANSWER else None
    if found is None:
        return None
    words = found["what"].decode(errors="replace").rstrip("\"' ")
    return _error(name, _answer(words), f" ({where})", None)


def shape_of_text(text: bytes, *, behind_json: bool = False) -> tuple[str, str] | None:
    """Name text that is not JSON, and what to do; None if no known shape matches.

    Parameters
    ----------
    text
        Its first bytes.
    behind_json
        Whether JSON precedes it; then only shapes that can occur anywhere count.
    """
    if not behind_json:
        return _first_match(TEXTS, text)
    shape = _first_match([shape for shape in TEXTS if shape.anywhere], text)
    return (shape[0], DELETE_LINES) if shape and shape[1] == NO_RECORDS else shape


def shape_of_word(text: bytes) -> tuple[str, str] | None:
    """Name text that begins like JSON by the text where it breaks."""
    return _first_match(WORDS, text)


def shape_of_break(before: bytes, near: bytes, said: str) -> tuple[str, str] | None:
    """Name how text that begins like JSON breaks.

    Parameters
    ----------
    before, near
        The text before the break, and from it on.
    said
        What the parser says of it.
    """
    for shape in BREAKS:
        is_behind = re.search(shape.before + rb"\Z", before.rstrip()) is not None
        if shape.said in said and is_behind and re.match(shape.near, near):
            return shape.looks_like, shape.advice
    return None


def shape_of_seen(seen: set[str]) -> tuple[str, str] | None:
    """Name device records that lack needed fields, and what to do.

    Parameters
    ----------
    seen
        Names, in the API's spelling, of the read fields and aliases that some record had.
    """
    for shape in SEEN:
        if seen >= set(shape.all_of.split()) and seen.isdisjoint(shape.none_of.split()):
            return shape.looks_like, shape.advice
    return (_PARTIAL, QUERY) if seen else None


def tell_own_table(error: RecordError) -> None:
    """Note at the error of a bad record that it is a row of statuses, where its value shows that.

    A note, since the message is what the column ``error`` says of a record that is kept.
    """
    if error.field == "update_status" and error.value in _LABELS:
        error.add_note(_OWN_TABLE)


def _first_match(shapes: Sequence[TextShape], text: bytes) -> tuple[str, str] | None:
    for shape in shapes:
        found = re.match(shape.pattern, text)
        if found is not None:
            what = found.groupdict().get("what")
            return shape.looks_like + _quoted_behind(what), shape.advice
    return None


def _words_of(keys: Sequence[str], value: str, kind: str) -> tuple[str, str]:
    """Say what a source looks like, and what to do."""
    if kind == "tuple":
        return "rows that are tuples, without the names of their columns", _ROWS_AS_DICTS
    if kind == "owns__device":
        return f"a fleet whose owns__device is {_short(value)}, not a list", _DEFERRED
    if kind == "table":
        return _shape_of_columns(keys)
    return _shape_of_keys(keys, kind) or _shape_of_value(keys, value, kind)


def _shape_of_value(keys: Sequence[str], value: str, kind: str) -> tuple[str, str]:
    if value.startswith("<"):  # among lines of JSON
        return shape_of_text(value.encode(errors="replace")) or ("XML", QUERY)
    if kind == "error answer" or _is_answer(value):
        return _answer(value.strip("\"'"))
    if keys:
        return f"an object with the keys {listed(keys, quoted, most=_MOST_KEYS)}", QUERY
    return _words_of_value(value)


def _words_of_value(value: str) -> tuple[str, str]:
    if value == _LOST_LINE:
        return "lines that are no JSON", 'with on_error="raise" the error says what they look like'
    if value.startswith(('"[', '"{')):
        return "JSON inside of a text of JSON", _DECODE
    if not value:
        return "an empty object", QUERY
    is_kind = value.startswith(("a ", "an "))  # of Python object
    return (_short(value) if is_kind else f"the value {_short(value)}"), QUERY


def _is_answer(value: str) -> bool:
    return re.match(ANSWER, value.encode(errors="replace")) is not None


def _shape_of_columns(columns: Sequence[str]) -> tuple[str, str]:
    if known := _shape_of_keys(columns, "table"):
        unpacked = "pass the file itself, or what column d holds; " if "d" in columns else ""
        return f"a table of {known[0]}", unpacked + known[1]
    if not columns:
        return "a table without columns", "its columns are named like the fields of the API"
    return (
        f"a table with the columns {listed(columns, quoted, most=_MOST_KEYS)}",
        "name its columns like the fields of the API, such as uuid or api_heartbeat_state",
    )


def _shape_of_keys(keys: Sequence[str], kind: str) -> tuple[str, str] | None:
    held = set(keys)
    for shape in OBJECTS:
        any_of = shape.any_of.split()
        if kind == "error answer" and ("error" in held or not shape.all_of):
            continue
        if held.issuperset(shape.all_of.split()) and (not any_of or held.intersection(any_of)):
            return shape.looks_like, shape.advice_for(held)
    return None


def _answer(words: str) -> tuple[str, str]:
    looks_like = "an error answer of the API" + (f": '{_short(words)}'" if words else "")
    for pattern, advice in ANSWERS:
        if re.search(pattern, words, re.IGNORECASE):
            return looks_like, advice
    return looks_like, FETCH_AGAIN


def _error(name: str, words: tuple[str, str], where: str, index: int | None) -> NotDevicesError:
    looks_like, advice = words
    message = f"{name or 'the source'}: {looks_like}, no devices{where}\n{advice}"
    return NotDevicesError(message, looks_like, index)


def _quoted_behind(what: bytes | None) -> str:
    words = b" ".join((what or b"").split()).decode(errors="replace")
    return f": {_short(words)}" if words else ""


def _short(text: str) -> str:
    return visible(shortened(text))
