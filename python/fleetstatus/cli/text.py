"""Names are text of users: how it is shown, so that it can neither hide nor rearrange anything."""

import html
import re
from datetime import UTC, datetime

NOTHING = "-"
# Control characters, bidirectional controls, line and paragraph separators, lone surrogates.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+!|~&@])")


def visible(text: object) -> str:
    """Show text with its control and bidirectional characters as escapes; None as a dash."""
    return NOTHING if text is None else _UNSAFE.sub(_escape, str(text))


def visible_lines(text: str) -> str:
    """Show text that may have several lines."""
    return "\n".join(visible(line) for line in text.split("\n"))


def markdown(text: object) -> str:
    """Show text within a Markdown table as it is."""
    return _MARKDOWN.sub(r"\\\1", visible(text))


def markup(text: object) -> str:
    """Show text within HTML as it is."""
    return html.escape(visible(text))


def time_text(time: datetime | None) -> str:
    """Write a time in UTC to the second."""
    if time is None:
        return NOTHING
    return time.astimezone(UTC).isoformat(sep=" ", timespec="seconds").replace("+00:00", "Z")


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
