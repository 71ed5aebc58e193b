"""What a condition on changes may count: ``--fail-on "Disconnected > 3"``, ``"removed > 0"``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import fleetstatus as fs
from fleetstatus import _core
from fleetstatus._explanation.advice import FAILED
from fleetstatus._table.labels import schemes_with
from fleetstatus._words.names import near
from fleetstatus._words.text import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

KINDS: tuple[str, ...] = tuple(name for name, _ in _core.change_kinds())
OF_TRACKERS = frozenset({"returned", "outage", "outage-over", "flapping", "settled"})
"""Kinds that two snapshots cannot tell."""

_TOLD_STATUSES = frozenset({"status", "flapping", "settled"})
_TOLD_REASONS = frozenset({"reason", *_TOLD_STATUSES})
# Classes of attention that a change can lead to, by the reasons that make them.
_REASONS_OF = {
    fs.Attention.DISCONNECTED: {fs.Reason.NO_LINK},
    fs.Attention.REDUCED: {fs.Reason.CLOUDLINK_ONLY, fs.Reason.HEARTBEAT_ONLY},
    fs.Attention.FROZEN: {fs.Reason.FROZEN},
}
_ATTENTION = [str(name) for name in (*_REASONS_OF, fs.Attention.UPDATE_FAILED)]


def vocabularies(scheme: str) -> dict[str, list[str]]:
    """List the names that a condition may use, by what they are."""
    return {
        "kind": list(KINDS),
        "status": list(fs.StatusScheme(scheme).labels),
        "reason": [str(reason) for reason in fs.Reason if reason is not fs.Reason.UNKNOWN],
        "update_status": [str(status) for status in fs.UpdateStatus],
        "attention": _ATTENTION,
    }


def find_name(name: str, scheme: str) -> tuple[str, str]:
    """Find what a name is, and how it is written.

    Raises
    ------
    click.UsageError
        If it is unknown; the message lists all names.
    """
    words = vocabularies(scheme)
    for column, listed in words.items():
        for word in listed:
            if word.casefold() == name.casefold():
                return column, word
    raise click.UsageError(_unknown(name, scheme, words))


def _unknown(name: str, scheme: str, words: dict[str, list[str]]) -> str:
    kinds = "kind of change, status, reason, update status or attention class that changes lead to"
    lines = [f"--fail-on: {quoted(name)} is no {kinds}"]
    if elsewhere := schemes_with(name):
        lines[0] = f"--fail-on: {quoted(name)} is no status of {scheme}"
        lines[0] += f", but one of {', '.join(elsewhere)}"
    else:
        lines[0] += near(name, [word for listed in words.values() for word in listed])
    lines += [
        f"  {column.replace('_', ' ')}: {', '.join(listed)}" for column, listed in words.items()
    ]
    return "\n".join(lines)


def is_change_to(column: str, value: str, row: Mapping[str, Any]) -> bool:
    """Whether a row of changes is a change to what a name means, and not from it."""
    kind, reasons = row["kind"], (row["reason_before"], row["reason"])
    if column == "kind":
        return bool(kind == value)
    if column == "status":
        return bool(kind in _TOLD_STATUSES and row["after"] == value != row["before"])
    if column == "reason":
        return kind in _TOLD_REASONS and _is_entry({value}, *reasons)
    if column == "update_status":
        return bool(kind == "update" and row["after"] == value)
    if value == fs.Attention.UPDATE_FAILED:
        return kind == "update" and row["after"] in FAILED and row["before"] not in FAILED
    return kind in _TOLD_REASONS and _is_entry(_REASONS_OF[fs.Attention(value)], *reasons)


def _is_entry(reasons: set[Any], before: str | None, after: str | None) -> bool:
    return after in reasons and before not in reasons
