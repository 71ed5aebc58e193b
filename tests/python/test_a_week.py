"""The week that the notebook and the README ask: the same at every run, and as the API would say."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import pytest

import a_week
import fleetstatus as fs


@cache
def tracker() -> fs.Tracker:
    tracker = fs.Tracker()
    for devices in map(fs.classify, a_week.answers()):
        if devices.now != a_week.FAILED_PAGE:
            tracker.update(devices)
    return tracker


def test_the_week_begins_with_the_sample() -> None:
    tables = (fs.classify(fs.sample_fleet()), fs.classify(a_week.answer("2026-11-01T12:00Z")))
    names = [name for name in tables[0].columns if name != "api_overall_status"]
    sample, first = ([table[name].to_list() for name in names] for table in tables)
    assert first == sample


def test_it_is_the_same_at_every_run() -> None:
    days = list(a_week.answers(every=timedelta(days=1)))
    assert len(days) == 8
    assert days == list(a_week.answers(every=timedelta(days=1)))
    assert days[3] == a_week.answer("2026-11-04T12:00Z")


@pytest.mark.slow
def test_the_api_says_what_the_rules_say() -> None:
    before = set(fs.classify(fs.sample_fleet()).disagreements()["uuid"])
    for answer in a_week.answers(every=timedelta(minutes=50)):
        assert set(fs.classify(answer).disagreements()["uuid"]) <= before


@pytest.mark.slow
def test_one_answer_has_lost_a_page() -> None:
    sizes = [answer.count(b'"uuid":') for answer in a_week.answers()]
    assert [size for size in sizes if size < 298] == [200]


@pytest.mark.slow
def test_all_that_may_happen_does() -> None:
    counts = {row["kind"]: row["changes"] for row in tracker().changes().counts(by="kind")}
    assert set(counts) == {
        *("status", "reason", "added", "removed", "returned", "relinked", "restarted"),
        *("update", "release", "moved", "renamed"),
        *("outage", "outage-over", "flapping", "settled"),
    }
    once = ("outage", "outage-over", "flapping", "settled", "returned", "moved", "renamed")
    assert {counts[kind] for kind in once} == {1}
    causes = set(tracker().changes()["cause"].to_list())
    assert {"cloudlink", "heartbeat", "both-links", "configuration", "download"} <= causes


@pytest.mark.slow
def test_a_downgrade_is_told_apart_from_a_reboot() -> None:
    downgrades = tracker().changes().where(kind="release", before="11.2.0", after="11.1.0")
    [name] = downgrades["device_name"].to_list()
    restarts = tracker().changes(since="1d").where(kind="restarted")
    assert name not in restarts["device_name"].to_list()
    assert len(restarts) >= 3
