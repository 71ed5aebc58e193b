"""What `python tests/bench changes` compares and makes."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

import change_answers
import change_works
import dict_diff
import duckdb_diff
import fleetstatus as fs
import targets
from answers import NOW, DifferentAnswersError
from change_answers import check_changes
from changed_fleet import CHANGED, GONE, LATER, make_snapshots, maybe_changed
from fleet_data import full_records
from made_log import EVERY_MS, Device, MadeLog, MadeLook
from made_year import make_year
from timing import Stopwatch
from year import print_year

EVERY = timedelta(milliseconds=EVERY_MS)
ANSWER = ("8f4ac02b", "status", "Operational", "Disconnected")


# Snapshots


@pytest.mark.slow
def test_snapshots_differ_as_much_as_is_said(tmp_path: Path) -> None:
    n_devices = 5000
    snapshots = make_snapshots(n_devices, tmp_path)
    assert n_devices - len(snapshots.new) == pytest.approx(GONE * n_devices, rel=0.3)
    found = fs.diff(snapshots.old, snapshots.new)
    kept = found["uuid"].to_list()[: -found["kind"].to_list().count("removed")]
    assert len(set(kept)) == pytest.approx(CHANGED * n_devices, rel=0.3)
    kinds = {"status", "reason", "relinked", "update", "release", "restarted", "removed"}
    assert set(found["kind"]) == kinds
    assert None not in found.where(kind={"relinked", "update", "restarted"})["at"].to_list()
    assert snapshots.old["uuid"].to_list() != snapshots.shuffled["uuid"].to_list()
    assert sorted(snapshots.new["uuid"]) == sorted(snapshots.shuffled["uuid"])


def test_every_other_way_finds_what_diff_finds(tmp_path: Path) -> None:
    old, new = _odd_snapshots()
    expected = fs.diff(old, new)
    assert set(expected["kind"]) >= {"added", "removed", "moved", "renamed", "refreshed", "update"}
    rows = [change_answers.rows_of(table) for table in (old, new)]
    check_changes("dicts", dict_diff.diff_rows(*(each.to_pylist() for each in rows)), expected)
    connection = duckdb_diff.connect()
    for name, table in zip(("older", "newer"), rows, strict=True):
        duckdb_diff.load_table(connection, name, table)
    found = duckdb_diff.diff_tables(connection, "older", "newer")
    check_changes("DuckDB", found, expected)


def _odd_snapshots() -> tuple[fs.StatusTable, fs.StatusTable]:
    """Devices that all differ, with nulls and in whatever else can change."""
    random = Random(5)
    records = list(full_records(600))
    nulls = {"device_name": None, "is_running__release": None, "update_status": None}
    odd = {**nulls, "device_name": "new name", "belongs_to__application": [{"slug": "acme/other"}]}

    def otherwise(record: dict[str, Any]) -> dict[str, Any]:
        names = random.sample(list(odd), random.randrange(3))
        return record | {name: random.choice([odd, nulls | odd])[name] for name in names}

    def with_nulls(record: dict[str, Any]) -> dict[str, Any]:
        return record | {name: None for name in nulls if random.random() < 0.2}

    before = [with_nulls(record) for record in records[:-20]]
    after = [
        with_nulls(otherwise(maybe_changed(each, random, chance=0.8))) for each in records[20:]
    ]
    return fs.classify(before, now=NOW), fs.classify(after, now=LATER)


@pytest.mark.parametrize("answers", [[], [ANSWER, ANSWER], [(*ANSWER[:3], "Configuring")]])
def test_other_answers_stop_the_benchmark(answers: list[Any]) -> None:
    check_changes("a peer", [ANSWER], [ANSWER])
    with pytest.raises(DifferentAnswersError, match=r"a peer (finds|does not find)"):
        check_changes("a peer", answers, [ANSWER])


@pytest.mark.slow
def test_every_line_of_the_table_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = list(change_works.compare_changes(500, Stopwatch(2), tmp_path))
    assert [result.target for result in results] == targets.CHANGE_TARGETS
    assert "memory of a tracker: " in capsys.readouterr().out


# A year of looks


def _made(n_looks: int) -> tuple[list[Device], list[MadeLook]]:
    devices = [
        Device(i, f"{i:032x}", None, None, "both-links", "Operational", 0, "done", "1", None)
        for i in range(2000)
    ]
    return devices, list(MadeLog(devices, 0, n_looks).looks())


def test_made_looks_change_as_many_devices_as_is_said() -> None:
    _, looks = _made(1000)
    counts = Counter(change.kind for look in looks for change in look.changes)
    assert counts.total() / len(looks) == pytest.approx(0.002 * 2000, rel=0.1)
    assert set(counts) == {"status", "update", "release", "restarted", "relinked"}


def test_made_changes_are_a_chain_that_ends_where_it_began() -> None:
    _, looks = _made(1000)
    told: dict[tuple[int, str], Any] = {}
    base = {"status": "Operational", "update": "done", "release": "1"}
    for look in looks:
        for change in look.changes:
            assert change.not_before < change.at < change.not_after == look.moment
            if change.kind in base:
                key = (change.device, change.kind)
                assert change.before == told.get(key, base[change.kind]) != change.after
                told[key] = change.after
    assert told
    assert all(state == base[kind] for (_, kind), state in told.items())


def test_made_spans_follow_one_another() -> None:
    devices, looks = _made(1000)
    first = dict.fromkeys(range(len(devices)), 0)
    for look in looks:
        for device, begun, until, _, _ in look.ended_spans:
            assert begun == first[device]
            first[device] = until
    assert [device.first for device in devices] == list(first.values())


@pytest.fixture
def week(tmp_path: Path) -> Path:
    path = tmp_path / "week.tracker"
    make_year(path, 100, 7 * 288)
    return path


def test_a_tracker_takes_a_made_log_for_its_own(week: Path) -> None:
    with fs.Tracker(week) as tracker:
        assert tracker.last_look == NOW + EVERY * (7 * 288 - 1)
        told = tracker.changes()
        counters = tracker.counters()
        assert counters["changes"] == Counter(told["kind"].to_list())
        assert counters["looks"] == 7 * 288
        shares = tracker.time_in_status()
        assert "unknown" not in set(shares["status"])
        assert sum(shares["share"]) == pytest.approx(100)
        down = told.where(kind="status", after="Disconnected")
        assert len(down) > 10
        found = tracker.outages()
        begun = set(zip(found["uuid"], found["from"], strict=True))
        assert begun >= set(zip(down["uuid"], down["at"], strict=True))
        assert len(tracker.timeline(down["uuid"].to_list()[0])) >= 4


def test_a_tracker_goes_on_after_a_made_log(week: Path) -> None:
    records = list(full_records(100))
    device = records[3] | {"device_name": "new name"}
    with fs.Tracker(week) as tracker:
        last: datetime = tracker.last_look or NOW
        before = len(tracker.changes())
        assert len(tracker.update(fs.classify(records, now=last + EVERY))) == 0
        records[3] = device
        told = tracker.update(fs.classify(records, now=last + 2 * EVERY))
        assert told["kind"].to_list() == ["renamed"]
        assert len(tracker.changes()) == before + 1
        assert "unknown" not in set(tracker.time_in_status()["status"])


def test_a_made_log_ends_in_what_the_tracker_remembers(week: Path) -> None:
    records = list(full_records(100))
    with fs.Tracker(week, outage=None) as tracker:
        [*_, uuid] = tracker.changes().where(kind="status", before="Disconnected")["uuid"].to_list()
        [row] = [row for row, record in enumerate(records) if record["uuid"] == uuid]
        begun = tracker.timeline(uuid)["from"].to_list()[-1]
        lost = (tracker.last_look or NOW) + timedelta(minutes=1)
        records[row] = records[row] | _without_link(lost)
        [told] = tracker.update(fs.classify(records, now=lost + EVERY)).to_dicts()
        assert (told["kind"], told["after"], told["at"]) == ("status", "Disconnected", lost)
        assert told["previous_duration_s"] == (lost - begun) // timedelta(seconds=1)
        spans = [each for each in tracker.timeline(uuid).to_dicts() if each["entry"] == "status"]
        begins = [span["from"] for span in spans]
        assert [span["to"] for span in spans] == [*begins[1:], None]


def _without_link(since: datetime) -> dict[str, Any]:
    dates = ("changed_api_heartbeat_state_on__date", "last_vpn_event", "last_connectivity_event")
    links = {"is_connected_to_vpn": False, "api_heartbeat_state": "offline"}
    return links | dict.fromkeys(dates, f"{since:%Y-%m-%dT%H:%M:%SZ}")


def test_a_year_is_asked_all_questions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    print_year(100, 2, 2, tmp_path)
    printed = capsys.readouterr().out
    assert "576 looks" in printed
    rows = printed.partition("spread\n")[2].splitlines()
    assert len(rows) == 13
    assert rows[-2].startswith("a look  ")
