"""What comes first: groups of changes, those that a person should look at before all others."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from fleetstatus.enums import Reason, UpdateStatus

if TYPE_CHECKING:
    from collections.abc import Iterable


class Group(StrEnum):
    """What changes come to, worst first, recoveries last."""

    OUTAGE = "outage"
    DISCONNECTED = "disconnected"
    UPDATE_FAILED = "update-failed"
    REDUCED = "reduced"
    FLAPPING = "flapping"
    FROZEN = "frozen"
    REMOVED = "removed"
    STATUS = "status"
    UPDATE = "update"
    RELEASE = "release"
    REFRESHED = "refreshed"
    RESTARTED = "restarted"
    RELINKED = "relinked"
    MOVED = "moved"
    ADDED = "added"
    PARTLY_BACK = "partly-back"
    RECOVERED = "recovered"

    @property
    def words(self) -> str:
        """What devices of the group are, behind their number."""
        return _WORDS.get(self, self.value)

    @property
    def coloured_as(self) -> str:
        """Label whose colour the group has."""
        return _COLOURED_AS.get(self, self.value)

    @property
    def is_worse(self) -> bool:
        """Whether it is a change for the worse."""
        return self in _WORSE


_WORDS = {
    Group.OUTAGE: "in an outage",
    Group.STATUS: "with another status or reason",
    Group.UPDATE: "with another update status",
    Group.RELEASE: "with another release",
    Group.REFRESHED: "restarted or updated",
    Group.RELINKED: "reconnected",
    Group.MOVED: "moved or renamed",
    Group.PARTLY_BACK: "partly back",
}
_COLOURED_AS = {
    Group.OUTAGE: "disconnected",
    Group.FLAPPING: "applying changes",
    Group.STATUS: "configuring",
    Group.UPDATE: "downloading",
    Group.RELEASE: "updating",
    Group.PARTLY_BACK: "online (vpn only)",
    Group.RECOVERED: "operational",
}
_WORSE = frozenset(list(Group)[: list(Group).index(Group.REMOVED)])
_PLACES = {group: place for place, group in enumerate(Group)}
_GROUPS_OF_KINDS = {
    "outage": Group.OUTAGE,
    "outage-over": Group.RECOVERED,
    "flapping": Group.FLAPPING,
    "removed": Group.REMOVED,
    "added": Group.ADDED,
    "returned": Group.ADDED,
    "relinked": Group.RELINKED,
    "restarted": Group.RESTARTED,
    "refreshed": Group.REFRESHED,
    "release": Group.RELEASE,
    "moved": Group.MOVED,
    "renamed": Group.MOVED,
}
KINDS_OF_STATUS = frozenset({"status", "reason", "flapping", "settled"})
FAILED = frozenset({UpdateStatus.REJECTED, UpdateStatus.ABORTED})
REDUCED = frozenset({Reason.CLOUDLINK_ONLY, Reason.HEARTBEAT_ONLY, Reason.HEARTBEAT_LATE})
_UPDATING = frozenset(
    {Reason.DOWNLOADING_RELEASE, Reason.DOWNLOADING_SERVICE, Reason.OS_CONFIGURATION}
)
# Of devices with these reasons nobody knows what links they have.
_APART_FROM_LINKS = frozenset(
    {
        *(Reason.INACTIVE, Reason.POST_PROVISIONING, Reason.NEVER_CONNECTED),
        *(Reason.ORDERED, Reason.PREPARING, Reason.SHIPPED, Reason.UNKNOWN),
    }
)


@lru_cache(maxsize=4096)
def group_of(kind: str, after: str | None, reason_before: str | None, reason: str | None) -> Group:
    """Group of one change.

    Examples
    --------
    >>> group_of("status", "Disconnected", "both-links", "no-link")
    <Group.DISCONNECTED: 'disconnected'>
    >>> group_of("update", "Rejected", "both-links", "both-links")
    <Group.UPDATE_FAILED: 'update-failed'>
    """
    if kind == "update":
        return Group.UPDATE_FAILED if after in FAILED else Group.UPDATE
    if kind == "settled":
        return _settled(reason)
    if kind in {"status", "reason"}:
        return _of_reasons(reason_before, reason)
    return _GROUPS_OF_KINDS[kind]


def _of_reasons(before: str | None, after: str | None) -> Group:
    if after == Reason.FROZEN:
        return Group.FROZEN
    if after == Reason.NO_LINK:
        return Group.DISCONNECTED
    if after in _APART_FROM_LINKS:
        return Group.STATUS
    if after in REDUCED:
        return _reduced_from(before)
    had_links = before not in {Reason.NO_LINK, Reason.FROZEN}
    if had_links and (before not in REDUCED or after in _UPDATING):
        return Group.STATUS
    return Group.RECOVERED


def _reduced_from(before: str | None) -> Group:
    if before == Reason.NO_LINK:
        return Group.PARTLY_BACK
    return Group.STATUS if before in REDUCED else Group.REDUCED


def _settled(reason: str | None) -> Group:
    if reason == Reason.NO_LINK:
        return Group.DISCONNECTED
    return Group.REDUCED if reason in REDUCED else Group.RECOVERED


def group_of_all(groups: Iterable[tuple[str, Group]]) -> Group:
    """Group of changes of one device at one time, given with their kinds.

    What is for the worse counts most, then what became of the status: a device that came back
    after a reboot has recovered.
    """
    pairs = list(groups)
    worst = first_of(group for _, group in pairs)
    if worst.is_worse:
        return worst
    of_status = [group for kind, group in pairs if kind in KINDS_OF_STATUS]
    return first_of(of_status) if of_status else worst


def first_of(groups: Iterable[Group]) -> Group:
    """Group that comes first."""
    return min(groups, key=place)


def place(group: Group) -> int:
    """Place of a group among all."""
    return _PLACES[group]
