"""The sample fleet: up to date, and with an example of everything."""

import json
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import fleetstatus as fs

MAKER = Path(__file__).parents[1] / "tools" / "make_sample.py"


@pytest.fixture(scope="module")
def records() -> list[dict[str, Any]]:
    sample = json.loads(fs.sample_fleet().read_text(encoding="utf-8"))
    listed: list[dict[str, Any]] = sample["d"]
    return listed


@pytest.fixture(scope="module")
def devices() -> fs.StatusTable:
    return fs.classify(fs.sample_fleet())


def test_the_sample_is_what_its_maker_writes() -> None:
    subprocess.run([sys.executable, MAKER, "--check"], check=True)


def test_records_have_every_field_that_the_query_asks_for(records: list[dict[str, Any]]) -> None:
    options = fs.device_options()
    asked = {*options["$select"], *options["$expand"]}
    assert all(asked <= set(record) for record in records)
    assert any(set(record) - asked for record in records)


def test_every_status_and_most_devices_operational(devices: fs.StatusTable) -> None:
    counts = Counter(devices["status"].to_list())
    assert set(counts) == set(fs.StatusScheme.DOCS_2024_11.labels)
    assert counts["Operational"] > 0.65 * len(devices)


def test_every_reason_of_the_docs(devices: fs.StatusTable) -> None:
    later = {"ordered", "preparing", "shipped", "online", "unknown"}
    assert set(devices["reason"].to_list()) == {*fs.Reason} - later


def test_both_links_in_every_heartbeat_state(devices: fs.StatusTable) -> None:
    seen = set(zip(devices["cloudlink"], devices["heartbeat_state"], strict=True))
    assert seen == {
        (cloudlink, state) for cloudlink in (True, False) for state in fs.HeartbeatState
    }


def test_every_update_status_and_every_class_of_attention(devices: fs.StatusTable) -> None:
    assert set(devices["update_status"].to_list()) == {*fs.UpdateStatus, None}
    readable = {*fs.Attention} - {fs.Attention.UNREADABLE}
    assert set(devices["attention"].to_list()) == {*readable, None}


def test_names_and_uuids_are_unique(devices: fs.StatusTable) -> None:
    assert len(set(devices["device_name"])) == len(set(devices["uuid"])) == len(devices)
    assert not all(name.isascii() for name in devices["device_name"])


def test_three_answers_of_the_api_are_stale(devices: fs.StatusTable) -> None:
    assert len(devices.disagreements()) == 3


def test_bitter_wind_downloaded_17_minutes_ago(devices: fs.StatusTable) -> None:
    device = devices[devices.find("bitter-wind")]
    assert device.update_status == "Downloaded"
    assert device.update_status_duration is not None
    assert device.update_status_duration // timedelta(minutes=1) == 17
