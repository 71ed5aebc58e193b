"""Turn what users pass into what the engine takes. One function per concept."""

import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, overload

from fleetstatus import _core
from fleetstatus._words.durations import parse_duration
from fleetstatus._words.names import near
from fleetstatus._words.text import shortened
from fleetstatus.enums import StatusScheme

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
# Durations of NumPy of no certain length: without a unit, in months, in years.
_NO_LENGTH = frozenset({"timedelta64", "timedelta64[M]", "timedelta64[Y]"})
_LONGEST_POLL_INTERVAL = timedelta(milliseconds=_core.longest_poll_interval_ms)


def is_unicode(text: str) -> bool:
    """Whether text is free of lone surrogates, so that the engine can hold it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def to_scheme(scheme: StatusScheme | str) -> StatusScheme:
    """Scheme by its text; the error lists all of them."""
    try:
        return StatusScheme(scheme)
    except ValueError:
        message = f"no scheme {scheme!r}{near(str(scheme), StatusScheme)}; there are {', '.join(StatusScheme)}"
        raise ValueError(message) from None


def scheme_code(scheme: StatusScheme) -> int:
    """Place of a scheme in the engine's list."""
    return list(StatusScheme).index(scheme)


def scheme_of(code: int) -> StatusScheme:
    """Scheme at a place of the engine's list."""
    return list(StatusScheme)[code]


def to_ms(moment: datetime | str, *, name: str) -> int:
    """Milliseconds since 1970 of an aware datetime, or of RFC 3339 text with a zone.

    Fractions of a millisecond are cut towards the past.
    """
    if type(moment) is datetime and (ms := _core.datetime_ms(moment)) is not None:
        return ms
    if isinstance(moment, str):
        parsed = _core.parse_timestamp_ms(moment) if is_unicode(moment) else None
        if parsed is None:
            message = f"{name} is {shortened(moment)!r}, expected an RFC 3339 time with a zone"
            raise ValueError(message)
        return parsed
    if not isinstance(moment, datetime):
        message = f"{name} is a {type(moment).__name__}, expected an aware datetime or text"
        raise TypeError(message)
    if type(moment).__name__ == "NaTType":  # pandas' null, which is a datetime by inheritance
        message = f"{name} is NaT, expected a time"
        raise ValueError(message)
    if moment.utcoffset() is None:
        message = f"{name} is a datetime without a zone; give one, as in datetime.now(UTC)"
        raise ValueError(message)
    if not _is_in_utc_years(moment):
        message = (
            f"{name} is {moment.isoformat()}, which lies outside of the years 1 to 9999 in UTC"
        )
        raise ValueError(message)
    return (moment - _EPOCH) // _MILLISECOND


def _is_in_utc_years(moment: datetime) -> bool:
    try:  # pandas has years that a datetime has not, which `astimezone` does not notice
        return 1 <= moment.astimezone(UTC).year <= 9999
    except OverflowError:
        return False


@overload
def from_ms(ms: int) -> datetime: ...
@overload
def from_ms(ms: int | None) -> datetime | None: ...
def from_ms(ms: int | None) -> datetime | None:
    """Aware datetime in UTC."""
    return None if ms is None else _EPOCH + timedelta(milliseconds=ms)


def to_duration(duration: Any, *, name: str) -> timedelta:
    """Duration as a timedelta, also from text such as ``"3d"``."""
    if isinstance(duration, str):
        try:
            return parse_duration(duration)
        except ValueError as error:
            message = f"{name}: {error}"
            raise ValueError(message) from None
    if is_numpy_duration(duration) and str(duration.dtype) not in _NO_LENGTH:
        duration = duration.astype("timedelta64[us]").item()
        if duration is None:
            message = f"{name} is NaT, expected a duration"
            raise ValueError(message)
    if not isinstance(duration, timedelta):
        message = (
            f"{name} is a {type(duration).__name__}, expected a timedelta or text such as '2h'"
        )
        raise TypeError(message)
    return duration


def is_numpy_duration(value: object) -> bool:
    """Whether a value is a ``timedelta64``: known by name, so that NumPy need not be imported."""
    return type(value).__name__ == "timedelta64"


def duration_ms(duration: timedelta | str, *, name: str) -> int:
    """Whole milliseconds of a duration, rounded up, since it is used as a threshold."""
    return _whole_ms(to_duration(duration, name=name))


def to_poll_interval_ms(interval: timedelta | str, *, name: str) -> int:
    """Milliseconds of a server's poll interval: more than 0, at most 10 years."""
    duration = to_duration(interval, name=name)
    if not timedelta(0) < duration <= _LONGEST_POLL_INTERVAL:
        message = f"{name} is {interval}, expected more than 0 and at most 10 years"
        raise ValueError(message)
    return _whole_ms(duration)


def _whole_ms(duration: timedelta) -> int:
    return -(duration // -_MILLISECOND)  # timedelta.max has no negative


def to_flag(flag: object) -> bool | None:
    """Bool, also NumPy's, or None, also pandas'."""
    if flag is None or isinstance(flag, bool):
        return flag
    if type(flag).__name__ == "NAType":  # known by name, so that pandas need not be imported
        return None
    value = flag.item() if hasattr(flag, "item") else None
    if not isinstance(value, bool):
        message = f"a mask holds a {type(flag).__name__}, expected bools"
        raise TypeError(message)
    return value


def check_threads(threads: object) -> None:
    """Refuse what is no number of threads."""
    if threads is not None and (not isinstance(threads, int) or threads < 1):
        message = f"threads is {threads!r}, expected a number from 1 on, or None"
        raise ValueError(message)


def check_choice(choice: object, choices: tuple[str, ...], *, name: str) -> None:
    """Refuse what is none of a few words."""
    if choice not in choices:
        message = f"{name} is {choice!r}, expected {' or '.join(map(repr, choices))}"
        raise ValueError(message)


def check_flag(flag: object, *, name: str) -> None:
    """Refuse what is neither True nor False."""
    if not isinstance(flag, bool):
        message = f"{name} is a {type(flag).__name__}, expected True or False"
        raise TypeError(message)


def to_count(number: object, *, name: str) -> int:
    """Whole number from 1 on."""
    if not isinstance(number, int) or isinstance(number, bool):
        message = f"{name} is a {type(number).__name__}, expected a whole number"
        raise TypeError(message)
    if number < 1:
        message = f"{name} is {number}, expected a number from 1 on"
        raise ValueError(message)
    return min(number, sys.maxsize)


def to_limit(limit: object) -> int | None:
    """How many things to show, from 0 on; None for all."""
    if limit is None:
        return None
    if not isinstance(limit, int) or isinstance(limit, bool):
        message = f"limit is a {type(limit).__name__}, expected a whole number or None"
        raise TypeError(message)
    if limit < 0:
        message = f"limit is {limit}, expected a number from 0 on, or None for all"
        raise ValueError(message)
    return limit


def to_names(names: str | Iterable[str], *, name: str) -> list[str]:
    """List of texts; one text is a list of one."""
    if not isinstance(names, Iterable):
        message = f"{name} is a {type(names).__name__}, expected text or several texts"
        raise TypeError(message)
    listed = [names] if isinstance(names, str) else list(names)
    for one in listed:
        if not isinstance(one, str):
            message = f"{name} holds a {type(one).__name__}, expected text"
            raise TypeError(message)
    return listed


def to_fleet(fleet: str) -> str:
    """Slug of a fleet, such as ``acme/cold-chain``."""
    if not isinstance(fleet, str):
        message = f"fleet is a {type(fleet).__name__}, expected a slug such as 'acme/cold-chain'"
        raise TypeError(message)
    organization, slash, name = fleet.partition("/")
    if not (organization and slash and name) or "\0" in fleet or not is_unicode(fleet):
        message = f"a fleet is named like 'acme/cold-chain', not {shortened(fleet)!r}"
        raise ValueError(message)
    return fleet
