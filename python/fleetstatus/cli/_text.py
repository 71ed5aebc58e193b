"""How values are shown: what is null as a dash, and names of users so that they do no harm."""

from datetime import timedelta

from fleetstatus._words.text import and_more, cell_width, in_words, visible

NOTHING = "-"
_MARKS = ("…", "~")


def shown(value: object) -> str:
    """Show a value, or a dash where there is none."""
    return NOTHING if value is None else visible(value)


def lasted(duration: timedelta | None) -> str:
    """Show a duration, or a dash where there is none."""
    return NOTHING if duration is None else in_words(duration)


def left_out(count: int, noun: str = "") -> str | None:
    """Say how many the limit leaves out; None if none.

    Examples
    --------
    >>> left_out(3000), left_out(1, "change"), left_out(0)
    ('and 3,000 more; --limit all lists them', 'and 1 more change; --limit all lists them', None)
    """
    if count <= 0:
        return None
    more = and_more(count, noun) if noun else f"and {count:,} more"
    return f"{more}; --limit all lists them"


def visible_lines(text: str) -> str:
    """Show text that may have several lines."""
    return "\n".join(visible(line) for line in text.split("\n"))


def mark_for(encoding: str) -> str:
    """Choose the mark of a shortened name: one that the encoding has."""
    mark, plain = _MARKS
    try:
        mark.encode(encoding)
    except UnicodeError:
        return plain
    return mark


def shortened_to(text: str, width: int, mark: str) -> str:
    """Leave the middle of a text out, with a mark, if it takes more cells than there are.

    Names of devices often differ only at their ends.

    Examples
    --------
    >>> shortened_to("site-north-gateway-0001", 11, "~")
    'site-~-0001'
    >>> shortened_to("calm-lake", 11, "~")
    'calm-lake'
    """
    if cell_width(text) <= width:
        return text
    room = width - cell_width(mark)
    head = _cells(text, room - room // 2)
    tail = _cells(text[::-1], room - cell_width(head))[::-1]
    return f"{head}{mark}{tail}"


def _cells(text: str, width: int) -> str:
    """Take as much of the beginning of a text as fits into so many cells."""
    used = 0
    for i, character in enumerate(text):
        used += cell_width(character)
        if used > width:
            return text[:i]
    return text
