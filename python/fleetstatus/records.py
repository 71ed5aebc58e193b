"""The device record as a type: what the API answers, and what balena-sdk returns.

The fields that the rules read are those of `DeviceRecord` itself; `OtherFields` are the API's others,
which may be carried. A record may have any more: as a ``dict[str, Any]``, which `classify` takes as
well. A timestamp is RFC 3339 text with a zone, or an aware ``datetime``.
"""

from datetime import datetime
from typing import Any, Literal, TypedDict

Timestamp = str | datetime

# Names that begin with two underscores would be mangled in a class body.
DeferredLink = TypedDict("DeferredLink", {"__id": int})
DeferredLink.__doc__ = "A link that was not expanded: the id of what it points to."


class TagRecord(TypedDict, total=False):
    """A tag of a device, a release or a fleet."""

    id: int
    tag_key: str
    value: str | None


class ReleaseRecord(TypedDict, total=False):
    """An expanded release."""

    id: int
    commit: str | None
    raw_version: str | None
    created_at: Timestamp | None
    is_final: bool | None
    is_passing_tests: bool | None
    note: str | None
    release_tag: list[TagRecord] | None
    release_version: str | None
    semver: str | None
    status: str | None


ReleaseLink = list[ReleaseRecord] | ReleaseRecord | DeferredLink | int | None


class VariableRecord(TypedDict, total=False):
    """A configuration variable of a device or a fleet."""

    id: int
    name: str
    value: str | None


class FleetRecord(TypedDict, total=False):
    """An expanded fleet."""

    id: int
    slug: str | None
    app_name: str | None
    should_be_running__release: ReleaseLink
    application_config_variable: list[VariableRecord] | None
    application_tag: list[TagRecord] | None
    created_at: Timestamp | None
    is_archived: bool | None
    is_host: bool | None
    should_track_latest_release: bool | None
    uuid: str | None


FleetLink = list[FleetRecord] | FleetRecord | DeferredLink | int | None


class InstallRecord(TypedDict, total=False):
    """An image that is installed on a device, or is on its way there."""

    id: int
    status: str | None
    download_progress: int | None
    is_provided_by__release: ReleaseLink
    release_id: int | None
    commit: str | None
    image_id: int | None
    install_date: Timestamp | None
    installs__image: Any
    service_id: int | None


class OtherFields(TypedDict, total=False):
    """Fields of the API's device that no rule reads."""

    actor: Any
    belongs_to__user: Any
    cpu_id: str | None
    cpu_temp: int | None
    cpu_usage: int | None
    custom_latitude: str | None
    custom_longitude: str | None
    device_environment_variable: list[VariableRecord] | None
    device_tag: list[TagRecord] | None
    ip_address: str | None
    is_accessible_by_support_until__date: Timestamp | None
    is_locked_until__date: Timestamp | None
    is_managed_by__service_instance: Any
    is_of__device_type: Any
    is_undervolted: bool | None
    latitude: str | None
    local_id: str | None
    location: str | None
    longitude: str | None
    mac_address: str | None
    memory_total: int | None
    memory_usage: int | None
    modified_at: Timestamp | None
    note: str | None
    os_variant: str | None
    os_version: str | None
    overall_progress: int | None
    public_address: str | None
    service_install: Any
    should_be_managed_by__release: ReleaseLink
    should_be_operated_by__release: ReleaseLink
    storage_block_device: str | None
    storage_total: int | None
    storage_usage: int | None


class DeviceRecord(OtherFields, total=False):
    """The fields of a device record, as the API returns them; each may be missing.

    Older forms are accepted too: ``name`` and ``last_seen_time`` of old APIs, the text ``fleet`` of
    balena-cli, ``current_services`` and ``current_services_by_app`` of the SDKs.

    Examples
    --------
    >>> record: DeviceRecord = {"is_connected_to_vpn": True, "api_heartbeat_state": "online"}
    """

    id: int
    uuid: str
    device_name: str | None
    name: str | None
    is_active: bool | None
    is_frozen: bool | None
    is_connected_to_vpn: bool | None
    is_online: bool | None
    api_heartbeat_state: Literal["online", "timeout", "offline", "unknown"]
    is_web_accessible: bool | None
    created_at: Timestamp | None
    last_connectivity_event: Timestamp | None
    last_seen_time: Timestamp | None
    last_vpn_event: Timestamp | None
    changed_api_heartbeat_state_on__date: Timestamp | None
    provisioning_state: str | None
    provisioning_progress: int | None
    download_progress: int | None
    status: str | None
    image_install: list[InstallRecord] | None
    current_services: dict[str, list[InstallRecord]] | None
    current_services_by_app: dict[str, dict[str, list[InstallRecord]]] | None
    device_config_variable: list[VariableRecord] | None
    belongs_to__application: FleetLink
    application: FleetLink
    fleet: str | None
    is_running__release: ReleaseLink | str
    is_pinned_on__release: ReleaseLink
    should_be_running__release: ReleaseLink
    update_status: (
        Literal["done", "downloading", "downloaded", "applying changes", "rejected", "aborted"]
        | None
    )
    last_update_status_event: Timestamp | None
    supervisor_version: str | None
    overall_status: str | None
