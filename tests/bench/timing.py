"""Time several ways of doing the same work, in turn."""

from __future__ import annotations

import gc
import statistics
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from answers import check_answers
from targets import CHANGE_TARGETS, METRIC_TARGETS, TARGETS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from answers import Row
    from targets import Target

    Ways = Mapping[str, Callable[[], Any]]

# Time that passes, or that all threads work: what other programs do counts less then.
Clock = Literal["wall", "cpu"]


@dataclass(frozen=True)
class Costs:
    """What one way costs a device, round by round: seconds, or bytes."""

    rounds: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.rounds)

    @property
    def spread(self) -> float:
        """Range that half of the rounds lie in, as a part of the median."""
        if len(self.rounds) < 2:
            return 0
        lower, _, upper = statistics.quantiles(self.rounds, method="inclusive")
        return (upper - lower) / self.median


@dataclass(frozen=True)
class Result:
    """A line of the table: what either costs."""

    target: Target
    ours: Costs
    peer: Costs

    @property
    def ratio(self) -> float:
        """How many times as much the peer costs."""
        return self.peer.median / self.ours.median

    @property
    def spread(self) -> float:
        """The greater spread of both."""
        return max(self.ours.spread, self.peer.spread)

    @property
    def is_met(self) -> bool | None:
        """None: there is no target."""
        return None if self.target.at_least is None else self.ratio >= self.target.at_least


@dataclass(frozen=True)
class Work:
    """Something to be done, by us and by peers; ours stand under the names of their lines."""

    n_devices: int
    ours: Ways
    peers: Ways
    clock: Clock
    expected: list[Row] | None  # what all of them answer; None: that is not compared
    silent: Ways = field(default_factory=dict)  # peers that answer nothing
    repeats: int = 1
    before: Ways = field(default_factory=dict)  # what is done before a way, off the clock

    def check(self) -> None:
        """Do it once in each way, which also warms memory up.

        Raises
        ------
        DifferentAnswersError
            If the answers are not the expected ones.
        """
        for name, way in {**self.ours, **self.peers}.items():
            answers = way()
            if self.expected is not None:
                check_answers(name, answers, self.expected)
        for way in self.silent.values():
            way()


@dataclass(frozen=True)
class Stopwatch:
    """Times all ways of a work once in each round."""

    rounds: int
    clock: Clock | None = None  # for all works; None: each has its own

    def time(self, work: Work) -> list[Result]:
        """Time a work; each way is measured once, whatever the number of its lines."""
        ways = {**work.ours, **work.peers, **work.silent}
        now = {"wall": time.perf_counter, "cpu": time.process_time}[self.clock or work.clock]
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        names = list(ways)
        for number in range(self.rounds):
            first = number % len(names)
            for name in names[first:] + names[:first]:
                if name in work.before:
                    work.before[name]()
                elapsed = _seconds(ways[name], work.repeats, now)
                seconds[name].append(elapsed / work.n_devices)
        return [
            Result(target, Costs(seconds[target.work]), Costs(seconds[target.peer]))
            for target in (*TARGETS, *CHANGE_TARGETS, *METRIC_TARGETS)
            if target.work in work.ours and target.peer in ways
        ]


def _seconds(way: Callable[[], Any], repeats: int, now: Callable[[], float]) -> float:
    """Clock it once, garbage collection and all; what it makes is dropped after the clock."""
    gc.collect()
    start = now()
    for _ in range(repeats - 1):
        way()
    made = way()
    elapsed = now() - start
    del made
    return elapsed / repeats
