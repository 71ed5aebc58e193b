"""What a tracker has seen and told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import click

from fleetstatus._changes.happenings import what_happened
from fleetstatus._words.text import markdown, visible
from fleetstatus.cli._change_output import print_changes, print_rows_of
from fleetstatus.cli._errors import InputError, wrong_usage
from fleetstatus.cli._history_overview import Asked, Section, sections_of
from fleetstatus.cli._markdown import markdown_table
from fleetstatus.cli._moment import to_end, to_start
from fleetstatus.cli._options import count_or_all
from fleetstatus.cli._rows_table import header_of, print_rows, shown_value
from fleetstatus.cli._state import existing, state_option

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import fleetstatus as fs
    from fleetstatus._table.rows import Rows

_LIMIT = 20
_TIMELINE = ("from", "to", "duration_s", "status", "reason", "change")


class HistoryOptions(TypedDict):
    """What to ask a tracker's file."""

    device: str | None
    state: str
    show: str | None
    by: tuple[str, ...]
    since: str | None
    until: str | None
    limit: int
    output_format: str


@click.command()
@click.argument("device", required=False)
@state_option
@click.option(
    "--show",
    type=click.Choice(["overview", "changes", "time", "outages"]),
    default="overview",
    show_default=True,
    help="Without a DEVICE: all in short, what was told, time in status, or times without a link.",
)
@click.option(
    "--by",
    multiple=True,
    metavar="COLUMN",
    help="Group time and outages by this column, as devices are now; device: each is one. May be "
    "repeated.  [default: fleet; of outages: device]",
)
@click.option(
    "--since",
    metavar="MOMENT",
    help="From when on: a date, a time with its zone, or how long before the last look: 7d.",
)
@click.option("--until", metavar="MOMENT", help="Up to when; a date up to its end.")
@click.option(
    "--limit",
    type=count_or_all,
    default=None,
    metavar="N|all",
    help=f"How many rows to show of each table.  [default: {_LIMIT}; of a DEVICE, of csv and of "
    "json: all]",
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", "md", "csv", "json"]),
    default="table",
    show_default=True,
)
def history(**options: Unpack[HistoryOptions]) -> int:
    """Show what `fleetstatus track` has seen: time in status, outages, and what was told.

    With a DEVICE, its uuid, the first 4 or more letters of it or its name: its statuses and changes
    in their order.
    """
    since, until = to_start(options["since"]), to_end(options["until"])
    with existing(options["state"]) as tracker:
        if tracker.last_look is None:
            message = f"{visible(options['state'])}: no look yet"
            raise InputError(message)
        try:
            _show(tracker, options, since, until)
        except (LookupError, ValueError) as error:
            raise wrong_usage(error) from error
    return 0


def _show(tracker: fs.Tracker, options: HistoryOptions, since: Any, until: Any) -> None:
    time = {"since": since, "until": until}
    by = None if options["by"] == ("device",) else options["by"]
    if options["device"] is not None:
        _print_timeline(tracker, options, since, until)
    elif options["show"] == "changes":
        _print_changes(tracker.changes(**time), options)
    elif options["show"] == "time":
        _print_table(tracker.time_in_status(by=by if by != () else "fleet", **time), options)
    elif options["show"] == "outages":
        _print_table(tracker.outages(by=by or None, **time), options)
    else:
        _print_overview(tracker, options, Asked(by if by != () else ("fleet",), since, until))


def _print_timeline(
    tracker: fs.Tracker, options: HistoryOptions, since: Any, until: Any
) -> None:
    """Print what a device was in and what was told of it, of the time that is asked for."""
    rows = tracker.timeline(options["device"] or "")
    asked = tracker.changes(since=since, until=until)  # refuses what is no time
    del asked
    if options["output_format"] in {"csv", "json"}:
        print_rows_of(rows, options["output_format"], options["limit"])
        return
    _print_named(_TIMELINE, [_line_of(row) for row in rows], options)


def _line_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give a row of a timeline: a status, or what was told."""
    line = {name: row[name] for name in ("from", "to", "duration_s", "status", "reason")}
    if row["entry"] == "status":
        return {**line, "change": None}
    told = what_happened(row["kind"], row["before"], row["after"])
    return {**line, "status": None, "reason": None, "change": told}
