"""The audit as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from fleetstatus._report.verdicts import verdict
from fleetstatus._show.display import warnings
from fleetstatus._words.text import moment
from fleetstatus.cli._text import lasted

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    import fleetstatus as fs
    from fleetstatus._report.findings import Finding
    from fleetstatus._report.report import ClassFindings, Disagreement, Group, Report


def to_json(report: Report, command_for: Callable[[fs.Attention], str]) -> str:
    """Write the report as one JSON object, in ASCII; all groups are in it.

    Parameters
    ----------
    report
        What to say.
    command_for
        Command that lists all devices of a class.
    """
    table = report.table
    content = {
        "source": report.source,
        "verdict": verdict(report),
        "warnings": warnings(table._core, in_counts=True),
        "scheme": table.scheme,
        "now": _time(table.now),
        "now_source": table.now_source,
        "newest_event": _time(table.newest_event),
        "fields_missing": table.fields_missing,
        "duplicate_records": len(table.duplicates()),
        "unreadable_records": sum(error is not None for error in table["error"]),
        "by": report.by,
        "devices": report.total.devices,
        "devices_without_status": report.n_unknown,
        "counts": report.total.counts,
        "cloudlink": report.links,
        "groups": list(map(_group, report.groups)),
        "needs_attention": report.total.n_attention,
        "attention_classes": report.total.attention,
        "classes": [_class(found, command_for(found.attention)) for found in report.classes],
        "attention": [_finding(one) for found in report.classes for one in found.findings],
        "disagreeing_devices": report.n_disagreements,
        "disagreements": list(map(_disagreement, report.disagreements)),
    }
    return json.dumps(content, indent=2) + "\n"


def _group(group: Group) -> dict[str, Any]:
    return {
        "name": group.name,
        "devices": group.devices,
        "needs_attention": group.n_attention,
        "counts": group.counts,
        "attention_classes": group.attention,
    }


def _class(found: ClassFindings, command: str) -> dict[str, Any]:
    return {
        "attention": found.attention,
        "devices": found.devices,
        "listed": len(found.findings),
        "message": found.message,
        "first_step": found.first_step,
        "command": command,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    duration = finding.duration
    return {
        "attention": finding.attention,
        "fleet": finding.fleet,
        "device": finding.name,
        "uuid": finding.uuid,
        "status": finding.status,
        "update_status": finding.update_status,
        "since": _time(finding.since),
        "for": None if duration is None else lasted(duration),
        "duration_s": None if duration is None else int(duration.total_seconds()),
        "why": finding.why,
        "reason": finding.advice.key,
        "message": finding.advice.message,
        "first_step": finding.advice.first_step or finding.attention.first_step,
    }


def _disagreement(one: Disagreement) -> dict[str, Any]:
    return {
        "device": one.device,
        "uuid": one.uuid,
        "fleet": one.fleet,
        "by_the_rules": one.expected,
        "api": one.api,
        "api_went_by_is_online": one.went_by_is_online,
    }


def _time(time: datetime | None) -> str | None:
    return None if time is None else moment(time).replace(" ", "T")
