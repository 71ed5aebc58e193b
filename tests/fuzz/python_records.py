"""Device records that fight back: objects that raise, lie or change what is being read.

Nothing may come of them but a table, an error of fleetstatus or the object's own exception. Now and
then, a table that was handed on, and then changed, is read back. A crash ends the process; under a sanitizer, so does a wrong access to memory.
"""

from __future__ import annotations

import argparse
import gc
import random
import sys
import time
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import fleetstatus as fs
from hostile import (
    Anything,
    HostileDict,
    HostileKey,
    HostileList,
    HostileMapping,
    HostileNumber,
    HostileSequence,
    Text,
)
from tables_back import check_read_back

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
FIELDS = [
    "id",
    "uuid",
    "device_name",
    "is_active",
    "is_frozen",
    "is_online",
    "is_connected_to_vpn",
    "api_heartbeat_state",
    "last_connectivity_event",
    "last_vpn_event",
    "changed_api_heartbeat_state_on__date",
    "provisioning_state",
    "provisioning_progress",
    "download_progress",
    "status",
    "update_status",
    "last_update_status_event",
    "supervisor_version",
    "overall_status",
    "created_at",
    "is_web_accessible",
    "name",
    "last_seen_time",
    "fleet",
    "note",
    "cpu_temp",
    "modified_at",
    "error",
    "message",
]
NESTED = [
    "image_install",
    "current_services",
    "current_services_by_app",
    "device_config_variable",
    "belongs_to__application",
    "is_pinned_on__release",
    "should_be_running__release",
    "is_running__release",
    "application",
    "device_tag",
]
HOLDERS = ["d", "owns__device", "fetched_at"]
INNER = [
    "id",
    "__id",
    "status",
    "download_progress",
    "is_provided_by__release",
    "name",
    "value",
    "slug",
    "app_name",
    "application_config_variable",
    "should_be_running__release",
    "main",
    "commit",
    "raw_version",
    "release_id",
    "tag_key",
]
WORDS = [
    "online",
    "timeout",
    "offline",
    "unknown",
    "Downloading",
    "Post-Provisioning",
    "done",
    "aborted",
    "v16.7.0",
    "false",
    "BALENA_SUPERVISOR_VPN_CONTROL",
    "2026-10-20T08:00:00Z",
    "2026-10-20 08:00:00",
    "1970-01-01T00:00:00Z",
    "updating",
    "Unauthorized",
    "site",
    "900000ms",
    "�",
    "é",
    "😀",
]


CARRIED: list[tuple[str, ...]] = [
    (),
    ("note", "belongs_to__application.slug"),
    ("name", "cpu_temp", "modified_at", "tag:site"),
]

# Of `mischief`; what Python itself says of changes, of `items` that lie, and of texts, which are
# paths where they stand for records.
OWN = (KeyError, RecursionError, MemoryError, StopIteration)
OTHERS = (*OWN, RuntimeError, TypeError, OSError, UnicodeError)


class Own(Exception):
    """What objects raise."""


class Fuzzer:
    """Makes sources of one seed, and mischief while they are read."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.containers: list[Any] = []
        self.depth = 0

    def chance(self, percent: float) -> bool:
        return self.random.random() * 100 < percent

    def mischief(self) -> None:
        """Do what code of an object may do in the middle of a read."""
        action = self.random.randrange(12)
        container = self.random.choice(self.containers) if self.containers else None
        if action == 0:
            raise Own
        if action == 1:
            msg = "own"
            raise self.random.choice(OWN)(msg)
        if action == 2 and self.depth == 0:
            self.depth += 1
            try:
                fs.classify(self.records(2), now=NOW, on_error="keep", allow_missing="all")
            except (Own, fs.FleetStatusError, *OTHERS):
                pass
            finally:
                self.depth -= 1
        if action == 3:
            gc.collect(0)
        if isinstance(container, list):
            self.change_list(container)
        elif isinstance(container, dict):
            self.change_dict(container)

    def change_list(self, container: list[Any]) -> None:
        match self.random.randrange(4):
            case 0:
                container.clear()
            case 1 if container:
                container.pop(self.random.randrange(len(container)))
            case 2 if len(container) < 30:
                container.append(self.scalar())
            case 3 if container:
                container[self.random.randrange(len(container))] = None

    def change_dict(self, container: dict[Any, Any]) -> None:
        match self.random.randrange(4):
            case 0:
                container.clear()
            case 1 if container:
                container.pop(self.random.choice(list(container)), None)
            case 2 if len(container) < 30:
                container[str(self.random.random())] = self.scalar()
            case 3 if container:  # the same size, other values
                container[next(iter(container))] = None

    def scalar(self) -> Any:
        choose: list[Callable[[], Any]] = [
            lambda: None,
            lambda: self.chance(50),
            lambda: self.random.choice([0, 1, -1, 50, 2**31, 2**63, 10**400]),
            lambda: self.random.choice([0.0, 1.0, 1.5, 1e300, float("nan"), float("inf")]),
            lambda: self.random.choice(WORDS),
            lambda: NOW - timedelta(seconds=self.random.randrange(10**6)),
            lambda: NOW.replace(tzinfo=timezone(timedelta(hours=5))),
            lambda: datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
            lambda: datetime(2026, 1, 1),  # noqa: DTZ001
            lambda: b"bytes",
            lambda: HostileNumber(self),
            lambda: Text(self.random.choice(WORDS)),
            lambda: Anything(self),
        ]
        return self.random.choice(choose)()

    def value(self, level: int) -> Any:
        if level > 3 or self.chance(40):
            return self.scalar()
        if self.chance(50):
            return self.mapping(INNER, level + 1)
        return self.sequence([self.value(level + 1) for _ in range(self.random.randrange(4))])

    def mapping(self, keys: list[str], level: int) -> Any:
        made: dict[Any, Any] = {}
        for key in self.random.sample(keys, self.random.randrange(len(keys) + 1)):
            made[self.key(key)] = self.value(level) if key in NESTED + INNER else self.scalar()
        self.containers.append(made)
        match self.random.randrange(8):
            case 0:
                return HostileDict(self, made)
            case 1:
                return HostileMapping(self, made)
            case _:
                return made

    def key(self, key: str) -> Any:
        match self.random.randrange(20):
            case 0:
                return Text(key)
            case 1:
                return HostileKey(self, key)
            case 2:
                return self.random.choice([1, None, ("a",), "\ud800", b"id"])
            case _:
                return key

    def sequence(self, items: list[Any]) -> Any:
        self.containers.append(items)
        match self.random.randrange(6):
            case 0:
                return tuple(items)
            case 1:
                return HostileList(self, items)
            case 2:
                return HostileSequence(self, items)
            case _:
                return items

    def records(self, most: int) -> Any:
        made = [self.mapping(FIELDS + NESTED, 0) for _ in range(self.random.randrange(most + 1))]
        if self.chance(10):
            made.append(self.value(0))
        if self.chance(15) and most > 1:
            made.append(self.holder(most // 2))
        match self.random.randrange(8):
            case 0:
                return iter(made)
            case 1:
                return {"d": self.sequence(made), "fetched_at": self.scalar()}
            case 2:
                return self.sequence(made)
            case _:
                self.containers.append(made)
                return made

    def holder(self, most: int) -> Any:
        """Give records that stand in something else: a page, an envelope, a fleet."""
        match self.random.randrange(4):
            case 0:
                return self.records(most)
            case 1:
                keys = [self.random.choice(HOLDERS), *self.random.sample(INNER, 2)]
                return {key: self.records(most) for key in keys}
            case 2:
                fleet = {"slug": self.scalar(), "owns__device": self.records(most)}
                self.containers.append(fleet)
                return HostileDict(self, fleet)
            case _:
                return [self.records(most)]

    def plain_value(self, level: int = 0) -> Any:
        """Give what JSON holds, and now and then a number or text that it does not."""
        if level > 3 or self.chance(60):
            words = [*WORDS, "\ud800"]
            numbers = [0, 1, 40, -1, 2**31, 2**63, 0.0, 1.5, float("nan")]
            return self.random.choice([None, True, False, *numbers, *words])
        if self.chance(50):
            keys = self.random.sample(INNER, 4)
            return {key: self.plain_value(level + 1) for key in keys}
        return [self.plain_value(level + 1) for _ in range(self.random.randrange(3))]

    def plain_records(self, n: int) -> list[Any]:
        """Make records of which few differ, so that runs of good ones are read together."""
        records: list[Any] = [dict(GOOD) for _ in range(n)]
        for _ in range(self.random.randrange(1, 6)):
            record = self.random.choice(records)
            field = self.random.choice([*FIELDS, *NESTED, *HOLDERS, "\ud800"])
            record[field] = self.plain_value()
            if self.chance(20):
                record.pop(self.random.choice(list(GOOD)), None)
        return records


GOOD: dict[str, Any] = {
    "id": 1,
    "uuid": "5a1c0de5a1c0de5a1c0de5a1c0de5a1c",
    "device_name": "é",
    "is_active": True,
    "is_frozen": False,
    "is_connected_to_vpn": True,
    "api_heartbeat_state": "online",
    "last_connectivity_event": "2026-10-20T08:00:00Z",
    "provisioning_state": None,
    "provisioning_progress": None,
    "status": "Idle",
    "download_progress": None,
    "image_install": [],
}


def outcome_of(source: Any, options: dict[str, Any]) -> Any:
    """Tell what comes of a source: all values, or the error in words."""
    try:
        table = fs.classify(source, now=NOW, **options)
    except fs.FleetStatusError as error:
        return type(error), str(error)
    return table.to_dicts(), table.fields_missing


def check_plain(fuzzer: Fuzzer, options: dict[str, Any]) -> str:
    """Read plain records of a list, some at a time, and the same one by one."""
    records = fuzzer.plain_records(fuzzer.random.randrange(1, 100))
    together, alone = outcome_of(records, options), outcome_of(iter(records), options)
    if repr(together) != repr(alone):  # NaN is not equal to itself
        message = f"{together} is not {alone}"
        raise AssertionError(message)
    return "plain"


def run_once(seed: int) -> str:
    """Read one source; tell what came of it."""
    fuzzer = Fuzzer(seed)
    random_ = fuzzer.random
    if fuzzer.chance(10):
        options = {
            "scheme": random_.choice(list(fs.StatusScheme)),
            "on_error": random_.choice(["keep", "raise"]),
            "allow_missing": random_.choice(["all", ()]),
        }
        return check_plain(fuzzer, options)
    if fuzzer.chance(10):
        return check_read_back(random_, NOW)
    source = fuzzer.records(6)
    try:
        table = fs.classify(
            source,
            now=NOW,
            scheme=random_.choice(list(fs.StatusScheme)),
            on_error=random_.choice(["keep", "raise"]),
            allow_missing=random_.choice(["all", ()]),
            carry=random_.choice(CARRIED),
            assume_utc=random_.choice([True, False]),
        )
        list(table)
    except fs.FleetStatusError:
        return "error"
    except (Own, *OTHERS) as error:
        return type(error).__name__
    return "table"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--seed", type=int, default=0, help="of the first source")
    arguments = parser.parse_args()
    outcomes: dict[str, int] = {}
    seed = arguments.seed
    end = time.monotonic() + arguments.seconds
    while time.monotonic() < end:
        if seed % 100 == 0:  # tells about where a crash was
            print(f"\r{seed}", end="", file=sys.stderr, flush=True)
        outcome = run_once(seed)
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
        seed += 1
    print(f"\n{seed - arguments.seed} sources: {outcomes}")


if __name__ == "__main__":
    main()
