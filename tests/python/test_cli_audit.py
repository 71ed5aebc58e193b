"""``fleetstatus audit`` and ``demo``: the verdict, classes, fleets, limits and forms."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import fleetstatus as fs
from command_line import (
    NOW,
    SAMPLE,
    as_input,
    disconnected,
    invoke,
    numbered,
    of_fleet,
    on_terminal,
    record,
    run,
)
from fleetstatus._report.report import last_of_each, report_on, shares
from fleetstatus._report.verdicts import verdict
from fleetstatus.cli._console import PlainConsole
from fleetstatus.cli._render import _devices_table, bar

FORMATS = ("table", "md", "html", "json", "text")
HOUR_AGO, DAY_AGO = "2026-01-01T23:00:00Z", "2026-01-01T00:00:00Z"
OS_FAILED = "OS update failed: no space left"
# One device of each class, by NOW.
OF_EACH_CLASS: dict[str, dict[str, Any]] = {
    "unreadable": record(api_heartbeat_state="sometimes"),
    "disconnected": disconnected(last_vpn_event=DAY_AGO),
    "update-failed": record(update_status="rejected", last_update_status_event=HOUR_AGO),
    "reduced": record(api_heartbeat_state="offline"),
    "update-stuck": record(
        update_status="downloaded", last_update_status_event="2025-12-30T00:00:00Z"
    ),
    "never-connected": record(
        is_connected_to_vpn=False,
        api_heartbeat_state="unknown",
        last_connectivity_event=None,
        changed_api_heartbeat_state_on__date=None,
        created_at="2025-12-23T00:00:00Z",
    ),
    "frozen": record(is_frozen=True),
}


def audit_of(source: bytes, *options: str) -> dict[str, Any]:
    done = invoke("audit", "-", "--now", NOW, "--format", "json", *options, stdin=source)
    assert done.code == 0
    found: dict[str, Any] = json.loads(done.out)
    return found


# The sample


def test_demo_audits_the_sample() -> None:
    done = run("demo")
    assert (done.code, done.err) == (0, "")
    assert "300 devices" in done.out
    assert "as of 2026-11-01 12:00:00Z, newest event 23 seconds" in done.out
    for label in fs.StatusScheme.DOCS_2024_11.labels:
        assert label in done.out


def test_a_single_group_is_named_beside_the_number_of_devices() -> None:
    one = as_input(*numbered(*[of_fleet("acme/quay", **record())] * 2))
    done = invoke("audit", "-", "--now", NOW, stdin=one)
    assert "\n2 devices, fleet acme/quay, docs-2024-11, as of " in done.out


@pytest.mark.slow
@pytest.mark.parametrize("columns", [60, 80, 120])
def test_audit_fits_the_terminal(columns: int) -> None:
    done = on_terminal("audit", SAMPLE, "--limit", "all", columns=columns)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", done.out)
    assert max(map(len, plain.splitlines())) <= columns


@pytest.mark.parametrize("columns", [50, 80])
def test_long_names_are_whole_in_a_narrow_terminal(columns: int) -> None:
    one = disconnected(device_name="q" * 64, overall_status="operational")
    done = invoke("audit", "-", "--now", NOW, stdin=as_input(one), columns=columns)
    assert "The API's own answer differs: 1" in done.out
    assert done.out.count("q") == 2 * 64
    assert max(map(len, done.out.splitlines())) <= columns


@pytest.mark.slow
@pytest.mark.parametrize("columns", [24, 30, 40, 60])
def test_a_narrow_terminal_keeps_statuses_and_counts(columns: int) -> None:
    done = on_terminal("audit", SAMPLE, columns=columns)
    lines = re.sub(r"\x1b\[[0-9;]*m", "", done.out).splitlines()
    counts = "\n".join(lines[lines.index("") + 1 :]).split("\n\n")[0]
    told = " ".join(re.sub("[█▉▊▋▌▍▎▏]", "", counts).split())
    for row in fs.classify(SAMPLE).summary():
        first = row["label"].partition(" ")[0]
        assert re.search(rf"\b{first}\b[A-Za-z ]* {row['devices']} ", told), row["label"]
    assert "…" not in counts
    assert max(map(len, counts.splitlines())) <= columns


@pytest.mark.slow
@pytest.mark.parametrize("columns", [60, 80])
def test_a_bar_is_as_long_as_its_share(columns: int) -> None:
    source = as_input(*numbered(*[record()] * 9, disconnected()))
    lines = on_terminal("audit", "-", stdin=source, columns=columns).out.splitlines()
    bars = {line.split()[0]: line.count("█") for line in lines if "0%" in line and "█" in line}
    assert bars["Disconnected"] > 0
    assert bars["Operational"] == pytest.approx(9 * bars["Disconnected"], abs=9)
    assert bars["Operational"] + bars["Disconnected"] <= 30


def test_audit_json_counts_every_device_by_fleet_and_status() -> None:
    audit = json.loads(invoke("audit", SAMPLE, "--format", "json").out)
    assert audit["devices"] == sum(audit["counts"].values()) == 300
    assert {group["name"] for group in audit["groups"]} == {
        "acme/cold-chain",
        "acme/kiosk-display",
        "northwind/greenhouse",
        "northwind/field-gateway",
    }
    for label, devices in audit["counts"].items():
        assert sum(group["counts"].get(label, 0) for group in audit["groups"]) == devices
    for name, devices in audit["attention_classes"].items():
        of_groups = (group["attention_classes"].get(name, 0) for group in audit["groups"])
        assert sum(of_groups) == devices


def test_audit_lists_what_needs_attention_in_the_order_of_the_table() -> None:
    audit = json.loads(invoke("audit", SAMPLE, "--format", "json", "--limit", "all").out)
    expected = fs.classify(SAMPLE).attention()["device_name"].to_list()
    assert [finding["device"] for finding in audit["attention"]] == expected
    assert audit["needs_attention"] == len(expected)


# The verdict


@pytest.mark.parametrize("output_format", FORMATS)
def test_the_verdict_comes_first(output_format: str) -> None:
    source = as_input(*numbered(disconnected(), disconnected(), record(is_frozen=True), record()))
    expected = "3 of 4 devices need attention: 2 disconnected, 1 frozen."
    done = invoke("audit", "-", "--now", NOW, "--format", output_format, stdin=source)
    body = done.out[done.out.find("<body") :] if output_format == "html" else done.out
    assert expected in " ".join(body.split())
    assert body.find("3 of 4") < body.find("frozen: 1") or output_format in {"json", "text"}


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([record()], "No device needs attention (1 device), as far as this data shows."),
        ([record(), record()], "No device needs attention (2 devices), as far as this data shows."),
        ([disconnected()], "1 of 1 device needs attention: 1 disconnected."),
        (
            [disconnected(), record(api_heartbeat_state="odd"), record()],
            "2 of 3 devices need attention: 1 unreadable, 1 disconnected; 1 has no status.",
        ),
        (
            [record(api_heartbeat_state="odd")],
            "Not one of 1 device has a status (cloudlink: 1 up); 1 needs attention: 1 unreadable.",
        ),
    ],
)
def test_verdicts(records: list[dict[str, Any]], expected: str) -> None:
    table = fs.classify(numbered(*records), now=NOW, on_error="keep")
    assert verdict(report_on(table, source="x")) == expected


def test_no_doubt_is_told_where_there_is_none() -> None:
    whole = Path(__file__).parent / "golden" / "fleet.json"
    table = fs.classify(whole, now=NOW, on_error="keep")[:1]
    assert verdict(report_on(table, source="x")) == "No device needs attention (1 device)."


def test_what_is_not_known_is_not_green() -> None:
    one = record()
    del one["provisioning_state"]
    del one["api_heartbeat_state"]
    table = fs.classify([one], now=NOW, allow_missing="all")
    told = verdict(report_on(table, source="x"))
    assert told == "Not one of 1 device has a status (cloudlink: 1 up)."


LIBRARY = {
    "uuid": "1" * 32,
    "is_online": False,
    "is_active": True,
    "last_connectivity_event": DAY_AGO,
    "provisioning_state": None,
    "provisioning_progress": None,
    "status": "Idle",
    "download_progress": None,
    "current_services": {},
}


def without(one: dict[str, Any], *fields: str) -> dict[str, Any]:
    return {name: value for name, value in one.items() if name not in fields}


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (
            [{"is_active": False}, {}, {}],
            (
                "2 of 3 devices have no status (cloudlink: 2 up); none of the others needs attention, "
                "as far as this data shows."
            ),
        ),
        (
            [{"is_active": False}, {"is_connected_to_vpn": False}],
            (
                "1 of 2 devices has no status (cloudlink: 1 down); none of the others needs "
                "attention, as far as this data shows."
            ),
        ),
        (
            [{"is_frozen": True}, {}],
            (
                "1 of 2 devices needs attention: 1 frozen; 1 has no status; links could not be judged "
                "without a heartbeat."
            ),
        ),
        (
            [{"is_active": False}],
            "1 device (1 Inactive); which need attention is not known without a heartbeat.",
        ),
    ],
)
def test_what_is_not_known_comes_before_what_is_well(
    records: list[dict[str, Any]], expected: str
) -> None:
    lacking = [without(record(**one), "api_heartbeat_state") for one in numbered(*records)]
    table = fs.classify(lacking, now=NOW, allow_missing="all")
    assert verdict(report_on(table, source="x")) == expected


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (
            [{}, {"is_online": True}],
            "2 devices (1 idle, 1 offline); which need attention is not known without a heartbeat.",
        ),
        (
            [{}, {"is_frozen": True}],
            (
                "1 of 2 devices needs attention: 1 frozen; links could not be judged without a "
                "heartbeat."
            ),
        ),
        (
            [{}, {"api_heartbeat_state": "online", "is_online": True}],
            "2 devices (1 idle, 1 offline); whether 1 of them needs attention is not known.",
        ),
        (
            [{}, {"api_heartbeat_state": "offline"}],
            "1 of 2 devices needs attention: 1 disconnected; links of 1 could not be judged.",
        ),
        (
            [{"is_active": False}, {"api_heartbeat_state": "online", "is_online": True}],
            "No device needs attention (2 devices), as far as this data shows.",
        ),
    ],
)
def test_links_that_a_scheme_does_not_read_are_not_taken_for_good(
    records: list[dict[str, Any]], expected: str
) -> None:
    library = numbered(*(LIBRARY | one for one in records))
    table = fs.classify(library, now=NOW, scheme="library-2020")
    assert verdict(report_on(table, source="x")) == expected


@pytest.mark.parametrize(
    "field", ["provisioning_progress", "provisioning_state", "status", "download_progress"]
)
def test_a_field_that_hides_attention_is_told(field: str) -> None:
    whole = json.loads((Path(__file__).parent / "golden" / "fleet.json").read_text())
    first = whole[0]
    table = fs.classify([without(first, field)], now=NOW, allow_missing="all")
    told = verdict(report_on(table, source="x"))
    assert told == "No device needs attention (1 device), as far as this data shows."


# Classes


@pytest.mark.parametrize("output_format", ["table", "md", "html"])
def test_each_class_tells_its_message_and_first_step(output_format: str) -> None:
    source = as_input(*numbered(*OF_EACH_CLASS.values()))
    done = invoke("audit", "-", "--now", NOW, "--format", output_format, stdin=source)
    told = " ".join(done.out.split()).replace("\\", "").lower()
    for attention in fs.Attention:
        assert f"{attention}: 1" in told
        assert attention.message.lower() in told
        assert (attention.first_step or "").rstrip(".").lower() in told


def test_the_classes_come_worst_first() -> None:
    audit = audit_of(as_input(*numbered(*reversed(OF_EACH_CLASS.values()))))
    assert [found["attention"] for found in audit["classes"]] == list(fs.Attention)
    assert list(audit["attention_classes"]) == list(fs.Attention)


@pytest.mark.parametrize(
    ("attention", "since", "duration"),
    [
        ("unreadable", None, None),
        ("disconnected", DAY_AGO, "1 day"),
        ("update-failed", HOUR_AGO, "1 hour"),
        ("reduced", DAY_AGO, "1 day"),
        ("update-stuck", "2025-12-30T00:00:00Z", "3 days"),
        ("never-connected", "2025-12-23T00:00:00Z", "10 days"),
        ("frozen", None, None),
    ],
)
def test_since_and_for_of_each_class(
    attention: str, since: str | None, duration: str | None
) -> None:
    source = as_input(*numbered(OF_EACH_CLASS[attention], record()))
    (finding,) = audit_of(source)["attention"]
    assert finding["attention"] == attention
    assert (finding["since"], finding["for"]) == (since, duration)


@pytest.mark.parametrize(
    ("record_fields", "key", "reason"),
    [
        ({"api_heartbeat_state": "offline"}, "cloudlink-only", fs.Reason.CLOUDLINK_ONLY),
        ({"is_connected_to_vpn": False}, "heartbeat-only", fs.Reason.HEARTBEAT_ONLY),
        (
            {"is_connected_to_vpn": False, "api_heartbeat_state": "offline"},
            "no-link",
            fs.Reason.NO_LINK,
        ),
        ({"is_frozen": True}, "frozen", fs.Reason.FROZEN),
    ],
)
def test_advice_of_each_reason(record_fields: dict[str, Any], key: str, reason: fs.Reason) -> None:
    source = as_input(record(**record_fields))
    (finding,) = audit_of(source)["attention"]
    assert finding["reason"] == key
    assert finding["message"] == reason.message
    assert finding["first_step"] == reason.first_step
    told = " ".join(invoke("audit", "-", "--now", NOW, stdin=source).out.split()).lower()
    assert (reason.first_step or "").lower().rstrip(".") in told


@pytest.mark.parametrize(
    ("update_status", "attention"),
    [
        ("downloading", "update-stuck"),
        ("downloaded", "update-stuck"),
        ("applying changes", "update-stuck"),
        ("rejected", "update-failed"),
        ("aborted", "update-failed"),
    ],
)
def test_hint_of_each_update_status(update_status: str, attention: str) -> None:
    source = as_input(
        record(update_status=update_status, last_update_status_event="2025-12-01T00:00:00Z")
    )
    (finding,) = audit_of(source)["attention"]
    assert (finding["attention"], finding["since"]) == (attention, "2025-12-01T00:00:00Z")
    hint = fs.UpdateStatus(finding["why"]).hint
    assert finding["message"] == hint
    assert str(hint) in " ".join(invoke("audit", "-", "--now", NOW, stdin=source).out.split())


@pytest.mark.parametrize("scheme", fs.StatusScheme)
def test_a_failed_os_update_shows_its_text_and_no_wrong_duration(scheme: str) -> None:
    fields = {"provisioning_state": OS_FAILED, "provisioning_progress": 50, "update_status": "done"}
    source = as_input(record(**fields, last_update_status_event=HOUR_AGO, current_services={}))
    options = ("--scheme", scheme, "--allow-missing", "all")
    (finding,) = audit_of(source, *options)["attention"]
    assert finding["attention"] == "update-failed"
    assert OS_FAILED in finding["why"]
    assert (finding["since"], finding["for"]) == (None, None)
    assert "balenahup" in finding["first_step"]
    assert OS_FAILED in invoke("audit", "-", "--now", NOW, *options, stdin=source).out


# Limits


def test_each_class_has_its_share_of_the_limit() -> None:
    records = [disconnected() for _ in range(300)] + [
        OF_EACH_CLASS["update-failed"],
        OF_EACH_CLASS["frozen"],
    ]
    audit = audit_of(as_input(*numbered(*records)), "--limit", "10")
    listed = {found["attention"]: found["listed"] for found in audit["classes"]}
    assert listed == {"disconnected": 8, "update-failed": 1, "frozen": 1}
    assert len(audit["attention"]) == 10


@pytest.mark.parametrize(
    ("sizes", "limit", "expected"),
    [
        ([3000, 2, 5], 50, [43, 2, 5]),
        ([1, 1, 1], 2, [1, 1, 0]),
        ([5, 5], 0, [0, 0]),
        ([5, 5], 3, [2, 1]),
        ([], 50, []),
        ([7], 5, [5]),
        ([10, 1, 10], 12, [6, 1, 5]),
    ],
)
def test_shares_of_a_limit(sizes: list[int], limit: int, expected: list[int]) -> None:
    assert shares(sizes, limit) == expected
    assert sum(expected) == min(limit, sum(sizes))


@pytest.mark.parametrize("output_format", ["table", "md", "html"])
def test_a_class_says_how_many_more_and_the_command_that_lists_them(output_format: str) -> None:
    done = invoke("audit", SAMPLE, "--limit", "2", "--format", output_format)
    n_more = len(fs.classify(SAMPLE).attention().where(attention="disconnected")) - 1
    assert f"and {n_more} more" in done.out
    assert f"fleetstatus list {SAMPLE} --class disconnected" in done.out


@pytest.mark.parametrize("output_format", ["table", "md", "html"])
def test_a_limit_says_how_many_it_leaves_out_in_all(output_format: str) -> None:
    n_findings = len(fs.classify(SAMPLE).attention())
    done = invoke("audit", SAMPLE, "--limit", "2", "--format", output_format)
    assert f"and {n_findings - 2} more in all" in done.out
    of_one_class = as_input(*numbered(*(disconnected() for _ in range(3))))
    options = ("--limit", "1", "--format", output_format)
    done = invoke("audit", "-", *options, stdin=of_one_class)
    assert "and 2 more" in done.out
    assert "in all" not in done.out


def test_the_command_lists_what_was_left_out() -> None:
    options = ("--fleet", "acme/cold-chain", "--threshold", "reduced=1d", "--now", "2026-11-01")
    audit = json.loads(invoke("audit", SAMPLE, *options, "--limit", "1", "--format", "json").out)
    assert len(audit["classes"]) > 3
    for found in audit["classes"]:
        program, *arguments = found["command"].split()
        assert program == "fleetstatus"
        listed = json.loads(invoke(*arguments, "--format", "json").out)
        assert len(listed) == found["devices"]
        assert {row["attention"] for row in listed} == {found["attention"]}


def test_groups_come_worst_first_with_a_limit() -> None:
    records = [
        *(record(**of_fleet(f"acme/well-{number:02}")) for number in range(12)),
        disconnected(**of_fleet("acme/zoo")),
        *(disconnected(**of_fleet("acme/worst")) for _ in range(2)),
    ]
    source = as_input(*numbered(*records))
    audit = audit_of(source)
    assert [group["name"] for group in audit["groups"]][:3] == [
        "acme/worst",
        "acme/zoo",
        "acme/well-00",
    ]
    assert len(audit["groups"]) == 14
    for output_format in ("table", "md", "html"):
        done = invoke("audit", "-", "--now", NOW, "--format", output_format, stdin=source)
        assert "acme/well-07" in done.out
        assert "acme/well-08" not in done.out
        assert "and 4 more fleets" in done.out
        everything = ("--format", output_format, "--groups", "all")
        done = invoke("audit", "-", "--now", NOW, *everything, stdin=source)
        assert "acme/well-11" in done.out
        assert "and 4 more" not in done.out


def test_one_hundred_thousand_devices_stay_readable() -> None:
    records = [
        disconnected(uuid=f"{number:032x}", **of_fleet(f"acme/fleet-{number % 45}"))
        for number in range(3_000)
    ]
    failed = OF_EACH_CLASS["update-failed"] | {"device_name": "failed-one"}
    done = invoke("audit", "-", "--now", NOW, stdin=as_input(*records, failed | {"uuid": "f" * 32}))
    assert "failed-one" in done.out
    assert len(done.out.splitlines()) < 140


# Groups


def test_audit_by_a_further_field() -> None:
    by = "is_running__release.raw_version"
    audit = json.loads(invoke("audit", SAMPLE, "--by", by, "--format", "json").out)
    assert "2.8.0" in {group["name"] for group in audit["groups"]}


def test_audit_by_a_tag() -> None:
    tagged = [
        record(device_tag=[{"tag_key": "site", "value": site}]) for site in ("north", "south")
    ]
    audit = audit_of(as_input(*numbered(*tagged)), "--by", "tag:site")
    assert {group["name"] for group in audit["groups"]} == {"north", "south"}


@pytest.mark.parametrize(
    ("by", "near"),
    [
        ("os_versoin", "os_version"),
        ("statsu", "status"),
        ("attentoin", "attention"),
        ("tag:sit", "site"),
    ],
)
def test_a_field_that_no_record_has_is_no_group(by: str, near: str) -> None:
    one = record(os_version="balenaOS 6", device_tag=[{"tag_key": "site", "value": "north"}])
    done = invoke("audit", "-", "--by", by, stdin=as_input(one))
    assert (done.code, done.out) == (2, "")
    assert by in done.err
    assert f"did you mean '{near}'" in done.err


def test_audit_in_another_scheme() -> None:
    audit = json.loads(invoke("audit", SAMPLE, "--scheme", "api-v6", "--format", "json").out)
    assert list(audit["counts"]) == list(fs.StatusScheme.API_V6.labels)


@pytest.mark.parametrize("fleet", ["acme/cold-chain", "cold-chain"])
def test_audit_of_one_fleet(fleet: str) -> None:
    audit = json.loads(invoke("audit", SAMPLE, "--fleet", fleet, "--format", "json").out)
    assert [group["name"] for group in audit["groups"]] == ["acme/cold-chain"]
    assert audit["devices"] == len(fs.classify(SAMPLE).where(fleet="acme/cold-chain"))


def test_an_unknown_fleet_is_told_with_near_names() -> None:
    for command in (("audit",), ("list",), ("explain", "bitter-wind")):
        done = invoke(*command, SAMPLE, "--fleet", "acme/cold-chian")
        assert (done.code, done.out) == (2, "")
        assert "did you mean 'acme/cold-chain'" in done.err


# What cannot be missed


@pytest.mark.parametrize("output_format", FORMATS)
def test_an_old_snapshot_says_so(output_format: str) -> None:
    options = ("--now", "2026-03-01T00:00:00Z", "--format", output_format)
    done = invoke("audit", "-", *options, stdin=as_input(record()))
    assert "newest event is 59 days before" in " ".join(done.out.split())


@pytest.mark.parametrize("output_format", FORMATS)
def test_disagreements_with_the_api_are_shown(output_format: str) -> None:
    source = as_input(*numbered(record(overall_status="configuring"), record()))
    done = invoke("audit", "-", "--now", NOW, "--format", output_format, stdin=source)
    assert "the API says configuring, the rules operational" in " ".join(done.out.split())


def test_a_disagreement_names_its_device() -> None:
    source = as_input(*numbered(record(overall_status="configuring"), record()))
    (one,) = audit_of(source)["disagreements"]
    assert (one["device"], one["by_the_rules"], one["api"]) == (
        "device-0",
        "operational",
        "configuring",
    )


def test_what_is_missing_from_the_data_is_told() -> None:
    done = invoke("audit", "-", "--now", NOW, stdin=as_input(record()))
    assert "is_frozen not in the data" in done.out


def test_unreadable_records_are_kept_and_counted() -> None:
    odd = record(api_heartbeat_state="sometimes", device_name="odd-one", uuid="1" * 32)
    source = as_input(record(), odd)
    audit = audit_of(source)
    assert audit["unreadable_records"] == 1
    assert [finding["attention"] for finding in audit["attention"]] == ["unreadable"]
    assert "api_heartbeat_state" in audit["attention"][0]["why"]
    assert audit["devices"] == 2
    done = invoke("audit", "-", "--now", NOW, stdin=source)
    assert "could not be read in full" in done.out
    assert "sometimes" in done.out


def test_unreadable_records_can_stop_the_program() -> None:
    source = as_input(record(), record(api_heartbeat_state="sometimes"))
    done = invoke("audit", "-", "--on-error", "raise", stdin=source)
    assert (done.code, done.out) == (2, "")
    assert "api_heartbeat_state" in done.err


def test_of_several_records_of_a_device_the_last_counts() -> None:
    one = record(uuid="1" * 32)
    audit = audit_of(as_input(disconnected(), one, record()))
    assert (audit["devices"], audit["duplicate_records"], audit["needs_attention"]) == (2, 2, 0)
    devices = last_of_each(fs.classify([disconnected(), one, record()], now=NOW))
    assert devices["cloudlink"].to_list() == [True, True]
    nameless = [record(uuid=None), record(uuid=None), record(), record()]
    assert len(last_of_each(fs.classify(nameless, now=NOW))) == 3


# Forms


def test_the_text_for_chats_is_short() -> None:
    done = invoke("audit", SAMPLE, "--format", "text")
    lines = done.out.splitlines()
    assert lines[0].startswith(f"{SAMPLE}: ")
    assert len(lines) < 20
    assert "\\" not in done.out
    many = as_input(*numbered(*(disconnected() for _ in range(60))))
    done = invoke("audit", "-", "--format", "text", stdin=many)
    assert done.out.count("device-") == 12
    assert "and 48 more" in done.out
    healthy = record(uuid="f" * 32, **of_fleet("acme/healthy"))
    done = invoke("audit", "-", "--format", "text", stdin=as_input(disconnected(), healthy))
    assert "Most by fleet: acme/test (1 of 1)" in done.out
    assert "acme/healthy" not in done.out


def test_healthy_fleets_are_told_so_in_all_forms() -> None:
    for output_format in FORMATS:
        options = ("--now", NOW, "--format", output_format)
        done = invoke("audit", "-", *options, stdin=as_input(record()))
        assert "No device needs attention" in done.out


def test_thresholds_decide_what_needs_attention() -> None:
    source = as_input(*numbered(*OF_EACH_CLASS.values()))
    longer = ("disconnected=2d", "reduced=2d", "downloaded=30d", "never-connected=30d")
    options = [part for one in longer for part in ("--threshold", one)]
    assert list(audit_of(source, *options)["attention_classes"]) == [
        "unreadable",
        "update-failed",
        "frozen",
    ]


@pytest.mark.parametrize(
    "threshold",
    ["downloaded", "downloaded=", "downloaded=soon", "frozen=1d", "=1d", "dowloaded=1d"],
)
def test_what_is_no_threshold_is_refused(threshold: str) -> None:
    done = invoke("audit", SAMPLE, "--threshold", threshold)
    assert (done.code, done.out) == (2, "")
    assert "--threshold" in done.err


def test_bars_show_the_smallest_share_and_no_more_than_all() -> None:
    assert bar(0, "utf-8") == bar(0, "ascii") == ""
    assert bar(0.0001, "utf-8") == "▏"
    assert bar(0.0001, "ascii") == "#"
    assert len(bar(1, "utf-8")) == len(bar(1, "ascii")) == 30


def narrow(columns: int, *, is_terminal: bool = True) -> PlainConsole:
    console = PlainConsole()
    console.width = columns
    console._force_terminal = is_terminal
    return console


def printed(console: PlainConsole, names: list[tuple[str, str]], **further: list[str]) -> list[str]:
    with console.capture() as taken:
        console.print(_devices_table(console, names, further))
    return [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", taken.get()).splitlines()]


LONG = [("site-north-hall-7-gateway-0001", "acme/weather-stations-of-the-north")]


def test_a_terminal_shortens_names_of_devices_in_the_middle() -> None:
    lines = printed(narrow(60), LONG, why=["heartbeat-only"], **{"for": ["10 minutes"]})
    assert [line.split() for line in lines] == [
        ["device", "fleet", "why", "for"],
        ["site-nor…ay-0001", "acme/w…north", "heartbeat-only", "10", "minutes"],
    ]
    assert all(line.startswith("  ") and len(line) <= 60 for line in lines)
    [_, wide] = printed(narrow(120), LONG, why=["heartbeat-only"])
    assert wide.split() == [*LONG[0], "heartbeat-only"]


def test_an_error_takes_several_lines_beside_short_names() -> None:
    error = 'record 3: last_connectivity_event is "not a time", expected an RFC 3339 time'
    assert printed(narrow(60), LONG, why=[error]) == [
        "  device              fleet         why",
        "  site-nort…way-0001  acme/w…north  record 3:",
        *(f"{'':36}{part}" for part in ("last_connectivity_event", 'is "not a time",')),
        *(f"{'':36}{part}" for part in ("expected an RFC 3339", "time")),
    ]


def test_where_there_is_no_terminal_names_are_whole() -> None:
    lines = printed(narrow(50, is_terminal=False), LONG, why=["heartbeat-only"])
    names = [(line[2:17].strip(), line[19:34].strip()) for line in lines[1:]]
    assert ["".join(parts) for parts in zip(*names, strict=True)] == list(LONG[0])
    assert all(line.startswith("  ") for line in lines)
