"""Arrow buffers to Python values and back."""

from __future__ import annotations

from array import array
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Chunk = tuple[bytes, bytes, list[bytes]]
"""Validity bitmap, empty if all values are there; values or offsets; text."""

_FORMATS = {
    "int64": "q",
    "int32": "i",
    "uint16": "H",
    "float64": "d",
    "timestamp[ms, UTC]": "q",
    "dictionary<int8, utf8>": "b",
    "dictionary<int32, large_utf8>": "i",
}
_BITS = [tuple(bool(byte >> bit & 1) for bit in range(8)) for byte in range(256)]


def unpack(
    kind: str, size: int, validity: bytes, values: bytes, labels: Sequence[str] | None
) -> list[Any]:
    """Give the values of a column that is no text; times as milliseconds, labels as texts."""
    numbers: Iterable[Any]
    if kind == "bool":
        numbers = _bits(values, size)
    else:
        numbers = array(_FORMATS[kind], values)
        if labels is not None:
            return _labels_of(numbers, labels, validity, size)
    if not validity:
        return list(numbers)
    valid = _bits(validity, size)
    return [value if known else None for value, known in zip(numbers, valid, strict=True)]


def _labels_of(
    codes: Iterable[int], labels: Sequence[str], validity: bytes, size: int
) -> list[str | None]:
    valid = _bits(validity, size) if validity else [True] * size
    return [labels[code] if known else None for code, known in zip(codes, valid, strict=True)]


def _bits(bitmap: bytes, size: int) -> list[bool]:
    bits = list(chain.from_iterable(map(_BITS.__getitem__, bitmap)))
    return bits[:size]


def pack(kind: str, values: Sequence[Any], labels: Sequence[str] | None) -> Chunk | None:
    """Make the buffers of a column; None if all its values are null."""
    known = [value is not None for value in values]
    if not any(known):
        return None
    validity = b"" if all(known) else _bitmap(known)
    if kind == "bool":
        return validity, _bitmap([bool(value) for value in values]), []
    if kind == "large_utf8":
        return _texts(values, validity)
    if labels is not None:
        codes: dict[str | None, int] = {label: code for code, label in enumerate(labels)}
        numbers = [codes[value] if value is not None else 0 for value in values]
    else:
        numbers = [0 if value is None else value for value in values]
    return validity, array(_FORMATS[kind], numbers).tobytes(), []


def _texts(values: Sequence[str | None], validity: bytes) -> Chunk:
    encoded = [b"" if value is None else value.encode() for value in values]
    offsets = array("q", accumulate(map(len, encoded), initial=0))
    return validity, offsets.tobytes(), [b"".join(encoded)]


def _bitmap(bits: Sequence[bool]) -> bytes:
    text = "".join("1" if bit else "0" for bit in reversed(bits))
    return int(text, 2).to_bytes((len(bits) + 7) // 8, "little")
