"""A dict of the older rows by uuid and a loop over the newer ones, on ready lists of dicts.

Like all peers it answers uuid, kind, before and after; `fleetstatus.diff` has 14 columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    Row = dict[str, Any]
    Answer = tuple[str, str, str | None, str | None]


def diff_rows(old: list[Row], new: list[Row]) -> list[Answer]:
    """Compare two snapshots, given as rows with the columns of `change_answers.COMPARED`."""
    old_rows = {row["uuid"]: row for row in old}
    changes: list[Answer] = []
    for row in new:
        before = old_rows.pop(row["uuid"], None)
        if before is None:
            changes.append((row["uuid"], "added", None, row["status"]))
        elif before != row:  # a dict finds out sooner than a loop over its keys
            changes += _compare(before, row)
    changes += [(uuid, "removed", row["status"], None) for uuid, row in old_rows.items()]
    return changes


def _compare(before: Row, row: Row) -> Iterator[Answer]:
    uuid = row["uuid"]
    if before["status"] != row["status"]:
        yield uuid, "status", before["status"], row["status"]
    elif before["reason"] != row["reason"]:
        yield uuid, "reason", before["reason"], row["reason"]
    elif _has_moved(before, row, "heartbeat_since") or _has_moved(before, row, "cloudlink_since"):
        yield uuid, "relinked", None, None
    yield from _compare_updates(before, row)
    for kind, name in (("moved", "fleet"), ("renamed", "device_name")):
        if before[name] != row[name] and None not in (before[name], row[name]):
            yield uuid, kind, before[name], row[name]


def _compare_updates(before: Row, row: Row) -> Iterator[Answer]:
    uuid, release, old_release = row["uuid"], row["release"], before["release"]
    is_known = release is not None and old_release is not None
    if before["update_status"] != row["update_status"]:
        yield uuid, "update", before["update_status"], row["update_status"]
    if is_known and release != old_release:
        yield uuid, "release", old_release, release
    elif before["update_status"] == row["update_status"] and _has_moved(
        before, row, "update_status_since"
    ):
        yield uuid, "restarted" if is_known else "refreshed", None, None


def _has_moved(before: Row, row: Row, name: str) -> bool:
    return row[name] is not None and row[name] != before[name]
