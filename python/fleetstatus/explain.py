"""Say of one device why it has its status, what still works and what to do first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from fleetstatus import _core, _display, _html
from fleetstatus._text import in_words, moment, visible
from fleetstatus.classify import classify
from fleetstatus.enums import Capability, Reason, StatusScheme, UpdateStatus

if TYPE_CHECKING:
    from fleetstatus.device import DeviceStatus
    from fleetstatus.table import StatusTable

_TITLE_WIDTH = 17
_STAND_INS = {
    "is_connected_to_vpn": ("is_online",),
    "image_install": ("current_services",),
    "belongs_to__application": ("application",),
}
_GRACE = timedelta(seconds=_core.heartbeat_grace_s)


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Why a device has its status.

    Attributes
    ----------
    device, scheme, now
        Which device, in which vocabulary, at which moment.
    status, detail, reason
        The answer; None where it rests on a field that could not be read, or on a missing link.
    source
        Where the rule that matched stands written.
    because
        Fields that decided, each with its value, or with what it says.
    ruled_out
        Each rule before the one that matched, and why it did not match.
    available, uncertain, unavailable
        What an operator can do with the device; uncertain is what cloudlink carries to a
        supervisor that does not report. All empty where that cannot be known.
    first_step
        What to do first; None if nothing is to do.
    status_since, status_duration
        Since when the device has its status, where that can be known.
    update_status, update_status_duration, update_hint
        How the update stands, for how long, and what it usually means if that lasts.
    fields_missing
        Fields that are read and were not in the data, and what that hides.
    disconnected_by
        When the device would show as disconnected if it went silent now; None unless its
        heartbeat is online.
    error
        What could not be read; None if the record is whole.
    """

    device: str
    scheme: StatusScheme
    now: datetime
    status: str | None
    detail: str | None
    reason: Reason | None
    source: str | None
    because: tuple[tuple[str, Any], ...]
    ruled_out: tuple[tuple[Reason, str], ...]
    available: Capability
    uncertain: Capability
    unavailable: Capability
    first_step: str | None
    status_since: datetime | None
    status_duration: timedelta | None
    update_status: UpdateStatus | None
    update_status_duration: timedelta | None
    update_hint: str | None
    fields_missing: dict[str, str]
    disconnected_by: datetime | None
    error: str | None

    def __str__(self) -> str:
        """Lay it out as plain text."""
        lines = [self._headline()]
        for title, texts in self._parts():
            first, *more = texts
            lines.append(f"  {title:<{_TITLE_WIDTH}}{first}")
            lines += [f"  {'':<{_TITLE_WIDTH}}{text}" for text in more]
        return "\n".join(lines)

    def _headline(self) -> str:
        status = "status unknown" if self.status is None else self.status
        detail = f" ({visible(self.detail)})" if self.detail else ""
        return f"{visible(self.device)}: {status}{detail}"

    def _parts(self) -> list[tuple[str, list[str]]]:
        """Titles, each with its lines of text, in the order to read them."""
        parts = {
            "why": [self.reason.message if self.reason else "A field could not be read."],
            "unreadable": [visible(self.error)] if self.error else [],
            "decided by": [f"{name}: {_shown(value)}" for name, value in self.because],
            "since": self._since(),
            "first step": [self.first_step] if self.first_step else [],
            "available": _listed(self.available),
            "uncertain": _listed(self.uncertain),
            "unavailable": _listed(self.unavailable),
            "update": self._update(),
            "heartbeat": self._silence(),
            "ruled out": [f"{reason}: {why}" for reason, why in self.ruled_out],
            "not in the data": [f"{name}: {hides}" for name, hides in self.fields_missing.items()],
        }
        return [(title, texts) for title, texts in parts.items() if texts]

    def _since(self) -> list[str]:
        if self.status_since is None or self.status_duration is None:
            return []
        return [f"{moment(self.status_since)} ({in_words(self.status_duration)})"]

    def _silence(self) -> list[str]:
        if self.disconnected_by is None:
            return []
        return [f"if it went silent now, disconnected by {moment(self.disconnected_by)}"]

    def _update(self) -> list[str]:
        if self.update_status is None:
            return []
        lasted = self.update_status_duration
        duration = "" if lasted is None else f" for {in_words(lasted)}"
        hint = [self.update_hint] if self.update_hint else []
        return [f"{self.update_status}{duration}", *hint]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        page = _html.page(
            _html.paragraph(_html.key(self.status, self._headline()), kind="title"),
            _html.table(("", ""), self._parts(), prose=("",)),
        )
        return {"text/plain": str(self), "text/html": page}


def explain(
    record: Mapping[str, Any],
    *,
    scheme: StatusScheme | str = StatusScheme.DOCS_2024_11,
    now: datetime | str | None = None,
) -> Explanation:
    """Explain the status of one device record.

    Parameters
    ----------
    record
        As the API returns it. Needed fields may be missing, and fields may be unreadable: the
        explanation names them.
    scheme, now
        As for `classify`.

    Examples
    --------
    >>> import fleetstatus as fs
    >>> record = {"device_name": "bitter-wind", "is_connected_to_vpn": False,
    ...           "api_heartbeat_state": "online", "last_connectivity_event": "2026-10-30T08:00:00Z"}
    >>> explanation = fs.explain(record, now="2026-11-01T12:00:00Z")
    >>> explanation.status, explanation.reason
    ('Reduced Functionality', <Reason.HEARTBEAT_ONLY: 'heartbeat-only'>)
    >>> explanation.first_step
    'Look for a firewall that blocks VPN traffic.'
    """
    if not isinstance(record, Mapping):
        message = f"a device record is a mapping, not a {type(record).__name__}"
        raise TypeError(message)
    table = classify([record], scheme=scheme, now=now, allow_missing="all", on_error="keep")
    return explain_row(table, 0, record=record)


def explain_row(
    table: StatusTable, row: int, *, record: Mapping[str, Any] | None = None
) -> Explanation:
    """Explain a row of a table; `record`, if at hand, tells the values of fields."""
    device = table[row]
    matched, ruled_out = table._core.trace(row)
    _, source, facts = matched or (None, None, [])
    available, uncertain, unavailable = _capabilities(table, row, device)
    return Explanation(
        device=_display.device_title(table, row),
        scheme=table.scheme,
        now=table.now,
        status=device.status,
        detail=device.detail,
        reason=device.reason,
        source=source,
        because=_because(facts, device, record or {}),
        ruled_out=tuple(
            (Reason(key), "; ".join(words for _, words in against) or "not known")
            for key, against in ruled_out
            if key != Reason.UNKNOWN
        ),
        available=available,
        uncertain=uncertain,
        unavailable=unavailable,
        first_step=_first_step(device),
        status_since=device.status_since,
        status_duration=device.status_duration,
        update_status=device.update_status,
        update_status_duration=device.update_status_duration,
        update_hint=device.update_status.hint if device.update_status else None,
        fields_missing=table.fields_missing,
        disconnected_by=_disconnected_by(table, device),
        error=device.error,
    )


def _because(
    facts: list[tuple[list[str], str]], device: DeviceStatus, record: Mapping[str, Any]
) -> tuple[tuple[str, Any], ...]:
    """Fields that decided, each with its value; with its words where it is not at hand."""
    columns = {
        "is_connected_to_vpn": device.cloudlink,
        "api_heartbeat_state": device.heartbeat_state,
    }
    because = []
    for fields, words in facts:
        in_record = [found for field in fields if (found := _field_in(record, field, words))]
        because += in_record or [(field, columns.get(field, words)) for field in fields]
    return tuple(because)


def _field_in(record: Mapping[str, Any], field: str, words: str) -> tuple[str, Any] | None:
    """Field of a record, or the one that stands for it, with its value if that is a scalar."""
    for name in (field, *_STAND_INS.get(field, ())):
        spellings = {name, name.replace("__", "-").replace("_", " ")}
        if written := [key for key in record if key in spellings]:
            value = record[written[-1]]
            is_scalar = value is None or isinstance(value, (str, int, float))
            return name, value if is_scalar else words
    return None


def _first_step(device: DeviceStatus) -> str | None:
    if device.reason is Reason.HEARTBEAT_LATE:
        return (
            Reason.CLOUDLINK_ONLY.first_step
            if device.cloudlink
            else "Wait: within seconds the device is back or disconnected."
        )
    return device.reason.first_step if device.reason else None


def _capabilities(
    table: StatusTable, row: int, device: DeviceStatus
) -> tuple[Capability, Capability, Capability]:
    """Sort what one can do with a device into what works, may work and does not."""
    if device.capabilities is None:
        return Capability(0), Capability(0), Capability(0)
    uncertain = Capability(table._core.uncertain_capabilities(row))
    everything = ~Capability(0)
    return device.capabilities, uncertain, everything & ~device.capabilities & ~uncertain


def _disconnected_by(table: StatusTable, device: DeviceStatus) -> datetime | None:
    whatever_the_links = {Reason.FROZEN, Reason.INACTIVE, Reason.POST_PROVISIONING}
    if not device.heartbeat or device.heartbeat_window is None:
        return None
    if device.reason in whatever_the_links:
        return None
    try:
        return table.now + device.heartbeat_window + _GRACE
    except OverflowError:
        return None


def _listed(capabilities: Capability) -> list[str]:
    names = [(one.name or "").lower().replace("_", " ") for one in capabilities]
    return [", ".join(names)] if names else []


def _shown(value: Any) -> str:
    return visible(value) if isinstance(value, str) else repr(value)
