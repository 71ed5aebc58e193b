"""What needs a person: classes of attention, update statuses, capabilities."""

from __future__ import annotations

from datetime import timedelta

import fleetstatus as fs
from fleetstatus import _core
from from_core.markdown import code, duration, sentence, table

THRESHOLDS = {
    name: timedelta(milliseconds=ms) for name, ms in _core.attention_thresholds_ms().items()
}

# `{name}` is the threshold of that name.
CONDITIONS = {
    "unreadable": "a field of the record could not be read",
    "disconnected": "both links have been down for at least the threshold `disconnected`, by default "
    "{disconnected}",
    "update-failed": "the update status is Rejected or Aborted, or the device reports that the "
    "update of its operating system failed",
    "reduced": "one link has been down for at least {reduced}, or for an unknown time",
    "update-stuck": "the update status has been Downloading for at least {downloading}, Downloaded for "
    "{downloaded}, or Applying Changes for {applying}",
    "never-connected": "the device was registered at least {never_connected} ago and never "
    "connected",
    "frozen": "the device is frozen",
}

_UP = {"is_connected_to_vpn": True, "api_heartbeat_state": "online", "is_web_accessible": True}
_LINKS = {
    "both links": _UP,
    "cloudlink only": _UP | {"api_heartbeat_state": "offline"},
    "heartbeat only": _UP | {"is_connected_to_vpn": False},
    "no link": _UP | {"is_connected_to_vpn": False, "api_heartbeat_state": "offline"},
}


def attention() -> str:
    """Write the classes of attention, worst first."""
    lengths = {name: duration(length) for name, length in THRESHOLDS.items()}
    rows = [
        (code(one), sentence(CONDITIONS[one].format(**lengths)), _advice(one))
        for one in fs.Attention
    ]
    return table(("class", "when", "what it means, and what to do first"), rows)


def _advice(one: fs.Attention) -> str:
    return f"{one.message} **{one.first_step}**" if one.first_step else one.message


def thresholds() -> str:
    """Write the thresholds by their names as arguments and options."""
    rows = [(code(name), duration(length)) for name, length in THRESHOLDS.items()]
    return table(("threshold", "default"), rows)


def update_statuses() -> str:
    """Write what each update status means if it lasts, and when it needs a person."""
    lengths = zip(fs.UpdateStatus, _core.update_thresholds_ms(), strict=True)
    rows = [(one, one.hint or "", _needs_attention(one, ms)) for one, ms in lengths]
    return table(("update status", "what it usually means if it lasts", "needs attention"), rows)


def _needs_attention(status: fs.UpdateStatus, ms: int | None) -> str:
    if ms is not None:
        return f"after {duration(timedelta(milliseconds=ms))}, as `update-stuck`"
    record = _LINKS["both links"] | {"update_status": status.lower()}
    needed = fs.explain(record).attention
    return f"at once, as {code(needed)}" if needed else "no"


def capabilities() -> str:
    """Write what works with which links, as the core answers it for such devices."""
    explained = {name: fs.explain(record) for name, record in _LINKS.items()}
    rows = [
        (code(str(one.name)), *(_works(one, of) for of in explained.values()))
        for one in fs.Capability
    ]
    return table(("capability", *explained), rows)


def _works(one: fs.Capability, explanation: fs.Explanation) -> str:
    if one in explanation.available:
        return "yes"
    return "perhaps" if one in explanation.uncertain else "no"


def heartbeat_windows() -> str:
    """Write how long a device that went silent still looks connected."""
    grace = timedelta(seconds=_core.heartbeat_grace_s)
    rows = []
    for server, default in (("balenaCloud", 15), ("openBalena", 10)):
        for minutes in (None, 30):
            interval = None if minutes is None else timedelta(minutes=minutes)
            window = fs.heartbeat_window(interval, default_poll_interval=timedelta(minutes=default))
            asked = "not set" if interval is None else duration(interval)
            rows.append((server, asked, duration(window), duration(window + grace)))
    head = ("server", "poll interval of the device", "window", "shown as offline after")
    return table(head, rows)
