"""Why nothing can be said of what a command line asks for: what its answer needs is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import fleetstatus as fs
from fleetstatus import _core
from fleetstatus._catalog import BEFORE_LINKS, HEARTBEAT
from fleetstatus._report.report import n_unjudged
from fleetstatus._words.text import in_devices

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEARTBEAT_SINCE = "changed_api_heartbeat_state_on__date"
_CLOUDLINK_SINCE = ("last_vpn_event", "last_connectivity_event")
_WITHOUT_LINKS = {*BEFORE_LINKS, fs.Reason.UNKNOWN}
LINK_CLASSES = {fs.Attention.DISCONNECTED, fs.Attention.REDUCED, fs.Attention.NEVER_CONNECTED}


def attention_by_links(devices: fs.StatusTable) -> str | None:
    """Say that links which attention needs are not known, if so."""
    if HEARTBEAT in devices.fields_missing:
        return (
            f"{HEARTBEAT} is not in the data: whether a device needs attention because of its "
            "links is not known"
        )
    if count := n_unjudged(devices):
        return (
            f"whether {in_devices(count)} {'needs' if count == 1 else 'need'} attention is not "
            "known: heartbeat or cloudlink is not"
        )
    return None


def without_heartbeats(table: fs.StatusTable, column: str, value: str) -> str | None:
    """Say that a status, reason or class needs heartbeats that the data lacks, if so."""
    if HEARTBEAT not in table.fields_missing or column == "update_status":
        return None
    if column == "attention":
        needs_links = value in LINK_CLASSES
    else:  # library-2020 goes by other fields
        is_library = table.scheme is fs.StatusScheme.LIBRARY_2020
        needs_links = not is_library and value.casefold() not in _WITHOUT_LINKS
    return f"{HEARTBEAT} is not in the data" if needs_links else None


def without_start(named: fs.StatusTable, *, of: str) -> str | None:
    """Say that no device has a known start of what should have lasted, if there are devices.

    Parameters
    ----------
    named
        The devices, however long it has lasted.
    of
        What should have lasted: ``status`` or ``update_status``.
    """
    reasons = _reasons_without_start(named) if of == "status" else _no_update_starts(named)
    if not reasons:
        return None
    fields = _missing_starts(named, reasons) if of == "status" else ["last_update_status_event"]
    missing = [field for field in fields if field in named.fields_missing]
    text = f"nothing in this data says since when {in_devices(len(reasons))}"
    text += f" {'has' if len(reasons) == 1 else 'have'} the {of.replace('_', ' ')}"
    if not missing:
        return text
    return f"{text}: {' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not in the data"


def _reasons_without_start(named: fs.StatusTable) -> list[str]:
    """Give the reasons of the devices whose rule has a start; none if one of them is known."""
    with_start = set(_core.reasons_with_start())
    starts = named["status_since"].to_list()
    rows = zip(named["reason"].to_list(), starts, strict=True)
    found = [(str(reason), start) for reason, start in rows if reason in with_start]
    return [reason for reason, _ in found] if all(start is None for _, start in found) else []


def _no_update_starts(named: fs.StatusTable) -> list[str]:
    """Give the update statuses of the devices; none if the start of one is known."""
    starts = named["update_status_since"].to_list()
    rows = zip(named["update_status"].to_list(), starts, strict=True)
    found = [(str(status), start) for status, start in rows if status is not None]
    return [status for status, _ in found] if all(start is None for _, start in found) else []


def _missing_starts(named: fs.StatusTable, reasons: Sequence[str]) -> list[str]:
    """Fields that say since when devices have statuses of these reasons."""
    fields = ["created_at"] if fs.Reason.NEVER_CONNECTED in reasons else []
    if set(reasons) - {fs.Reason.NEVER_CONNECTED}:
        fields.append(_HEARTBEAT_SINCE)
        if set(_CLOUDLINK_SINCE) <= set(named.fields_missing):
            fields.append(_CLOUDLINK_SINCE[0])
    return fields
