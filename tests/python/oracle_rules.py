"""Sections 2 and 3, stated as plainly as can be: links, rules, labels, detail, since-times."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from oracle_fields import Device, Install, installs_of, services_of
from oracle_links import Fleet

Rule = tuple[str, Callable[[Device], bool]]

NO_FLEET = Fleet()
LIBRARY_ERA = datetime(2013, 1, 1, tzinfo=UTC)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # what old dumps write where nothing happened yet


# What is known of a device


def is_frozen(device: Device) -> bool:
    """Tell whether a device is frozen; null means it is not."""
    return device.is_frozen is True


def is_inactive(device: Device) -> bool:
    """Tell whether a device is inactive; null means it is active."""
    return device.is_active is False


def is_post_provisioning(device: Device) -> bool:
    """Tell whether a device has yet to boot from its internal storage."""
    return device.provisioning_state == "Post-Provisioning"


def cloudlink(device: Device) -> bool | None:
    """Tell whether cloudlink is up; None if the record does not say."""
    return device.is_online if device.is_connected_to_vpn is None else device.is_connected_to_vpn


def has_cloudlink(device: Device) -> bool:
    """Tell whether cloudlink is up for sure."""
    return cloudlink(device) is True


def is_link_missing(device: Device) -> bool:
    """Tell whether one of the link fields is absent or null."""
    return cloudlink(device) is None or device.api_heartbeat_state is None


def heartbeat_in(device: Device, *states: str) -> bool:
    """Tell whether the heartbeat is in one of these states."""
    return device.api_heartbeat_state in states


def has_recent_heartbeat(device: Device) -> bool:
    """Tell whether the heartbeat is up, or late but still in its grace."""
    return heartbeat_in(device, "online", "timeout")


def variable(device: Device, *names_first_to_last: str) -> str | None:
    """Find the value that decides: the device beats the fleet, an earlier name a later one."""
    fleet = device.belongs_to__application or NO_FLEET
    for level in (device.device_config_variable or {}, fleet.variables or {}):
        for name in names_first_to_last:
            if name in level:
                return level[name]
    return None


def is_cloudlink_expected(device: Device) -> bool:
    """Tell whether configuration leaves cloudlink on."""
    names = ("BALENA_SUPERVISOR_VPN_CONTROL", "RESIN_SUPERVISOR_VPN_CONTROL")
    return variable(device, *names) != "false"


def is_downloading(install: Install) -> bool:
    """Tell whether an install is on its way, with a known progress."""
    return install.status == "Downloading" and install.download_progress is not None


def is_downloading_release(device: Device) -> bool:
    """Tell whether the device itself reports a download."""
    return device.status == "Downloading" and device.download_progress is not None


def is_downloading_service(device: Device) -> bool:
    """Tell whether any install is on its way."""
    return any(is_downloading(install) for install in installs_of(device))


def is_configuring_os(device: Device) -> bool:
    """Tell whether provisioning_progress is set."""
    return device.provisioning_progress is not None


def is_never_connected(device: Device) -> bool:
    """Tell whether no link was ever seen."""
    never = device.last_connectivity_event is None
    return never and not has_cloudlink(device) and heartbeat_in(device, "unknown")


def has_no_link(device: Device) -> bool:
    """Tell whether both links are down."""
    return not has_cloudlink(device) and heartbeat_in(device, "offline", "unknown")


def has_heartbeat_alone(device: Device) -> bool:
    """Tell whether the heartbeat is up and cloudlink down."""
    return not has_cloudlink(device) and heartbeat_in(device, "online")


# What library-2020 asks instead


def is_offline_2020(device: Device) -> bool:
    """Tell whether is_online, which alone counts, is not true."""
    return device.is_online is not True


def is_never_connected_2020(device: Device) -> bool:
    """Tell whether a device is offline and has no connection since 2013."""
    last = device.last_connectivity_event
    return is_offline_2020(device) and (last is None or last < LIBRARY_ERA)


def is_downloading_service_2020(device: Device) -> bool:
    """Tell whether the newest install of any service is on its way; of equals the first is."""
    listed = [installs for installs in services_of(device) if installs]
    newest = [max(installs, key=lambda install: install.id or 0) for installs in listed]
    return any(is_downloading(install) for install in newest)


# Section 3: first rule that matches wins

FROZEN: list[Rule] = [("frozen", is_frozen)]
BEFORE_DOWNLOADS: list[Rule] = [
    ("inactive", is_inactive),
    ("post-provisioning", is_post_provisioning),
    ("unknown", is_link_missing),
    ("never-connected", is_never_connected),
    ("no-link", has_no_link),
]
DOWNLOADS_WITH_HEARTBEAT: list[Rule] = [
    ("downloading-release", lambda d: has_recent_heartbeat(d) and is_downloading_release(d)),
    ("os-configuration", is_configuring_os),
    ("downloading-service", lambda d: has_recent_heartbeat(d) and is_downloading_service(d)),
]
DOWNLOADS: list[Rule] = [
    ("downloading-release", is_downloading_release),
    ("os-configuration", is_configuring_os),
    ("downloading-service", is_downloading_service),
]
LINKS: list[Rule] = [
    ("heartbeat-late", lambda d: heartbeat_in(d, "timeout")),
    ("cloudlink-only", lambda d: has_cloudlink(d) and heartbeat_in(d, "offline", "unknown")),
    ("heartbeat-only", lambda d: has_heartbeat_alone(d) and is_cloudlink_expected(d)),
    ("cloudlink-disabled", lambda d: has_heartbeat_alone(d) and not is_cloudlink_expected(d)),
    ("both-links", lambda d: has_cloudlink(d) and heartbeat_in(d, "online")),
]
LIBRARY: list[Rule] = [
    ("ordered", lambda d: d.status == "Ordered"),
    ("preparing", lambda d: d.status == "Preparing"),
    ("shipped", lambda d: d.status == "Shipped" and is_offline_2020(d)),
    ("inactive", lambda d: d.is_active is not True),
    ("post-provisioning", is_post_provisioning),
    ("never-connected", is_never_connected_2020),
    ("no-link", is_offline_2020),
    ("downloading-release", is_downloading_release),
    ("os-configuration", is_configuring_os),
    ("downloading-service", is_downloading_service_2020),
    ("online", lambda _: True),
]
RULES: dict[str, list[Rule]] = {
    "docs-2024-11": FROZEN + BEFORE_DOWNLOADS + DOWNLOADS_WITH_HEARTBEAT + LINKS,
    "docs-2024-10": FROZEN + BEFORE_DOWNLOADS + DOWNLOADS_WITH_HEARTBEAT + LINKS,
    "docs-2022": FROZEN + BEFORE_DOWNLOADS + DOWNLOADS + LINKS,
    "docs-2021": FROZEN + BEFORE_DOWNLOADS + DOWNLOADS + LINKS,
    "api-v7": BEFORE_DOWNLOADS + DOWNLOADS_WITH_HEARTBEAT + LINKS,
    "api-v6": BEFORE_DOWNLOADS + DOWNLOADS + LINKS,
    "library-2020": LIBRARY,
}
DOCS_2024_11 = {
    "frozen": "Frozen",
    "inactive": "Inactive",
    "post-provisioning": "Post Provisioning",
    "never-connected": "Configuring",
    "no-link": "Disconnected",
    "downloading-release": "Updating",
    "os-configuration": "Configuring",
    "downloading-service": "Updating",
    "heartbeat-late": "Reduced Functionality",
    "cloudlink-only": "Reduced Functionality",
    "heartbeat-only": "Reduced Functionality",
    "cloudlink-disabled": "Operational",
    "both-links": "Operational",
}
API_V7 = {
    reason: label.lower().replace(" ", "-")
    for reason, label in DOCS_2024_11.items()
    if reason != "frozen"
}
API_V6 = {
    "inactive": "inactive",
    "post-provisioning": "post-provisioning",
    "never-connected": "configuring",
    "no-link": "offline",
    "downloading-release": "updating",
    "os-configuration": "configuring",
    "downloading-service": "updating",
}
LINK_REASONS = [reason for reason, _ in LINKS]
LABELS: dict[str, Mapping[str, str]] = {
    "docs-2024-11": DOCS_2024_11,
    "docs-2024-10": DOCS_2024_11 | {"cloudlink-disabled": "Reduced Functionality"},
    "docs-2022": DOCS_2024_11 | {"no-link": "Offline"} | dict.fromkeys(LINK_REASONS, "Online"),
    "docs-2021": DOCS_2024_11 | {"no-link": "Offline"} | dict.fromkeys(LINK_REASONS, "Online"),
    "api-v7": API_V7,
    "api-v6": API_V6 | dict.fromkeys(LINK_REASONS, "idle"),
    "library-2020": API_V6
    | {"ordered": "ordered", "preparing": "preparing", "shipped": "shipped", "online": "idle"},
}


def reason_of(device: Device, scheme: str) -> str:
    """Name the first rule that matches."""
    return next(reason for reason, matches in RULES[scheme] if matches(device))


def indicator_of(device: Device) -> str | None:
    """Say which link an Online device has, if only one."""
    if not has_cloudlink(device):
        return "Heartbeat Only"
    return None if heartbeat_in(device, "online") else "VPN Only"


def status_of(device: Device, scheme: str) -> str | None:
    """Label the rule that matched; None where a missing link leaves it open."""
    reason = reason_of(device, scheme)
    indicator = indicator_of(device)
    if scheme == "docs-2022" and reason in LINK_REASONS and indicator:
        return f"Online ({indicator})"
    return LABELS[scheme].get(reason)


def detail_of(device: Device, scheme: str) -> str | None:
    """Find the text in parentheses."""
    reason = reason_of(device, scheme)
    if reason in {"never-connected", "os-configuration"}:
        return device.provisioning_state or None
    if scheme == "docs-2021" and reason in LINK_REASONS:
        return indicator_of(device)
    return None


def known_time(time: datetime | None) -> datetime | None:
    """Take a time as known unless it is the one that means never."""
    return None if time == NEVER else time


def cloudlink_since(device: Device) -> datetime | None:
    """Tell since when cloudlink has been as it is, at least."""
    return known_time(device.last_vpn_event) or known_time(device.last_connectivity_event)


def heartbeat_since(device: Device) -> datetime | None:
    """Tell since when the heartbeat has been as it is."""
    return known_time(device.changed_api_heartbeat_state_on__date)


def links_since(device: Device) -> datetime | None:
    """Tell when the second of the two links took its present state."""
    needed = []
    if not heartbeat_in(device, "unknown"):
        needed.append(heartbeat_since(device))
    if has_cloudlink(device) or cloudlink_since(device):
        needed.append(cloudlink_since(device))
    known = [time for time in needed if time is not None]
    return max(known, default=None) if len(known) == len(needed) else None


def status_since(device: Device, scheme: str) -> datetime | None:
    """Tell when the status began, for the rules that know."""
    reason = reason_of(device, scheme)
    if reason == "never-connected":
        return known_time(device.created_at)
    return links_since(device) if reason in {"no-link", *LINK_REASONS} else None
