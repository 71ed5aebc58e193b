"""Durations as people write and read them."""

import re
from datetime import timedelta

import click

from fleetstatus.cli.text import visible

_UNITS = {
    "w": timedelta(weeks=1),
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "min": timedelta(minutes=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
}
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(w|d|h|min|m|s)\s*")
_SHOWN_UNITS = {
    "day": timedelta(days=1),
    "hour": timedelta(hours=1),
    "minute": timedelta(minutes=1),
    "second": timedelta(seconds=1),
}


def parse_duration(text: str) -> timedelta:
    """Read a duration such as ``3d``, ``30min`` or ``1d12h``.

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
        message = f"{text!r} is not a duration; write 3d, 2h, 30min or 1d12h"
        raise ValueError(message)
    try:
        return sum((float(number) * _UNITS[unit] for number, unit in parts), timedelta())
    except OverflowError:
        message = f"{text!r} is longer than can be told"
        raise ValueError(message) from None


def describe(duration: timedelta) -> str:
    """Tell a duration in its largest whole unit.

    Examples
    --------
    >>> describe(timedelta(hours=25, minutes=59))
    '1 day'
    >>> describe(timedelta(seconds=17 * 60 + 40))
    '17 minutes'
    """
    for unit, length in _SHOWN_UNITS.items():
        count = duration // length
        if count > 0:
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return "0 seconds"


def duration_option(text: str) -> timedelta:
    """Read a duration of the command line."""
    try:
        return parse_duration(text)
    except ValueError as error:
        raise click.BadParameter(visible(error)) from error
