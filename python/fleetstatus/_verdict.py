"""One sentence on how a fleet is, which comes first in every report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleetstatus._text import in_devices

if TYPE_CHECKING:
    from fleetstatus._report import Report

# Without these fields some device that needs attention cannot be seen.
_HIDING = {
    "is_frozen",
    "created_at",
    "last_connectivity_event",
    "provisioning_state",
    "update_status",
    "last_update_status_event",
}


def verdict(report: Report) -> str:
    """Say in one sentence how many devices need attention, worst class first.

    What is not known is never told as if nothing were the matter.
    """
    devices, needing = report.total.devices, report.total.n_attention
    classes = ", ".join(f"{each.devices:,} {each.attention}" for each in report.classes)
    if not devices:
        return "No devices."
    if report.n_unknown == devices:
        links = ", ".join(f"{count:,} {state}" for state, count in report.links.items())
        need = f"; {_need(needing)} attention: {classes}" if needing else ""
        return f"Not one of {in_devices(devices)} has a status (cloudlink: {links}){need}."
    unknown = f"; {report.n_unknown:,} {_have(report.n_unknown)} no status"
    unknown = unknown if report.n_unknown else ""
    if needing:
        verb = "needs" if needing == 1 else "need"
        return f"{needing:,} of {in_devices(devices)} {verb} attention: {classes}{unknown}."
    doubt = ", as far as this data shows" if _HIDING & set(report.table.fields_missing) else ""
    return f"No device needs attention ({in_devices(devices)}){doubt}{unknown}."


def _need(count: int) -> str:
    return f"{count:,} {'needs' if count == 1 else 'need'}"


def _have(count: int) -> str:
    return "has" if count == 1 else "have"
