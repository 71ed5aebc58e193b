"""The audit as one static page, which fits a phone; needs none of the extras."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fleetstatus._report.report import FINDING_HEADERS, NO_STATUS, report_on
from fleetstatus._report.verdicts import verdict
from fleetstatus._show import display, html
from fleetstatus._words.text import in_devices, in_words, moment

if TYPE_CHECKING:
    from collections.abc import Callable

    from fleetstatus._report.devices import Devices
    from fleetstatus._report.findings import Finding
    from fleetstatus._report.report import ClassFindings, Disagreement, Group, Report
    from fleetstatus.enums import Attention

DASHBOARD = "https://dashboard.balena-cloud.com/devices"
_HEXADECIMAL = re.compile("[0-9a-fA-F]+")
_NOTHING = ""
_TITLE = "Devices"
_KINDS = {
    "Device": "device",
    "Fleet": "name",
    "Status": "fixed",
    "Since": "fixed",
    "For": "fixed",
}
_DISAGREEMENT_HEADERS = ("Device", "Fleet", "By the rules", "The API", "")
_MORE_COMMAND = "list them with"


def check_dashboard(address: str) -> str:
    """Address of the pages of devices, to which a uuid is added.

    Raises
    ------
    ValueError
        If it is no http address.
    TypeError
        If it is no text.
    """
    if not isinstance(address, str):
        message = f"a dashboard is an address such as {DASHBOARD}, not a {type(address).__name__}"
        raise TypeError(message)
    if not re.fullmatch(r"https?://[^\s\"'<>\\]+", address):
        message = f"a dashboard is an address such as {DASHBOARD}, not {address[:40]!r}"
        raise ValueError(message)
    return address.rstrip("/")


def page_of(table: Devices, dashboard: str | None) -> str:
    """Write the report on a table as one static page."""
    address = None if dashboard is None else check_dashboard(dashboard)
    return to_html(report_on(table, source=_TITLE, how_to_list_all=None), dashboard=address)


def to_html(
    report: Report,
    *,
    dashboard: str | None = DASHBOARD,
    command_for: Callable[[Attention], str] | None = None,
) -> str:
    """Write the report as one static page.

    Parameters
    ----------
    report
        What to say.
    dashboard
        Where devices have their pages; None for no links. Only a hexadecimal uuid is linked.
    command_for
        Command that lists all devices of a class, named where the limit leaves some out.
    """
    address = None if dashboard is None else check_dashboard(dashboard)
    as_of, *gaps = display.about(report.table._core)
    devices = f"{in_devices(report.total.devices)}, {report.table.scheme}, {as_of}"
    parts = [
        html.heading(report.source, 1),
        html.paragraph(verdict(report), kind="verdict"),
        *(
            html.paragraph(line, kind="warning")
            for line in display.warnings(report.table._core, in_counts=True)
        ),
        html.paragraph(devices),
        html.status_bar(report.total.counts.items()),
        *_groups(report),
    ]
    for found in report.classes:
        command = command_for(found.attention) if command_for else None
        parts += _class(found, address, command)
    if report.more_devices:
        parts.append(html.paragraph(report.more_devices, kind="note"))
    parts += _disagreements(report, address)
    if gaps:
        parts.append(html.heading("Gaps in the data", 2))
    parts += [html.paragraph(gap, kind="note") for gap in gaps]
    return html.document(report.source, *parts)


def _groups(report: Report) -> list[str]:
    if len(report.groups) < 2:
        return []
    headers = (report.by.capitalize(), "Devices", "Need attention", "Statuses")
    kinds = {headers[0]: "name", "Devices": "fixed", "Need attention": "fixed"}
    rows = [_group_cells(group) for group in report.shown_groups]
    title = html.heading(f"By {report.by}, most that need attention first", 2)
    more = report.more_groups
    note = [html.paragraph(more, kind="note")] if more else []
    return [
        title,
        html.table(headers, rows, prose=headers[-1:], kinds=kinds, is_stacked=True),
        *note,
    ]


def _group_cells(group: Group) -> tuple[str, ...]:
    need = f"{group.n_attention:,} ({group.share:.1%})"
    statuses = ", ".join(f"{label} {devices:,}" for label, devices in group.shown)
    return group.name, f"{group.devices:,}", need, statuses


def _class(found: ClassFindings, dashboard: str | None, command: str | None) -> list[str]:
    """Say what is the matter with a class of devices and what to do first, then list them."""
    attention = found.attention
    title = html.heading(html.key(attention, f"{attention}: {found.devices:,}"), 2)
    lines = [_advice_line(None, found.message, found.first_step)]
    lines += [
        _advice_line(advice.key, advice.message, advice.first_step) for advice in found.advices
    ]
    rows = [_cells(finding, dashboard) for finding in found.findings]
    parts: list[str] = [title, *map(html.paragraph, lines)]
    if rows:
        parts.append(html.table(FINDING_HEADERS, rows, kinds=_KINDS, is_stacked=True))
    if found.n_more:
        more = html.markup(f"and {found.n_more:,} more")
        if command:
            more = html.Markup(f"{more}; {_MORE_COMMAND} {html.code(command)}")
        parts.append(html.paragraph(more, kind="note"))
    return parts


def _advice_line(key: str | None, message: str, first_step: str | None) -> str:
    step = f"First step: {first_step}" if first_step else None
    return " ".join(filter(None, (f"{key}:" if key else None, message, step)))


def _cells(finding: Finding, dashboard: str | None) -> tuple[str, ...]:
    return (
        _device(finding.name, finding.uuid, dashboard),
        finding.fleet or _NOTHING,
        html.key(finding.status, finding.status or NO_STATUS),
        finding.why,
        _NOTHING if finding.since is None else moment(finding.since),
        _NOTHING if finding.duration is None else in_words(finding.duration),
    )


def _device(name: str, uuid: str | None, dashboard: str | None) -> html.Markup:
    """Name a device, with a link to its page, and its uuid below."""
    is_linked = dashboard is not None and uuid is not None and _HEXADECIMAL.fullmatch(uuid)
    named = html.link(f"{dashboard}/{uuid}", name) if is_linked else html.markup(name)
    if uuid is None or uuid == name:
        return named
    return html.Markup(f"{named}<br>{html.code(uuid)}")


def _disagreements(report: Report, dashboard: str | None) -> list[str]:
    if not report.n_disagreements:
        return []
    title = f"The API's own answer differs: {report.n_disagreements:,}"
    rows = [_disagreement_cells(one, dashboard) for one in report.disagreements]
    parts: list[str] = [html.heading(title, 2)]
    if rows:
        parts.append(html.table(_DISAGREEMENT_HEADERS, rows, kinds=_KINDS, is_stacked=True))
    more = report.n_disagreements - len(rows)
    return [*parts, html.paragraph(f"and {more:,} more", kind="note")] if more else parts


def _disagreement_cells(one: Disagreement, dashboard: str | None) -> tuple[str, ...]:
    return (
        _device(one.device, one.uuid, dashboard),
        one.fleet or _NOTHING,
        one.expected or _NOTHING,
        one.api or _NOTHING,
        "as an API before v45 that went by is_online" if one.went_by_is_online else "",
    )
