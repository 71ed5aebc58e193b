"""Tables of any columns, for a terminal and as Markdown."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from fleetstatus._words.text import in_words, moment, visible
from fleetstatus.cli._columns import ListColumn, fitted
from fleetstatus.cli._console import PlainConsole
from fleetstatus.cli._list_table import table_lines, tell_of_hidden
from fleetstatus.cli._text import NOTHING, mark_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LEAST = 12
_SECONDS = ("seconds", "_s")


def shown_value(name: str, value: Any) -> str:
    """Show a value of a column: moments in UTC, seconds in words, shares as percents."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name.endswith(_SECONDS) and isinstance(value, int | float):
        return in_words(timedelta(seconds=value))
    if name == "share":
        return f"{value:.1%}"
    return f"{value:,}" if isinstance(value, int) else visible(value)


def header_of(name: str) -> str:
    """Write the name of a column as people say it."""
    words = {"duration_s": "for", "seconds": "for", "total_s": "total", "median_s": "median"}
    return words.get(name, visible(name.replace("_", " ")))


def print_rows(
    names: Iterable[str], rows: Iterable[Mapping[str, Any]], *, indent: str = ""
) -> None:
    """Print rows under headers; names are shortened, and columns left out, where room is scarce."""
    listed = list(rows)
    columns = [
        ListColumn(
            header_of(name).upper(), [shown_value(name, row[name]) for row in listed], _LEAST
        )
        for name in names
    ]
    columns[0].is_fixed = True
    console = PlainConsole()
    shown = columns
    if console.is_terminal:
        shown = fitted(columns, console.width - len(indent), mark_for(console.encoding))
    for line in table_lines(shown, console):
        click.echo(f"{indent}{line}", color=True)
    if hidden := [column.header for column in columns if column not in shown]:
        tell_of_hidden(hidden)
