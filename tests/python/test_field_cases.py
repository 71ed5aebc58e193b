"""Files that people hold, rewritten small: what becomes of each.

The files in tests/data/field are read by their content; most end in .txt, because the cases of
the rules are those in .json.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import fleetstatus as fs

FIELD = Path(__file__).parent.parent / "data" / "field"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ALL = {"allow_missing": "all", "on_error": "keep"}
FEW_LINES = 6


class Wrong(NamedTuple):
    """A file that is refused, whatever is allowed."""

    file: str
    type: type[Exception]
    words: str
    advice: str


WRONG = [
    Wrong("supervisor_device.txt", fs.NotDevicesError, "the supervisor's own state", "curl"),
    Wrong("cli_fleet_list.txt", fs.NotDevicesError, "a list of fleets", "curl"),
    Wrong("api_error.txt", fs.NotDevicesError, "an error answer of the API", "token"),
    Wrong("unauthorized.txt", fs.NotDevicesError, "'Unauthorized'", "balena login"),
    Wrong("console_log.txt", fs.JSONError, "what console.log prints", "JSON.stringify"),
    Wrong("debug_lines_first.txt", fs.JSONError, "before the JSON", "delete the lines"),
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.file)
@pytest.mark.parametrize("options", [{}, ALL], ids=["usual", "all allowed"])
def test_what_holds_no_devices_is_refused_in_two_lines(
    wrong: Wrong, options: dict[str, Any]
) -> None:
    with pytest.raises(wrong.type) as raised:
        fs.classify(FIELD / wrong.file, now=NOW, **options)
    first, advice = str(raised.value).split("\n")
    assert first.startswith(f"{FIELD / wrong.file}: ")
    assert wrong.words in first
    assert wrong.advice in advice


class Partial(NamedTuple):
    """A file that lacks needed fields."""

    file: str
    missing: str
    words: str
    advice: str


PARTIAL = [
    Partial("cli_device_list.txt", "api_heartbeat_state", "balena device list --json", "curl"),
    Partial("resin_2018.txt", "api_heartbeat_state", "older than 2020", "library-2020"),
    Partial("resin_2016.txt", "api_heartbeat_state", "older than 2020", "library-2020"),
    Partial("fleet_with_partial_devices.txt", "api_heartbeat_state", "$select", "curl"),
    Partial("dashboard_select.txt", "image_install", "$select", "curl"),
    Partial("psql.csv", "image_install", "", "curl"),
]


@pytest.mark.parametrize("partial", PARTIAL, ids=lambda partial: partial.file)
def test_what_lacks_fields_says_what_it_is(partial: Partial) -> None:
    with pytest.raises(fs.MissingFieldsError) as raised:
        fs.classify(FIELD / partial.file, now=NOW)
    assert partial.missing in raised.value.fields
    assert raised.value.index == 0
    lines = str(raised.value).split("\n")
    assert partial.words in "\n".join(lines[:2])
    assert partial.advice in str(raised.value)
    assert "http" not in lines[0]


def columns(file: str, *names: str, **options: Any) -> list[tuple[Any, ...]]:
    """Give some columns of a file's table, row by row."""
    table = fs.classify(FIELD / file, **{"now": NOW, **options})
    return list(zip(*(table[name].to_list() for name in names), strict=True))


def test_the_list_of_balena_cli_holds_links_and_fleets_but_no_status() -> None:
    names = ("fleet", "cloudlink", "status", "reason")
    assert columns("cli_device_list.txt", *names, **ALL) == [
        ("acme/pumps", True, None, "unknown"),
        (None, False, None, "unknown"),
    ]


def test_an_overwritten_status_is_unreadable_where_it_decides() -> None:
    file = "cli_device_status_overwritten.txt"
    with pytest.raises(fs.RecordError, match=r"balena device UUID --json") as raised:
        fs.classify(FIELD / file, now=NOW, allow_missing="all")
    assert raised.value.field == "status"
    (row,) = columns(file, "status", "attention", "api_overall_status", **ALL)
    assert row == (None, "unreadable", "updating")


def test_old_dumps_have_names_and_times() -> None:
    (row,) = columns("resin_2018.txt", "device_name", "fleet", "cloudlink_since", **ALL)
    assert row == ("A2", "3", datetime(2017, 5, 16, 20, 24, 19, 678_000, UTC))
    (row,) = columns("resin_2016.txt", "device_name", "fleet", "cloudlink_since", **ALL)
    assert row == ("one", "weather", datetime(2016, 1, 6, 14, 10, 49, tzinfo=UTC))


def test_old_dumps_are_read_in_the_scheme_of_their_time() -> None:
    options = {"scheme": "library-2020", "allow_missing": ["current_services", "is_active"]}
    assert columns("resin_2018.txt", "status", **options) == [("offline",)]


def test_devices_inside_of_a_fleet_are_records() -> None:
    names = ("device_name", "fleet", "cloudlink_expected", "status")
    assert columns("fleet_with_devices.txt", *names) == [
        ("spring-morning", "acme/weather", False, "Operational"),
        ("nameless-echo", "acme/weather", False, "Disconnected"),
    ]


def test_times_without_a_zone_say_what_to_pass() -> None:
    file = "openbalena_without_zones.txt"
    with pytest.raises(fs.RecordError, match="assume_utc=True"):
        fs.classify(FIELD / file, now=NOW)
    since = datetime(2026, 11, 20, 9, 58, 12, tzinfo=UTC)
    assert columns(file, "status", "status_since", assume_utc=True) == [
        ("Operational", since),
        ("Disconnected", since),
    ]


def test_csv_of_the_database_is_read_as_it_stands() -> None:
    names = ("uuid", "fleet", "cloudlink", "status")
    assert columns("psql.csv", *names, allow_missing="image_install") == [
        ("12345678901234567890123456789012", "4", True, "Operational"),
        ("07333071111111111111111111111111", "4", False, "Disconnected"),
    ]


def test_a_file_without_anything_has_no_rows() -> None:
    assert columns("empty.txt", "status") == []


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
def test_files_of_powershell_are_decoded(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "fleet.json"
    path.write_bytes((FIELD / "uuids_of_digits.txt").read_text(encoding="utf-8").encode(encoding))
    expected = fs.classify(FIELD / "uuids_of_digits.txt", now=NOW).to_dicts()
    assert fs.classify(path, now=NOW).to_dicts() == expected
    (table,) = fs.scan(path, now=NOW)
    assert table.to_dicts() == expected


# What was right and stays so.


def test_a_uuid_of_digits_is_text() -> None:
    assert columns("uuids_of_digits.txt", "uuid") == [
        ("07333074444444444444444444444444",),
        ("97934417979344179793441797934417",),
    ]


def test_a_download_without_progress_is_none() -> None:
    names = ("status", "progress")
    assert columns("downloading_without_progress.txt", *names) == [("Operational", None)]


def test_stale_links_are_reduced_functionality() -> None:
    assert columns("stale_links.txt", "reason", "attention") == [
        ("cloudlink-only", "reduced"),
        ("heartbeat-only", "reduced"),
    ]


def test_provisioning_shows_how_far_it_is() -> None:
    assert columns("provisioning.txt", "status", "detail", "progress") == [
        ("Configuring", "Flashing balenaOS on internal media", 48),
        ("Post Provisioning", None, 100),
        ("Configuring", None, None),
    ]


def test_pages_that_overlap_keep_each_row() -> None:
    table = fs.classify(FIELD / "pages_that_overlap.txt", now=NOW)
    assert table["uuid"].to_list() == ["c1", "c2", "c2", "c3"]
    assert table.duplicates()["uuid"].to_list() == ["c2", "c2"]


def test_a_word_of_another_scheme_is_no_disagreement() -> None:
    table = fs.classify(FIELD / "word_of_another_scheme.txt", now=NOW)
    assert table["status"].to_list() == ["Operational"]
    assert len(table.disagreements()) == 0


def test_cloudlink_is_off_by_two_names_alone() -> None:
    assert columns("cloudlink_off.txt", "reason") == [
        ("cloudlink-disabled",),
        ("cloudlink-disabled",),
        ("heartbeat-only",),
    ]


# What was wrong.


def test_the_api_disagrees_with_a_partial_select() -> None:
    table = fs.classify(FIELD / "dashboard_select.txt", now=NOW, allow_missing="all")
    assert table["api_overall_status"].to_list() == ["configuring"]
    assert len(table.disagreements()) == 1


def test_nothing_lasts_since_1970() -> None:
    names = ("status", "status_duration_s", "cloudlink_since", "attention")
    assert columns("never_is_1970.txt", *names) == [("Disconnected", None, None, "disconnected")]


def test_a_supervisor_too_old_for_an_update_status_says_so() -> None:
    names = ("status", "progress", "update_status", "update_status_support")
    assert columns("stuck_old_supervisor.txt", *names) == [("Updating", 0, None, "no")]


def test_failed_os_updates_need_attention() -> None:
    assert columns("os_updates_failed.txt", "detail", "attention") == [
        ("OS update failed", "update-failed"),
        ("Running OS update", None),
        ("ResinOS: Update failed.", "update-failed"),
    ]


def test_every_file_is_tried() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [path.name for path in FIELD.iterdir() if path.name not in text] == []
