"""Write the sample fleet that ships with the package; the same bytes at every run.

Usage: ``python tests/tools/make_sample.py [--check]``
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sample_scenarios import (
    DAY,
    FLEETS,
    QUIET_FLEET,
    SCENARIOS,
    Ages,
    Fleet,
    Scenario,
)

TARGET = Path(__file__).parents[2] / "python" / "fleetstatus" / "sample" / "fleet.json"
FETCHED_AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
SEED = 20261101
OLD_SUPERVISORS = ("12.11.0", "14.13.14", "15.2.0", "16.1.10", "16.6.9")
NEW_SUPERVISORS = ("16.7.0", "17.0.4", "17.8.1", "19.0.1")
Record = dict[str, Any]

ADJECTIVES = (
    "amber bitter blue bold brave bright broad calm clear cold crimson dark dawn deep dry dusty "
    "early empty faint fierce first fond frosty gentle golden grand green hidden hollow icy "
    "little lively lone long loud misty mossy narrow nimble northern old pale patient plain "
    "polished proud purple quick quiet rapid restless rough round salty shy silent silver small "
    "snowy soft solar spare steady still stormy sunny tall tidy wandering warm weathered white "
    "wild winter young"
)
NOUNS = (
    "badger bay beacon birch bird breeze brook canyon cedar cliff cloud comet coral creek dew "
    "dream dune echo ember falcon feather fern field fire fjord flower fog forest fox frost glade "
    "glen grove harbor hare hawk heath heron hill island juniper lagoon lake lark leaf lynx "
    "maple marsh meadow mesa moon moor moss mountain oak ocean otter owl paper peak pebble pine "
    "plover pond prairie rain reef ridge river sea shadow shore sky snow sound spring star stone "
    "storm sun surf thunder tide tree valley violet voice water wave willow wind wood wren"
)


def time_text(age_ms: int) -> str:
    """Write the time that lies so long before the snapshot."""
    time = FETCHED_AT - timedelta(milliseconds=age_ms)
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def release_link(release: tuple[int, str]) -> Record:
    """Write a release as the query asks for it; its commit follows from its id."""
    commit = hashlib.sha1(str(release[0]).encode(), usedforsecurity=False).hexdigest()
    return {"id": release[0], "commit": commit}


class DeviceMaker:
    """Makes records, and keeps names, ids and uuids unique."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._random_access = Random(seed + 1)
        self._names = [
            f"{adjective}-{noun}" for adjective in ADJECTIVES.split() for noun in NOUNS.split()
        ]
        self._random.shuffle(self._names)
        reserved = {scenario.device_name for scenario in SCENARIOS}
        self._names = [name for name in self._names if name not in reserved]
        self._last_id = 9_204_117

    def records(self) -> list[Record]:
        """Make all devices, mixed, in the order in which they were registered."""
        scenarios = [scenario for scenario in SCENARIOS for _ in range(scenario.devices)]
        self._random.shuffle(scenarios)
        return [self._record(scenario) for scenario in scenarios]

    def _record(self, scenario: Scenario) -> Record:
        fleet = self._fleet(scenario)
        has_booted = scenario.installs != "none"
        times = self._times(scenario, fleet) if has_booted else {}
        release = self._running_release(scenario, fleet) if has_booted else None
        record = self._identity(scenario)
        record |= self._links(scenario, times)
        record |= {
            "provisioning_state": None,
            "provisioning_progress": None,
            "download_progress": None,
            "status": "Idle" if has_booted else None,
        }
        record |= self._update(scenario, times)
        record |= {"overall_status": scenario.api_status} | scenario.fields
        record |= self._unread(fleet, has_booted=has_booted)
        record |= self._expanded(scenario, fleet, release)
        return record

    def _fleet(self, scenario: Scenario) -> Fleet:
        if scenario.fleet:
            return next(fleet for fleet in FLEETS if fleet.slug == scenario.fleet)
        # A device of the fleet without cloudlink would need a scenario that says so.
        others = [fleet for fleet in FLEETS if fleet.slug != QUIET_FLEET]
        return self._random.choices(others, [fleet.share for fleet in others])[0]

    def _age_ms(self, ages: Ages) -> int:
        """Draw an age such that short and long ones are about equally frequent."""
        shortest, longest = (1000 * seconds for seconds in ages)
        doublings = max((longest // shortest).bit_length() - 1, 0)
        bound = min(shortest << self._random.randrange(doublings + 1) << 1, longest)
        return self._random.randrange(shortest, max(bound, shortest + 1))

    def _times(self, scenario: Scenario, fleet: Fleet) -> dict[str, int | None]:
        heartbeat = (
            None if scenario.heartbeat == "unknown" else self._age_ms(scenario.heartbeat_age)
        )
        cloudlink: int | None = self._age_ms(scenario.cloudlink_age)
        if fleet.slug == QUIET_FLEET:
            cloudlink = None
        elif not scenario.cloudlink and scenario.heartbeat == "offline" and heartbeat:
            # A device that lost both links lost the tunnel a heartbeat window earlier.
            cloudlink = heartbeat + self._random.randrange(300_000, 900_000)
        update = self._age_ms(scenario.update_age)
        if scenario.heartbeat == "offline" and heartbeat:
            update += heartbeat  # it has reported nothing since
        return {"heartbeat": heartbeat, "cloudlink": cloudlink, "update": update}

    def _running_release(self, scenario: Scenario, fleet: Fleet) -> tuple[int, str]:
        is_behind = scenario.installs != "running" or scenario.update_status in {
            "rejected",
            "aborted",
        }
        return fleet.releases[0 if is_behind else -1]

    def _identity(self, scenario: Scenario) -> Record:
        self._last_id += self._random.randrange(1, 400)
        return {
            "id": self._last_id,
            "uuid": f"{self._random.getrandbits(128):032x}",
            "device_name": scenario.device_name or self._names.pop(),
        }

    def _links(self, scenario: Scenario, times: dict[str, int | None]) -> Record:
        cloudlink, heartbeat = times.get("cloudlink"), times.get("heartbeat")
        cloudlink_time = None if cloudlink is None else time_text(cloudlink)
        return {
            "is_active": True,
            "is_frozen": False,
            "is_connected_to_vpn": scenario.cloudlink,
            "is_online": scenario.cloudlink,
            "api_heartbeat_state": scenario.heartbeat,
            "last_connectivity_event": cloudlink_time,
            "last_vpn_event": cloudlink_time,
            "changed_api_heartbeat_state_on__date": None
            if heartbeat is None
            else time_text(heartbeat),
        }

    def _update(self, scenario: Scenario, times: dict[str, int | None]) -> Record:
        if scenario.installs == "none":
            return dict.fromkeys(
                ("update_status", "last_update_status_event", "supervisor_version")
            )
        wants_new = scenario.supervisor == "new" or (
            scenario.supervisor == "any" and self._random.randrange(8) > 0
        )
        update = times["update"]
        reports = wants_new and scenario.update_status is not None and update is not None
        return {
            "update_status": scenario.update_status if reports else None,
            "last_update_status_event": time_text(update) if reports and update else None,
            "supervisor_version": self._random.choice(
                NEW_SUPERVISORS if wants_new else OLD_SUPERVISORS
            ),
        }

    def _unread(self, fleet: Fleet, *, has_booted: bool) -> Record:
        """Make fields that no rule of the status reads, as they come with answers of the API."""
        draw = self._random.randrange
        latitude, longitude = (
            f"{degrees + draw(-9000, 9000) / 10_000:.4f}" for degrees in fleet.place
        )
        is_web_accessible = self._random_access.randrange(4) == 0
        fields: Record = {
            "created_at": time_text(1000 * draw(420 * DAY, 900 * DAY)),
            "is_web_accessible": has_booted and is_web_accessible,
            "note": None,
        }
        if not has_booted:
            return fields | dict.fromkeys(("os_version", "os_variant", "ip_address", "cpu_usage"))
        return fields | {
            "os_version": fleet.os_version,
            "os_variant": "prod",
            "ip_address": f"10.{draw(4)}.{draw(256)}.{draw(2, 255)}",
            "mac_address": ":".join(f"{byte:02X}" for byte in (2, *(draw(256) for _ in range(5)))),
            "latitude": latitude,
            "longitude": longitude,
            "cpu_usage": draw(2, 70),
            "cpu_temp": draw(38, 71),
            "memory_usage": fleet.memory_total * draw(20, 85) // 100,
            "memory_total": fleet.memory_total,
            "is_undervolted": draw(40) == 0,
        }

    def _expanded(
        self, scenario: Scenario, fleet: Fleet, release: tuple[int, str] | None
    ) -> Record:
        target = release_link(fleet.releases[-1])
        pinned = [target] if release and self._random.randrange(20) == 0 else []
        running = [] if release is None else [release_link(release) | {"raw_version": release[1]}]
        return {
            "is_of__device_type": [{"slug": fleet.device_type}],
            "is_running__release": running,
            "device_tag": self._tags(),
            "image_install": list(self._installs(scenario, fleet, release)),
            "device_config_variable": variables(scenario.variables),
            "belongs_to__application": [
                {
                    "id": fleet.id,
                    "slug": fleet.slug,
                    "app_name": fleet.app_name,
                    "should_be_running__release": [target],
                    "application_config_variable": variables(fleet.variables),
                }
            ],
            "is_pinned_on__release": pinned,
            "should_be_running__release": [target],
        }

    def _tags(self) -> list[Record]:
        site = self._random.choice(("north", "south", "harbour", "airport", None, None))
        return [] if site is None else [{"tag_key": "site", "value": site}]

    def _installs(
        self, scenario: Scenario, fleet: Fleet, release: tuple[int, str] | None
    ) -> Iterator[Record]:
        if release is None:
            return
        for _ in fleet.services:
            yield self._install("Running", None, release[0])
        if scenario.installs == "running":
            return
        for place in range(len(fleet.services)):
            if scenario.installs == "downloading" and place == 0:
                progress = self._random.randrange(100)
                yield self._install("Downloading", progress, fleet.releases[-1][0])
            else:
                status = "Installing" if scenario.installs == "installing" else "Downloaded"
                yield self._install(status, None, fleet.releases[-1][0])

    def _install(self, status: str, progress: int | None, release: int) -> Record:
        return {
            "id": self._random.randrange(120_000_000, 160_000_000),
            "status": status,
            "download_progress": progress,
            "is_provided_by__release": [{"id": release}],
        }


def variables(pairs: tuple[tuple[str, str], ...]) -> list[Record]:
    """Write configuration variables as the API expands them."""
    return [{"name": name, "value": value} for name, value in pairs]


def sample_text() -> str:
    """Make the whole file: an answer of the API, one record a line."""
    records = ",\n".join(
        json.dumps(record, ensure_ascii=False, separators=(",", ":"))
        for record in DeviceMaker(SEED).records()
    )
    return f'{{"d":[\n{records}\n],"fetched_at":"{time_text(0)}"}}\n'


def main() -> None:
    """Write the file, or with ``--check`` say whether it is up to date."""
    text = sample_text()
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(text, encoding="utf-8")
    elif TARGET.read_text(encoding="utf-8") != text:
        sys.exit(f"{TARGET.name} is not what {Path(__file__).name} writes: run it again")


if __name__ == "__main__":
    main()
