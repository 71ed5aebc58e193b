"""The log of a year of looks, made instead of waited for, as the tracker would have written it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

EVERY_MS = 300_000
CHANGES_A_LOOK = 0.002  # of each device: one in two days
_DAY_LOOKS = 288
_RELINKED_LOOKS = 30 * _DAY_LOOKS  # how long the log keeps them

# How many of the changes are of a kind, and how many looks pass until the device is as before.
_LASTING = {"status": (0.5, 12), "update": (0.15, 3), "release": (0.05, 2000)}
_AT_ONCE = {"restarted": 0.1, "relinked": 0.2}

_DOWN = ("no-link", "Disconnected")
_OTHER = {"update": "downloading", "release": "1.4.1"}


class Change(NamedTuple):
    """A row of `changes`, in the order of its columns behind ``change``."""

    look: int
    device: int
    uuid: str
    device_name: str | None
    fleet: str | None
    kind: str
    before: str | None
    after: str | None
    reason_before: str
    reason: str
    cause: str | None
    at: int
    not_before: int
    not_after: int
    previous_duration_s: int | None
    in_outage: bool = False


@dataclass
class Device:
    """What a device is in, to which it always comes back."""

    number: int
    uuid: str
    name: str | None
    fleet: str | None
    reason: str
    status: str
    first: int  # begin of its open span, in milliseconds
    update: str | None
    release: str | None
    update_since: int | None

    def state(self, kind: str) -> str | None:
        """Give what a kind of change takes it out of."""
        return {"status": self.status, "update": self.update, "release": self.release}[kind]


class MadeLook(NamedTuple):
    """What a look would have written."""

    number: int
    moment: int
    changes: list[Change]
    ended_spans: list[tuple[int, int, int, str, str]]  # device, first, until, reason, status


class MadeLog:
    """Makes looks after a first one, whose number is 1.

    Parameters
    ----------
    devices
        As the first look found them. Links, updates and releases change, and all are as they were
        when the last look is made; `Device.first` is then the begin of the last span.
    begin
        Moment of the first look, in milliseconds.
    n_looks
        How many there are, with the first.
    """

    def __init__(self, devices: list[Device], begin: int, n_looks: int, *, seed: int = 3) -> None:
        self._devices = [device for device in devices if device.reason != _DOWN[0]]
        self._begin = begin
        self._n_looks = n_looks
        self._random = Random(seed)
        self._changed: set[tuple[str, int]] = set()  # kinds and devices that are not as before
        self._returns: dict[int, list[tuple[str, Device]]] = defaultdict(list)
        self._look = MadeLook(1, begin, [], [])

    def looks(self) -> Iterator[MadeLook]:
        """Make the looks from the second on."""
        for number in range(2, self._n_looks + 1):
            self._look = MadeLook(number, self._begin + (number - 1) * EVERY_MS, [], [])
            for kind, device in self._returns.pop(number, []):
                self._change(kind, device)
            for kind, (share, n_looks) in _LASTING.items():
                for device in self._some(share / 2):  # each changes twice
                    self._leave(kind, device, n_looks)
            for kind, share in _AT_ONCE.items():
                if kind != "relinked" or number > self._n_looks - _RELINKED_LOOKS:
                    for device in self._some(share):
                        self._tell(kind, device, None, None, self._moment())
            yield self._look

    def _some(self, share: float) -> list[Device]:
        """Take devices at random, so that on average it is as many as wanted."""
        wanted = CHANGES_A_LOOK * len(self._devices) * share
        n = int(wanted + self._random.random())
        return [self._random.choice(self._devices) for _ in range(n)]

    def _leave(self, kind: str, device: Device, n_looks: int) -> None:
        until = self._look.number + 1 + int(self._random.expovariate(1 / n_looks))
        if (kind, device.number) not in self._changed and until <= self._n_looks:
            self._change(kind, device)
            self._returns[until].append((kind, device))

    def _change(self, kind: str, device: Device) -> None:
        """Take a device out of a state, or back into it."""
        at = self._moment()
        key = (kind, device.number)
        other = _DOWN[1] if kind == "status" else _OTHER[kind]
        states = (device.state(kind), other)
        before, after = reversed(states) if key in self._changed else states
        self._tell(kind, device, before, after, at)
        if kind == "status":
            self._end_span(device, at)
        self._changed ^= {key}
        if kind == "update":
            device.update_since = at

    def _end_span(self, device: Device, at: int) -> None:
        self._look.ended_spans.append((device.number, device.first, at, *self._state(device)))
        device.first = at

    def _tell(
        self, kind: str, device: Device, before: str | None, after: str | None, at: int
    ) -> None:
        reason = reason_after = self._state(device)[0]
        since = {"status": device.first, "update": device.update_since}.get(kind)
        if kind == "status":
            reason_after = device.reason if reason == _DOWN[0] else _DOWN[0]
        self._look.changes.append(
            Change(
                self._look.number,
                device.number,
                device.uuid,
                device.name,
                device.fleet,
                kind,
                before,
                after,
                reason,
                reason_after,
                "both-links" if kind == "status" else None,
                at,
                self._look.moment - EVERY_MS,
                self._look.moment,
                None if since is None else max(0, (at - since) // 1000),
            )
        )

    def _state(self, device: Device) -> tuple[str, str]:
        is_down = ("status", device.number) in self._changed
        return _DOWN if is_down else (device.reason, device.status)

    def _moment(self) -> int:
        """When something happened, between this look and the one before."""
        return self._look.moment - self._random.randrange(1, EVERY_MS)
