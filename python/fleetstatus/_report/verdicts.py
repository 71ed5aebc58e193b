"""One sentence on how a fleet is, which comes first in every report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleetstatus._catalog import HEARTBEAT
from fleetstatus._words.text import in_devices

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fleetstatus._report.report import Report

# Without these fields some device that needs attention cannot be seen, or may look like another.
_HIDING = {
    "is_frozen",
    "is_connected_to_vpn",
    "is_online",
    HEARTBEAT,
    "created_at",
    "last_connectivity_event",
    "provisioning_state",
    "provisioning_progress",
    "status",
    "download_progress",
    "image_install",
    "current_services",
    "update_status",
    "last_update_status_event",
}


def verdict(report: Report) -> str:
    """Say in one sentence how many devices need attention, worst class first.

    What is not known is never reported as healthy.
    """
    if not report.total.devices:
        return "No devices."
    if report.n_unknown == report.total.devices:
        return _none_known(report)
    if report.total.n_attention:
        return _some_need(report)
    return _none_needs(report)


def _none_known(report: Report) -> str:
    needing = report.total.n_attention
    need = f"; {_need(needing)} attention: {_classes(report)}" if needing else ""
    links = _links(report.links)
    return f"Not one of {in_devices(report.n_unknown)} has a status (cloudlink: {links}){need}."


def _some_need(report: Report) -> str:
    devices, needing = report.total.devices, report.total.n_attention
    of_all = f"{needing:,} of {in_devices(devices)} {_need_of(needing)} attention"
    parts = [f"{of_all}: {_classes(report)}"]
    if report.n_unknown:
        parts.append(f"{report.n_unknown:,} {_have(report.n_unknown)} no status")
    if _lacks_heartbeats(report):
        parts.append("links could not be judged without a heartbeat")
    elif report.n_unjudged:
        parts.append(f"links of {report.n_unjudged:,} could not be judged")
    return "; ".join(parts) + "."


def _none_needs(report: Report) -> str:
    devices, unknown = report.total.devices, report.n_unknown
    doubt = ", as far as this data shows" if _HIDING & set(report.table.fields_missing) else ""
    if unknown:
        links = _links(report.links_of_unknown)
        return (
            f"{unknown:,} of {in_devices(devices)} {_have(unknown)} no status (cloudlink: "
            f"{links}); none of the others needs attention{doubt}."
        )
    statuses = ", ".join(f"{count:,} {label}" for label, count in report.total.shown)
    if _lacks_heartbeats(report):
        known = f"{in_devices(devices)} ({statuses})"
        return f"{known}; which need attention is not known without a heartbeat."
    if report.n_unjudged:
        known = f"{in_devices(devices)} ({statuses})"
        count = f"{report.n_unjudged:,} of them"
        return f"{known}; whether {count} {_need_of(report.n_unjudged)} attention is not known."
    return f"No device needs attention ({in_devices(devices)}){doubt}."


def _lacks_heartbeats(report: Report) -> bool:
    return HEARTBEAT in report.table.fields_missing


def _classes(report: Report) -> str:
    return ", ".join(f"{each.devices:,} {each.attention}" for each in report.classes)


def _links(links: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {state}" for state, count in links.items())


def _need(count: int) -> str:
    return f"{count:,} {_need_of(count)}"


def _need_of(count: int) -> str:
    return "needs" if count == 1 else "need"


def _have(count: int) -> str:
    return "has" if count == 1 else "have"
