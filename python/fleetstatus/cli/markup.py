"""The audit as Markdown, HTML and JSON."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from fleetstatus._display import about
from fleetstatus._text import markup, moment
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
_STYLE = """
body { font-family: system-ui, sans-serif; margin: 2rem; color: #1c2733; background: #fff; }
table { border-collapse: collapse; margin: 0 0 1.5rem; }
th, td { text-align: left; padding: .25rem .75rem; border-bottom: 1px solid #d6dde4; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
td.bar { width: 14rem; }
td.bar div { background: #3a6ea5; height: .8rem; min-width: 1px; }
"""


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
    title = markup(report.source)
    lines = "".join(f"<li>{markup(line)}</li>" for line in about(report.table))
    parts = [
        f"<h1>{title}</h1>",
        f"<p>{markup(_headline(report))}</p>",
        f"<ul>{lines}</ul>",
        "<h2>All devices</h2>",
        _html_counts([report.total]),
    ]
    if report.groups:
        parts += [f"<h2>By {markup(report.by)}</h2>", _html_counts(report.groups)]
    parts.append(f"<h2>Needs attention: {report.n_findings:,}</h2>")
    if report.findings:
        parts.append(_html_findings(report.findings))
    if report.n_more:
        parts.append(f"<p>and {report.n_more:,} more</p>")
    body = "\n".join(parts)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n"
        "</body>\n</html>\n"
    )


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
    return f"{report.total.devices:,} devices, {report.table.scheme}"


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


def _html_counts(groups: Sequence[Group]) -> str:
    rows: list[str] = []
    for group in groups:
        if len(groups) > 1:
            rows.append(
                f'<tr><th>{markup(group.name)}</th><td class="number">{group.devices:,}</td>'
                "<td></td><td></td></tr>"
            )
        rows += [
            f'<tr><td>{markup(label)}</td><td class="number">{devices:,}</td>'
            f'<td class="number">{share:.1%}</td>'
            f'<td class="bar"><div style="width: {share:.2%}"></div></td></tr>'
            for label, devices, share in _shares(group)
        ]
    return "<table>\n" + "\n".join(rows) + "\n</table>"


def _html_findings(findings: Iterable[Finding]) -> str:
    header = "".join(f"<th>{name}</th>" for name in _FINDING_HEADERS)
    rows = [
        "<tr>" + "".join(f"<td>{markup(cell)}</td>" for cell in _finding_cells(finding)) + "</tr>"
        for finding in findings
    ]
    return f"<table>\n<tr>{header}</tr>\n" + "\n".join(rows) + "\n</table>"
