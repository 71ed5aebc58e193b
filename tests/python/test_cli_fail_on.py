"""Conditions of ``--fail-on``, and the exit codes of every command."""

from __future__ import annotations

import json
from typing import Any

import pytest

import fleetstatus as fs
from command_line import NOW, as_input, disconnected, invoke, numbered, of_fleet, record

KIOSK, CHAIN = "acme/kiosk", "acme/cold-chain"
# The links of both changed state a day before NOW.
TWO_OF_FOUR = as_input(*numbered(record(), record(), disconnected(), disconnected()))
TWO_FLEETS = as_input(
    *numbered(
        disconnected(**of_fleet(KIOSK)),
        record(**of_fleet(KIOSK)),
        record(**of_fleet(CHAIN)),
        record(**of_fleet(CHAIN)),
    )
)


def code_of(condition: str, source: bytes, *options: str) -> int:
    done = invoke("audit", "-", "--now", NOW, "--fail-on", condition, *options, stdin=source)
    return done.code


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("Disconnected > 1", 1),
        ("Disconnected > 2", 0),
        ("disconnected >= 2", 1),
        ("Disconnected>50%", 0),
        ("Disconnected >= 50%", 1),
        ("Disconnected > 49.9 %", 1),
        ("no-link > 0", 1),
        ("both-links >= 3", 0),
        ("reduced functionality > 0", 0),
        ("applying changes > 0", 0),
        ("unreadable >= 1", 0),
        ("never-connected > 0", 0),
        ("Disconnected for 23h > 1", 1),
        ("Disconnected for 25h > 0", 0),
        ("Disconnected  for  1d  >=  2", 1),
        ("no-link for 23h >= 50%", 1),
        ("disconnnected > 1", 2),
        ("Online (VPN Only) > 1", 2),
        ("Disconnected", 2),
        ("Disconnected < 1", 2),
        ("Disconnected > -1", 2),
        ("Disconnected for > 1", 2),
        ("Disconnected for soon > 1", 2),
        ("> 1", 2),
    ],
)
def test_conditions(condition: str, code: int) -> None:
    assert code_of(condition, TWO_OF_FOUR) == code


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        # 1 of 2 devices of the one fleet is disconnected, 0 of 2 of the other.
        (f"{KIOSK}: Disconnected >= 50%", 1),
        (f"{KIOSK}: Disconnected > 50%", 0),
        (f"{KIOSK}: Disconnected for 23h > 0", 1),
        (f"{KIOSK}: Disconnected for 2d > 0", 0),
        (f"{CHAIN}: Disconnected >= 1", 0),
        ("kiosk: Disconnected >= 1", 1),
        ("Disconnected >= 25%", 1),
        ("acme/kiosc: Disconnected >= 1", 2),
        (f"{KIOSK}: Disconected >= 1", 2),
    ],
)
def test_conditions_of_one_fleet(condition: str, code: int) -> None:
    assert code_of(condition, TWO_FLEETS) == code


def test_an_unknown_fleet_is_told_with_near_names() -> None:
    done = invoke("audit", "-", "--fail-on", "acme/kiosc: frozen > 0", stdin=TWO_FLEETS)
    assert (done.code, done.out) == (2, "")
    assert f"'{KIOSK}'" in done.err


def test_a_condition_of_a_fleet_that_is_left_out_could_never_match() -> None:
    options = ("--fleet", CHAIN, "--fail-on", f"{KIOSK}: Disconnected > 0")
    done = invoke("audit", "-", *options, stdin=TWO_FLEETS)
    assert (done.code, done.out) == (2, "")
    assert "leaves out" in done.err


@pytest.mark.parametrize(
    ("name", "scheme"),
    [
        ("Updating", "docs-2024-11"),
        ("Post Provisioning", "docs-2024-11"),
        ("Inactive", "docs-2024-11"),
        ("Frozen", "docs-2024-11"),
        ("idle", "library-2020"),
        ("downloading-release", "docs-2024-11"),
        ("os-configuration", "docs-2024-11"),
        ("unreadable", "docs-2024-11"),
    ],
)
def test_what_has_no_start_cannot_last(name: str, scheme: str) -> None:
    options = ("--allow-missing", "all", "--scheme", scheme)
    done = invoke("audit", "-", *options, "--fail-on", f"{name} for 1h > 0", stdin=TWO_OF_FOUR)
    assert (done.code, done.out) == (2, "")
    assert "can never match" in done.err


@pytest.mark.parametrize(
    ("name", "least", "code"),
    [
        # The update has been so for 3 hours, the status for a day.
        ("Downloading", "2h", 1),
        ("Downloading", "4h", 0),
        ("update-stuck", "2h", 1),
        ("update-stuck", "4h", 0),
        ("Operational", "4h", 1),
        ("both-links", "4h", 1),
    ],
)
def test_what_lasts_is_the_update_in_update_statuses_and_classes(
    name: str, least: str, code: int
) -> None:
    since = "2026-01-01T21:00:00Z"
    source = as_input(record(update_status="downloading", last_update_status_event=since))
    assert code_of(f"{name} for {least} > 0", source) == code


def test_a_class_follows_the_thresholds() -> None:
    source = as_input(
        record(update_status="downloading", last_update_status_event="2026-01-01T21:00:00Z")
    )
    assert code_of("update-stuck > 0", source) == 1
    assert code_of("update-stuck > 0", source, "--threshold", "downloading=4h") == 0


def test_all_devices_of_the_fleet_count_whatever_is_listed() -> None:
    options = ("list", "-", "--status", "Operational", "--fail-on", "Disconnected >= 25%")
    assert invoke(*options, stdin=TWO_FLEETS).code == 1
    assert invoke(*options, "--fleet", KIOSK, stdin=TWO_FLEETS).code == 1
    done = invoke(*options, "--fleet", CHAIN, stdin=TWO_FLEETS)
    assert done.code == 0


def test_shares_are_of_the_fleets_that_were_chosen() -> None:
    done = invoke("list", "-", "--fleet", KIOSK, "--fail-on", "no-link >= 50%", stdin=TWO_FLEETS)
    assert done.code == 1
    assert "1 of 2 devices (50.0%)" in done.err


def test_of_one_uuid_the_last_record_counts() -> None:
    source = as_input(disconnected(), record())
    assert code_of("Disconnected > 0", source) == 0
    assert code_of("Operational >= 100%", source) == 1
    assert code_of("Disconnected > 0", as_input(record(), disconnected())) == 1


def test_several_conditions_say_which_matched() -> None:
    conditions = ("--fail-on", "Frozen > 0", "--fail-on", "Disconnected > 0")
    done = invoke("audit", "-", *conditions, stdin=TWO_OF_FOUR)
    assert done.code == 1
    assert "'Disconnected > 0' matched: 2 of 4 devices (50.0%)" in done.err
    assert "Frozen" not in done.err


def test_a_word_of_another_scheme_is_told() -> None:
    assert "docs-2022" in invoke("demo", "--fail-on", "Online (VPN Only) > 1").err
    assert "did you mean 'Disconnected'" in invoke("demo", "--fail-on", "disconected > 1").err
    options = ("demo", "--scheme", "docs-2022", "--fail-on", "Online (VPN Only) > 0")
    assert invoke(*options).code == 1


def test_explain_looks_at_the_device_alone() -> None:
    options = ("--fail-on", "Disconnected > 0")
    assert invoke("explain", "device-0", "-", *options, stdin=TWO_FLEETS).code == 1
    assert invoke("explain", "device-1", "-", *options, stdin=TWO_FLEETS).code == 0


# What cannot be judged

LIBRARY = {
    "is_online": False,
    "is_active": True,
    "last_connectivity_event": "2026-01-01T00:00:00Z",
    "provisioning_state": None,
    "provisioning_progress": None,
    "status": "Idle",
    "download_progress": None,
    "current_services": {},
}
ALL_ALLOWED = ("-", "--now", NOW, "--allow-missing", "all")


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("disconnected > 0", 2),
        ("reduced >= 9", 2),
        ("unreadable > 0", 0),
        ("frozen > 0", 0),
        ("offline > 1", 0),
        ("offline > 0", 1),
        ("no-link > 0", 1),
    ],
)
@pytest.mark.parametrize("quiet", [(), ("--quiet",)])
def test_classes_that_need_links_cannot_be_judged_without_heartbeats(
    condition: str, code: int, quiet: tuple[str, ...]
) -> None:
    options = ("--scheme", "library-2020", "--fail-on", condition, *quiet)
    source = as_input(*numbered(LIBRARY, LIBRARY | {"is_online": True}))
    done = invoke("audit", *ALL_ALLOWED, *options, stdin=source)
    assert done.code == code
    told = f"--fail-on '{condition}' cannot be judged: api_heartbeat_state is not in the data"
    assert (told in done.err) == (code == 2)


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("Disconnected > 0", 2),
        ("no-link > 0", 2),
        ("both-links > 0", 2),
        ("Inactive > 0", 1),
        ("frozen > 0", 0),
    ],
)
def test_statuses_that_need_links_cannot_be_judged_without_heartbeats(
    condition: str, code: int
) -> None:
    source = as_input(*numbered(without_status(), without_status(is_active=False)))
    done = invoke("audit", *ALL_ALLOWED, "--fail-on", condition, stdin=source)
    assert done.code == code


@pytest.mark.parametrize("command", [("audit", "--quiet"), ("list", "--attention")])
def test_who_needs_attention_is_not_known_without_heartbeats(command: tuple[str, ...]) -> None:
    options = (*ALL_ALLOWED, "--scheme", "library-2020")
    none = invoke(*command, *options, stdin=as_input(LIBRARY))
    assert "api_heartbeat_state is not in the data: whether a device needs attention" in none.err
    heard = LIBRARY | {"api_heartbeat_state": "online", "is_online": True}
    some = invoke(*command, *options, stdin=as_input(*numbered(LIBRARY, heard)))
    assert "whether 1 device needs attention is not known" in some.err
    assert "attention" not in invoke(*command, *options, stdin=as_input(heard)).err


def lacking(one: dict[str, Any], *fields: str) -> dict[str, Any]:
    return {name: value for name, value in one.items() if name not in fields}


SINCE_LINK = "changed_api_heartbeat_state_on__date"
NEVER_CONNECTED = record(
    is_connected_to_vpn=False,
    api_heartbeat_state="unknown",
    last_connectivity_event=None,
)
DOWNLOADING = record(update_status="downloading")


@pytest.mark.parametrize(
    ("one", "condition", "told"),
    [
        (
            lacking(disconnected(), SINCE_LINK),
            "Disconnected for 3d > 0",
            f"since when 1 device has the status: {SINCE_LINK} is not in the data",
        ),
        (
            lacking(disconnected(), SINCE_LINK, "last_connectivity_event"),
            "disconnected for 3d > 0",
            f"since when 1 device has the status: {SINCE_LINK} and last_vpn_event are not in the",
        ),
        (NEVER_CONNECTED, "Configuring for 3d > 0", ": created_at is not in the data"),
        (
            NEVER_CONNECTED | {"created_at": None},
            "never-connected for 3d > 0",
            "nothing in this data says since when 1 device has the status\n",
        ),
        (
            DOWNLOADING,
            "Downloading for 3d > 0",
            "since when 1 device has the update status: last_update_status_event is not in the",
        ),
        (
            DOWNLOADING | {"last_update_status_event": None},
            "Downloading for 3d > 0",
            "nothing in this data says since when 1 device has the update status\n",
        ),
        (record(provisioning_progress=3), "Configuring for 3d > 0", None),
        (lacking(record(), SINCE_LINK), "Disconnected for 3d > 0", None),
    ],
)
def test_what_began_at_no_known_time_cannot_be_judged(
    one: dict[str, Any], condition: str, told: str | None
) -> None:
    done = invoke("audit", *ALL_ALLOWED, "--fail-on", condition, "--quiet", stdin=as_input(one))
    assert done.code == (0 if told is None else 2)
    assert (told or "") in done.err
    assert ("cannot be judged" in done.err) == (told is not None)


def test_one_known_start_is_enough_to_judge() -> None:
    source = as_input(*numbered(lacking(disconnected(), SINCE_LINK), disconnected()))
    assert code_of("Disconnected for 1h > 0", source) == 1
    assert code_of("Disconnected for 3d > 0", source) == 0


def test_one_known_start_of_an_update_is_enough_to_judge() -> None:
    begun = DOWNLOADING | {"last_update_status_event": "2026-01-01T00:00:00Z"}
    source = as_input(*numbered(DOWNLOADING | {"last_update_status_event": None}, begun))
    assert code_of("Downloading for 1h > 0", source) == 1
    assert code_of("Downloading for 3d > 0", source) == 0


@pytest.mark.parametrize(
    ("one", "options", "told"),
    [
        (lacking(disconnected(), SINCE_LINK), ("--status-for", "3d"), SINCE_LINK),
        (disconnected(), ("--status-for", "3d"), None),
        (
            DOWNLOADING,
            ("--update-status", "Downloading", "--update-status-for", "3d"),
            "last_update_status_event",
        ),
        (disconnected(), ("--update-status-for", "3d"), None),
    ],
)
def test_a_list_says_that_no_start_is_known(
    one: dict[str, Any], options: tuple[str, ...], told: str | None
) -> None:
    done = invoke("list", *ALL_ALLOWED, *options, stdin=as_input(one))
    assert (done.code, len(done.out.splitlines())) == (0, 1)
    assert (f"{told} is not in the data" in done.err) == (told is not None)
    said = f"fleetstatus: {options[-2]}: nothing in this data says since when 1 device has the "
    assert (said in done.err) == (told is not None)


# Not one device with a status


def without_status(**fields: Any) -> dict[str, Any]:
    """Make a record without a heartbeat, of which only cloudlink is known."""
    one = record(**fields)
    del one["api_heartbeat_state"]
    return one


@pytest.mark.parametrize("command", [("audit",), ("list",), ("explain", "device-0")])
def test_no_status_at_all_is_no_success(command: tuple[str, ...]) -> None:
    source = as_input(*numbered(without_status(), without_status(is_connected_to_vpn=False)))
    options = ("--allow-missing", "all", "--now", NOW)
    for further in ((), ("--fail-on", "Disconnected >= 0"), ("--quiet",)):
        done = invoke(*command, "-", *options, *further, stdin=source)
        assert done.code == 2
        assert "not one of 2 devices has a status" in done.err


def test_what_is_known_of_devices_without_status_is_shown() -> None:
    source = as_input(*numbered(without_status(), without_status(is_connected_to_vpn=False)))
    options = ("-", "--allow-missing", "all", "--now", NOW)
    audit = invoke("audit", *options, stdin=source)
    assert "Not one of 2 devices has a status (cloudlink: 1 up, 1 down)." in audit.out
    header, *rows = invoke("list", *options, stdin=source).out.splitlines()
    column = header.index("CLOUDLINK")
    assert [row[column:].split()[0] for row in rows] == ["up", "down"]


def test_one_status_is_enough() -> None:
    source = as_input(*numbered(record(api_heartbeat_state="sometimes"), record()))
    assert invoke("audit", "-", stdin=source).code == 0


def test_an_empty_selection_is_no_error() -> None:
    for choice in (("--status", "Frozen"), ("--class", "frozen"), ("--attention",)):
        done = invoke("list", "-", *choice, stdin=as_input(record()))
        assert done.code == 0
        assert len(done.out.splitlines()) == 1


# --quiet


@pytest.mark.parametrize("command", ["audit", "list"])
def test_quiet_names_what_matched(command: str) -> None:
    options = ("-", "--quiet", "--now", NOW, "--fail-on", f"{KIOSK}: Disconnected > 0")
    done = invoke(command, *options, stdin=TWO_FLEETS)
    assert (done.code, done.out) == (1, "device-0\n")


@pytest.mark.parametrize("command", ["audit", "list"])
def test_quiet_names_nothing_where_nothing_matched(command: str) -> None:
    done = invoke(command, "-", "--quiet", "--fail-on", "Frozen > 0", stdin=TWO_FLEETS)
    assert (done.code, done.out) == (0, "")


@pytest.mark.parametrize("command", ["audit", "list"])
def test_quiet_names_what_needs_attention(command: str) -> None:
    done = invoke(command, "-", "--quiet", stdin=TWO_OF_FOUR)
    assert (done.code, done.out) == (0, "device-2\ndevice-3\n")
    assert invoke(command, "-", "--quiet", stdin=as_input(record())).out == ""


def test_quiet_names_each_device_once() -> None:
    conditions = ("--fail-on", "Disconnected > 0", "--fail-on", "no-link > 0")
    done = invoke("audit", "-", "--quiet", *conditions, stdin=TWO_OF_FOUR)
    assert done.out == "device-2\ndevice-3\n"


def test_quiet_names_what_is_listed() -> None:
    done = invoke("list", "-", "--quiet", "--status", "Operational", stdin=TWO_OF_FOUR)
    assert done.out == ""


def test_quiet_explains_nothing() -> None:
    for device, expected in (("device-0", "device-0\n"), ("device-1", "")):
        assert invoke("explain", device, "-", "--quiet", stdin=TWO_FLEETS).out == expected


def test_quiet_still_says_elsewhere_what_must_not_be_missed() -> None:
    done = invoke("audit", "-", "--quiet", "--now", "2026-02-01", stdin=as_input(record()))
    assert done.out == ""
    assert "newest event" in done.err


def test_names_are_shown_so_that_they_do_no_harm() -> None:
    source = as_input(disconnected(device_name="evil\x1b[2J\nname"))
    assert invoke("audit", "-", "--quiet", stdin=source).out == "evil\\x1b[2J\\x0aname\n"


def test_all_vocabularies_can_be_named() -> None:
    for scheme in fs.StatusScheme:
        words = [*scheme.labels, *fs.Reason, *fs.UpdateStatus, *fs.Attention]
        conditions = [part for word in words for part in ("--fail-on", f"{word} > 9")]
        options = ("--allow-missing", "all", "--scheme", scheme)
        done = invoke("audit", "-", *options, *conditions, "--format", "json", stdin=TWO_OF_FOUR)
        assert json.loads(done.out)["devices"] == 4
        assert "--fail-on" not in done.err
