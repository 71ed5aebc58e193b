"""Names that are nearly what somebody wrote."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from heapq import nlargest
from itertools import takewhile

from fleetstatus._words.text import quoted, shortened

_MOST_COMPARED = 2_000
_MOST_TOLD = 2
_SECONDS = "_s"


def near(name: str, names: Iterable[str]) -> str:
    """Suggest the names that are nearest to an unknown one, as the end of a message.

    Parameters
    ----------
    name
        What somebody wrote.
    names
        All names that there are.

    Returns
    -------
    str
        Empty if no name is near.

    Examples
    --------
    >>> near("flet", ["fleet", "status"]), near("x", ["fleet"])
    ("; did you mean 'fleet'?", '')
    >>> near("progress_duration", ["progress_duration_s"])
    "; in seconds it is 'progress_duration_s'"
    """
    names = list(names)
    in_seconds = f"{name}{_SECONDS}"
    if in_seconds in names:
        return f"; in seconds it is {quoted(in_seconds)}"
    return did_you_mean(nearest(name, names))


def no_column(name: str, names: Sequence[str]) -> str:
    """Say that a table has no column of a name, which it may have instead, and which there are.

    Examples
    --------
    >>> no_column("status_duration", ["status", "status_duration_s"])
    "no column 'status_duration'; in seconds it is 'status_duration_s'; there are status, ..."
    """
    return f"no column {shortened(name)!r}{near(name, names)}; there are {', '.join(names)}"


def kept_by_carry(field: str, columns: Sequence[str]) -> str:
    """Say how a further field of records becomes a column, as the end of a message.

    Examples
    --------
    >>> kept_by_carry("os_version", ["status"]), kept_by_carry("stats", ["status"])
    ("; classify(source, carry='os_version') keeps a further field of the records", '')
    """
    if not field.strip() or not field.isprintable() or near(field, columns):
        return ""
    return (
        f"; classify(source, carry={quoted(shortened(field))}) keeps a further field of the records"
    )


def did_you_mean(names: Sequence[str]) -> str:
    """Suggest names, as the end of a message; nothing if there are none."""
    return f"; did you mean {' or '.join(map(quoted, names))}?" if names else ""


def nearest(name: str, names: Iterable[str]) -> list[str]:
    """Of all names those that are nearest to an unknown one, ignoring case; often none.

    Examples
    --------
    >>> nearest("Name", ["device_name", "status"]), nearest("x", ["status"])
    (['device_name'], [])
    """
    by_folded = {one.casefold(): one for one in reversed(list(names))}
    wanted = name.casefold()
    close = get_close_matches(wanted, _comparable(wanted, list(by_folded)), n=_MOST_TOLD)
    close = close or [one for one in by_folded if one.endswith(f"_{wanted}")][-_MOST_TOLD:][::-1]
    return [by_folded[one] for one in close]


def _comparable(wanted: str, folded: list[str]) -> list[str]:
    """Of many names the most similar at their beginning or end, since each comparison is slow."""
    if len(folded) <= _MOST_COMPARED:
        return folded
    head, tail, longest = wanted[:2], wanted[-2:], 2 * len(wanted) + 2
    alike = (
        one
        for one in folded
        if len(one) <= longest and (one.startswith(head) or one.endswith(tail))
    )
    return nlargest(_MOST_COMPARED, alike, key=lambda one: _n_alike(one, wanted))


def _n_alike(one: str, other: str) -> int:
    """Count the letters in which two names begin and end alike."""
    pairs = (zip(one, other, strict=False), zip(one[::-1], other[::-1], strict=False))
    return sum(len(list(takewhile(_are_equal, letters))) for letters in pairs)


def _are_equal(letters: tuple[str, str]) -> bool:
    return letters[0] == letters[1]
