"""The closed vocabularies: schemes, reasons, states, classes and capabilities.

Labels and texts are the engine's; here are their names, docs and types.
"""

from enum import IntFlag, StrEnum
from functools import cache

from fleetstatus import _core


class StatusScheme(StrEnum):
    """The vocabulary of statuses: the page or program whose words and rules are used.

    A scheme decides the status, its detail and its reason (and so since when it lasts); all other
    answers are the same under every scheme.

    Examples
    --------
    >>> StatusScheme.API_V6.labels
    ('idle', 'offline', 'configuring', 'updating', 'post-provisioning', 'inactive')
    """

    DOCS_2024_11 = "docs-2024-11"
    DOCS_2024_10 = "docs-2024-10"
    DOCS_2022 = "docs-2022"
    DOCS_2021 = "docs-2021"
    API_V7 = "api-v7"
    API_V6 = "api-v6"
    LIBRARY_2020 = "library-2020"

    @property
    def labels(self) -> tuple[str, ...]:
        """All statuses that the scheme knows, in the order in which they are shown."""
        return _labels()[self]


class Reason(StrEnum):
    """The rule that gave a device its status: the first that matched.

    The names are the same in all schemes. `ONLINE`, `ORDERED`, `PREPARING` and `SHIPPED` occur only
    under ``library-2020``. `UNKNOWN` means that the data lacks a link, so that rules about links
    cannot be applied.

    Examples
    --------
    >>> Reason.FROZEN.message
    'The device is frozen: it runs on, but nobody can reach or manage it.'
    >>> Reason.BOTH_LINKS.first_step is None
    True
    """

    FROZEN = "frozen"
    INACTIVE = "inactive"
    POST_PROVISIONING = "post-provisioning"
    NEVER_CONNECTED = "never-connected"
    NO_LINK = "no-link"
    DOWNLOADING_RELEASE = "downloading-release"
    OS_CONFIGURATION = "os-configuration"
    DOWNLOADING_SERVICE = "downloading-service"
    HEARTBEAT_LATE = "heartbeat-late"
    CLOUDLINK_ONLY = "cloudlink-only"
    HEARTBEAT_ONLY = "heartbeat-only"
    CLOUDLINK_DISABLED = "cloudlink-disabled"
    BOTH_LINKS = "both-links"
    ORDERED = "ordered"
    PREPARING = "preparing"
    SHIPPED = "shipped"
    ONLINE = "online"
    UNKNOWN = "unknown"

    @property
    def message(self) -> str:
        """What the reason means, in one sentence for operators."""
        return _reason_texts()[self][0]

    @property
    def first_step(self) -> str | None:
        """What to do first; None where there is nothing to do."""
        return _reason_texts()[self][1]


class UpdateStatus(StrEnum):
    """How far the update of the app has come, as the device last reported it.

    Devices report it from supervisor 16.7.0 on.

    Examples
    --------
    >>> UpdateStatus.REJECTED.hint
    'A service that the release requires has requirements that the device does not meet.'
    """

    DONE = "Done"
    DOWNLOADING = "Downloading"
    DOWNLOADED = "Downloaded"
    APPLYING_CHANGES = "Applying Changes"
    REJECTED = "Rejected"
    ABORTED = "Aborted"

    @property
    def hint(self) -> str | None:
        """What it usually means if it lasts; None for an update that is done."""
        return _update_status_hints()[self]


class HeartbeatState(StrEnum):
    """The state of the heartbeat, as the API reports it.

    `ONLINE` turns into `TIMEOUT` when the heartbeat window has passed, and `TIMEOUT` into
    `OFFLINE` 15 seconds later; `UNKNOWN` means that the device has never fetched it.

    Examples
    --------
    >>> [state.value for state in HeartbeatState]
    ['online', 'timeout', 'offline', 'unknown']
    """

    ONLINE = "online"
    TIMEOUT = "timeout"
    OFFLINE = "offline"
    UNKNOWN = "unknown"


class Attention(StrEnum):
    """Why a device needs a person, worst first.

    Examples
    --------
    >>> list(Attention)[:2]
    [<Attention.UNREADABLE: 'unreadable'>, <Attention.DISCONNECTED: 'disconnected'>]
    """

    UNREADABLE = "unreadable"
    DISCONNECTED = "disconnected"
    UPDATE_FAILED = "update-failed"
    REDUCED = "reduced"
    UPDATE_STUCK = "update-stuck"
    NEVER_CONNECTED = "never-connected"
    FROZEN = "frozen"

    @property
    def message(self) -> str:
        """What the class means, in one sentence for operators."""
        return _attention_texts()[self][0]

    @property
    def first_step(self) -> str | None:
        """What to do first; None where the reason of the device has the advice."""
        return _attention_texts()[self][1]


class Capability(IntFlag):
    """What an operator can do with a device, as bits.

    The first four need cloudlink. `RESTART` to `HOST_OS_UPDATE` need cloudlink to be asked for and
    the supervisor to be carried out. The last three need the heartbeat.

    Examples
    --------
    >>> can = Capability.SSH | Capability.REBOOT
    >>> Capability.REBOOT in can
    True
    """

    SSH = 1 << 0
    WEB_TERMINAL = 1 << 1
    PUBLIC_URL = 1 << 2
    DIAGNOSTICS = 1 << 3
    RESTART = 1 << 4
    REBOOT = 1 << 5
    SHUTDOWN = 1 << 6
    PURGE = 1 << 7
    BLINK = 1 << 8
    HOST_OS_UPDATE = 1 << 9
    NEW_RELEASE = 1 << 10
    CONFIGURATION_CHANGE = 1 << 11
    LOCAL_MODE = 1 << 12


# The engine's texts come in the order of its lists of names, which is that of the classes.


@cache
def _labels() -> dict[StatusScheme, tuple[str, ...]]:
    return {scheme: tuple(_core.labels(i)) for i, scheme in enumerate(StatusScheme)}


@cache
def _reason_texts() -> dict[Reason, tuple[str, str | None]]:
    return dict(zip(Reason, _core.reason_texts(), strict=True))


@cache
def _attention_texts() -> dict[Attention, tuple[str, str | None]]:
    return dict(zip(Attention, _core.attention_texts(), strict=True))


@cache
def _update_status_hints() -> dict[UpdateStatus, str | None]:
    return dict(zip(UpdateStatus, _core.update_status_hints(), strict=True))
