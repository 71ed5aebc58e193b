"""Text for people: durations, moments, and names that strangers have chosen."""

import re
from datetime import UTC, datetime, timedelta

# Control characters, bidirectional controls, line and paragraph separators, lone surrogates,
# and what no XML may hold.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_LONGEST_QUOTE = 40
_UNITS = {
    "day": timedelta(days=1),
    "hour": timedelta(hours=1),
    "minute": timedelta(minutes=1),
    "second": timedelta(seconds=1),
}


def visible(text: object) -> str:
    r"""Show control and bidirectional characters as escapes, so that no name rewrites a line.

    Examples
    --------
    >>> print(visible("kiosk\x1b[2J"))
    kiosk\x1b[2J
    """
    return _UNSAFE.sub(_escape, str(text))


def shortened(text: str) -> str:
    """Cut text that an error quotes to 40 characters, as the engine does.

    Examples
    --------
    >>> shortened("calm-lake"), len(shortened("x" * 1_000_000))
    ('calm-lake', 43)
    """
    return text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "..."


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"


def label_text(label: str | None, *, of: str = "status") -> str:
    """Name a label of a column, also null, which for attention means that there is no need.

    Examples
    --------
    >>> label_text(None), label_text(None, of="attention")
    ('unknown', 'none')
    """
    if label is None:
        return "none" if of == "attention" else "unknown"
    return label


def in_devices(count: int) -> str:
    """Tell how many devices there are.

    Examples
    --------
    >>> in_devices(1), in_devices(3000)
    ('1 device', '3,000 devices')
    """
    return f"{count:,} device" if count == 1 else f"{count:,} devices"


def in_words(duration: timedelta) -> str:
    """Tell a duration in its largest whole unit, cut.

    Examples
    --------
    >>> in_words(timedelta(minutes=17, seconds=59))
    '17 minutes'
    >>> in_words(timedelta(hours=25))
    '1 day'
    """
    for unit, length in _UNITS.items():
        if count := duration // length:
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return "0 seconds"


def moment(time: datetime) -> str:
    """Write a time in UTC to the second.

    Examples
    --------
    >>> moment(datetime(2026, 11, 1, 12, tzinfo=UTC))
    '2026-11-01 12:00:00Z'
    """
    return time.astimezone(UTC).isoformat(" ", "seconds").replace("+00:00", "Z")
