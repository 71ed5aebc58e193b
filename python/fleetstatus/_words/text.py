"""Text for people: durations, times, lines, and names that are not to be trusted."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

_T = TypeVar("_T")

# Control characters, bidirectional controls, line and paragraph separators, lone surrogates,
# and what no XML may hold.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_LONGEST_QUOTE = 40
_CUT = "..."
# What Markdown, as code hosts and chats read it, takes for more than itself: only there.
_MARKDOWN = re.compile(
    r"[\\`*\[\]<|~$]"
    r"|(?<![^\W_])_|_(?![^\W_])"  # emphasis; not within a word, such as is_online
    r"|&(?=#?\w+;)"  # an entity
    r"|[@#](?=\w)"  # a mention, an address, the number of an issue
    r"|:(?!(?<=\d\d:)\d\d(?!\d))(?=//|[\w+-]+:)"  # an address, :smile:; not a time of day
    r"|(?<=\bwww)\.(?=\w)"  # an address without a scheme
)
_MARKDOWN_BLOCK = re.compile(r"^(\d*)(>|[-+=#.)](?!\w))")  # a quote, a list, a heading
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


def markdown(text: object) -> str:
    r"""Write text so that Markdown shows it as it is, with no backslash that is not needed.

    Examples
    --------
    >>> print(markdown("2026-11-01 12:00:00Z: is_online"))
    2026-11-01 12:00:00Z: is_online
    >>> print(markdown("[kiosk](https://example.org) <b> _1_"))
    \[kiosk\](https\://example.org) \<b> \_1\_
    """
    # White space before text shows nowhere, but could begin a block of code.
    inline = _MARKDOWN.sub(r"\\\g<0>", visible(text).lstrip())
    return _MARKDOWN_BLOCK.sub(r"\1\\\2", inline)


def cell_width(text: str) -> int:
    """Count the cells of a terminal that text takes: wide characters two, combining ones none.

    Examples
    --------
    >>> cell_width("kiosk"), cell_width("東京"), cell_width("e\u0301")
    (5, 4, 1)
    """
    if text.isascii():
        return len(text)
    return sum(map(_cells, text))


def _cells(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def wrapped(text: str, width: int) -> list[str]:
    """Break text into lines of at most `width` cells: at spaces, and within longer words.

    Examples
    --------
    >>> wrapped("Check power and network.", 12)
    ['Check power', 'and network.']
    >>> wrapped("東京駅", 4)
    ['東京', '駅']
    """
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if cell_width(joined) <= width:
            line = joined
            continue
        *whole, rest = _cut(word, width)
        lines += [*([line] if line else []), *whole]
        line = rest
    return [*lines, line]


def _cut(word: str, width: int) -> list[str]:
    """Cut a word into pieces of at most `width` cells, but of at least one character."""
    pieces = [""]
    for character in word:
        if pieces[-1] and cell_width(pieces[-1] + character) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces


def clipped(text: str, width: int) -> str:
    """Cut text for a column of a terminal to at most `width` cells, and show that it was cut.

    Examples
    --------
    >>> clipped("calm-lake", 9), clipped("calm-lake", 8), clipped("東京駅", 5)
    ('calm-lake', 'calm-...', '東...')
    """
    if cell_width(text) <= width:
        return text
    return _cut(text, width - len(_CUT))[0] + _CUT


def padded(text: str, width: int, *, is_right: bool = False) -> str:
    """Fill text with spaces to a number of cells.

    Examples
    --------
    >>> padded("東京", 6), padded("7", 3, is_right=True)
    ('東京  ', '  7')
    """
    spaces = " " * (width - cell_width(text))
    return spaces + text if is_right else text + spaces


def shortened(text: str) -> str:
    """Cut text that an error quotes to 40 characters, as the engine does.

    Examples
    --------
    >>> shortened("calm-lake"), len(shortened("x" * 1_000_000))
    ('calm-lake', 43)
    """
    return text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + _CUT


def quoted(text: str) -> str:
    """Quote in an error what somebody wrote.

    Examples
    --------
    >>> quoted("calm-lake")
    "'calm-lake'"
    """
    return f"'{visible(shortened(text))}'"


def listed(names: Sequence[_T], form: Callable[[_T], str], *, most: int = 10) -> str:
    """List names in an error, the first of them if there are many.

    Parameters
    ----------
    form
        How to write one of them.

    Examples
    --------
    >>> listed(["blue", "green", "red"], quoted), listed(range(2_000), str, most=2)
    ("'blue', 'green', 'red'", '0, 1 and 1,998 more')
    """
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(map(form, names[:most])) + more


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"


def best_name(
    device_name: str | None,
    uuid: str | None,
    device_id: int | None,
    otherwise: str = "(unnamed)",
) -> str:
    """Name of a device, else its uuid or its id.

    Examples
    --------
    >>> best_name("calm-lake", "8f4ac02b", 7), best_name("", None, 7)
    ('calm-lake', '7')
    """
    return str(device_name or uuid or device_id or otherwise)


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


def status_text(status: str | None, detail: str | None) -> str:
    """Write a status with its detail.

    Examples
    --------
    >>> status_text("Configuring", "Update successful"), status_text(None, None)
    ('Configuring (Update successful)', 'unknown')
    """
    label = label_text(status)
    return f"{label} ({visible(detail)})" if detail else label


def in_devices(count: int) -> str:
    """Count of devices, in words.

    Examples
    --------
    >>> in_devices(1), in_devices(3000)
    ('1 device', '3,000 devices')
    """
    return f"{count:,} device" if count == 1 else f"{count:,} devices"


def and_more(count: int, noun: str) -> str:
    """Say how many are left out.

    Examples
    --------
    >>> and_more(1, "row"), and_more(3000, "row")
    ('and 1 more row', 'and 3,000 more rows')
    """
    return f"and {count:,} more {noun}{'' if count == 1 else 's'}"


def in_words(duration: timedelta) -> str:
    """Duration in its largest whole unit, rounded down.

    Examples
    --------
    >>> in_words(timedelta(minutes=17, seconds=59))
    '17 minutes'
    >>> in_words(timedelta(hours=25)), in_words(timedelta(days=3653))
    ('1 day', '3,653 days')
    """
    for unit, length in _UNITS.items():
        if count := duration // length:
            return f"{count:,} {unit}" if count == 1 else f"{count:,} {unit}s"
    return "0 seconds"


def moment(time: datetime) -> str:
    """Write a time in UTC to the second.

    Examples
    --------
    >>> moment(datetime(2026, 11, 1, 12, tzinfo=UTC))
    '2026-11-01 12:00:00Z'
    """
    return time.astimezone(UTC).isoformat(" ", "seconds").replace("+00:00", "Z")


def since(time: datetime | None, duration_s: float | None) -> str:
    """Write since when something is so, with the duration in words; nothing where it is not known.

    Examples
    --------
    >>> since(datetime(2026, 11, 1, 12, tzinfo=UTC), 90)
    '2026-11-01 12:00:00Z (1 minute)'
    """
    if time is None:
        return ""
    words = in_seconds(duration_s)
    return f"{moment(time)} ({words})" if words else moment(time)


def lasted(label: str | None, duration_s: float | None) -> str:
    """Write a label with the duration in words; nothing for null.

    Examples
    --------
    >>> lasted("Downloading", 7200), lasted("Done", None), lasted(None, 5)
    ('Downloading for 2 hours', 'Done', '')
    """
    if label is None:
        return ""
    words = in_seconds(duration_s)
    return f"{label} for {words}" if words else label


def in_seconds(duration_s: float | None) -> str | None:
    """Duration of a number of seconds in words.

    Examples
    --------
    >>> in_seconds(5400), in_seconds(None)
    ('1 hour', None)
    """
    return None if duration_s is None else in_words(timedelta(seconds=duration_s))
