"""A device of the week: its record, and the fields that show what happens to it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from typing import Any

Record = dict[str, Any]
Change = Callable[[datetime], None]
"""Changes a record at a moment."""

_CONTROL = "BALENA_SUPERVISOR_VPN_CONTROL"


def time_text(time: datetime) -> str:
    """Write a time as the API does."""
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def release(number: int, version: str) -> Record:
    """Make a release as devices name the one that they run."""
    commit = hashlib.sha1(str(number).encode(), usedforsecurity=False).hexdigest()
    return {"id": number, "commit": commit, "raw_version": version}


class Device:
    """A record of the API that changes as time goes on."""

    def __init__(self, record: Record) -> None:
        self.record = deepcopy(record)
        self._text: str | None = None

    @property
    def text(self) -> str:
        """The record as JSON."""
        if self._text is None:
            self._text = json.dumps(self.record, separators=(",", ":"))
        return self._text

    @property
    def fleet(self) -> str:
        """Slug of its fleet."""
        return str(self._fleet["slug"])

    @property
    def _fleet(self) -> Record:
        [fleet] = self.record["belongs_to__application"]
        return dict(fleet)

    @property
    def site(self) -> str | None:
        """Value of its tag ``site``."""
        tags = {tag["tag_key"]: tag["value"] for tag in self.record["device_tag"]}
        return tags.get("site")

    @property
    def is_pinned(self) -> bool:
        """Whether somebody chose the release of this device alone."""
        return bool(self.record["is_pinned_on__release"])

    @property
    def reports_updates(self) -> bool:
        """Whether its supervisor reports an update status."""
        return self.record["update_status"] is not None

    @property
    def is_healthy(self) -> bool:
        """Whether it has its links and is not under way to anything."""
        record = self.record
        return (
            record["overall_status"] == self._overall_status() == "operational"
            and not record["is_frozen"]
            and record["update_status"] in {"done", None}
        )

    # Fields

    def set(self, **fields: Any) -> None:
        """Set fields of the record, and what the API itself says of it."""
        self.record |= fields
        self.record["overall_status"] = self._overall_status()
        self._text = None

    def _overall_status(self) -> str:
        record = self.record
        if not record["is_active"]:
            return "inactive"
        if record["provisioning_state"] == "Post-Provisioning":
            return "post-provisioning"
        if record["is_connected_to_vpn"] or record["api_heartbeat_state"] in {"online", "timeout"}:
            return self._status_with_a_link()
        has_connected = record["last_connectivity_event"] is not None
        is_new = record["api_heartbeat_state"] == "unknown" and not has_connected
        return "configuring" if is_new else "disconnected"

    def _status_with_a_link(self) -> str:
        record = self.record
        if record["provisioning_progress"] is not None:
            return "configuring"
        if record["api_heartbeat_state"] in {"online", "timeout"} and self._is_downloading():
            return "updating"
        has_heartbeat = record["api_heartbeat_state"] == "online"
        has_tunnel = record["is_connected_to_vpn"] or not self._expects_tunnel()
        return "operational" if has_heartbeat and has_tunnel else "reduced-functionality"

    def _is_downloading(self) -> bool:
        statuses = [one["status"] for one in self.record["image_install"]]
        return "Downloading" in [*statuses, self.record["status"]]

    def _expects_tunnel(self) -> bool:
        variables = self._fleet["application_config_variable"]
        named = {one["name"]: one["value"] for one in variables}
        named |= {one["name"]: one["value"] for one in self.record["device_config_variable"]}
        return named.get(_CONTROL) != "false"

    # Changes that take place later

    def change(self, **fields: Any) -> Change:
        """Set fields."""
        return lambda _: self.set(**fields)

    def pin(self, to: Record) -> Change:
        """Choose a release for this device alone."""
        link = [{"id": to["id"], "commit": to["commit"]}]
        return self.change(is_pinned_on__release=link, should_be_running__release=link)

    def follow(self, to: Record) -> Change:
        """Choose a release for its fleet."""
        link = [{"id": to["id"], "commit": to["commit"]}]
        fleet = self._fleet | {"should_be_running__release": link}
        return self.change(should_be_running__release=link, belongs_to__application=[fleet])

    def heartbeat(self, state: str) -> Change:
        """Change the state of the heartbeat."""

        def change(at: datetime) -> None:
            if self.record["api_heartbeat_state"] != state:
                since = {"changed_api_heartbeat_state_on__date": time_text(at)}
                self.set(api_heartbeat_state=state, **since)

        return change

    def cloudlink(self, *, is_up: bool) -> Change:
        """Let the tunnel go up or down, where there should be one."""

        def change(at: datetime) -> None:
            if self._expects_tunnel():
                times = dict.fromkeys(("last_connectivity_event", "last_vpn_event"), time_text(at))
                self.set(is_connected_to_vpn=is_up, is_online=is_up, **times)

        return change

    def report(self, update_status: str | None = None) -> Change:
        """Let the supervisor report its update status, as it also does when it starts."""

        def change(at: datetime) -> None:
            if self.reports_updates:
                status = update_status or self.record["update_status"]
                self.set(update_status=status, last_update_status_event=time_text(at))

        return change

    def install(self, of: Record, *, status: str, progress: int | None = None) -> Change:
        """Have the services of a release downloaded beside those that run, or running."""

        def change(_: datetime) -> None:
            running = [one for one in self.record["image_install"] if one["status"] == "Running"]
            new = {"status": status, "download_progress": progress}
            link = {"is_provided_by__release": [{"id": of["id"]}]}
            installs = [one | new | link | {"id": one["id"] + 1} for one in running]
            if status == "Running":
                self.set(image_install=installs, is_running__release=[of])
            else:
                self.set(image_install=running + installs)

        return change
