"""The audit as Markdown, for an issue or a wiki."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleetstatus._report.report import FINDING_HEADERS
from fleetstatus._report.verdicts import verdict
from fleetstatus._show.display import about, warnings
from fleetstatus._words.text import in_devices, markdown, moment
from fleetstatus.cli._text import NOTHING, lasted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import fleetstatus as fs
    from fleetstatus._report.findings import Finding
    from fleetstatus._report.report import ClassFindings, Group, Report


def to_markdown(report: Report, command_for: Callable[[fs.Attention], str]) -> str:
    """Write the report as Markdown.

    Parameters
    ----------
    report
        What to say.
    command_for
        Command that lists all devices of a class.
    """
    blocks = [f"# {markdown(report.source)}", f"**{markdown(verdict(report))}**"]
    blocks += [
        f"**Warning:** {markdown(line)}" for line in warnings(report.table._core, in_counts=True)
    ]
    as_of, *gaps = about(report.table._core)
    blocks.append(f"{in_devices(report.total.devices)}, {report.table.scheme}, {as_of}")
    blocks += ["## All devices", _counts(report.total)]
    if len(report.groups) > 1:
        blocks += _groups(report)
    for found in report.classes:
        blocks += _class(found, command_for(found.attention))
    if report.more_devices:
        blocks.append(report.more_devices)
    if report.n_disagreements:
        blocks += _disagreements(report)
    if gaps:
        blocks += ["## Gaps in the data", "\n".join(f"- {markdown(gap)}" for gap in gaps)]
    return "\n\n".join(blocks) + "\n"


def _counts(group: Group) -> str:
    rows = [(label, f"{count:,}", f"{count / group.devices:.1%}") for label, count in group.shown]
    return markdown_table(("Status", "Devices", "Share"), rows)


def _groups(report: Report) -> list[str]:
    rows = [
        (
            group.name,
            f"{group.devices:,}",
            f"{group.n_attention:,} ({group.share:.1%})",
            ", ".join(f"{label} {devices:,}" for label, devices in group.shown),
        )
        for group in report.shown_groups
    ]
    headers = (report.by.capitalize(), "Devices", "Need attention", "Statuses")
    more = [report.more_groups] if report.more_groups else []
    title = f"## By {markdown(report.by)}, most that need attention first"
    return [title, markdown_table(headers, rows), *more]


def _class(found: ClassFindings, command: str) -> list[str]:
    attention = found.attention
    lines = [_advice(None, found.message, found.first_step)]
    lines += [_advice(advice.key, advice.message, advice.first_step) for advice in found.advices]
    blocks = [f"## {attention}: {found.devices:,}", "\n".join(f"- {line}" for line in lines)]
    if found.findings:
        blocks.append(markdown_table(FINDING_HEADERS, map(_cells, found.findings)))
    if found.n_more:
        blocks.append(f"and {found.n_more:,} more: {_code(command)}")
    return blocks


def _advice(key: str | None, message: str, first_step: str | None) -> str:
    step = f" First step: {first_step}" if first_step else ""
    return markdown(f"{key}: {message}{step}" if key else f"{message}{step}")


def _code(command: str) -> str:
    """Quote a command with more backticks than it has in a row."""
    fence = "`"
    while fence in command:
        fence += "`"
    return f"{fence}{command}{fence}"  # a shell's quotes end it, never a backtick


def _cells(finding: Finding) -> tuple[str, ...]:
    return (
        finding.name,
        finding.fleet or NOTHING,
        finding.status or NOTHING,
        finding.why,
        NOTHING if finding.since is None else moment(finding.since),
        lasted(finding.duration),
    )


def _disagreements(report: Report) -> list[str]:
    rows = [
        (one.device, one.fleet or NOTHING, one.expected or NOTHING, one.api or NOTHING)
        for one in report.disagreements
    ]
    more = report.n_disagreements - len(rows)
    return [
        f"## The API's own answer differs: {report.n_disagreements:,}",
        *([markdown_table(("Device", "Fleet", "By the rules", "The API"), rows)] if rows else []),
        *([f"and {more:,} more"] if more else []),
    ]


def markdown_table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write rows of texts as a table of Markdown."""
    lines = [f"| {' | '.join(map(markdown, headers))} |", f"|{' --- |' * len(headers)}"]
    lines += [f"| {' | '.join(map(_cell, row))} |" for row in rows]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text if text == NOTHING else markdown(text)
