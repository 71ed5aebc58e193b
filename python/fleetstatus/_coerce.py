"""Turn what users pass into what the engine takes. One function per concept."""

import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from fleetstatus import _core
from fleetstatus._text import shortened
from fleetstatus.enums import StatusScheme

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_MEASURES = frozenset({"label", "devices", "share", "median_duration_s", "p95_duration_s"})


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
        message = f"no scheme {scheme!r}; there are {', '.join(StatusScheme)}"
        raise ValueError(message) from None


def scheme_code(scheme: StatusScheme) -> int:
    """Place of a scheme in the engine's list."""
    return list(StatusScheme).index(scheme)


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
    if moment.utcoffset() is None:
        message = f"{name} is a datetime without a zone; give one, as in datetime.now(UTC)"
        raise ValueError(message)
    try:
        moment.astimezone(UTC)
    except OverflowError:
        message = (
            f"{name} is {moment.isoformat()}, which lies outside of the years 1 to 9999 in UTC"
        )
        raise ValueError(message) from None
    return (moment - _EPOCH) // _MILLISECOND


def from_ms(ms: int | None) -> datetime | None:
    """Aware datetime in UTC."""
    return None if ms is None else _EPOCH + timedelta(milliseconds=ms)


def duration_ms(duration: timedelta, *, name: str) -> int:
    """Whole milliseconds of a duration, rounded up, since it is used as a threshold."""
    if not isinstance(duration, timedelta):
        message = f"{name} is a {type(duration).__name__}, expected a timedelta"
        raise TypeError(message)
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


def check_on_error(on_error: object) -> None:
    """Refuse what is no way to treat bad records."""
    if on_error not in {"raise", "keep"}:
        message = f"on_error is {on_error!r}, expected 'raise' or 'keep'"
        raise ValueError(message)


def to_count(number: object, *, name: str) -> int:
    """Whole number from 1 on."""
    if not isinstance(number, int) or isinstance(number, bool):
        message = f"{name} is a {type(number).__name__}, expected a whole number"
        raise TypeError(message)
    if number < 1:
        message = f"{name} is {number}, expected a number from 1 on"
        raise ValueError(message)
    return min(number, sys.maxsize)


def to_names(names: str | Iterable[str], *, name: str) -> list[str]:
    """List of texts; one text is a list of one."""
    listed = [names] if isinstance(names, str) else list(names)
    for one in listed:
        if not isinstance(one, str):
            message = f"{name} holds a {type(one).__name__}, expected text"
            raise TypeError(message)
    return listed


def to_allowed_fields(names: str | Iterable[str]) -> list[str]:
    """Names of needed fields that may be missing, or ``["all"]``."""
    allowed = to_names(names, name="allow_missing")
    needed = [field["name"] for field in _core.fields() if field["needed"]]
    for one in allowed:
        if one != "all" and one not in needed:
            message = f"allow_missing names {one!r}; fields that are needed: {', '.join(needed)}"
            raise ValueError(message)
    return allowed


def _api_spelling(field: str) -> str:
    """Spelling that tells whether two names mean one field."""
    spelled = field.replace("-", "__").replace(" ", "_")
    root, dot, rest = spelled.partition(".")
    return ("belongs_to__application" if root == "application" else root) + dot + rest


def to_carried(names: str | Iterable[str], *, columns: Iterable[str]) -> list[str]:
    """Names of further fields to keep, `field` or `link.field`."""
    carried = to_names(names, name="carry")
    for one in carried:
        parts = one.split(".")
        if len(parts) > 2 or not all(parts) or not is_unicode(one):
            message = f"carry names {one!r}, expected 'field' or 'link.field'"
            raise ValueError(message)
        if one in columns or one in _MEASURES:
            message = f"carry names {one!r}, which is a column of every table or summary"
            raise ValueError(message)
    if len(set(map(_api_spelling, carried))) < len(carried):
        message = "carry names a field twice"
        raise ValueError(message)
    return carried


def to_read_options(
    scheme: StatusScheme | str,
    allow_missing: str | Iterable[str],
    on_error: str,
    carry: str | Iterable[str],
    *,
    columns: Iterable[str],
) -> dict[str, Any]:
    """How records are to be read, as the engine takes it."""
    check_on_error(on_error)
    return {
        "scheme": scheme_code(to_scheme(scheme)),
        "allow_missing": to_allowed_fields(allow_missing),
        "keep": on_error == "keep",
        "carry": to_carried(carry, columns=columns),
    }
