"""A list of devices as a table, which keeps status, duration and reason in a narrow terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from rich.style import Style

from fleetstatus._show.palette import COLOURS, colour_of
from fleetstatus._words.text import cell_width
from fleetstatus.cli._columns import GAP, ListColumn, chosen_columns, fitted, usual_columns
from fleetstatus.cli._console import PlainConsole
from fleetstatus.cli._text import mark_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    import fleetstatus as fs

_COLOURED = {"STATUS", "ATTENTION", "UPDATE STATUS"}


def print_table(table: fs.StatusTable, chosen: list[str], further: list[str]) -> None:
    """Print rows under headers; say on standard error which columns had no room.

    Parameters
    ----------
    table
        The rows.
    chosen
        The columns to print; the usual ones if there are none.
    further
        Columns to print beside the usual ones.
    """
    if chosen:
        columns = chosen_columns(table, [*chosen, *further])
    else:
        columns = usual_columns(table, further, _api_answers(table))
    console = PlainConsole()
    shown = columns
    if console.is_terminal:  # a file has room for all
        shown = fitted(columns, console.width, mark_for(console.encoding))
    for line in table_lines(shown, console):
        click.echo(line, color=True)
    if hidden := [column.header for column in columns if column not in shown]:
        tell_of_hidden(hidden, "; --columns chooses")


def tell_of_hidden(hidden: list[str], advice: str = "") -> None:
    """Say on standard error which columns had no room, and what to do."""
    number = "1 column" if len(hidden) == 1 else f"{len(hidden)} columns"
    message = f"fleetstatus: no room for {number}: {', '.join(hidden)}{advice}"
    click.echo(message, err=True)


def table_lines(columns: list[ListColumn], console: PlainConsole) -> Iterator[str]:
    """Write columns as lines, the headers first, with the colours of their labels."""
    yield GAP.join(_padded(column.header, column.width) for column in columns).rstrip()
    painted = [_painted(column, console) for column in columns]
    for row in zip(*painted, strict=True):
        yield GAP.join(row).rstrip()


def _painted(column: ListColumn, console: PlainConsole) -> list[str]:
    """Pad the cells of a column, and give them the colours of their labels."""
    cells = [_padded(cell, column.width) for cell in column.cells]
    if column.header not in _COLOURED or not console.has_colour:
        return cells
    return [_in_colour(cell, console) for cell in cells]


def _in_colour(cell: str, console: PlainConsole) -> str:
    label = cell.rstrip()
    if label.casefold() not in COLOURS:
        return cell
    return console.painted(label, Style(color=colour_of(label))) + cell[len(label) :]


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cell_width(text))


def _api_answers(table: fs.StatusTable) -> list[str | None]:
    """Give the API's own answer for rows in which it is not what its rules give."""
    differ = set(_identities(table.disagreements()))
    answers = table["api_overall_status"].to_list()
    identities = _identities(table)
    return [
        answer if identity in differ else None
        for answer, identity in zip(answers, identities, strict=True)
    ]


def _identities(table: fs.StatusTable) -> list[tuple[object, ...]]:
    columns = (table[name].to_list() for name in ("id", "uuid", "device_name"))
    return list(zip(*columns, strict=True))
