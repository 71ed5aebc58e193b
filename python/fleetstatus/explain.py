"""Explain one device: whether it needs a person, why it has its status, what to do first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from fleetstatus import _core, _display, _explained
from fleetstatus._advice import NOT_MANAGED, advice_on
from fleetstatus._evidence import fields_that_decided
from fleetstatus.classify import classify
from fleetstatus.enums import Attention, Capability, Reason, StatusScheme, UpdateStatus

if TYPE_CHECKING:
    from fleetstatus.device import DeviceStatus
    from fleetstatus.table import StatusTable

_GRACE = timedelta(seconds=_core.heartbeat_grace_s)


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Why a device needs attention or does not, and why it has its status.

    Attributes
    ----------
    device, uuid, fleet
        The best name that the device has; its uuid and its fleet.
    scheme, now, newest_event
        Vocabulary of the status; moment that durations end at; latest time in the data.
    old_snapshot
        Says so if the newest event of a table is more than an hour before its moment; None of a
        record alone, which may well have had no event for long.
    attention
        Why the device needs a person; None if it does not.
    message, first_step
        What is the matter, and what to do first: of the attention class if there is one, else of
        the reason. ``first_step`` is None if there is nothing to do.
    status, detail, reason
        The answer; None where it depends on a field that could not be read, or on a missing link.
    source
        Where the rule that matched is documented.
    error
        What could not be read; None if the record is whole.
    api_overall_status, api_note
        The API's own answer, where it is not what the rules give or the rules give none, and what
        the rules give; else None.
    causes
        What else the data shows that may explain the device's behaviour, one sentence each.
    because
        Fields that decided, each with its value, or with what it says.
    ruled_out
        Each rule before the one that matched, and why it did not match.
    status_since, status_duration
        Since when the device has its status, where that can be known.
    update_status, update_status_duration, update_hint
        State of the update, for how long, and what that usually means: given for an update that
        failed, or has been in its status for longer than the threshold of attention.
    release, on_target
        What runs, and whether it is what should.
    available, uncertain, unavailable
        What an operator can do with the device; uncertain is what cloudlink carries to a
        supervisor that does not report. All empty where that cannot be known.
    disconnected_by
        When the device would show as disconnected if it went silent now; None unless its
        heartbeat is online.
    fields_missing
        Fields that are read and were not in the data, and what that hides.
    """

    device: str
    uuid: str | None
    fleet: str | None
    scheme: StatusScheme
    now: datetime
    newest_event: datetime | None
    old_snapshot: str | None
    attention: Attention | None
    message: str
    first_step: str | None
    status: str | None
    detail: str | None
    reason: Reason | None
    source: str | None
    error: str | None
    api_overall_status: str | None
    api_note: str | None
    causes: tuple[str, ...]
    because: tuple[tuple[str, Any], ...]
    ruled_out: tuple[tuple[Reason, str], ...]
    status_since: datetime | None
    status_duration: timedelta | None
    update_status: UpdateStatus | None
    update_status_duration: timedelta | None
    update_hint: str | None
    release: str | None
    on_target: bool | None
    available: Capability
    uncertain: Capability
    unavailable: Capability
    disconnected_by: datetime | None
    fields_missing: dict[str, str]

    def __str__(self) -> str:
        """Lay it out as plain text."""
        return self.to_text()

    def to_text(self, width: int | None = None) -> str:
        """Lay it out as plain text.

        Parameters
        ----------
        width
            Cells of a line, such as a terminal's columns; None: lines are not wrapped.
        """
        return _explained.to_text(self, width)

    def to_markdown(self) -> str:
        """Write it as Markdown; names of devices and other texts make no markup."""
        return _explained.to_markdown(self)

    def to_dict(self) -> dict[str, Any]:
        """Give all of it as `json.dumps` takes it: times as text, durations in whole seconds."""
        return _explained.to_dict(self)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": str(self), "text/html": _explained.to_html(self)}


def explain(
    record: Mapping[str, Any],
    *,
    scheme: StatusScheme | str = StatusScheme.DOCS_2024_11,
    now: datetime | str | None = None,
    default_poll_interval: timedelta | str = timedelta(minutes=15),
    assume_utc: bool = False,
) -> Explanation:
    """Explain the status of one device record.

    Parameters
    ----------
    record
        As the API returns it. Needed fields may be missing, and fields may be unreadable: the
        explanation names them.
    scheme, now, default_poll_interval, assume_utc
        As for `classify`.

    Raises
    ------
    NotDevicesError
        If the record is not that of a device.

    Examples
    --------
    >>> import fleetstatus as fs
    >>> record = {"device_name": "bitter-wind", "is_connected_to_vpn": False,
    ...           "api_heartbeat_state": "online", "last_connectivity_event": "2026-10-30T08:00:00Z"}
    >>> explanation = fs.explain(record, now="2026-11-01T12:00:00Z")
    >>> explanation.status, explanation.attention
    ('Reduced Functionality', <Attention.REDUCED: 'reduced'>)
    >>> explanation.first_step
    'Look for a firewall that blocks VPN traffic.'
    """
    if not isinstance(record, Mapping):
        message = f"a device record is a mapping, not a {type(record).__name__}"
        raise TypeError(message)
    table = classify(
        [record],
        scheme=scheme,
        now=now,
        allow_missing="all",
        on_error="keep",
        default_poll_interval=default_poll_interval,
        assume_utc=assume_utc,
    )
    if len(table) != 1:
        message = (
            f"explain takes the record of one device; this holds {len(table):,}: classify it, "
            "then explain a row"
        )
        raise ValueError(message)
    return explain_row(table, 0, record=record)


def explain_row(
    table: StatusTable, row: int, *, record: Mapping[str, Any] | None = None
) -> Explanation:
    """Explain a row of a table; with its record, `because` has the values of fields."""
    device = table[row]
    matched, ruled_out = table._core.trace(row)
    _, source, facts = matched or (None, None, [])
    available, uncertain, unavailable = _capabilities(table, row, device)
    advice = advice_on(table, row, device)
    api_answer, api_note = _api_answer(table, row, device)
    return Explanation(
        device=_display.best_name(device, row),
        uuid=device.uuid,
        fleet=device.fleet,
        scheme=table.scheme,
        now=table.now,
        newest_event=table.newest_event,
        old_snapshot=_display.old_snapshot(table) if record is None else None,
        attention=device.attention,
        message=advice.message,
        first_step=advice.first_step,
        status=device.status,
        detail=device.detail,
        reason=device.reason,
        source=source,
        error=device.error,
        api_overall_status=api_answer,
        api_note=api_note,
        causes=advice.causes,
        because=fields_that_decided(facts, device, record or {}),
        ruled_out=tuple(
            (Reason(key), "; ".join(words for _, words in against) or "not known")
            for key, against in ruled_out
            if key != Reason.UNKNOWN
        ),
        status_since=device.status_since,
        status_duration=device.status_duration,
        update_status=device.update_status,
        update_status_duration=device.update_status_duration,
        update_hint=advice.update_hint,
        release=device.release,
        on_target=device.on_target,
        available=available,
        uncertain=uncertain,
        unavailable=unavailable,
        disconnected_by=_disconnected_by(table, device),
        fields_missing=table.fields_missing,
    )


def _api_answer(
    table: StatusTable, row: int, device: DeviceStatus
) -> tuple[str | None, str | None]:
    """Give the API's own answer and what the rules give, unless the two are the same."""
    if device.api_overall_status is None:
        return None, None
    scheme = table._core.api_scheme()
    found = table._core.slice(row, 1, 1).disagreements(scheme)
    if len(found):
        ours = found.column("status").value_at(0)
        why = f"; {_display.WENT_BY_IS_ONLINE}" if found.api_went_by_is_online().value_at(0) else ""
        note = f"The rules of {list(StatusScheme)[scheme]} give {ours}{why}."
        return device.api_overall_status, note
    if device.status is None:
        return device.api_overall_status, "The rules give none: the data does not say enough."
    return None, None


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
    if not device.heartbeat or device.heartbeat_window is None:
        return None
    if device.reason in NOT_MANAGED:
        return None
    try:
        return table.now + device.heartbeat_window + _GRACE
    except OverflowError:
        return None
