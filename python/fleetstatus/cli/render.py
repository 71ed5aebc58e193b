"""The audit for a terminal, in 80 columns or more."""

from itertools import groupby
from operator import attrgetter

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

import fleetstatus as fs
from fleetstatus._display import about
from fleetstatus._palette import colour_of
from fleetstatus._text import in_devices, moment, visible
from fleetstatus.cli.report import Advice, Finding, Group, Report
from fleetstatus.cli.text import NOTHING

_BAR_WIDTH = 30
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_MAX_GROUPS = 50
_WIDE = 110


class PlainConsole(Console):
    """A console that takes text as it is, and lets the program see that its reader has gone."""

    def __init__(self) -> None:
        super().__init__(highlight=False, markup=False, emoji=False)

    def on_broken_pipe(self) -> None:
        """Raise the error that is being handled."""
        raise  # noqa: PLE0704


def print_report(report: Report) -> None:
    """Print the report on standard output."""
    console = PlainConsole()
    _print_heading(console, report)
    if len(report.groups) != 1:
        console.print()
        console.print(_counts_table(console, [report.total]))
    groups = report.groups[:_MAX_GROUPS]
    if groups:
        console.print(Text(f"\nBy {visible(report.by)}", style="bold"))
        console.print(_counts_table(console, groups))
    if len(report.groups) > len(groups):
        console.print(f"and {len(report.groups) - len(groups):,} more")
    _print_findings(console, report)


def _print_heading(console: Console, report: Report) -> None:
    console.print(
        Text.assemble(
            (visible(report.source), "bold"),
            f": {in_devices(report.total.devices)}, {report.table.scheme}",
        )
    )
    as_of, *remarks = about(report.table)
    console.print(Text(as_of))
    for remark in remarks:
        console.print(Text.assemble(("! ", "bold yellow"), visible(remark)))


def _counts_table(console: Console, groups: list[Group]) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column("status", overflow="fold")
    table.add_column("devices", justify="right", no_wrap=True)
    table.add_column("share", justify="right", no_wrap=True)
    table.add_column("bar", no_wrap=True)
    for place, group in enumerate(groups):
        if place:
            table.add_row()
        table.add_row(Text(visible(group.name), style="bold"), Text(f"{group.devices:,}", "bold"))
        for label, devices in group.counts.items():
            if devices or len(groups) == 1:
                _add_count(table, label, devices, group.devices, console.encoding)
    return table


def _add_count(table: Table, label: str, devices: int, total: int, encoding: str) -> None:
    share = devices / total if total else 0.0
    table.add_row(
        Text(f"  {visible(label)}", "" if devices else "dim"),
        Text(f"{devices:,}", "" if devices else "dim"),
        Text(f"{share:.1%}", "" if devices else "dim"),
        Text(bar(share, encoding), colour_of(label)),
    )


def bar(share: float, encoding: str) -> str:
    """Draw a share between 0 and 1; what is more than nothing can be seen.

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
        return "#" * max(round(share * _BAR_WIDTH), share > 0)
    eighths = max(round(share * _BAR_WIDTH * 8), share > 0)
    whole, rest = divmod(eighths, 8)
    return _EIGHTHS[8] * whole + _EIGHTHS[rest].strip()


def _print_findings(console: Console, report: Report) -> None:
    if not report.n_findings:
        console.print(Text("\nNo device needs attention.", style="bold"))
        return
    share = f"{report.n_findings:,} of {report.total.devices:,}"
    classes = ", ".join(f"{name} {devices:,}" for name, devices in report.classes.items())
    console.print(Text.assemble((f"\nNeeds attention: {share}", "bold"), f" ({classes})"))
    for attention, listed in groupby(report.findings, attrgetter("attention")):
        findings = list(listed)
        console.print()
        _print_class(console, attention, findings)
    if report.n_more:
        console.print(f"\nand {report.n_more:,} more")


def _print_class(console: Console, attention: fs.Attention, findings: list[Finding]) -> None:
    square = bar(1 / _BAR_WIDTH, console.encoding)
    console.print(Text.assemble((square, colour_of(attention)), " ", (attention, "bold")))
    if attention != fs.Attention.UNREADABLE:
        for advice in dict.fromkeys(finding.advice for finding in findings):
            console.print(Padding(_advice_text(advice), (0, 0, 0, 2)))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("  device", overflow="fold")
    table.add_column("fleet", overflow="fold")
    table.add_column(_why_header(attention), overflow="fold")
    table.add_column("for", no_wrap=True)
    is_wide = console.width >= _WIDE
    if is_wide:
        table.add_column("since", no_wrap=True)
        table.add_column("status", no_wrap=True)
    for finding in findings:
        cells = [f"  {visible(finding.device)}", visible(finding.fleet), _why(finding)]
        cells += [finding.duration]
        cells += [_since(finding), visible(finding.status)] if is_wide else []
        table.add_row(*(Text(cell) for cell in cells))
    console.print(table)


def _advice_text(advice: Advice) -> Text:
    text = Text.assemble((f"{advice.key}: ", "italic"), advice.message)
    if advice.first_step:
        text.append(" First: ", style="italic")
        text.append(advice.first_step[:1].lower() + advice.first_step[1:])
    return text


def _why_header(attention: fs.Attention) -> str:
    if attention in {fs.Attention.UPDATE_FAILED, fs.Attention.UPDATE_STUCK}:
        return "update status"
    return "error" if attention == fs.Attention.UNREADABLE else "reason"


def _why(finding: Finding) -> str:
    is_unreadable = finding.attention == fs.Attention.UNREADABLE
    return visible(finding.advice.message if is_unreadable else finding.advice.key)


def _since(finding: Finding) -> str:
    return NOTHING if finding.since is None else moment(finding.since)
