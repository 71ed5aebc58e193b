"""``fleetstatus explain``."""

from __future__ import annotations

import json
from typing import Any

import pytest

import fleetstatus as fs
from command_line import NOW, SAMPLE, as_input, disconnected, invoke, numbered, on_terminal, record
from fleetstatus._words.text import cell_width


@pytest.mark.parametrize("named_by", ["device_name", "uuid", "prefix"])
def test_a_device_is_found(named_by: str) -> None:
    devices = fs.classify(SAMPLE)
    row = devices.find("bitter-wind")
    uuid = str(devices[row].uuid)
    name = {"device_name": "bitter-wind", "uuid": uuid, "prefix": uuid[:7]}[named_by]
    done = invoke("explain", name, SAMPLE)
    assert done.code == 0
    assert done.out == f"{devices.explain(row)}\n"


def test_an_unknown_device_is_told_with_near_names() -> None:
    done = invoke("explain", "biter-wind", SAMPLE)
    assert (done.code, done.out) == (2, "")
    assert "did you mean 'bitter-wind'" in done.err


def test_attention_comes_first() -> None:
    stuck = record(update_status="downloaded", last_update_status_event="2025-12-06T00:00:00Z")
    done = invoke("explain", "calm-lake", "-", "--now", NOW, stdin=as_input(stuck))
    first, second, third, *_ = done.out.splitlines()
    assert "needs attention (update-stuck)" in first
    assert fs.Attention.UPDATE_STUCK.message in second
    assert str(fs.Attention.UPDATE_STUCK.first_step) in third


def test_a_row_is_explained_by_its_number() -> None:
    source = as_input(*numbered(record(), disconnected()))
    for row, status in ((0, "Operational"), (1, "Disconnected")):
        done = invoke("explain", "--row", row, "-", "--format", "json", stdin=source)
        assert json.loads(done.out)["status"] == status
    of_another_fleet = record(belongs_to__application=[{"id": 2, "slug": "acme/other"}], uuid="2")
    further = as_input(of_another_fleet, disconnected())
    options = ("--fleet", "acme/test", "--format", "json")
    done = invoke("explain", "--row", 1, "-", *options, stdin=further)
    assert json.loads(done.out)["status"] == "Disconnected"
    done = invoke("explain", "--row", 2, "-", stdin=source)
    assert (done.code, done.out) == (2, "")
    assert "no row 2; there are 2" in done.err
    assert invoke("explain", "--row", -1, "-", stdin=source).code == 2


def test_of_rows_with_one_uuid_the_last_counts() -> None:
    done = invoke(
        "explain", "calm-lake", "-", "--format", "json", stdin=as_input(disconnected(), record())
    )
    assert json.loads(done.out)["status"] == "Operational"


@pytest.mark.parametrize("field", ["provisioning_state", "image_install", "status"])
def test_a_record_that_lacks_fields_is_explained(field: str) -> None:
    one = record()
    del one[field]
    done = invoke("explain", "calm-lake", "-", stdin=as_input(one))
    assert done.code == 0
    assert field in done.out


@pytest.mark.parametrize("source", [b'{"error": "Unauthorized"}', b"[{", b"[]", b'[{"a": 1}]'])
def test_what_holds_no_devices_is_not_explained(source: bytes) -> None:
    done = invoke("explain", "calm-lake", "-", stdin=source)
    assert (done.code, done.out) == (2, "")


def test_json_holds_all_of_it() -> None:
    done = invoke("explain", "bitter-wind", SAMPLE, "--format", "json")
    devices = fs.classify(SAMPLE)
    assert json.loads(done.out) == devices.explain("bitter-wind").to_dict()


def test_markdown() -> None:
    done = invoke("explain", "bitter-wind", SAMPLE, "--format", "md")
    assert done.out == fs.classify(SAMPLE).explain("bitter-wind").to_markdown()


@pytest.mark.slow
@pytest.mark.parametrize("columns", [60, 80, 120])
def test_lines_are_wrapped_at_the_width_of_the_terminal(columns: int) -> None:
    done = on_terminal("explain", "bitter-wind", SAMPLE, columns=columns)
    lines = done.out.splitlines()
    assert max(map(cell_width, lines)) <= columns
    assert max(map(cell_width, lines)) > columns - 20
    assert done.out == f"{fs.classify(SAMPLE).explain('bitter-wind').to_text(columns)}\n"


def test_the_fleet_tells_devices_of_one_name_apart() -> None:
    records = [
        record(uuid="1" * 32),
        disconnected(uuid="2" * 32, belongs_to__application=[{"id": 2, "slug": "acme/other"}]),
    ]
    source = as_input(*records)
    assert invoke("explain", "calm-lake", "-", stdin=source).code == 2
    done = invoke(
        "explain", "calm-lake", "-", "--fleet", "acme/other", "--format", "json", stdin=source
    )
    assert json.loads(done.out)["status"] == "Disconnected"


def test_thresholds_decide_whether_it_needs_attention() -> None:
    options = ("explain", "calm-lake", "-", "--now", NOW, "--format", "json")
    source = as_input(disconnected())
    assert json.loads(invoke(*options, stdin=source).out)["attention"] == "disconnected"
    further = ("--threshold", "disconnected=30d")
    assert json.loads(invoke(*options, *further, stdin=source).out)["attention"] is None


@pytest.mark.parametrize("arguments", [(), ("calm-lake",), ("--row", "0")])
def test_a_device_and_a_file_are_needed(arguments: tuple[str, ...]) -> None:
    assert invoke("explain", *arguments).code == 2


DOWN = {"is_connected_to_vpn": False, "api_heartbeat_state": "offline"}
NEVER = {
    "is_connected_to_vpn": False,
    "api_heartbeat_state": "unknown",
    "last_connectivity_event": None,
    "changed_api_heartbeat_state_on__date": None,
}
DOWNLOADING = {"status": "Downloading", "download_progress": 5}
VPN_OFF = [{"name": "BALENA_SUPERVISOR_VPN_CONTROL", "value": "false"}]
# Of each reason a record, and words of what to do first.
REASONS: dict[str, tuple[dict[str, Any], str]] = {
    "frozen": ({"is_frozen": True}, "overdue invoices"),
    "inactive": ({"is_active": False}, "Power it on"),
    "post-provisioning": ({"provisioning_state": "Post-Provisioning"}, "internal storage"),
    "never-connected": (NEVER, "flashed"),
    "no-link": (DOWN, "power and network"),
    "downloading-release": (DOWNLOADING, "Wait"),
    "os-configuration": ({"provisioning_progress": 5}, "Wait"),
    "downloading-service": ({"image_install": [{"id": 1, **DOWNLOADING}]}, "Wait"),
    "heartbeat-late": ({"api_heartbeat_state": "timeout"}, "health check"),
    "cloudlink-only": ({"api_heartbeat_state": "offline"}, "health check"),
    "heartbeat-only": ({"is_connected_to_vpn": False}, "firewall"),
    "cloudlink-disabled": (
        {"is_connected_to_vpn": False, "device_config_variable": VPN_OFF},
        "",
    ),
    "both-links": ({}, ""),
}


@pytest.mark.parametrize("reason", REASONS)
def test_advice_for_each_reason(reason: str) -> None:
    fields, step = REASONS[reason]
    source = as_input(record(**{"is_active": True, **fields}))
    done = invoke("explain", "calm-lake", "-", "--now", NOW, "--format", "json", stdin=source)
    explained = json.loads(done.out)
    assert explained["reason"] == reason
    assert explained["why"] == fs.Reason(reason).message
    assert step in (explained["first_step"] or "")
    told = invoke("explain", "calm-lake", "-", "--now", NOW, stdin=source).out
    assert ("first step" in told) == bool(step)
    assert step in told


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"status": "Ordered"}, "ordered"),
        ({"status": "Preparing"}, "preparing"),
        ({"status": "Shipped", "is_online": False}, "shipped"),
        ({}, "online"),
    ],
)
def test_reasons_of_the_library(fields: dict[str, Any], reason: str) -> None:
    one = {"is_active": True, "is_online": True, "current_services": {}, **fields}
    options = ("--scheme", "library-2020", "--format", "json")
    done = invoke("explain", "calm-lake", "-", *options, stdin=as_input(record(**one)))
    explained = json.loads(done.out)
    assert (explained["reason"], explained["why"]) == (reason, fs.Reason(reason).message)


def test_the_reason_where_the_links_are_not_known() -> None:
    one = record()
    del one["api_heartbeat_state"]
    done = invoke("explain", "calm-lake", "-", "--format", "json", stdin=as_input(one))
    assert (done.code, json.loads(done.out)["reason"]) == (2, "unknown")
