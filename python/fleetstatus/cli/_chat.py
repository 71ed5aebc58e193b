"""The audit in a few lines, for a chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleetstatus._report.verdicts import verdict
from fleetstatus._show.display import about, warnings
from fleetstatus._words.text import visible
from fleetstatus.cli._text import NOTHING, lasted

if TYPE_CHECKING:
    from collections.abc import Callable

    import fleetstatus as fs
    from fleetstatus._report.findings import Finding
    from fleetstatus._report.report import ClassFindings, Report

_GROUPS = 3


def to_text(report: Report, command_for: Callable[[fs.Attention], str]) -> str:
    """Write the report as a few lines of plain text.

    Parameters
    ----------
    report
        What to say.
    command_for
        Unused: a chat has no room for commands.
    """
    del command_for
    lines = [f"{report.source}: {verdict(report)}"]
    lines += [f"! {warning}" for warning in warnings(report.table._core, in_counts=True)]
    lines += map(_class_line, report.classes)
    if worst := [group for group in report.shown_groups[:_GROUPS] if group.n_attention]:
        named = (f"{group.name} ({group.n_attention:,} of {group.devices:,})" for group in worst)
        lines.append(f"Most by {report.by}: {', '.join(named)}")
    lines.append(about(report.table._core)[0])
    return "".join(f"{visible(line)}\n" for line in lines)


def _class_line(found: ClassFindings) -> str:
    named = ", ".join(map(_device, found.findings))
    more = f" and {found.n_more:,} more" if found.n_more else ""
    step = f" First step: {found.first_step}" if found.first_step else ""
    return f"- {found.attention} {found.devices:,}: {named}{more}.{step}"


def _device(finding: Finding) -> str:
    duration = lasted(finding.duration)
    return finding.name if duration == NOTHING else f"{finding.name} ({duration})"
