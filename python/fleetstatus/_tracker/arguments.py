"""What callers pass to a tracker, checked."""

from __future__ import annotations

from datetime import datetime, timedelta
from numbers import Real
from typing import NamedTuple

from fleetstatus._coerce import to_duration, to_ms
from fleetstatus._words.durations import parse_duration

Moment = datetime | timedelta | str
"""A moment, or how long before the last look."""

_LONGEST = timedelta(days=36_525)


class Settings(NamedTuple):
    """How a tracker looks, in the units of the engine."""

    hold_ms: int
    gap_ms: int
    max_removed: float
    outage: tuple[int, float] | None
    flapping: tuple[int, int] | None
    forget_ms: int
    keep_ms: int


def to_settings(
    *,
    hold: timedelta | str,
    gap: timedelta | str,
    max_removed: float,
    outage: tuple[int, float] | None,
    flapping: tuple[int, int] | None,
    forget: timedelta | str,
    keep: timedelta | str,
) -> Settings:
    """Check how a tracker is to look.

    Raises
    ------
    ValueError, TypeError
        If an argument is none; the message names it.
    """
    return Settings(
        _to_ms(hold, name="hold", least=timedelta(0)),
        _to_ms(gap, name="gap"),
        to_max_removed(max_removed),
        _to_outage(outage),
        _to_flapping(flapping),
        _to_ms(forget, name="forget"),
        _to_ms(keep, name="keep"),
    )


def _to_ms(
    duration: timedelta | str, *, name: str, least: timedelta = timedelta(milliseconds=1)
) -> int:
    wanted = to_duration(duration, name=name)
    if not least <= wanted <= _LONGEST:
        more = "more than 0" if least else "0 or more"
        message = f"{name} is {duration}, expected {more}, and at most 100 years"
        raise ValueError(message)
    return wanted // timedelta(milliseconds=1)


def checked_gap_ms(gap_ms: object) -> int:
    """Gap that a file says, in milliseconds."""
    longest = _LONGEST // timedelta(milliseconds=1)
    if type(gap_ms) is not int or not 0 < gap_ms <= longest:
        message = f"gap_ms is {gap_ms!r}"
        raise ValueError(message)
    return gap_ms


def to_max_removed(share: float) -> float:
    """Largest share of devices that may be missing at once, from 0 to 1."""
    if not isinstance(share, Real) or isinstance(share, bool):
        message = f"max_removed is a {type(share).__name__}, expected a share from 0 to 1"
        raise TypeError(message)
    if not 0 <= share <= 1:
        message = f"max_removed is {share}, expected a share from 0 to 1, such as 0.2 for 20 %"
        raise ValueError(message)
    return float(share)


def _to_outage(outage: object) -> tuple[int, float] | None:
    if outage is None:
        return None
    match outage:
        case [int(n_devices), int() | float() as share] if n_devices >= 1 and 0 < share <= 1:
            return n_devices, float(share)
    message = (
        f"outage is {outage!r}, expected (devices, share), such as (3, 0.55): at least 3 devices "
        "and 55 % of those that had their link; or None"
    )
    raise ValueError(message)


def _to_flapping(flapping: object) -> tuple[int, int] | None:
    if flapping is None:
        return None
    match flapping:
        case [int(begins_at), int(ends_at)] if 0 <= ends_at < begins_at:
            return begins_at, ends_at
    message = (
        f"flapping is {flapping!r}, expected (begin, end), such as (6, 2): it begins at 6 changes "
        "of the status in 3 hours and ends at 2; or None"
    )
    raise ValueError(message)


def to_range(
    since: Moment | None, until: Moment | None, last_ms: int
) -> tuple[int | None, int | None]:
    """Give the milliseconds of two moments, each None if it is not given.

    Raises
    ------
    ValueError, TypeError
        If `since` or `until` is not a moment, or `until` is before `since`.
    """
    begin = _moment_ms(since, last_ms, name="since")
    end = _moment_ms(until, last_ms, name="until")
    if begin is not None and end is not None and end < begin:
        message = f"until ({until}) is before since ({since})"
        raise ValueError(message)
    return begin, end


def _moment_ms(moment: Moment | None, last_ms: int, *, name: str) -> int | None:
    if moment is None:
        return None
    ago = _duration_of(moment)
    if ago is None:
        assert not isinstance(moment, timedelta)
        return to_ms(moment, name=name)
    if ago < timedelta(0):
        message = f"{name} is {moment}, expected a moment, or how long before the last look"
        raise ValueError(message)
    return last_ms - ago // timedelta(milliseconds=1)


def _duration_of(moment: Moment) -> timedelta | None:
    if isinstance(moment, timedelta):
        return moment
    if isinstance(moment, str):
        try:
            return parse_duration(moment)
        except ValueError:
            return None
    return None
