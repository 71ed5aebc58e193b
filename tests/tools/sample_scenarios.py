"""What the sample fleet is made of: its fleets, and what happens to how many of their devices."""

from dataclasses import dataclass, field
from typing import Literal

SECOND = 1
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

Ages = tuple[int, int]
Variables = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Fleet:
    """Devices that share an app and its configuration."""

    id: int
    slug: str
    app_name: str
    device_type: str
    os_version: str
    memory_total: int
    place: tuple[float, float]
    services: tuple[str, ...]
    releases: tuple[tuple[int, str], ...]  # oldest first; the last is the target
    variables: Variables
    share: int


@dataclass(frozen=True)
class Scenario:
    """What happens to some devices. Ages are in seconds before the snapshot was fetched."""

    devices: int
    api_status: str
    cloudlink: bool = True
    heartbeat: str = "online"
    heartbeat_age: Ages = (2 * MINUTE, 60 * DAY)
    cloudlink_age: Ages = (MINUTE, 20 * DAY)
    update_status: str | None = "done"
    update_age: Ages = (HOUR, 200 * DAY)
    installs: Literal["running", "downloading", "downloaded", "installing", "none"] = "running"
    supervisor: Literal["any", "old", "new"] = "any"
    fleet: str | None = None
    device_name: str | None = None
    variables: Variables = ()
    fields: dict[str, object] = field(default_factory=dict)


FLEETS = (
    Fleet(
        id=1843201,
        slug="acme/cold-chain",
        app_name="cold-chain",
        device_type="raspberrypi4-64",
        os_version="balenaOS 6.5.39",
        memory_total=3793,
        place=(52.37, 4.9),
        services=("sensor", "uplink"),
        releases=((3120455, "2.7.1"), (3188102, "2.8.0")),
        variables=(("BALENA_HOST_CONFIG_gpu_mem", "16"),),
        share=11,
    ),
    Fleet(
        id=1901877,
        slug="acme/kiosk-display",
        app_name="kiosk-display",
        device_type="intel-nuc",
        os_version="balenaOS 6.3.12",
        memory_total=7860,
        place=(41.39, 2.16),
        services=("browser",),
        releases=((3098761, "11.0.4"), (3190034, "11.1.0")),
        variables=(("BALENA_SUPERVISOR_POLL_INTERVAL", "900000"),),
        share=8,
    ),
    Fleet(
        id=2044310,
        slug="northwind/greenhouse",
        app_name="greenhouse",
        device_type="raspberrypi3-64",
        os_version="balenaOS 5.3.27",
        memory_total=925,
        place=(51.99, 4.21),
        services=("climate", "valves", "uplink"),
        releases=((3001923, "0.41.2"), (3175560, "0.42.0")),
        variables=(),
        share=7,
    ),
    Fleet(
        id=2100846,
        slug="northwind/field-gateway",
        app_name="field-gateway",
        device_type="fincm3",
        os_version="balenaOS 6.0.48",
        memory_total=961,
        place=(56.46, 10.04),
        services=("gateway",),
        releases=((3055518, "5.2.3"), (3181999, "5.3.0")),
        variables=(
            ("BALENA_SUPERVISOR_VPN_CONTROL", "false"),
            ("RESIN_SUPERVISOR_POLL_INTERVAL", "3600000"),
        ),
        share=4,
    ),
)
# Where cloudlink is off on purpose.
QUIET_FLEET = "northwind/field-gateway"

SCENARIOS = (
    # Healthy.
    Scenario(138, "operational"),
    Scenario(34, "operational", supervisor="old"),
    Scenario(6, "operational", update_status=None, supervisor="new"),
    Scenario(24, "operational", cloudlink=False, fleet=QUIET_FLEET),
    Scenario(
        2,
        "operational",
        cloudlink=False,
        fleet="northwind/greenhouse",
        variables=(("BALENA_SUPERVISOR_VPN_CONTROL", "false"),),
    ),
    # Healthy, with an update on its way, or in the way.
    Scenario(
        4,
        "operational",
        installs="downloaded",
        update_status="downloaded",
        update_age=(MINUTE, 5 * HOUR),
        supervisor="new",
    ),
    Scenario(
        5,
        "operational",
        installs="downloaded",
        update_status="downloaded",
        update_age=(25 * HOUR, 90 * DAY),
        supervisor="new",
    ),
    Scenario(
        3,
        "operational",
        installs="installing",
        update_status="applying changes",
        update_age=(25, 20 * MINUTE),
        supervisor="new",
    ),
    Scenario(
        2,
        "operational",
        installs="installing",
        update_status="applying changes",
        update_age=(45 * MINUTE, 3 * DAY),
        supervisor="new",
    ),
    Scenario(
        3, "operational", update_status="rejected", update_age=(HOUR, 12 * DAY), supervisor="new"
    ),
    Scenario(
        1, "operational", update_status="aborted", update_age=(DAY, 4 * DAY), supervisor="new"
    ),
    Scenario(
        5,
        "updating",
        installs="downloading",
        update_status="downloading",
        update_age=(30, 90 * MINUTE),
        supervisor="new",
    ),
    Scenario(
        2,
        "updating",
        installs="downloading",
        update_status="downloading",
        update_age=(3 * HOUR, 8 * DAY),
        supervisor="new",
    ),
    Scenario(
        1,
        "updating",
        installs="downloading",
        heartbeat="timeout",
        heartbeat_age=(20, 29),
        update_status="downloading",
        update_age=(15 * MINUTE, HOUR),
        supervisor="new",
    ),
    Scenario(
        4, "updating", supervisor="old", fields={"status": "Downloading", "download_progress": 37}
    ),
    Scenario(
        1, "updating", supervisor="old", fields={"status": "Downloading", "download_progress": 0}
    ),
    # The operating system is at work.
    Scenario(
        2,
        "configuring",
        fields={"provisioning_state": "Update successful, rebooting", "provisioning_progress": 100},
    ),
    Scenario(
        1,
        "configuring",
        fields={"provisioning_state": "Writing the new image", "provisioning_progress": 45},
    ),
    Scenario(
        1,
        "configuring",
        fields={"provisioning_state": "OS update failed", "provisioning_progress": 100},
    ),
    Scenario(1, "configuring", fields={"provisioning_state": "", "provisioning_progress": 5}),
    # One link.
    Scenario(
        1,
        "reduced-functionality",
        cloudlink=False,
        cloudlink_age=(2 * DAY, 3 * DAY),
        heartbeat_age=(9 * DAY, 20 * DAY),
        installs="downloaded",
        update_status="downloaded",
        update_age=(17 * MINUTE, 17 * MINUTE + 50),
        fleet="acme/cold-chain",
        device_name="bitter-wind",
        supervisor="new",
    ),
    Scenario(6, "reduced-functionality", cloudlink=False, cloudlink_age=(5 * MINUTE, 40 * DAY)),
    Scenario(
        1,
        "reduced-functionality",
        cloudlink=False,
        fleet=QUIET_FLEET,
        variables=(("BALENA_SUPERVISOR_VPN_CONTROL", "true"),),
    ),
    Scenario(
        7, "reduced-functionality", heartbeat="offline", heartbeat_age=(10 * MINUTE, 30 * DAY)
    ),
    Scenario(
        1,
        "reduced-functionality",
        heartbeat="unknown",
        update_status=None,
        cloudlink_age=(10 * MINUTE, 2 * HOUR),
    ),
    Scenario(2, "reduced-functionality", heartbeat="timeout", heartbeat_age=(20, 29)),
    Scenario(
        1,
        "reduced-functionality",
        cloudlink=False,
        heartbeat="timeout",
        heartbeat_age=(20, 29),
        cloudlink_age=(16 * MINUTE, 30 * MINUTE),
    ),
    # No link.
    Scenario(
        9,
        "disconnected",
        heartbeat_age=(15 * MINUTE, 2 * DAY),
        cloudlink_age=(15 * MINUTE, 2 * DAY),
        cloudlink=False,
        heartbeat="offline",
    ),
    Scenario(
        8,
        "disconnected",
        heartbeat_age=(3 * DAY, 300 * DAY),
        cloudlink_age=(3 * DAY, 300 * DAY),
        cloudlink=False,
        heartbeat="offline",
    ),
    Scenario(
        2,
        "disconnected",
        fleet=QUIET_FLEET,
        heartbeat_age=(HOUR, 6 * DAY),
        cloudlink=False,
        heartbeat="offline",
    ),
    Scenario(
        1,
        "disconnected",
        heartbeat="unknown",
        cloudlink=False,
        update_status=None,
        cloudlink_age=(DAY, 9 * DAY),
    ),
    # Not in service.
    Scenario(3, "configuring", cloudlink=False, heartbeat="unknown", installs="none"),
    Scenario(
        1,
        "configuring",
        cloudlink=False,
        heartbeat="unknown",
        installs="none",
        fields={"provisioning_state": "Preparing the disk", "provisioning_progress": 20},
    ),
    Scenario(
        3,
        "post-provisioning",
        heartbeat_age=(HOUR, 3 * DAY),
        cloudlink_age=(HOUR, 3 * DAY),
        fields={"provisioning_state": "Post-Provisioning", "provisioning_progress": 100},
        cloudlink=False,
        heartbeat="offline",
    ),
    Scenario(
        4,
        "inactive",
        cloudlink=False,
        heartbeat="unknown",
        installs="none",
        fields={"is_active": False},
    ),
    Scenario(
        2,
        "inactive",
        heartbeat_age=(30 * DAY, 400 * DAY),
        cloudlink_age=(30 * DAY, 400 * DAY),
        fields={"is_active": False},
        cloudlink=False,
        heartbeat="offline",
    ),
    Scenario(3, "operational", fields={"is_frozen": True}),
    Scenario(
        1,
        "disconnected",
        heartbeat_age=(DAY, 40 * DAY),
        cloudlink_age=(DAY, 40 * DAY),
        fields={"is_frozen": True},
        cloudlink=False,
        heartbeat="offline",
    ),
    Scenario(1, "operational", device_name="stille-brücke"),
    # The API's own answer is older than the rest of the record.
    Scenario(1, "disconnected"),
    Scenario(1, "updating"),
    Scenario(
        1,
        "operational",
        heartbeat_age=(HOUR, 5 * HOUR),
        cloudlink_age=(HOUR, 5 * HOUR),
        cloudlink=False,
        heartbeat="offline",
    ),
)
