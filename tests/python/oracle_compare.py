"""What differs between two states of one device: section 2 of the rules of changes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from oracle_snapshot import Row

State = dict[str, Any]
Change = dict[str, Any]

GRACE = timedelta(minutes=1)
REASONS_IN_ORDER = (
    *("ordered", "preparing", "shipped", "frozen", "inactive", "post-provisioning"),
    *("never-connected", "no-link", "downloading-release", "os-configuration"),
    *("downloading-service", "heartbeat-late", "cloudlink-only", "heartbeat-only"),
    *("cloudlink-disabled", "both-links", "online"),
)
CAUSES = {
    "ordered": "lifecycle",
    "preparing": "lifecycle",
    "shipped": "lifecycle",
    "frozen": "freeze",
    "inactive": "activation",
    "post-provisioning": "provisioning",
    "never-connected": "first-contact",
    "downloading-release": "download",
    "downloading-service": "download",
    "os-configuration": "os-update",
}
TIMED_CAUSES = {"cloudlink", "heartbeat", "both-links", "first-contact"}
CHANGE_COLUMNS = (
    *("uuid", "device_name", "fleet", "kind", "before", "after", "reason_before", "reason"),
    *("cause", "at", "not_before", "not_after", "previous_duration_s", "in_outage"),
)
LINKS = {"cloudlink_of_rules": "cloudlink", "heartbeat_state": "heartbeat"}
CLOUDLINK_FIELDS = frozenset({"last_vpn_event", "last_connectivity_event"})
# What a field that is lacking altogether leaves unknown. Links are seen by the rules in any case.
LACKING = {
    "device_name": ("device_name",),
    "belongs_to__application": ("fleet",),
    "is_running__release": ("release", "release_id"),
    "update_status": ("update_status",),
    "last_update_status_event": ("update_status_since",),
    "changed_api_heartbeat_state_on__date": ("heartbeat_since",),
}
NO_VALUE_IF_BAD = (
    *("device_name", "fleet", "release", "update_status", "update_status_since"),
    *("heartbeat_since", "cloudlink_since"),
)
NEVER_NULL = ("cloudlink", "heartbeat_state", "cloudlink_expected")


class Unknown:
    """In place of a value that a snapshot does not tell."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()


def state_of(row: Row, missing: frozenset[str]) -> State:
    """Tell what a row says of its device; UNKNOWN where it has no value to compare."""
    state: State = {name: value for name, value in row.items() if name != "error"}
    without = [name for field in LACKING if field in missing for name in LACKING[field]]
    without += [name for name in NEVER_NULL if row[name] is None]
    if row["error"] is not None:
        without += [name for name in NO_VALUE_IF_BAD if row[name] is None]
    if "release" in without:
        without.append("release_id")
    # The time of the cloudlink comes from either field, so it is compared only if both snapshots
    # have the same of them.
    state["cloudlink_fields"] = CLOUDLINK_FIELDS - missing
    if not state["cloudlink_fields"]:
        without.append("cloudlink_since")
    # Library-2020 reads another flag than the column.
    state.setdefault("cloudlink_of_rules", state["cloudlink"])
    if state["cloudlink_of_rules"] is None:
        without.append("cloudlink_of_rules")
    return state | dict.fromkeys(without, UNKNOWN)


def merged(remembered: State, state: State) -> State:
    """Tell what is known after a look: what it says, else what was known before."""
    now_known = {name: value for name, value in state.items() if value is not UNKNOWN}
    if state["cloudlink_since"] is UNKNOWN or (
        remembered["cloudlink_since"] is not UNKNOWN
        and remembered["cloudlink_fields"] - state["cloudlink_fields"]
    ):
        now_known["cloudlink_since"] = remembered["cloudlink_since"]
        now_known["cloudlink_fields"] = remembered["cloudlink_fields"]
    return remembered | now_known


def are_known(*values: object) -> bool:
    """Tell whether all values are known; null is one."""
    return all(value is not UNKNOWN for value in values)


def are_given(*values: object) -> bool:
    """Tell whether all values are known and not null."""
    return all(value is not UNKNOWN and value is not None for value in values)


def has_moved(before: object, after: object) -> bool:
    """Tell whether a time is a new one."""
    return are_given(after) and are_known(before) and before != after


def bounded(time: datetime | None, not_before: datetime, not_after: datetime) -> datetime | None:
    """Give a time if it lies between two moments, with a minute's grace; else None."""
    if not are_given(time):
        return None
    assert time is not None
    return time if not_before - GRACE <= time <= not_after + GRACE else None


def whole_seconds(start: datetime | None, end: datetime) -> int | None:
    """Give whole seconds between two moments, cut, never negative; None without a start."""
    if not are_given(start):
        return None
    assert start is not None
    return max(0, (end - start) // timedelta(seconds=1))


def cause_of(before: State, after: State) -> str:
    """Name the fact that made one reason of another."""
    first = min(before["reason"], after["reason"], key=REASONS_IN_ORDER.index)
    if first in CAUSES:
        return CAUSES[first]
    differing = [
        name
        for name in LINKS
        if are_known(before[name], after[name]) and before[name] != after[name]
    ]
    if len(differing) == 1:
        return LINKS[differing[0]]
    return "both-links" if differing else "configuration"


def is_same_status(before: State, after: State) -> bool:
    """Tell whether reason and label are the same; docs-2022 has two labels for a late heartbeat."""
    return bool(before["reason"] == after["reason"] and before["status"] == after["status"])


def status_change(
    before: State, after: State, not_before: datetime, not_after: datetime
) -> Change | None:
    """Tell how the status, or only the reason, differs; None where neither does."""
    if is_same_status(before, after):
        return None
    cause = cause_of(before, after)
    since = after["status_since"] if cause in TIMED_CAUSES else None
    kind = "reason" if before["status"] == after["status"] else "status"
    return {
        "kind": kind,
        "before": before[kind],
        "after": after[kind],
        "cause": cause,
        "at": bounded(since, not_before, not_after),
    }


def other_changes(
    before: State, after: State, not_before: datetime, not_after: datetime
) -> list[Change]:
    """List what else differs, in the order of kinds."""

    def change(kind: str, column: str | None = None, *, at: datetime | None = None) -> Change:
        texts = {"before": before[column], "after": after[column]} if column else {}
        return {"kind": kind, **texts, "at": bounded(at, not_before, not_after)}

    event = after["update_status_since"]
    moved_links = [
        after[name]
        for name in ("heartbeat_since", "cloudlink_since")
        if has_moved(before[name], after[name])
        and (name != "cloudlink_since" or before["cloudlink_fields"] == after["cloudlink_fields"])
    ]
    changes = []
    if is_same_status(before, after) and moved_links:
        changes.append(change("relinked", at=max(moved_links)))
    steps = (before["update_status"], after["update_status"])
    if are_known(*steps) and steps[0] != steps[1]:
        changes.append(change("update", "update_status", at=event))
    if is_other_release(before, after):
        changes.append(change("release", "release"))
    if (
        are_known(*steps)
        and steps[0] == steps[1]
        and has_moved(before["update_status_since"], event)
    ):
        is_known = are_given(before["release"], after["release"])
        if not is_known:
            changes.append(change("refreshed", at=event))
        elif not is_other_release(before, after):
            changes.append(change("restarted", at=event))
    for kind, column in (("moved", "fleet"), ("renamed", "device_name")):
        if are_given(before[column], after[column]) and before[column] != after[column]:
            changes.append(change(kind, column))
    return changes


def is_other_release(before: State, after: State) -> bool:
    """Tell whether another release runs: by ids where both have one, else by texts."""
    if not are_given(before["release"], after["release"]):
        return False
    by = "release_id" if are_given(before["release_id"], after["release_id"]) else "release"
    return bool(before[by] != after[by])


def known_text(*values: object) -> str | None:
    """Give the first text that is known; None if none is."""
    return next((value for value in values if isinstance(value, str)), None)


def change_row(**values: Any) -> Row:
    """Build a row of changes; columns that are not given are null."""
    row: Row = dict.fromkeys(CHANGE_COLUMNS)
    assert set(values) <= set(row)
    return row | {"in_outage": False} | values
