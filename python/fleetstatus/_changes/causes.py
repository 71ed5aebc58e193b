"""Why a status or a reason changed, in words."""

from __future__ import annotations

from fleetstatus.enums import Reason

_NO_HEARTBEAT = frozenset({Reason.NO_LINK, Reason.CLOUDLINK_ONLY})
_NO_CLOUDLINK = frozenset({Reason.NO_LINK, Reason.HEARTBEAT_ONLY, Reason.CLOUDLINK_DISABLED})
# What to say when a device comes to have a reason, and when it no longer has it. There are no words
# where labels say as much, as Frozen does.
_BEGUN_AND_ENDED = {
    "first-contact": (
        (Reason.NEVER_CONNECTED,),
        "not connected yet",
        "connected for the first time",
    ),
    "download": (
        (Reason.DOWNLOADING_RELEASE, Reason.DOWNLOADING_SERVICE),
        "download began",
        "download ended",
    ),
    "os-update": (
        (Reason.OS_CONFIGURATION,),
        "setup or update of its operating system began",
        "setup or update of its operating system ended",
    ),
}
_BOTH_BACK = ("heartbeat is back", "cloudlink is back")


def cause_text(cause: str | None, before: str | None, after: str | None) -> str | None:
    """Say why a device changed from one reason to another; None if there is nothing to say.

    Examples
    --------
    >>> cause_text("both-links", "both-links", "no-link")
    'heartbeat and cloudlink went down'
    >>> cause_text("heartbeat", "no-link", "heartbeat-only")
    'heartbeat is back'
    """
    if cause in _BEGUN_AND_ENDED:
        reasons, begun, ended = _BEGUN_AND_ENDED[cause]
        return begun if after in reasons else ended
    if cause in {"heartbeat", "cloudlink", "both-links"}:
        return _links_text(cause, before, after)
    if cause == "configuration":
        return _configuration_text(before, after)
    return None


def _links_text(cause: str, before: str | None, after: str | None) -> str:
    heartbeat, cloudlink = _heartbeat_text(before, after), _cloudlink_text(before, after)
    if cause == "heartbeat":
        return heartbeat
    if cause == "cloudlink":
        return cloudlink
    if after == Reason.NO_LINK:
        return "heartbeat and cloudlink went down"
    if before == Reason.NO_LINK and (heartbeat, cloudlink) == _BOTH_BACK:
        return "heartbeat and cloudlink are back"
    return f"{heartbeat}, {cloudlink}"


def _heartbeat_text(before: str | None, after: str | None) -> str:
    if after == Reason.HEARTBEAT_LATE:
        return "heartbeat is late"
    if after in _NO_HEARTBEAT:
        return "heartbeat stopped"
    if before == Reason.HEARTBEAT_LATE or before in _NO_HEARTBEAT:
        return "heartbeat is back"
    return "heartbeat changed"


def _cloudlink_text(before: str | None, after: str | None) -> str:
    if after == Reason.CLOUDLINK_DISABLED:
        return "cloudlink was turned off"
    if after in _NO_CLOUDLINK:
        return "cloudlink went down"
    if before in _NO_CLOUDLINK:
        return "cloudlink is back"
    return "cloudlink changed"


def _configuration_text(before: str | None, after: str | None) -> str:
    if after == Reason.CLOUDLINK_DISABLED:
        return "configuration turns cloudlink off"
    if before == Reason.CLOUDLINK_DISABLED:
        return "configuration no longer turns cloudlink off"
    return "configuration changed"
