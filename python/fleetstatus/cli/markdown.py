"""The audit as Markdown, HTML and JSON."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter

import fleetstatus as fs
from fleetstatus import _html
from fleetstatus._display import about
from fleetstatus._text import in_devices, moment
from fleetstatus.cli.report import Finding, Group, Report
from fleetstatus.cli.text import NOTHING, markdown

_COUNT_HEADERS = ("Devices", "Share")
_FINDING_HEADERS = (
    "Attention",
    "Fleet",
    "Device",
    "Status",
    "Update status",
    "Since",
    "For",
    "Reason",
    "First step",
)
_HTML_HEADERS = ("Fleet", "Device", "Status", "Update status", "Since", "For", "Reason")


def to_markdown(report: Report) -> str:
    """Write the report as Markdown tables."""
    blocks = [f"# {markdown(report.source)}", _headline(report)]
    blocks.append("\n".join(f"- {markdown(line)}" for line in about(report.table)))
    blocks += ["## All devices", _markdown_counts("Status", [report.total])]
    if report.groups:
        title = markdown(report.by)
        blocks += [f"## By {title}", _markdown_counts(f"{title}, status", report.groups)]
    blocks.append(f"## Needs attention: {report.n_findings:,}")
    if report.findings:
        rows = [_finding_cells(finding) for finding in report.findings]
        blocks.append(_markdown_table(_FINDING_HEADERS, rows))
    if report.n_more:
        blocks.append(f"and {report.n_more:,} more")
    return "\n\n".join(blocks) + "\n"


def to_html(report: Report) -> str:
    """Write the report as one static page."""
    parts = [
        _html.heading(report.source, 1),
        _html.paragraph(_headline(report), kind="title"),
        *(_html.paragraph(line, kind="note") for line in about(report.table)),
        _html.heading("All devices", 2),
        _html_counts(report.total),
    ]
    if report.groups:
        parts.append(_html.heading(f"By {report.by}", 2))
    for group in report.groups:
        parts += [_html.heading(f"{group.name}: {group.devices:,}", 3), _html_counts(group)]
    parts.append(_html.heading(f"Needs attention: {report.n_findings:,}", 2))
    for attention, findings in groupby(report.findings, attrgetter("attention")):
        parts += _html_findings(attention, list(findings))
    if report.n_more:
        parts.append(_html.paragraph(f"and {report.n_more:,} more", kind="note"))
    return _html.document(report.source, *parts)


def to_json(report: Report) -> str:
    """Write the report as one JSON object, in ASCII."""
    table = report.table
    content = {
        "source": report.source,
        "scheme": table.scheme,
        "now": _json_time(table.now),
        "newest_event": _json_time(table.newest_event),
        "fields_missing": table.fields_missing,
        "duplicate_records": len(table.duplicates()),
        "unreadable_records": report.classes.get("unreadable", 0),
        "by": report.by,
        "devices": report.total.devices,
        "counts": report.total.counts,
        "groups": [
            {"name": group.name, "devices": group.devices, "counts": group.counts}
            for group in report.groups
        ],
        "needs_attention": report.n_findings,
        "attention_classes": report.classes,
        "attention": [_finding_members(finding) for finding in report.findings],
    }
    return json.dumps(content, indent=2) + "\n"


def _headline(report: Report) -> str:
    return f"{in_devices(report.total.devices)}, {report.table.scheme}"


def _finding_cells(finding: Finding) -> tuple[str, ...]:
    return (
        finding.attention,
        finding.fleet,
        finding.device,
        finding.status,
        finding.update_status,
        NOTHING if finding.since is None else moment(finding.since),
        finding.duration,
        finding.advice.message,
        finding.advice.first_step or "",
    )


def _finding_members(finding: Finding) -> dict[str, str | None]:
    return {
        "attention": finding.attention,
        "fleet": finding.fleet,
        "device": finding.device,
        "uuid": finding.uuid,
        "status": finding.status,
        "update_status": finding.update_status,
        "since": _json_time(finding.since),
        "for": finding.duration,
        "reason": finding.advice.key,
        "message": finding.advice.message,
        "first_step": finding.advice.first_step,
    }


def _json_time(time: datetime | None) -> str | None:
    return None if time is None else moment(time).replace(" ", "T")


def _shares(group: Group) -> Iterable[tuple[str, int, float]]:
    for label, devices in group.counts.items():
        if devices:
            yield label, devices, devices / group.devices


def _markdown_counts(first_header: str, groups: Sequence[Group]) -> str:
    rows: list[tuple[str, ...]] = []
    for group in groups:
        if len(groups) > 1:
            rows.append((group.name, f"{group.devices:,}", ""))
        rows += [
            (label, f"{devices:,}", f"{share:.1%}") for label, devices, share in _shares(group)
        ]
    return _markdown_table((first_header, *_COUNT_HEADERS), rows)


def _markdown_table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(headers)} |", f"|{' --- |' * len(headers)}"]
    lines += [f"| {' | '.join(markdown(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines)


def _html_counts(group: Group) -> str:
    return _html.status_bar(group.counts.items())


def _html_findings(attention: fs.Attention, findings: list[Finding]) -> list[str]:
    """Say what is the matter with a class of devices and what to do first, then list them."""
    advices = [] if attention == fs.Attention.UNREADABLE else [one.advice for one in findings]
    lines = [
        " ".join(filter(None, (f"{advice.key}:", advice.message, advice.first_step)))
        for advice in dict.fromkeys(advices)
    ]
    title = _html.heading(_html.key(attention, attention), 3)
    rows = [_html_cells(finding) for finding in findings]
    table = _html.table(_HTML_HEADERS, rows, prose=_HTML_HEADERS[-1:])
    return [title, *map(_html.paragraph, lines), table]


def _html_cells(finding: Finding) -> tuple[str, ...]:
    unreadable = finding.attention == fs.Attention.UNREADABLE
    return (
        finding.fleet,
        finding.device,
        _html.key(finding.status, finding.status),
        finding.update_status,
        NOTHING if finding.since is None else moment(finding.since),
        finding.duration,
        finding.advice.message if unreadable else finding.advice.key,
    )
