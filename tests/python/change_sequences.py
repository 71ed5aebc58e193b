"""Random sequences of snapshots, with all that makes comparing them hard mixed in.

``python tests/python/change_sequences.py --seeds 0:1000`` compares the engine with the oracle over
the sequences of these seeds, and prints those that differ.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import fleetstatus as fs
from change_world import (
    FLEETS,
    HOUR,
    MINUTE,
    SECOND,
    START,
    Device,
    Record,
    cut_links,
    live,
    new_device,
)
from oracle_snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

OPTIONAL_FIELDS = (
    *("device_name", "belongs_to__application", "is_running__release", "update_status"),
    *("last_update_status_event", "changed_api_heartbeat_state_on__date", "last_vpn_event"),
    *("last_connectivity_event", "is_frozen", "is_active", "device_config_variable"),
    *("api_heartbeat_state", "created_at", "provisioning_progress", "image_install"),
)
BAD_VALUES: list[tuple[str, object]] = [
    ("api_heartbeat_state", "asleep"),
    ("is_connected_to_vpn", "yes"),
    ("changed_api_heartbeat_state_on__date", "yesterday"),
    ("last_vpn_event", ""),
    ("update_status", "finished"),
    ("last_update_status_event", "infinity"),
    ("is_running__release", {"__id": "seven"}),
    ("belongs_to__application", [{}, {}]),
    ("device_name", 5),
    ("is_frozen", "no"),
    ("provisioning_progress", 0.5),
    ("uuid", 5),
    ("created_at", "soon"),
]
ROOMS = {
    "seconds": [5 * SECOND, 20 * SECOND, 45 * SECOND, MINUTE],
    "minutes": [MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE],
    "quarters": [10 * MINUTE, 15 * MINUTE],
    "gaps": [5 * MINUTE, 15 * MINUTE, 15 * MINUTE + SECOND, 40 * MINUTE, 3 * HOUR],
    "hours": [30 * MINUTE, 2 * HOUR, 26 * HOUR],
}


@dataclass
class Look:
    """One snapshot as raw records, and how a tracker is to look at it."""

    records: list[Record]
    now: datetime
    complete: bool = True
    fleets: list[str] | None = None
    max_removed: float | None = None
    before: str = ""  # "reopen" the file, or "crash" between update and commit, before the look


@dataclass
class SnapshotSequence:
    """Looks one after another, the scheme they are read in, and the options of the tracker."""

    seed: int
    scheme: str
    options: dict[str, Any]
    looks: list[Look] = field(default_factory=list)


@dataclass(frozen=True)
class Traps:
    """Which traps a sequence may hold; the composition laws hold without some of them."""

    lacking: bool = True  # fields that a whole snapshot lacks
    unreadable: bool = True
    without_uuid: bool = True
    partial: bool = True  # looks by fleets, or at some devices
    moments: bool = True  # older moments, and the same ones


ALL_TRAPS = Traps()


def table_of(look: Look, scheme: str) -> fs.StatusTable:
    """Classify a look as a user would who keeps going, whatever the data."""
    return fs.classify(
        look.records,
        scheme=fs.StatusScheme(scheme),
        now=look.now,
        on_error="keep",
        allow_missing="all",
    )


def snapshot_of(table: fs.StatusTable, look: Look) -> Snapshot:
    """Read a look for the oracle."""
    return Snapshot.of(table, look.records)


def sequence(seed: int, traps: Traps = ALL_TRAPS) -> SnapshotSequence:
    """Make the sequence of a seed."""
    random = Random(seed)
    n_fleets = random.choice([1, 2, 2, 3])
    n_devices = random.randint(3, 12)
    devices = [new_device(random, number, START, n_fleets) for number in range(n_devices)]
    made = SnapshotSequence(
        seed, random.choice([*fs.StatusScheme, *["docs-2024-11"] * 14]), options(random)
    )
    steps = ROOMS[random.choice([*ROOMS, "minutes", "minutes"])]
    rate = random.choice([0.05, 0.2, 0.5])
    n_looks = random.choice([3, 5, 8, 12, 25])
    calm_from = n_looks
    if random.random() < 0.15:  # long enough for a device that flaps to settle
        n_looks, calm_from, rate, steps = 25, 8, 0.05, ROOMS["quarters"]
    now = START
    while len(made.looks) < n_looks:
        before, now = now, now + random.choice(steps)
        is_calm = len(made.looks) >= calm_from
        live(random, devices, before, now, rate, is_calm=is_calm)
        if random.random() < 0.2 and not is_calm:
            cut_links(random, devices, before, now)
        if random.random() < 0.1:
            devices.append(new_device(random, len(devices), now, n_fleets))
        made.looks += looks_at(random, devices, now, traps, FLEETS[:n_fleets])
        if traps.moments and made.looks and random.random() < 0.08:
            made.looks.append(again(random, made.looks, devices, before))
    return made


def options(random: Random) -> dict[str, Any]:
    """Pick what a tracker is told to do."""
    usual: dict[str, Any] = {}
    choices: dict[str, list[Any]] = {
        "hold": [timedelta(0), 30 * SECOND, 10 * MINUTE],
        "gap": [MINUTE, HOUR],
        "max_removed": [1.0, 0.5],
        "outage": [None, (2, 0.5), (4, 0.8)],
        "flapping": [None, (3, 1), (4, 0)],
        "forget": [20 * MINUTE, 3 * HOUR],
    }
    for name, values in choices.items():
        if random.random() < 0.4:
            usual[name] = random.choice(values)
    return usual


def looks_at(
    random: Random, devices: list[Device], now: datetime, traps: Traps, fleets: Sequence[str]
) -> list[Look]:
    """Look at all devices in one way or another, with what goes wrong when data is fetched."""
    there = [device.record() for device in devices if device.is_there]
    if random.random() < 0.3:
        random.shuffle(there)
    if random.random() < 0.06:  # a page that was lost
        del there[random.randrange(len(there) + 1) :]
    spoil(random, there, traps)
    look = Look(there, now)
    if random.random() < 0.15:
        look.max_removed = random.choice([1.0, 1.0, 0.5, 0.0])
    if random.random() < 0.12:
        look.before = random.choice(["reopen", "crash"])
    if not traps.partial:
        return [look]
    how = random.random()
    if how < 0.08:
        look.complete = False
        look.records = random.sample(there, random.randint(0, len(there)))
    elif how < 0.16:
        look.fleets = random.sample([*fleets, *FLEETS[:2]], random.randint(1, 2))
    elif how < 0.24:
        return by_fleets(random, look)
    return [look]


def by_fleets(random: Random, look: Look) -> list[Look]:
    """Split a look into one for each fleet, with or without the rows of the others."""
    fleets = [slug for slug in FLEETS if any(fleet_of(r) == slug for r in look.records)]
    random.shuffle(fleets)
    is_filtered = random.random() < 0.5
    return [
        Look(
            [r for r in look.records if not is_filtered or fleet_of(r) == fleet],
            look.now,
            fleets=[fleet],
            max_removed=look.max_removed,
            before=look.before,
        )
        for fleet in fleets
    ]


def fleet_of(record: Record) -> str | None:
    """Name the fleet of a record; None where it has none that can be read."""
    link = record.get("belongs_to__application")
    return link.get("slug") if isinstance(link, dict) else None


def again(random: Random, looks: list[Look], devices: list[Device], before: datetime) -> Look:
    """Look at a moment that is past, or at the last one again: the same, permuted, or newer."""
    last = looks[-1]
    kind = random.choice(["older", "same", "permuted", "other"])
    records = [dict(record) for record in last.records]
    if kind == "older":
        return Look(records, before - SECOND)
    if kind == "permuted":
        random.shuffle(records)
    elif kind == "other":
        live(random, devices, before, last.now, 0.1)
        records = [device.record() for device in devices if device.is_there]
    fleets: Collection[str] | None = random.choice([last.fleets, None])
    complete = random.choice([last.complete, True])
    return Look(records, last.now, complete, list(fleets) if fleets else None)


def spoil(random: Random, records: list[Record], traps: Traps) -> None:
    """Put what a snapshot should not hold into it: in place."""
    if records and random.random() < 0.12:
        twice = dict(random.choice(records))
        if random.random() < 0.5:
            twice |= {"api_heartbeat_state": "offline", "is_connected_to_vpn": False}
        records.insert(random.randint(0, len(records)), twice)
    if traps.unreadable:
        for record in records:
            if random.random() < 0.03:
                name, value = random.choice(BAD_VALUES)
                if name != "uuid" or traps.without_uuid:
                    record[name] = value
            if random.random() < 0.02:
                del record[random.choice(["api_heartbeat_state", "is_connected_to_vpn"])]
    if traps.without_uuid and records and random.random() < 0.05:
        random.choice(records)["uuid"] = None
        if random.random() < 0.5:
            random.choice(records)["uuid"] = 5
    if traps.lacking and random.random() < 0.15:
        for name in random.sample(OPTIONAL_FIELDS, random.randint(1, 2)):
            for record in records:
                record.pop(name, None)


def main() -> None:
    """Compare over a range of seeds; ends with 1 if any differs."""
    from sequence_runs import differences

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", default="0:1000", metavar="A:B", help="B is not in it")
    first, last = map(int, parser.parse_args().seeds.split(":"))
    n_differing = 0
    for seed in range(first, last):
        for difference in differences(seed):
            print(f"{seed}: {difference}", flush=True)
            n_differing += 1
    print(f"{last - first:,} sequences, {n_differing:,} differences")
    sys.exit(1 if n_differing else 0)


if __name__ == "__main__":
    main()
