"""Explain a row of a table: whether it needs a person, why it has its status, what to do first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from fleetstatus import _core
from fleetstatus._coerce import from_ms, scheme_of
from fleetstatus._explanation.advice import NOT_MANAGED, advice_on
from fleetstatus._explanation.evidence import fields_that_decided
from fleetstatus._explanation.explanation import Explanation
from fleetstatus._show import display
from fleetstatus._words.text import best_name
from fleetstatus.enums import Capability, Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fleetstatus._device import DeviceStatus

_GRACE = timedelta(seconds=_core.heartbeat_grace_s)


def explain_row(
    core: _core.StatusTable,
    row: int,
    device: DeviceStatus,
    *,
    record: Mapping[str, Any] | None = None,
) -> Explanation:
    """Explain a row of a table, which is `device`.

    Parameters
    ----------
    record
        What the row was made of: `because` has the values of its fields.
    """
    matched, ruled_out = core.trace(row)
    _, source, facts = matched or (None, None, [])
    available, uncertain, unavailable = _capabilities(core, row, device)
    advice = advice_on(core, row, device)
    api_answer, api_note = _api_answer(core, row, device)
    return Explanation(
        device=best_name(device.device_name, device.uuid, device.id, f"row {row}"),
        uuid=device.uuid,
        fleet=device.fleet,
        scheme=scheme_of(core.scheme),
        now=from_ms(core.now_ms),
        newest_event=from_ms(core.newest_event_ms),
        old_snapshot=display.old_snapshot(core) if record is None else None,
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
        disconnected_by=_disconnected_by(core, device),
        fields_missing=dict(core.gaps),
    )


def _api_answer(
    core: _core.StatusTable, row: int, device: DeviceStatus
) -> tuple[str | None, str | None]:
    """Give the API's own answer and what the rules give, unless the two are the same."""
    if device.api_overall_status is None:
        return None, None
    scheme = core.api_scheme()
    found = core.slice(row, 1, 1).disagreements(scheme)
    if len(found):
        ours = found.column("status").value_at(0)
        why = f"; {display.WENT_BY_IS_ONLINE}" if found.api_went_by_is_online().value_at(0) else ""
        note = f"The rules of {scheme_of(scheme)} give {ours}{why}."
        return device.api_overall_status, note
    if device.status is None:
        return device.api_overall_status, "The rules give none: the data does not say enough."
    return None, None


def _capabilities(
    core: _core.StatusTable, row: int, device: DeviceStatus
) -> tuple[Capability, Capability, Capability]:
    """Sort what one can do with a device into what works, may work and does not."""
    if device.capabilities is None:
        return Capability(0), Capability(0), Capability(0)
    uncertain = Capability(core.uncertain_capabilities(row))
    everything = ~Capability(0)
    return device.capabilities, uncertain, everything & ~device.capabilities & ~uncertain


def _disconnected_by(core: _core.StatusTable, device: DeviceStatus) -> datetime | None:
    if not device.heartbeat or device.heartbeat_window is None:
        return None
    if device.reason in NOT_MANAGED:
        return None
    try:
        return from_ms(core.now_ms) + device.heartbeat_window + _GRACE
    except OverflowError:
        return None
