"""The moment to measure at, as ``--now`` names it."""

import re
from datetime import UTC, date, datetime, time, timedelta

import click

from fleetstatus._catalog import NAMED_MOMENTS
from fleetstatus._coerce import to_ms
from fleetstatus._words.text import quoted

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_END_OF_DAY = time(23, 59, 59, 999_000, UTC)


def to_now(text: str | None) -> datetime | str | None:
    """Take what ``--now`` says: a date for its end in UTC, all else as `classify` takes it.

    Raises
    ------
    click.UsageError
        If it is no moment, or looks like a date and is none.
    """
    if text is None or text in NAMED_MOMENTS:
        return text
    if not _DATE.fullmatch(text):
        return _checked_time(text)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        message = f"--now: {quoted(text)} is no day of the calendar"
        raise click.UsageError(message) from None
    return min(datetime.combine(day, _END_OF_DAY), datetime.now(UTC))


def to_start(text: str | None) -> datetime | str | None:
    """Take what ``--since`` says: a date for its begin in UTC, all else as a `Tracker` takes it."""
    return _day(text, name="--since") or text


def to_end(text: str | None) -> datetime | str | None:
    """Take what ``--until`` says: a date for its end in UTC, all else as a `Tracker` takes it."""
    day = _day(text, name="--until")
    return text if day is None else day + timedelta(days=1)


def _day(text: str | None, *, name: str) -> datetime | None:
    if text is None or not _DATE.fullmatch(text):
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time(0), UTC)
    except ValueError:
        message = f"{name}: {quoted(text)} is no day of the calendar"
        raise click.UsageError(message) from None


def _checked_time(text: str) -> str:
    try:
        to_ms(text, name="now")
    except ValueError:
        message = (
            f"--now: {quoted(text)} is no moment; it is a date such as 2026-01-31, "
            "a time with its zone such as 2026-01-31T12:00:00Z, or newest, file or clock"
        )
        raise click.UsageError(message) from None
    return text
