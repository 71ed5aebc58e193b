"""What changed, printed in one of the formats."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from fleetstatus._changes.digest import LIMIT as TEXT_LIMIT
from fleetstatus._changes.lines import worse_rows
from fleetstatus._changes.page import to_page
from fleetstatus._changes.text import to_markdown, to_text
from fleetstatus._table.files import written
from fleetstatus._words.text import best_name, markdown, visible
from fleetstatus.cli._change_options import ROW_FORMATS
from fleetstatus.cli._change_table import print_lines
from fleetstatus.cli._outcome import tell
from fleetstatus.cli._text import left_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import fleetstatus as fs
    from fleetstatus._table.rows import Rows
    from fleetstatus.cli._change_conditions import ChangeMatch

_LIMIT = 50


def print_changes(changes: fs.Changes, output_format: str, limit: int | None, title: str) -> None:
    """Print changes on standard output.

    Parameters
    ----------
    limit
        How many lines to tell, or rows to write; None for as many as suit the format.
    title
        What was compared, for the title of a page.
    """
    if output_format in ROW_FORMATS:
        tell_of_gaps(changes)
        print_rows_of(changes, output_format, limit)
        return
    usual = TEXT_LIMIT if output_format == "text" else _LIMIT
    told = changes._digest(min(usual if limit is None else limit, sys.maxsize))
    if output_format == "table":
        print_lines(told)
    elif output_format == "html":
        click.echo(to_page(told, title), nl=False)
    elif output_format == "md":
        click.echo(f"# {markdown(title)}\n\n{to_markdown(told)}", nl=False)
    else:
        click.echo(to_text(told))


def print_names(changes: fs.Changes, matches: Sequence[ChangeMatch] | None) -> None:
    """Print the names of devices, one a line; what the changes cannot tell elsewhere.

    Parameters
    ----------
    changes
        What changed.
    matches
        Conditions that are met; None to name the devices that changed for the worse.
    """
    tell_of_gaps(changes)
    if matches is None:
        rows = [changes[row] for row in worse_rows(changes)]
    else:
        rows = [row for match in matches for row in match.rows]
    for name in _names(rows, changes):
        click.echo(name)


def _names(rows: Iterable[Mapping[str, Any]], changes: fs.Changes) -> list[str]:
    """Names of the devices of changes, each device once; for an outage those that it took."""
    names: dict[object, str] = {}
    for row in rows:
        of_row = [row] if row["uuid"] is not None else _in_outage(changes, row["fleet"])
        for one in of_row:
            names[one["uuid"]] = visible(best_name(one["device_name"], one["uuid"], None))
    return list(names.values())


def _in_outage(changes: fs.Changes, fleet: str | None) -> list[dict[str, Any]]:
    rows = (row for row in changes if row["in_outage"] and row["uuid"] is not None)
    return [row for row in rows if fleet in {None, row["fleet"]}]


def tell_of_gaps(changes: fs.Changes) -> None:
    """Say on standard error what the changes cannot tell."""
    for warning in changes._digest(0).warnings:
        tell(visible(warning))


def print_rows_of(rows: Rows, output_format: str, limit: int | None) -> None:
    """Write rows as JSON or CSV; visibly on a terminal."""
    number = len(rows) if limit is None else limit
    is_terminal = sys.stdout.isatty()
    for text in written(rows[:number]._named_columns(), output_format):
        if is_terminal:
            lines = text.removesuffix("\n").split("\n")
            click.echo("\n".join(visible(line.removesuffix("\r")) for line in lines))
        else:
            sys.stdout.buffer.write(text.encode())
    noun = "change" if "kind" in rows.columns and "uuid" in rows.columns else "row"
    tell(left_out(len(rows) - number, noun))
