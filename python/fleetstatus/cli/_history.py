"""What a tracker has seen and told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import click

from fleetstatus._changes.happenings import what_happened
from fleetstatus._coerce import from_ms, to_ms
from fleetstatus._tracker.arguments import to_range
from fleetstatus._words.text import markdown, moment, visible
from fleetstatus.cli._change_output import print_changes, print_rows_of
from fleetstatus.cli._errors import InputError, wrong_usage
from fleetstatus.cli._history_overview import Asked, Section, as_json, sections_of
from fleetstatus.cli._markdown import markdown_table
from fleetstatus.cli._moment import to_end, to_start
from fleetstatus.cli._options import count_or_all
from fleetstatus.cli._outcome import tell
from fleetstatus.cli._rows_table import header_of, print_rows, shown_value
from fleetstatus.cli._state import existing, kept_gap_option, state_option
from fleetstatus.cli._text import left_out

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    import fleetstatus as fs
    from fleetstatus._table.rows import Rows

_LIMIT = 20
_FOR_PROGRAMS = ("csv", "json")
_Range = tuple["datetime | None", "datetime | None"]
_TIMELINE = ("from", "to", "duration_s", "status", "reason", "change")


class HistoryOptions(TypedDict):
    """What to ask a tracker's file."""

    device: str | None
    state: str
    show: str | None
    by: tuple[str, ...]
    since: str | None
    until: str | None
    gap: str | None
    limit: int | None
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
@kept_gap_option
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
    """Show what `fleetstatus track` has seen: time in status, outages and changes.

    With a DEVICE, its uuid, the first 4 or more letters of it or its name: its statuses and changes
    in their order.
    """
    since, until = to_start(options["since"]), to_end(options["until"])
    with existing(options["state"], gap=options["gap"]) as tracker:
        last = tracker.last_look
        if last is None:
            message = f"{visible(options['state'])}: no look yet"
            raise InputError(message)
        try:
            begin, end = map(from_ms, to_range(since, until, to_ms(last, name="last_look")))
            if begin is not None and begin > last:
                message = f"--since is after the last look, which was at {moment(last)}"
                raise click.UsageError(message)
            _show(tracker, options, (begin, end), last)
        except (LookupError, ValueError) as error:
            raise wrong_usage(error) from error
    return 0


def _show(tracker: fs.Tracker, options: HistoryOptions, asked: _Range, last: datetime) -> None:
    time: dict[str, Any] = dict(zip(("since", "until"), asked, strict=True))
    by = _groups(options["by"])
    if options["device"] is not None:
        rows = tracker.timeline(options["device"])
        rows = rows.filter([_is_within(row, *asked) for row in rows])
        _print_timeline(rows, last, options)
    elif options["show"] == "changes":
        _print_changes(tracker.changes(**time), options)
    elif options["show"] == "time":
        _print_table(tracker.time_in_status(by=by, **time), options)
    elif options["show"] == "outages":
        _print_table(tracker.outages(by=by if options["by"] else None, **time), options)
    else:
        _print_overview(tracker, options, Asked(by, *asked, _limit(options)))


def _groups(by: tuple[str, ...]) -> list[str] | None:
    """Columns that make groups; None where each device is one."""
    return None if by == ("device",) else list(by) or ["fleet"]


def _limit(options: HistoryOptions) -> int:
    return _LIMIT if options["limit"] is None else options["limit"]


def _is_within(row: Mapping[str, Any], begin: datetime | None, end: datetime | None) -> bool:
    until = row["to"] if row["entry"] == "status" else row["from"]
    starts_before = end is None or row["from"] < end
    return starts_before and (begin is None or until is None or until >= begin)


def _print_timeline(rows: Rows, last: datetime, options: HistoryOptions) -> None:
    if options["output_format"] in _FOR_PROGRAMS:
        print_rows_of(rows, options["output_format"], options["limit"])
    else:
        lines = [_line_of(row, last) for row in rows]
        _print_named(_TIMELINE, lines, options["output_format"])


def _line_of(row: Mapping[str, Any], last: datetime) -> dict[str, Any]:
    """Give a row of a timeline: a status, with its length up to the last look, or what was told."""
    line = {name: row[name] for name in _TIMELINE if name != "change"}
    if row["entry"] == "status":
        seconds = ((row["to"] or last) - row["from"]).total_seconds()
        return {**line, "duration_s": seconds, "change": None}
    told = what_happened(row["kind"], row["before"], row["after"])
    return {**line, "status": None, "reason": None, "change": told}


def _print_changes(changes: fs.Changes, options: HistoryOptions) -> None:
    title = f"What {options['state']} has told"
    print_changes(changes, options["output_format"], options["limit"], title)


def _print_table(rows: Rows, options: HistoryOptions) -> None:
    if options["output_format"] in _FOR_PROGRAMS:
        print_rows_of(rows, options["output_format"], options["limit"])
        return
    limit = _limit(options)
    _print_named(rows.columns, rows[:limit].to_dicts(), options["output_format"])
    tell(left_out(len(rows) - limit))


def _print_named(
    names: Sequence[str], rows: Sequence[Mapping[str, Any]], output_format: str
) -> None:
    if output_format == "md":
        click.echo(_markdown_of(names, rows))
    else:
        print_rows(names, rows)


def _markdown_of(names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    headers = [header_of(name).capitalize() for name in names]
    return markdown_table(
        headers, ([shown_value(name, row[name]) for name in names] for row in rows)
    )


def _print_overview(tracker: fs.Tracker, options: HistoryOptions, asked: Asked) -> None:
    output_format = options["output_format"]
    if output_format == "csv":
        message = "csv is one table: --show changes, time or outages"
        raise click.UsageError(message)
    if output_format == "json":
        click.echo(json.dumps(as_json(tracker, asked), indent=2))
        return
    # Counts are lines that begin with spaces; time in status says more.
    title, *lines = [line for line in repr(tracker).split("\n") if not line.startswith(" ")]
    sections = sections_of(tracker, asked)
    if output_format == "md":
        click.echo(
            "\n\n".join([f"# {markdown(title)}", *map(markdown, lines), *map(_section, sections)])
        )
        return
    click.echo("\n".join([title, *lines]))
    for section in sections:
        click.echo(f"\n{section.title}{'' if section.rows else ': ' + section.empty}")
        if section.rows:
            print_rows(section.names, section.rows, indent="  ")
        for line in _below(section):
            click.echo(f"  {line}")


def _section(section: Section) -> str:
    body = _markdown_of(section.names, section.rows) if section.rows else section.empty
    return "\n\n".join([f"## {markdown(section.title)}", body, *map(markdown, _below(section))])


def _below(section: Section) -> list[str]:
    return [line for line in (left_out(section.more), section.note) if line]
