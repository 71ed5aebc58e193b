"""Time two ways of doing the same work."""

from __future__ import annotations

import gc
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from targets import Target

    # Does the work once and says how many seconds it took.
    Timer = Callable[[], float]

# Time that passes, or that all threads work: what other programs do does not count then.
Clock = Literal["wall", "cpu"]


@dataclass(frozen=True)
class Result:
    """What came out: seconds of either, and their ratios round by round."""

    target: Target
    n_devices: int
    ours: float
    peer: float
    ratios: list[float]
    note: str = ""

    @property
    def ratio(self) -> float:
        """How much faster we are."""
        return statistics.median(self.ratios)

    @property
    def is_met(self) -> bool | None:
        """None: there is no target."""
        return None if self.target.at_least is None else self.ratio >= self.target.at_least


@dataclass(frozen=True)
class Stopwatch:
    """Times two ways in turn, several rounds of it."""

    rounds: int
    clock: Clock = "wall"

    def compare(
        self, target: Target, n_devices: int, *, ours: Timer, peer: Timer, note: str = ""
    ) -> Result:
        """Time both in turn; the medians count."""
        pairs = [(ours(), peer()) for _ in range(self.rounds)]
        our_times, peer_times = zip(*pairs, strict=True)
        return Result(
            target,
            n_devices,
            statistics.median(our_times),
            statistics.median(peer_times),
            [peer_time / our_time for our_time, peer_time in pairs],
            note,
        )

    def timer(self, work: Callable[[], Any], *, repeats: int = 1) -> Timer:
        """Clock a piece of work, garbage collection and all, as in any program.

        What the work makes is dropped after the clock has stopped.
        """
        now = time.perf_counter if self.clock == "wall" else time.process_time

        def seconds() -> float:
            gc.collect()
            start = now()
            for _ in range(repeats - 1):
                work()
            result = work()
            elapsed = now() - start
            del result
            return elapsed / repeats

        return seconds
