"""The closed vocabularies: schemes, reasons, states, classes and capabilities."""

from enum import IntFlag, StrEnum


class StatusScheme(StrEnum):
    """Which page or program the overall status is told in the words of.

    A scheme decides the status, its detail and the reason; all other answers are the same under
    every scheme.

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
        return _LABELS[self]


_LABELS_2024 = (
    "Operational",
    "Reduced Functionality",
    "Disconnected",
    "Configuring",
    "Updating",
    "Post Provisioning",
    "Inactive",
    "Frozen",
)
_LABELS_V6 = ("idle", "offline", "configuring", "updating", "post-provisioning", "inactive")
_LABELS = {
    StatusScheme.DOCS_2024_11: _LABELS_2024,
    StatusScheme.DOCS_2024_10: _LABELS_2024,
    StatusScheme.DOCS_2022: (
        "Online",
        "Online (VPN Only)",
        "Online (Heartbeat Only)",
        "Offline",
        *_LABELS_2024[3:],
    ),
    StatusScheme.DOCS_2021: ("Online", "Offline", *_LABELS_2024[3:]),
    StatusScheme.API_V7: (
        "operational",
        "reduced-functionality",
        "disconnected",
        "configuring",
        "updating",
        "post-provisioning",
        "inactive",
    ),
    StatusScheme.API_V6: _LABELS_V6,
    StatusScheme.LIBRARY_2020: (*_LABELS_V6, "ordered", "preparing", "shipped"),
}


class Reason(StrEnum):
    """The rule that gave a device its status: the first that matched.

    One list serves all schemes. `ONLINE`, `ORDERED`, `PREPARING` and `SHIPPED` occur under
    ``library-2020`` alone; `UNKNOWN` stands where the data lacks a link, so that no rule about
    links can be tried.

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
        return _MESSAGES[self]

    @property
    def first_step(self) -> str | None:
        """What to do first; None where there is nothing to do."""
        return _FIRST_STEPS.get(self)


_MESSAGES = {
    Reason.FROZEN: "The device is frozen: it runs on, but nobody can reach or manage it.",
    Reason.INACTIVE: "The device is not active, so it is not managed.",
    Reason.POST_PROVISIONING: "The device is set up and waits to be started from its own storage.",
    Reason.NEVER_CONNECTED: "The device was registered but has not been heard of since.",
    Reason.NO_LINK: "Heartbeat and cloudlink are both down, so nothing reaches the device.",
    Reason.DOWNLOADING_RELEASE: "The device is fetching a release.",
    Reason.OS_CONFIGURATION: "The device is setting up or updating its operating system.",
    Reason.DOWNLOADING_SERVICE: "The device is fetching the image of at least one service.",
    Reason.HEARTBEAT_LATE: "The last heartbeat is overdue, and its few seconds of grace run.",
    Reason.CLOUDLINK_ONLY: "Cloudlink is up, but the supervisor does not report.",
    Reason.HEARTBEAT_ONLY: "The supervisor reports, but cloudlink is down though it should be up.",
    Reason.CLOUDLINK_DISABLED: "The supervisor reports; cloudlink is turned off on purpose.",
    Reason.BOTH_LINKS: "Heartbeat and cloudlink are both up.",
    Reason.ORDERED: "The device has been ordered.",
    Reason.PREPARING: "The device is being made ready for shipping.",
    Reason.SHIPPED: "The device is on its way and has not come online.",
    Reason.ONLINE: "The device is online.",
    Reason.UNKNOWN: "The data does not say whether both links are up.",
}
_WAIT = "Wait, and watch how long the update status lasts."
_FIRST_STEPS = {
    Reason.FROZEN: "See whether the organization is over its allowance or has overdue invoices.",
    Reason.INACTIVE: "Activate it; if it was only preregistered, boot it.",
    Reason.POST_PROVISIONING: "Take out the installation medium and boot from internal storage.",
    Reason.NEVER_CONNECTED: "See that it was flashed and has network at its first boot.",
    Reason.NO_LINK: (
        "Check power and network. A device that lost power still looks connected until its "
        "heartbeat window has passed."
    ),
    Reason.DOWNLOADING_RELEASE: _WAIT,
    Reason.OS_CONFIGURATION: _WAIT,
    Reason.DOWNLOADING_SERVICE: _WAIT,
    Reason.HEARTBEAT_LATE: (
        "With cloudlink up, run a health check, then pull device diagnostics; without it, wait: "
        "within seconds the device is back or disconnected."
    ),
    Reason.CLOUDLINK_ONLY: "Run a health check, then pull device diagnostics.",
    Reason.HEARTBEAT_ONLY: "Look for a firewall that blocks VPN traffic.",
}


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
        return _HINTS.get(self)


_HINTS = {
    UpdateStatus.DOWNLOADING: "A download that takes hours points to a slow or broken network.",
    UpdateStatus.DOWNLOADED: "Everything is there; most likely an app holds the update lock.",
    UpdateStatus.APPLYING_CHANGES: "Containers that keep failing may hold up the change.",
    UpdateStatus.REJECTED: (
        "A service that the release requires has requirements that the device does not meet."
    ),
    UpdateStatus.ABORTED: "The update was given up; no supervisor of today reports this.",
}


class HeartbeatState(StrEnum):
    """What the API last concluded from a device's fetches of its target state.

    `ONLINE` turns into `TIMEOUT` when the heartbeat window has passed, and `TIMEOUT` into
    `OFFLINE` 15 seconds later; `UNKNOWN` means that the device has never fetched it.
    """

    ONLINE = "online"
    TIMEOUT = "timeout"
    OFFLINE = "offline"
    UNKNOWN = "unknown"


class Attention(StrEnum):
    """Why a device needs a person, worst first."""

    UNREADABLE = "unreadable"
    DISCONNECTED = "disconnected"
    UPDATE_FAILED = "update-failed"
    REDUCED = "reduced"
    UPDATE_STUCK = "update-stuck"
    FROZEN = "frozen"


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
