"""The audit for a terminal, in 60 columns or more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from fleetstatus._report.findings import FOLLOWED_REASONS
from fleetstatus._report.verdicts import verdict
from fleetstatus._show.display import about, warnings
from fleetstatus._show.palette import colour_of
from fleetstatus._words.text import cell_width, in_devices, moment, visible
from fleetstatus.cli._columns import ListColumn, fitted
from fleetstatus.cli._console import PlainConsole
from fleetstatus.cli._text import NOTHING, lasted, mark_for, shortened_to, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from rich.console import Console

    import fleetstatus as fs
    from fleetstatus._report.findings import Finding
    from fleetstatus._report.report import ClassFindings, Group, Report

    Named = tuple[str, str | None]

_BAR_WIDTH = 30
_LEAST_BAR = 8
_GAP = 2
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_WIDE = 110
_LEAST_NAME = 12
_FLOOR = 8
_LEAST_TEXT = 24
_PADDING = re.compile(r" +$", re.MULTILINE)


def print_report(report: Report, command_for: Callable[[fs.Attention], str]) -> None:
    """Print the report on standard output.

    Parameters
    ----------
    report
        What to say.
    command_for
        Command that lists all devices of a class.
    """
    console = PlainConsole()
    with console.capture() as printed:
        _print_heading(console, report)
        console.print()
        console.print(_counts_table(console, report.total))
        if len(report.groups) > 1:
            _print_groups(console, report)
        for found in report.classes:
            _print_class(console, found, command_for(found.attention))
        if report.more_devices:
            console.print(f"\n{report.more_devices}")
        if report.n_disagreements:
            _print_disagreements(console, report)
        _print_gaps(console, report)
    click.echo(_PADDING.sub("", printed.get()), nl=False, color=True)


def _print_heading(console: Console, report: Report) -> None:
    style = "bold red" if report.total.n_attention or report.n_unknown else "bold green"
    name = visible(report.source)
    console.print(Text.assemble((f"{name}: ", "bold"), (verdict(report), style)))
    for warning in warnings(report.table._core, in_counts=True):
        console.print(Text.assemble(("! ", "bold yellow"), visible(warning)))
    as_of = about(report.table._core)[0]
    group = f", {report.by} {visible(report.groups[0].name)}" if len(report.groups) == 1 else ""
    console.print(
        Text(f"{in_devices(report.total.devices)}{group}, {report.table.scheme}, {as_of}")
    )


def _print_gaps(console: Console, report: Report) -> None:
    _, *gaps = about(report.table._core)
    if gaps:
        console.print(Text("\nGaps in the data", style="bold"))
    for gap in gaps:
        console.print(Padding(Text(visible(gap), style="dim"), (0, 0, 0, 2)))


def _counts_table(console: Console, group: Group) -> Table:
    """Draw the counts; a narrow terminal has short bars, or none."""
    cells = [
        (visible(label), f"{devices:,}", f"{devices / group.devices:.1%}")
        for label, devices in group.counts.items()
    ]
    widths = [max(map(cell_width, column)) for column in zip(*cells, strict=True)]
    bar_width = min(console.width - sum(widths) - _GAP * len(widths), _BAR_WIDTH)
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column("status", overflow="fold")
    table.add_column("devices", justify="right", no_wrap=True)
    table.add_column("share", justify="right", no_wrap=True)
    if bar_width >= _LEAST_BAR:
        table.add_column("bar", no_wrap=True)
    for (label, devices), texts in zip(group.counts.items(), cells, strict=True):
        row = [Text(text, "" if devices else "dim") for text in texts]
        if bar_width >= _LEAST_BAR:
            drawn = bar(devices / group.devices, console.encoding, width=bar_width)
            row.append(Text(drawn, colour_of(label)))
        table.add_row(*row)
    return table


def _print_groups(console: Console, report: Report) -> None:
    """Print each group with its counts; below, what needs attention in it."""
    by = visible(report.by)
    console.print(Text(f"\nBy {by}, most that need attention first", style="bold"))
    cells = [
        (f"{group.devices:,}", f"{group.n_attention:,}", f"{group.share:.1%}")
        for group in report.shown_groups
    ]
    numbers = _aligned_right([("devices", "attention", ""), *cells])
    room = max(console.width - len(numbers[0]) - 2 * _GAP, _FLOOR)
    mark = mark_for(console.encoding)
    names = [by, *(visible(group.name) for group in report.shown_groups)]
    names = [shortened_to(name, room, mark) for name in names]
    width = max(map(cell_width, names))
    lines = [
        f"  {name}{' ' * (width - cell_width(name))}  {rest}"
        for name, rest in zip(names, numbers, strict=True)
    ]
    console.print(Text(lines[0], style="dim"))
    for line, group in zip(lines[1:], report.shown_groups, strict=True):
        console.print(Text(line))
        if classes := ", ".join(f"{count:,} {name}" for name, count in group.attention.items()):
            console.print(Padding(Text(classes, style="dim"), (0, 0, 0, 4)))
    if report.more_groups:
        console.print(f"  {report.more_groups}: --groups all shows them")


def _aligned_right(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]


def bar(share: float, encoding: str, *, width: int = _BAR_WIDTH) -> str:
    """Draw a share between 0 and 1, which is all of a width; what is more than 0 can be seen.

    Examples
    --------
    >>> bar(0.5, "utf-8")
    '███████████████'
    >>> bar(0.5, "ascii")
    '###############'
    """
    try:
        _EIGHTHS.encode(encoding)
    except UnicodeError:
        return "#" * max(round(share * width), share > 0)
    eighths = max(round(share * width * 8), share > 0)
    whole, rest = divmod(eighths, 8)
    return _EIGHTHS[8] * whole + _EIGHTHS[rest].strip()


def _print_class(console: PlainConsole, found: ClassFindings, command: str) -> None:
    square = bar(1 / _BAR_WIDTH, console.encoding)
    title = (f"{found.attention}: {found.devices:,}", "bold")
    console.print(Text.assemble("\n", (square, colour_of(found.attention)), " ", title))
    _print_advice(console, None, found.message, found.first_step)
    for advice in found.advices:
        _print_advice(console, advice.key, advice.message, advice.first_step)
    if found.findings:
        names = ((one.name, one.fleet) for one in found.findings)
        columns = _findings_columns(found.findings, is_wide=console.width >= _WIDE)
        console.print(_devices_table(console, names, columns))
    if found.n_more:
        console.print(Text(f"  and {found.n_more:,} more: {command}"), soft_wrap=True)


def _print_advice(console: Console, key: str | None, message: str, first_step: str | None) -> None:
    text = Text.assemble((f"{key}: ", "italic") if key else "", message)
    if first_step:
        text.append(" First step: ", style="italic")
        text.append(first_step[:1].lower() + first_step[1:])
    console.print(Padding(text, (0, 0, 0, 2)))


def _findings_columns(findings: list[Finding], *, is_wide: bool) -> dict[str, list[str]]:
    """List what is the matter; what is the same for all devices of the class needs no column."""
    columns = {
        "why": [visible(one.why) for one in findings],
        "for": [lasted(one.duration) for one in findings],
    }
    if is_wide:
        times = (one.since for one in findings)
        columns["since"] = [NOTHING if time is None else moment(time) for time in times]
        columns["status"] = [shown(one.status) for one in findings]
    if all(one.attention in FOLLOWED_REASONS for one in findings):
        del columns["why"]
    if all(one.duration is None for one in findings):
        del columns["for"]
    return columns


def _devices_table(
    console: PlainConsole, devices: Iterable[Named], further: Mapping[str, list[str]]
) -> Padding:
    """List devices; on a terminal names are shortened, elsewhere they take several lines."""
    named = list(devices)
    columns = [
        ListColumn("device", [visible(one[0]) for one in named], _LEAST_NAME, True, _FLOOR),
        ListColumn("fleet", [shown(one[1]) for one in named], _LEAST_NAME, True, _FLOOR),
    ]
    others = [ListColumn(header, cells) for header, cells in further.items()]
    if console.is_terminal:
        taken = sum(min(column.width, _LEAST_TEXT) + _GAP for column in others)
        fitted(columns, console.width - _GAP - taken, mark_for(console.encoding))
    table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="dim")
    for column in columns:
        table.add_column(column.header, overflow="fold", no_wrap=console.is_terminal)
    for column in others:
        is_short = column.header in {"for", "since", "status"}
        table.add_column(column.header, overflow="fold", no_wrap=is_short)
    for row in zip(*(column.cells for column in (*columns, *others)), strict=True):
        table.add_row(*map(Text, row))
    return Padding(table, (0, 0, 0, _GAP))


def _print_disagreements(console: PlainConsole, report: Report) -> None:
    console.print(Text(f"\nThe API's own answer differs: {report.n_disagreements:,}", "bold"))
    if found := report.disagreements:
        answers = {
            "by the rules": [shown(one.expected) for one in found],
            "the API": [shown(one.api) for one in found],
        }
        console.print(_devices_table(console, ((one.device, one.fleet) for one in found), answers))
    if more := report.n_disagreements - len(report.disagreements):
        console.print(f"  and {more:,} more")
