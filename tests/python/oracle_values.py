"""Slow, obvious reading of one value of a device record.

A reader takes a value that is not null and the JSON pointer of it, and returns what
the rules need of it, or raises ``UnreadableError`` with the pointer of the offending value.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

HEARTBEAT_STATES = ("online", "timeout", "offline", "unknown")
UPDATE_STATUSES = ("done", "downloading", "downloaded", "applying changes", "rejected", "aborted")
TIMESTAMP = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(?P<fraction>\d{1,9}))?"
    r"(?P<zone>[Zz]|(?P<sign>[+-])(?P<hours>\d\d)(?::?(?P<minutes>\d\d))?)?",
    re.ASCII,
)
MAX_OFFSET_HOURS, MAX_OFFSET_MINUTES = 23, 59


class BadRecord(ValueError):
    """A record with a value that the rules cannot read, or without a link that they need."""

    def __init__(self, field: str, pointer: str) -> None:
        super().__init__(f"{field or 'the record'} cannot be read at {pointer!r}")
        self.field = field
        self.pointer = pointer


class UnreadableError(ValueError):
    """A value that cannot be read; ``pointer`` says where it is."""

    def __init__(self, pointer: str) -> None:
        super().__init__(pointer)
        self.pointer = pointer


def is_null(value: object) -> bool:
    """Tell whether a value is null: None, or the NaN that data frames put in its place."""
    return value is None or (isinstance(value, float) and value != value)  # noqa: PLR0124


def step(pointer: str, key: str | int) -> str:
    """Extend a JSON pointer by one member or one element."""
    return f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"


def boolean(value: object, pointer: str) -> bool:
    """Read true, false, 0 or 1."""
    if isinstance(value, bool | int | float) and value in (0, 1):
        return bool(value)
    raise UnreadableError(pointer)


def whole_number(value: object, pointer: str, *, bits: int) -> int:
    """Read a signed number without a fraction that fits."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise UnreadableError(pointer)
    if not -(2 ** (bits - 1)) <= value < 2 ** (bits - 1):
        raise UnreadableError(pointer)
    return value


def int64(value: object, pointer: str) -> int:
    """Read an id."""
    return whole_number(value, pointer, bits=64)


def int32(value: object, pointer: str) -> int:
    """Read a progress."""
    return whole_number(value, pointer, bits=32)


def text(value: object, pointer: str) -> str:
    """Read text that UTF-8 can hold."""
    if not isinstance(value, str) or any("\ud800" <= char <= "\udfff" for char in value):
        raise UnreadableError(pointer)
    return value


def heartbeat_state(value: object, pointer: str) -> str:
    """Read one of the four heartbeat states."""
    if value not in HEARTBEAT_STATES:
        raise UnreadableError(pointer)
    return text(value, pointer)


def update_status(value: object, pointer: str) -> str:
    """Read one of the six update statuses, in the spelling of the API."""
    if value not in UPDATE_STATUSES:
        raise UnreadableError(pointer)
    return text(value, pointer)


def timestamp(value: object, pointer: str, *, assume_utc: bool = False) -> datetime:
    """Read an instant, in UTC, cut to milliseconds towards the past."""
    try:
        if isinstance(value, datetime):
            return instant_of_datetime(value, assume_utc=assume_utc)
        return instant_of_text(text(value, pointer), assume_utc=assume_utc)
    except (ValueError, OverflowError):
        raise UnreadableError(pointer) from None


def instant_of_datetime(value: datetime, *, assume_utc: bool) -> datetime:
    """Bring a datetime to UTC; a naive one is in UTC if the caller says so."""
    offset = timedelta(0) if value.tzinfo is None and assume_utc else value.utcoffset()
    if offset is None:
        raise ValueError
    return to_milliseconds(value.replace(tzinfo=None) - offset).replace(tzinfo=UTC)


def instant_of_text(value: str, *, assume_utc: bool) -> datetime:
    """Read a date, a time, perhaps a fraction, and a zone, which is UTC if the caller says so."""
    match = TIMESTAMP.fullmatch(value)
    if match is None or (match["zone"] is None and not assume_utc):
        raise ValueError
    year, month, day, hour, minute, second = (int(match[i]) for i in range(1, 7))
    local = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    milliseconds = int((match["fraction"] or "").ljust(3, "0")[:3])
    hours, minutes = int(match["hours"] or 0), int(match["minutes"] or 0)
    if hours > MAX_OFFSET_HOURS or minutes > MAX_OFFSET_MINUTES:
        raise ValueError
    offset = timedelta(hours=hours, minutes=minutes)
    utc = local + offset if match["sign"] == "-" else local - offset
    return utc.replace(microsecond=milliseconds * 1000)


def to_milliseconds(value: datetime) -> datetime:
    """Cut microseconds towards the past."""
    return value.replace(microsecond=value.microsecond // 1000 * 1000)
