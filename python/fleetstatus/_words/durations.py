"""Durations as people write them."""

import re
from datetime import timedelta

from fleetstatus._words.text import quoted

_UNITS = {
    "w": timedelta(weeks=1),
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "min": timedelta(minutes=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
}
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(w|d|h|min|m|s)\s*", re.ASCII)


def parse_duration(text: str) -> timedelta:
    """Read a duration such as ``3d``, ``30min`` or ``1d12h``.

    Units are ``s``, ``m`` or ``min``, ``h``, ``d`` and ``w``, in either case.

    Raises
    ------
    ValueError
        If the text is not made of numbers with units.

    Examples
    --------
    >>> parse_duration("1d12h")
    datetime.timedelta(days=1, seconds=43200)
    """
    wanted = text.strip().lower()
    parts = _PART.findall(wanted)
    if not parts or _PART.sub("", wanted):
        message = f"{quoted(text)} is not a duration; write 3d, 2h, 30min or 1d12h"
        raise ValueError(message)
    try:
        return sum((float(number) * _UNITS[unit] for number, unit in parts), timedelta())
    except OverflowError:
        message = f"{quoted(text)} is longer than a duration can be"
        raise ValueError(message) from None
