"""Tables of any columns, for a terminal and as Markdown."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from fleetstatus._table.rows import SECONDS
from fleetstatus._words.text import in_words, moment, visible
from fleetstatus.cli._columns import ListColumn, fitted
from fleetstatus.cli._console import PlainConsole
from fleetstatus.cli._list_table import table_lines, tell_of_hidden
from fleetstatus.cli._text import NOTHING, mark_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LEAST = 12
# Columns that others say nearly as well, so that these go first.
_RANKS = {"to": 3, "uuid": 2, "reason": 1}


def shown_value(name: str, value: Any) -> str:
    """Show a value of a column: moments in UTC, seconds in words, shares as percents."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name.endswith(SECONDS) and isinstance(value, int | float):
        return in_words(timedelta(seconds=value))
    if name == "share":
        return f"{value:.1%}"
    return f"{value:,}" if isinstance(value, int) else visible(value)


def header_of(name: str) -> str:
    """Write the name of a column as people say it."""
    words = {"duration_s": "for", "seconds": "for", "total_s": "total", "median_s": "median"}
    return words.get(name, visible(name.replace("_", " ")))


def _column(name: str, values: list[Any]) -> ListColumn:
    """Make a column; half a time says nothing, so times are not shortened."""
    has_times = any(isinstance(value, datetime) for value in values)
    cells = [shown_value(name, value) for value in values]
    least = None if has_times else _LEAST
    return ListColumn(header_of(name).upper(), cells, least, rank=_RANKS.get(name, 0))


def print_rows(
    names: Iterable[str], rows: Iterable[Mapping[str, Any]], *, indent: str = ""
) -> None:
    """Print rows under headers; names are shortened, and columns left out, where room is scarce."""
    listed = list(rows)
    by_name = {name: _column(name, [row[name] for row in listed]) for name in names}
    columns = list(by_name.values())
    are_named = all(row.get("device_name") for row in listed)
    named = by_name.get("device_name") if are_named else None
    (named or columns[0]).is_fixed = True
    console = PlainConsole()
    shown = columns
    if console.is_terminal:
        shown = fitted(columns, console.width - len(indent), mark_for(console.encoding))
    for line in table_lines(shown, console):
        click.echo(f"{indent}{line}", color=True)
    if hidden := [column.header for column in columns if column not in shown]:
        tell_of_hidden(hidden)
