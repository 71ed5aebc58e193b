"""What a column of numbers, times or durations is compared with."""

from __future__ import annotations

import math
import re
from datetime import timedelta
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

from fleetstatus._coerce import from_ms, is_numpy_duration, to_duration, to_ms

if TYPE_CHECKING:
    from fleetstatus import _core

_TIMESTAMP = "timestamp[ms, UTC]"
WHOLE_NUMBERS = frozenset({"int64", "int32", "uint16"})
_NUMBERS = WHOLE_NUMBERS | {"float64"}
_BELOW_MS = re.compile(r"\.\d{3}\d*[1-9]")
_SECOND = timedelta(seconds=1)
_LIMIT = 2**63


def to_number(value: Any, *, type: str, name: str) -> float:
    """Turn a value into what numbers or times of a column are compared with.

    Times are milliseconds since 1970, durations seconds; what lies between two of them is a half,
    which compares with whole ones in the same way.

    Parameters
    ----------
    value
        A number, a time or a duration.
    type, name
        Of the column.

    Raises
    ------
    TypeError
        If the column has no order, or the value is of another kind.
    ValueError
        If a time has no zone, or a text is no time or duration.
    """
    if type == _TIMESTAMP:
        return _milliseconds(value)
    if type not in _NUMBERS:
        message = (
            f"{name} holds {type}, which has no order; compare it with == and is_in(), "
            f'or sort(by="{name}") the table'
        )
        raise TypeError(message)
    if name.endswith("_s") and (isinstance(value, timedelta | str) or is_numpy_duration(value)):
        seconds, rest = divmod(to_duration(value, name=name), _SECOND)
        return seconds + 0.5 if rest else seconds
    return _number(value, name=name)


def to_whole(number: float) -> int | None:
    """Turn a number into the same whole number; None if no whole number of 64 bits is the same."""
    if not math.isfinite(number) or number != int(number) or not -_LIMIT <= number < _LIMIT:
        return None
    return int(number)


def comparable_column(other: _core.Column, *, type: str, name: str) -> _core.Column:
    """Check that a column of numbers is compared with numbers, and one of times with times.

    Raises
    ------
    TypeError
        If it is not.
    """
    alike = [kinds for kinds in (_NUMBERS, {_TIMESTAMP}) if type in kinds and other.type in kinds]
    if not alike:
        message = (
            f"{name} holds {type}, which is not compared with a column of {other.type}; only columns "
            "of numbers, of times, or of bools (by == and !=) are compared with each other; "
            "fleetstatus.diff(old, new) compares tables"
        )
        raise TypeError(message)
    return other


def _milliseconds(value: Any) -> float:
    ms = to_ms(value, name="value")
    if isinstance(value, str):
        return ms + 0.5 if _BELOW_MS.search(value) else ms
    return ms if from_ms(ms) == value else ms + 0.5


def _number(value: Any, *, name: str) -> float:
    if type(value) is int and -_LIMIT <= value < _LIMIT:  # the usual, told at once
        return value
    is_number = isinstance(value, Real) and not isinstance(value, bool)
    if not is_number or is_numpy_duration(value):  # which is an integer too
        expected = "a number"
        if name.endswith("_s"):
            expected += ", a timedelta or text such as '3d'"
        message = f"{name} is compared with a {type(value).__name__}, expected {expected}"
        raise TypeError(message)
    if not isinstance(value, Integral):
        return float(value)
    whole = int(value)
    if -_LIMIT <= whole < _LIMIT:
        return whole
    try:
        return float(whole)
    except OverflowError:
        return math.inf if whole > 0 else -math.inf
