"""Two snapshots of a made fleet, five minutes apart: some devices changed, some are gone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

import fleetstatus as fs
from answers import NOW
from fleet_data import full_records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from fleet_data import Record

LATER = NOW + timedelta(minutes=5)
CHANGED, GONE = 0.03, 0.01

_UPDATES = ("done", "downloading", "downloaded", "applying changes", "rejected")
_NEW_RELEASE = {"__id": 2_000_100, "raw_version": "1.5.0+rev1"}


@dataclass(frozen=True)
class Snapshots:
    """Tables of both moments, and the files that those of the later one were read from.

    Attributes
    ----------
    old, new
        Before and after; `new` has the rows that are left in the same order.
    shuffled
        The devices of `new` in another order.
    still
        The devices of `old` at the moment of `new`: nothing changed.
    new_file, shuffled_file
        JSON lines.
    """

    old: fs.StatusTable
    new: fs.StatusTable
    shuffled: fs.StatusTable
    still: fs.StatusTable
    new_file: Path
    shuffled_file: Path


def make_snapshots(n_devices: int, directory: Path) -> Snapshots:
    """Write the devices as JSON lines, and classify them."""
    old_file, new_file, shuffled_file = (
        directory / f"{name}.ndjson" for name in ("before", "after", "shuffled")
    )
    random = Random(2)
    lines = []
    with old_file.open("wb") as file:
        for record in full_records(n_devices):
            file.write(_line(record))
            if random.random() >= GONE:
                lines.append(_line(maybe_changed(record, random)))
    new_file.write_bytes(b"".join(lines))
    random.shuffle(lines)
    shuffled_file.write_bytes(b"".join(lines))
    return Snapshots(
        fs.classify(old_file, now=NOW),
        fs.classify(new_file, now=LATER),
        fs.classify(shuffled_file, now=LATER),
        fs.classify(old_file, now=LATER),
        new_file,
        shuffled_file,
    )


def maybe_changed(
    record: Record, random: Random, *, chance: float = CHANGED, now: datetime = LATER
) -> Record:
    """Change a record with a chance, in the five minutes before a moment."""
    if random.random() >= chance:
        return record
    change = random.choices(list(_CHANGES), list(_CHANGES.values()))[0]
    moment = now - timedelta(milliseconds=random.randrange(1, 300_000))
    text = f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"
    return record | dict(change(record, random, text))


def _cloudlink(record: Record, random: Random, time: str) -> Iterator[tuple[str, object]]:
    yield "is_connected_to_vpn", not record["is_connected_to_vpn"]
    yield "last_vpn_event", time
    yield "last_connectivity_event", time


def _heartbeat(record: Record, random: Random, time: str) -> Iterator[tuple[str, object]]:
    states = {"online", "timeout", "offline"} - {record["api_heartbeat_state"]}
    yield "api_heartbeat_state", random.choice(sorted(states))
    yield "changed_api_heartbeat_state_on__date", time


def _reconnected(record: Record, random: Random, time: str) -> Iterator[tuple[str, object]]:
    yield "last_vpn_event", time
    yield "last_connectivity_event", time


def _update(record: Record, random: Random, time: str) -> Iterator[tuple[str, object]]:
    yield "update_status", random.choice([u for u in _UPDATES if u != record["update_status"]])
    yield "last_update_status_event", time


def _release(record: Record, random: Random, time: str) -> Iterator[tuple[str, object]]:
    yield "is_running__release", _NEW_RELEASE
    yield "last_update_status_event", time


def _restart(record: Record, random: Random, time: str) -> Iterator[tuple[str, object]]:
    yield "last_update_status_event", time


_CHANGES: dict[Callable[[Record, Random, str], Iterator[tuple[str, object]]], int] = {
    _cloudlink: 25,
    _heartbeat: 25,
    _reconnected: 10,
    _update: 20,
    _release: 10,
    _restart: 10,
}
"""What may happen to a device, and how often next to the others."""


def _line(record: Record) -> bytes:
    return json.dumps(record, separators=(",", ":")).encode() + b"\n"
