"""`fleetstatus track`: looks, what they tell, what is remembered, and how it ends."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

import fleetstatus as fs
from command_line import Done, disconnected, invoke, numbered, of_fleet, record, run

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

WELL = numbered(*(record() for _ in range(6)))


def at(minutes: int) -> str:
    return f"2026-01-02T{minutes // 60:02}:{minutes % 60:02}:00Z"


def down(number: int, minutes: int) -> dict[str, Any]:
    """Make a record of a device of `WELL` that lost both links at a time."""
    names = {
        name: WELL[number][name] for name in ("uuid", "device_name", "belongs_to__application")
    }
    times = {"last_vpn_event": at(minutes), "changed_api_heartbeat_state_on__date": at(minutes)}
    return {**disconnected(**times), **names}


def write(path: Path, records: Iterable[dict[str, Any]], minutes: int) -> None:
    path.write_text(json.dumps({"d": list(records), "fetched_at": at(minutes)}))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make three looks, the later ones with names that come first."""
    looks = tmp_path / "looks"
    looks.mkdir()
    write(looks / "c.json", WELL, 0)
    write(looks / "b.json", [*WELL[:5], down(5, 4)], 5)
    write(looks / "a.json", [*WELL[:4], down(4, 9), down(5, 4)], 10)
    return tmp_path


def track(folder: Path, *arguments: object, state: str = "fleet.db") -> Done:
    return invoke("track", "--state", folder / state, "--allow-missing", "all", *arguments)


def test_the_first_look_tells_nothing(folder: Path) -> None:
    done = track(folder, folder / "looks" / "c.json")
    assert (done.code, done.out) == (0, "")
    assert done.err == (
        "fleetstatus: first look, at 6 devices: changes are reported from the next one on\n"
    )


def test_each_look_tells_what_changed_since_the_last(folder: Path) -> None:
    track(folder, folder / "looks" / "c.json")
    done = track(folder, folder / "looks" / "b.json", "--format", "text", "--hold", "0s")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        "acme/test, 2026-01-02 00:00 to 00:05 UTC: 1 device changed: 1 disconnected",
        (
            "- device-5: Operational -> Disconnected (heartbeat and cloudlink went down) at 00:04, "
            "after 1 day"
        ),
    ]
    again = track(folder, folder / "looks" / "b.json", "--format", "text")
    assert again.out == "acme/test, 2026-01-02 00:05 UTC: nothing changed\n"


def test_a_status_is_told_once_it_has_lasted(folder: Path) -> None:
    looks = folder / "looks"
    track(folder, looks / "c.json")
    held = track(folder, looks / "b.json", "--hold", "2min", "--format", "text")
    assert held.out.endswith("nothing changed\n")
    told = track(folder, looks / "a.json", "--hold", "2min", "--format", "text")
    assert "- device-5: Operational -> Disconnected" in told.out
    assert "between" not in told.out  # at 00:04, before the last look
    assert "at 00:04" in told.out


def test_each_file_is_a_look_in_the_order_of_moments(folder: Path) -> None:
    done = track(folder, folder / "looks", "--each", "--hold", "0s", "--format", "text")
    assert done.code == 0
    first, second = done.out.split("\n\n")
    assert first.startswith("acme/test, 2026-01-02 00:00 to 00:05 UTC: 1 device changed")
    assert second.startswith("acme/test, 2026-01-02 00:05 to 00:10 UTC: 1 device changed")
    assert done.err.count("first look") == 1


def test_looks_that_are_remembered_are_left_out(folder: Path) -> None:
    looks = folder / "looks"
    track(folder, looks / "c.json")
    track(folder, looks / "b.json", "--hold", "0s")
    for form in ("text", "json"):
        again = track(folder, looks, "--each", "--hold", "0s", "--format", form)
        if form == "text":
            assert again.out.startswith("acme/test, 2026-01-02 00:05 to 00:10 UTC: 1 device")
            assert again.err == "fleetstatus: left out 1 of 3 files, older than the last look\n"
        else:
            assert json.loads(again.out) == []
            assert "left out 2 of 3 files" in again.err
    assert track(folder, looks, "--each").out == "nothing changed in 1 look\n"


@pytest.mark.parametrize("form", ["json", "csv", "ndjson", "md", "html"])
def test_rows_and_pages_hold_the_changes_of_all_looks(folder: Path, form: str) -> None:
    done = track(folder, folder / "looks", "--each", "--hold", "0s", "--format", form)
    assert done.out.count("device-4") == done.out.count("device-5") > 0
    if form == "json":
        assert [row["device_name"] for row in json.loads(done.out)] == ["device-5", "device-4"]
    if form == "csv":
        assert done.out.count("uuid,device_name") == 1


def test_all_files_together_are_one_look(folder: Path) -> None:
    pages = folder / "pages"
    pages.mkdir()
    write(pages / "1.json", WELL[:3], 0)
    write(pages / "2.json", WELL[3:], 0)
    track(folder, pages)
    with fs.Tracker(folder / "fleet.db") as tracker:
        assert len(tracker.devices) == 6
        assert tracker.counters()["looks"] == 1


def test_snapshots_are_no_pages(folder: Path) -> None:
    done = track(folder, folder / "looks")
    assert done.code == 2
    assert done.err.endswith("or use diff or track --each\n")


def test_fail_on_counts_over_all_looks(folder: Path) -> None:
    arguments = ("--each", "--hold", "0s", "--fail-on")
    assert track(folder, folder / "looks", *arguments, "Disconnected > 1", state="1.db").code == 0
    one = track(folder, folder / "looks", *arguments, "Disconnected > 0", state="2.db")
    assert one.code == 1
    assert one.err.count("matched: 1 change among 6 devices (16.7%)") == 2
    names = track(folder, folder / "looks", *arguments, "no-link > 0", "--quiet", state="3.db")
    assert (names.code, names.out) == (1, "device-5\ndevice-4\n")


def test_kinds_that_only_a_tracker_tells_may_be_counted(folder: Path) -> None:
    looks = folder / "looks"
    write(looks / "a.json", [*WELL[:2], *(down(number, 4) for number in range(2, 6))], 5)
    (looks / "b.json").unlink()
    done = track(folder, looks, "--each", "--hold", "0s", "--fail-on", "outage > 0", "--quiet")
    assert done.code == 1
    assert done.out.splitlines() == [f"device-{number}" for number in range(2, 6)]
    text = track(folder, looks, "--each", "--hold", "0s", "--format", "text", state="2.db")
    assert text.out.splitlines()[1:] == [
        "- acme/test: outage, 4 of 6 devices lost their links (4 disconnected)"
    ]


def test_a_snapshot_that_lost_devices_is_refused_and_changes_nothing(folder: Path) -> None:
    looks = folder / "looks"
    track(folder, looks / "c.json")
    write(looks / "few.json", WELL[:2], 5)
    refused = track(folder, looks / "few.json")
    assert (refused.code, refused.out) == (2, "")
    assert "few.json: this snapshot lacks 4 of 6 known devices" in refused.err
    assert "pass --max-removed 1.0" in refused.err
    assert "--incomplete or --fleet" in refused.err
    assert "max_removed" not in refused.err
    told = track(folder, looks / "few.json", "--incomplete", "--format", "text")
    assert (told.code, told.out) == (
        0,
        "acme/test, 2026-01-02 00:00 to 00:05 UTC: nothing changed\n",
    )
    write(looks / "few.json", WELL[:2], 6)
    gone = track(folder, looks / "few.json", "--max-removed", "100%", "--format", "text")
    assert gone.code == 0
    assert "4 removed" in gone.out


def test_a_look_that_is_refused_stops_no_other(folder: Path) -> None:
    looks = folder / "looks"
    write(looks / "few.json", WELL[:2], 7)
    done = track(folder, looks, "--each", "--hold", "0s", "--format", "text")
    assert done.code == 2
    assert done.err.count("few.json: this snapshot lacks 4 of 6 known devices") == 1
    assert done.out.count("1 device changed: 1 disconnected") == 2
    again = track(folder, looks, "--each")  # what was refused is older than the last look now
    assert (again.code, again.out) == (0, "nothing changed in 1 look\n")


def test_a_page_names_the_state_in_its_title(folder: Path) -> None:
    track(folder, folder / "looks" / "c.json")
    page = track(folder, folder / "looks" / "b.json", "--format", "html", "--hold", "0s").out
    assert f"<title>What changed, as {folder / 'fleet.db'} tells</title>" in page
    assert page.count(f"What changed, as {folder / 'fleet.db'} tells") == 2


@pytest.mark.parametrize("share", ["20", "-1%", "x", "101%", "nan"])
def test_what_is_no_share_is_wrong_usage(folder: Path, share: str) -> None:
    done = track(folder, folder / "looks" / "c.json", "--max-removed", share)
    assert done.code == 2
    assert f"'{share}' is no share; write 20% or 0.2, or 100% to accept all\n" in done.err
    assert not (folder / "fleet.db").exists()


def test_fleets_are_looked_at_alone(folder: Path) -> None:
    looks = folder / "looks"
    quay = [{**one, **of_fleet("acme/quay")} for one in WELL[3:]]
    write(looks / "c.json", [*WELL[:3], *quay], 0)
    track(folder, looks / "c.json")
    write(looks / "b.json", [*WELL[:2], *quay[:2]], 5)
    done = track(folder, looks / "b.json", "--fleet", "quay", "--format", "text")
    assert [line.split(":")[0] for line in done.out.splitlines()[1:]] == ["- device-5 (acme/quay)"]
    assert track(folder, looks / "b.json", "--fleet", "nowhere").code == 2


def test_an_older_look_is_refused(folder: Path) -> None:
    track(folder, folder / "looks" / "b.json")
    done = track(folder, folder / "looks" / "c.json")
    assert done.code == 2
    assert "c.json: this look is of 2026-01-02T00:00:00Z, but the last one" in done.err


def test_a_look_that_nobody_reads_is_told_again(folder: Path) -> None:
    looks = folder / "looks"
    track(folder, looks / "c.json")
    read_end, write_end = os.pipe()
    os.close(read_end)
    arguments = ("--state", folder / "fleet.db", looks / "b.json", "--allow-missing", "all")
    ended = subprocess.run(
        [sys.executable, "-m", "fleetstatus", "track", *map(str, arguments), "--hold", "0s"],
        stdout=write_end,
        stderr=subprocess.PIPE,
        check=False,
        timeout=60,
    )
    os.close(write_end)
    assert (ended.returncode, ended.stderr) == (141, b"")
    told = track(folder, looks / "b.json", "--hold", "0s", "--format", "text")
    assert "- device-5: Operational -> Disconnected" in told.out


def test_wrong_usage_makes_no_file(folder: Path) -> None:
    look = folder / "looks" / "c.json"
    for arguments in (
        ("--fail-on", "bogus > 1"),
        ("--fail-on", "offline > 1"),
        ("--fail-on", "removed > 0", "--incomplete"),
        ("--hold", "soon"),
        ("--gap", "0s"),
        ("--scheme", "none"),
        ("--limit", "-1"),
    ):
        assert track(folder, look, *arguments).code == 2
        assert not (folder / "fleet.db").exists(), arguments
    assert track(folder, folder / "nowhere.json").code == 2
    assert invoke("track", look).code == 2
    assert invoke("track", "--state", ":memory:", look).code == 2
    assert track(folder, "-", "--each").code == 2
    assert not (folder / "fleet.db").exists()


@pytest.mark.slow
def test_files_that_are_no_trackers_are_left_alone(folder: Path) -> None:
    (folder / "notes.txt").write_text("not a database, but longer than a header of one" * 10)
    with closing(sqlite3.connect(folder / "other.db")) as other:
        other.execute("CREATE TABLE looks(x)")
        other.commit()
    for name in ("notes.txt", "other.db"):
        before = (folder / name).read_bytes()
        done = run(
            *("track", "--state", folder / name, folder / "looks" / "c.json"),
            *("--allow-missing", "all"),
        )
        assert (done.code, done.out) == (2, "")
        assert name in done.err
        assert (folder / name).read_bytes() == before


def test_a_folder_or_a_missing_place_is_no_state(folder: Path) -> None:
    for state in ("looks", "nowhere/fleet.db"):
        done = track(folder, folder / "looks" / "c.json", state=state)
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith("fleetstatus: ")


def test_a_file_keeps_its_scheme(folder: Path) -> None:
    looks = folder / "looks"
    track(folder, looks / "c.json", "--scheme", "api-v6")
    other = track(folder, looks / "b.json", "--scheme", "api-v7")
    assert other.code == 2
    assert "made with the scheme api-v6" in other.err
    kept = track(folder, looks / "b.json", "--hold", "0s", "--fail-on", "offline > 0")
    assert kept.code == 1


def test_a_look_without_one_status_is_refused(folder: Path) -> None:
    write(folder / "dark.json", [{"uuid": "1" * 32, "device_name": "dark"}], 5)
    done = track(folder, folder / "dark.json")
    assert done.code == 2
    assert "not one of its devices has a status" in done.err


def test_standard_input_is_a_look(folder: Path) -> None:
    stdin = (folder / "looks" / "c.json").read_bytes()
    done = invoke(
        "track", "--state", folder / "fleet.db", "-", "--allow-missing", "all", stdin=stdin
    )
    assert done.code == 0
    with fs.Tracker(folder / "fleet.db") as tracker:
        assert len(tracker.devices) == 6
