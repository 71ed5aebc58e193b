"""One change in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from fleetstatus._changes.causes import cause_text
from fleetstatus._words.text import in_words, label_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fleetstatus._changes.times import Period

ALL_FLEETS = "all fleets"
_REMARKS = {
    "restarted": "same release",
    "refreshed": "release not known",
    "flapping": "not told again until it settles",
}
_WITH_CAUSE = frozenset({"status", "reason"})


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened, why, when, and how long the earlier state had lasted; None if not known."""

    what: str
    why: str | None
    when: str | None
    lasted: str | None

    def __str__(self) -> str:
        why = f" ({self.why})" if self.why else ""
        when = f" {self.when}" if self.when else ""
        lasted = f" after {self.lasted}" if self.lasted else ""
        return f"{self.what}{why}{when}{',' if when and lasted else ''}{lasted}"


def happening(row: Mapping[str, Any], period: Period, *, why: str | None = None) -> Happening:
    """Put a row of changes into words.

    Parameters
    ----------
    row
        By the names of columns.
    period
        The time that all changes lie in.
    why
        What to say in place of its cause.
    """
    if row["kind"] in _WITH_CAUSE and why is None:
        why = cause_text(row["cause"], row["reason_before"], row["reason"])
    why = why or _REMARKS.get(row["kind"])
    seconds = row["previous_duration_s"]
    return Happening(
        what=what_happened(row["kind"], row["before"], row["after"]),
        why=why,
        when=period.when(row["at"], row["not_before"], row["not_after"]),
        lasted=None if seconds is None else in_words(timedelta(seconds=seconds)),
    )


def what_happened(kind: str, before: str | None, after: str | None) -> str:
    """Say what happened, without why and when."""
    old, new = label_text(before), label_text(after)
    if kind == "update":
        return f"update {before or 'none'} -> {after or 'none'}"
    texts = {
        "added": f"added, is {new}",
        "removed": f"removed, was {old}",
        "returned": f"added again, is {new}",
        "relinked": "reconnected",
        "release": f"release {old} -> {new}",
        "restarted": "restarted",
        "refreshed": "restarted or updated",
        "moved": f"moved from {old} to {new}",
        "renamed": f"renamed, was {old}",
        "outage": f"outage, {new} devices lost their links",
        "outage-over": f"outage of {old} devices is over, {new} are still without a link",
        "flapping": f"flapping, {_arrow(old, new)}",
        "settled": f"no longer flapping, {_arrow(old, new)}",
    }
    return texts.get(kind, f"{old} -> {new}")


def _arrow(old: str, new: str) -> str:
    return f"still {new}" if old == new else f"{old} -> {new}"
