"""A week of the sample fleet, as a job would have fetched it: the same at every run.

`answers` gives one answer of the API after the other, `answer` the one of a moment. `plan` says
what happens to which device, `stories` how it comes about, `device` which fields show it.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import fleetstatus as fs
from a_week.device import Device, time_text
from a_week.plan import BEGIN, END, FAILED_PAGE, SITE, Plan

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BEGIN", "END", "FAILED_PAGE", "SITE", "answer", "answers"]

_ON_FIRST_PAGES = 200


def answers(*, every: timedelta = timedelta(minutes=10)) -> Iterator[bytes]:
    """Give the answers of the API from the beginning to the end of the week."""
    week = _Week()
    for number in range((END - BEGIN) // every + 1):
        yield week.answer(BEGIN + number * every)


def answer(moment: str) -> bytes:
    """Give the answer of the API at a moment of the week, such as ``2026-11-07T12:00Z``."""
    return _Week().answer(datetime.fromisoformat(moment))


class _Week:
    """The fleet, and what is still to happen to it."""

    def __init__(self) -> None:
        sample = json.loads(fs.sample_fleet().read_bytes())
        self._devices = [Device(record) for record in sample["d"]]
        plan = Plan(self._devices)
        self._to_come = sorted(plan.events(), key=lambda event: event[0], reverse=True)

    def answer(self, now: datetime) -> bytes:
        """Let happen what does until a moment, and write the answer."""
        while self._to_come and self._to_come[-1][0] <= now:
            at, change = self._to_come.pop()
            change(at)
        texts = [device.text for device in self._devices]
        if now == FAILED_PAGE:
            texts = texts[:_ON_FIRST_PAGES]
        devices = ",\n".join(texts)
        return f'{{"d":[\n{devices}\n],"fetched_at":"{time_text(now)}"}}\n'.encode()
