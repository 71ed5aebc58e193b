"""`fleetstatus diff`: what it reads, prints, counts, and how it ends."""

from __future__ import annotations

import csv
import io
import json
import os
from typing import TYPE_CHECKING, Any

import pytest

import fleetstatus as fs
from change_rows import HOSTILE, changes, lost, row
from command_line import (
    Done,
    disconnected,
    invoke,
    numbered,
    of_fleet,
    on_terminal,
    record,
    run,
)
from fleetstatus.cli._change_names import is_change_to
from fleetstatus.cli._change_output import tell_of_gaps
from wording import check

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

OLD, NEW = "2026-01-02T00:00:00Z", "2026-01-02T01:00:00Z"
DOWN = {
    "last_vpn_event": "2026-01-02T00:39:00Z",
    "changed_api_heartbeat_state_on__date": "2026-01-02T00:40:00Z",
}
WELL = numbered(*(record() for _ in range(6)))
# One lost its links, one its cloudlink, one has other news, one is gone, one is new.
WORSE = [
    WELL[0],
    {**disconnected(**DOWN), **{name: WELL[1][name] for name in ("uuid", "device_name")}},
    {**WELL[2], "is_connected_to_vpn": False, "last_vpn_event": "2026-01-02T00:10:00Z"},
    {**WELL[3], "device_name": "other-name"},
    {**WELL[4], "update_status": "aborted", "last_update_status_event": "2026-01-02T00:20:00Z"},
    record(uuid="f" * 32, device_name="new-one"),
]


def snapshot(records: Iterable[dict[str, Any]], moment: str | None) -> bytes:
    listed = [{"update_status": "done", **one} for one in records]
    envelope = {"d": listed} | ({} if moment is None else {"fetched_at": moment})
    return json.dumps(envelope).encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "old.json").write_bytes(snapshot(WELL, OLD))
    (tmp_path / "new.json").write_bytes(snapshot(WORSE, NEW))
    return tmp_path


def diff(folder: Path, *options: object, old: str = "old.json", new: str = "new.json") -> Done:
    return invoke("diff", folder / old, folder / new, "--allow-missing", "all", *options)


def text(folder: Path, *options: object) -> list[str]:
    return diff(folder, "--format", "text", *options).out.splitlines()


def test_changes_alone_end_with_0(folder: Path) -> None:
    done = diff(folder, "--format", "text")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        (
            "acme/test, 2026-01-02 00:00 to 01:00 UTC: 6 devices changed: 1 disconnected, 1 "
            "update-failed, 1 reduced, 1 removed, 1 moved or renamed, 1 added"
        ),
        (
            "- device-1: Operational -> Disconnected (heartbeat and cloudlink went down) at 00:40, "
            "after 1 day"
        ),
        "- device-4: update Done -> Aborted at 00:20",
        (
            "- device-2: Operational -> Reduced Functionality (cloudlink went down) at 00:10, after "
            "1 day"
        ),
        "- device-5: removed, was Operational",
        "- other-name: renamed, was device-3",
        "- new-one: added, is Operational",
    ]


def test_the_text_is_that_of_the_package(folder: Path) -> None:
    tables = (fs.classify(folder / name, allow_missing="all") for name in ("old.json", "new.json"))
    assert diff(folder, "--format", "text").out == f"{fs.diff(*tables)}\n"


def test_nothing_changed(folder: Path) -> None:
    done = diff(folder, new="old.json")
    assert (done.code, done.out) == (
        0,
        "acme/test, 2026-01-02 00:00 UTC: nothing changed\n",
    )


@pytest.mark.parametrize("form", ["table", "text", "md", "html"])
def test_a_limit_counts_the_rest(folder: Path, form: str) -> None:
    some = diff(folder, "--format", form, "--limit", "2").out
    assert "device-4" in some
    assert "device-2" not in some
    assert "and 4 more: 1 reduced, 1 removed, 1 moved or renamed, 1 added" in " ".join(some.split())
    assert "more" not in diff(folder, "--format", form, "--limit", "all").out


@pytest.mark.slow
@pytest.mark.parametrize(("form", "usual"), [("table", 50), ("text", 20), ("md", 50), ("html", 50)])
def test_there_is_a_limit_without_one(folder: Path, form: str, usual: int) -> None:
    (folder / "old.json").write_bytes(snapshot(WELL[:1], OLD))
    many = numbered(*(record() for _ in range(3_001)))
    (folder / "new.json").write_bytes(snapshot(many, NEW))
    assert f"and {3_000 - usual:,} more: " in diff(folder, "--format", form).out


@pytest.mark.slow
def test_rows_are_written_as_the_package_writes_them(folder: Path, tmp_path: Path) -> None:
    tables = (fs.classify(folder / name, allow_missing="all") for name in ("old.json", "new.json"))
    changes = fs.diff(*tables)
    for form in ("json", "csv", "ndjson"):
        changes.write(tmp_path / f"written.{form}")
        done = run("diff", folder / "old.json", folder / "new.json", "--format", form)
        assert done.out.encode() == (tmp_path / f"written.{form}").read_bytes()


def test_rows_are_all_written_unless_there_is_a_limit(folder: Path) -> None:
    many = numbered(*(record() for _ in range(5_000)))
    (folder / "new.json").write_bytes(snapshot(many, NEW))
    assert len(json.loads(diff(folder, "--format", "json").out)) == 4_994
    limited = diff(folder, "--format", "csv", "--limit", "2")
    assert len(list(csv.reader(io.StringIO(limited.out)))) == 3
    assert limited.err == "fleetstatus: and 4,992 more changes; --limit all lists them\n"
    all_but_one = diff(folder, "--format", "json", "--limit", "4993")
    assert len(json.loads(all_but_one.out)) == 4_993
    assert all_but_one.err == "fleetstatus: and 1 more change; --limit all lists them\n"
    assert diff(folder, "--format", "json", "--limit", "4994").err == ""


def test_what_is_not_told_goes_to_standard_error_beside_rows(folder: Path) -> None:
    (folder / "new.json").write_bytes(
        snapshot([*WORSE, record(uuid="e" * 32, api_heartbeat_state="sometimes")], NEW)
    )
    told = "1 row was not compared: its status cannot be read"
    assert diff(folder, "--format", "ndjson").err == f"fleetstatus: {told}\n"
    assert diff(folder, "--quiet").err == f"fleetstatus: {told}\n"
    assert text(folder)[1] == f"! {told}"
    assert diff(folder, "--format", "text").err == ""


def test_a_field_that_one_snapshot_lacks_is_named(folder: Path) -> None:
    (folder / "new.json").write_bytes(snapshot([{**WELL[0], "is_frozen": False}, *WELL[1:]], NEW))
    first, note = text(folder)
    assert first.endswith(": nothing changed; is_frozen is only in the newer snapshot")
    assert note == (
        "! is_frozen is only in the newer snapshot, so a change to or from Frozen may be due to that"
    )


def test_on_error_raise_stops(folder: Path) -> None:
    (folder / "new.json").write_bytes(snapshot([record(api_heartbeat_state="sometimes")], NEW))
    assert diff(folder, "--on-error", "raise").code == 2


@pytest.mark.parametrize(
    ("condition", "code", "names"),
    [
        ("Disconnected > 0", 1, ["device-1"]),
        ("disconnected >= 1", 1, ["device-1"]),
        ("disconnected > 1", 0, []),
        ("no-link > 0", 1, ["device-1"]),
        ("Disconnected >= 16%", 1, ["device-1"]),
        ("Disconnected > 17%", 0, []),
        ("Disconnected >= 16.8%", 0, []),
        ("reduced > 0", 1, ["device-2"]),
        ("heartbeat-only > 0", 1, ["device-2"]),
        ("update-failed > 0", 1, ["device-4"]),
        ("Aborted > 0", 1, ["device-4"]),
        ("Rejected > 0", 0, []),
        ("status > 1", 1, ["device-1", "device-2"]),
        ("removed > 0", 1, ["device-5"]),
        ("added > 0", 1, ["new-one"]),
        ("renamed > 0", 1, ["other-name"]),
        ("Operational > 0", 0, []),
        ("both-links > 0", 0, []),
        ("acme/test: removed > 0", 1, ["device-5"]),
        ("test: removed >= 16%", 1, ["device-5"]),
        ("test: removed > 20%", 0, []),
    ],
)
def test_fail_on_counts_changes_to_a_name(
    folder: Path, condition: str, code: int, names: list[str]
) -> None:
    done = diff(folder, "--quiet", "--fail-on", condition)
    assert (done.code, done.out.splitlines()) == (code, names)
    assert ("matched" in done.err) == bool(code)


def test_fail_on_says_what_matched(folder: Path) -> None:
    assert diff(folder, "--fail-on", "status  >1").err == (
        "fleetstatus: --fail-on 'status >1' matched: 2 changes among 6 devices (33.3%)\n"
    )


def test_a_device_that_had_the_status_before_does_not_count(folder: Path) -> None:
    (folder / "old.json").write_bytes(snapshot(WORSE, OLD))
    assert diff(folder, "--fail-on", "Disconnected > 0", "--fail-on", "no-link > 0").code == 0


@pytest.mark.parametrize("kind", ["status", "flapping", "settled"])
def test_whatever_tells_a_status_counts_as_a_change_to_it(kind: str) -> None:
    (told,) = changes([lost(1, kind=kind)]).to_dicts()
    assert is_change_to("status", "Disconnected", told)
    assert is_change_to("reason", "no-link", told)
    assert not is_change_to("status", "Operational", told)
    (still,) = changes([lost(1, kind=kind, before="Disconnected", reason_before="no-link")])
    assert not is_change_to("status", "Disconnected", still)
    assert not is_change_to("reason", "no-link", still)


def test_a_reason_may_change_below_one_status() -> None:
    reasons = {"reason_before": "cloudlink-only", "reason": "heartbeat-only"}
    (told,) = changes([row("reason", 1, **reasons)]).to_dicts()
    assert is_change_to("reason", "heartbeat-only", told)
    assert not is_change_to("attention", "reduced", told)
    assert not is_change_to("status", "Reduced Functionality", told)


def test_warnings_beside_rows_do_no_harm(capsys: pytest.CaptureFixture[str]) -> None:
    tell_of_gaps(changes([lost(1)], notes=("\x1b[2J is in the data",)))
    assert capsys.readouterr().err == "fleetstatus: \\x1b[2J is in the data\n"


def test_several_conditions_name_their_devices_once(folder: Path) -> None:
    done = diff(folder, "--quiet", "--fail-on", "no-link > 0", "--fail-on", "status > 0")
    assert (done.code, done.out) == (1, "device-1\ndevice-2\n")


def test_quiet_names_what_changed_for_the_worse(folder: Path) -> None:
    done = diff(folder, "--quiet")
    assert (done.code, done.out, done.err) == (0, "device-1\ndevice-2\ndevice-4\n", "")


@pytest.mark.parametrize(
    "condition",
    [
        "bogus > 0",
        "Disconnected",
        "> 3",
        "Disconnected for 2h > 0",
        "outage > 0",
        "outage-over > 0",
        "returned > 0",
        "flapping > 0",
        "settled > 0",
        "unknown > 0",
        "update-stuck > 0",
        "offline > 0",
        "nowhere: Disconnected > 0",
    ],
)
def test_conditions_that_cannot_be_are_wrong_usage(folder: Path, condition: str) -> None:
    done = diff(folder, "--fail-on", condition)
    assert (done.code, done.out) == (2, "")
    assert "Error: " in done.err


def test_a_name_of_the_scheme_alone_counts(folder: Path) -> None:
    assert diff(folder, "--scheme", "api-v6", "--fail-on", "offline > 0").code == 1


def test_incomplete_removes_nobody(folder: Path) -> None:
    assert not any("removed" in line for line in text(folder, "--incomplete"))
    done = diff(folder, "--incomplete", "--fail-on", "removed > 0")
    assert (done.code, done.out) == (2, "")


def test_links_without_times_cannot_have_come_back(folder: Path) -> None:
    times = ["changed_api_heartbeat_state_on__date", "last_vpn_event", "last_connectivity_event"]
    without = [{name: one[name] for name in one if name not in times} for one in WELL]
    (folder / "old.json").write_bytes(snapshot(without, OLD))
    done = diff(folder, "--fail-on", "relinked > 0")
    assert done.code == 2
    assert "'relinked > 0' cannot be judged: no time of a link is in the data\n" in done.err
    with_one = [{**one, times[2]: "2026-01-01T00:00:00Z"} for one in without]
    (folder / "old.json").write_bytes(snapshot(with_one, OLD))
    assert diff(folder, "--fail-on", "relinked > 0").code == 0


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"uuid": 5}, 2),
        ({"uuid": None}, 1),
        ({"uuid": "e" * 32, "api_heartbeat_state": "sometimes"}, 1),
    ],
)
def test_a_record_that_may_be_of_any_device_hides_removals(
    folder: Path, fields: dict[str, Any], code: int
) -> None:
    (folder / "new.json").write_bytes(snapshot([*WELL[1:], record(**fields)], NEW))
    done = diff(folder, "--fail-on", "removed > 0")
    assert done.code == code
    hidden = "a record that could not be read has no uuid, and may be of any device"
    assert (hidden in done.err) == (code == 2)


@pytest.mark.parametrize(
    ("condition", "field"),
    [
        ("Disconnected > 0", "api_heartbeat_state"),
        ("no-link > 0", "api_heartbeat_state"),
        ("reduced > 0", "api_heartbeat_state"),
        ("Aborted > 0", "update_status"),
        ("update-failed > 0", "update_status"),
        ("update > 0", "update_status"),
        ("restarted > 0", "last_update_status_event"),
        ("renamed > 0", "device_name"),
        ("moved > 0", "belongs_to__application"),
        ("release > 0", "is_running__release"),
    ],
)
@pytest.mark.parametrize("lacking", ["old.json", "new.json"])
def test_what_a_snapshot_lacks_cannot_be_judged(
    folder: Path, condition: str, field: str, lacking: str
) -> None:
    full: dict[str, Any] = {"last_update_status_event": None, "is_running__release": []}
    for name, moment in (("old.json", OLD), ("new.json", NEW)):
        records = [{**full, "update_status": "done", **one} for one in WELL]
        if name == lacking:
            records = [{key: one[key] for key in one if key != field} for one in records]
            (folder / name).write_bytes(json.dumps({"d": records, "fetched_at": moment}).encode())
        else:
            (folder / name).write_bytes(snapshot(records, moment))
    if field == "api_heartbeat_state":  # so that some device has a status
        records = json.loads((folder / lacking).read_bytes())
        records["d"][0]["is_active"] = False
        (folder / lacking).write_bytes(json.dumps(records).encode())
    done = diff(folder, "--fail-on", condition)
    assert done.code == 2
    assert f"--fail-on {condition!r} cannot be judged: {field} is not in the data" in done.err


def test_removals_cannot_be_judged_beside_records_that_may_be_of_any_device(folder: Path) -> None:
    lost = record(api_heartbeat_state="sometimes")
    del lost["uuid"]
    (folder / "new.json").write_bytes(snapshot([*WORSE, lost], NEW))
    done = diff(folder, "--fail-on", "removed > 0")
    assert done.code == 2
    assert "cannot be judged: a record that could not be read has no uuid" in done.err


def test_fleets_are_chosen_by_slug_or_app(folder: Path) -> None:
    quay = [{**one, **of_fleet("acme/quay")} for one in WORSE]
    (folder / "old.json").write_bytes(snapshot([*WELL, quay[5]], OLD))
    (folder / "new.json").write_bytes(snapshot([*WORSE[:3], *quay[3:5]], NEW))
    assert sum("removed" in line for line in text(folder)) == 3
    quay_alone = text(folder, "--fleet", "quay")
    assert quay_alone == text(folder, "--fleet", "acme/quay")
    assert not any("device-1" in line for line in quay_alone)
    assert any(line.startswith("- new-one (acme/quay): removed") for line in quay_alone)
    assert diff(folder, "--fleet", "quay", "--fail-on", "Disconnected > 0").code == 0
    left_out = diff(folder, "--fleet", "quay", "--fail-on", "acme/test: Disconnected > 0")
    assert left_out.code == 2
    assert "about a fleet that --fleet leaves out" in left_out.err
    assert diff(folder, "--fleet", "nowhere").code == 2


def test_pages_in_a_folder_and_standard_input_are_snapshots_too(folder: Path) -> None:
    pages = folder / "pages"
    pages.mkdir()
    (pages / "1.json").write_bytes(snapshot(WELL[:3], OLD))
    (pages / "2.json").write_bytes(snapshot(WELL[3:], OLD))
    usual = diff(folder, "--format", "text").out
    assert diff(folder, "--format", "text", old="pages").out == usual
    assert diff(folder, "--format", "text", old="pages/*.json").out == usual
    piped = invoke(
        *("diff", folder / "old.json", "-", "--allow-missing", "all", "--format", "text"),
        stdin=(folder / "new.json").read_bytes(),
    )
    assert piped.out == usual


def test_a_folder_of_snapshots_is_refused(folder: Path) -> None:
    done = invoke("diff", folder, folder / "new.json", "--allow-missing", "all")
    assert done.code == 2
    assert "these are snapshots: name one" in done.err
    assert done.err.endswith(", or use diff or track --each\n")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-", "-"), "standard input can be read only once"),
        (("old.json", "nowhere.json"), "nowhere.json: no such file"),
        (("old.json", "empty.json"), "empty.json: no devices"),
        (("empty.json", "new.json"), "empty.json: no devices"),
        (("new.json", "old.json"), "Give the older one first."),
        (("old.json", "same.json"), "both snapshots are of 2026-01-02T00:00:00Z"),
        (("old.json", "page.html"), "page.html: "),
        (("old.json", "dark.json"), "dark.json: not one of its devices has a status"),
        (("old.json",), "Missing argument 'NEW'"),
        (("old.json", "new.json", "new.json"), "unexpected extra argument"),
    ],
)
def test_what_cannot_be_compared_ends_with_2(
    folder: Path, arguments: tuple[str, ...], said: str
) -> None:
    (folder / "empty.json").write_bytes(b'{"d": []}')
    (folder / "same.json").write_bytes(snapshot(WORSE, OLD))
    (folder / "page.html").write_bytes(b"<!doctype html><title>502 Bad Gateway</title>")
    dark = [{"uuid": "1" * 32, "device_name": "dark"}]
    (folder / "dark.json").write_bytes(json.dumps({"d": dark, "fetched_at": NEW}).encode())
    done = run("diff", *arguments, "--allow-missing", "all", cwd=folder)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_moments_are_chosen_for_files_with_wrong_times(folder: Path) -> None:
    for name, records, written in (("old.json", WELL, 0), ("new.json", WORSE, 3_600)):
        (folder / name).write_bytes(snapshot(records, None))
        os.utime(folder / name, (1_780_000_000 + written,) * 2)
    by_file = diff(folder)
    assert by_file.code == 0
    assert by_file.err.count("--now newest takes the newest event") == 2
    piped = invoke(
        *("diff", folder / "old.json", "-", "--allow-missing", "all"),
        stdin=(folder / "new.json").read_bytes(),
    )
    assert "standard input: The newest event is" in piped.err
    by_event = diff(folder, "--format", "text", "--now", "newest")
    assert by_event.out.startswith("acme/test, 2026-01-01 00:00 to 2026-01-02 00:40 UTC: ")
    assert by_event.err == ""


@pytest.mark.slow
@pytest.mark.parametrize("width", [40, 60, 120])
def test_a_terminal_has_lines_that_fit(folder: Path, width: int) -> None:
    records = [{**WORSE[1], "device_name": HOSTILE}, *WORSE[2:]]
    (folder / "new.json").write_bytes(snapshot(records, NEW))
    done = on_terminal(
        *("diff", folder / "old.json", folder / "new.json", "--allow-missing", "all"),
        columns=width,
    )
    assert done.code == 0
    plain = fs_escapes_removed(done.out)
    assert all(len(line) <= width for line in plain.split("\n"))
    assert r"\x1b[2J\u202e" in "".join(plain.split())
    assert all(line.isprintable() for line in plain.split("\n"))


def fs_escapes_removed(printed: str) -> str:
    """Take away the colours that the program itself has set."""
    parts = printed.split("\x1b[")
    return parts[0] + "".join(part.partition("m")[2] for part in parts[1:])


@pytest.mark.slow
def test_a_terminal_shows_rows_visibly(folder: Path) -> None:
    (folder / "new.json").write_bytes(snapshot([{**WELL[0], "device_name": HOSTILE}], NEW))
    for form in ("csv", "json", "ndjson"):
        done = on_terminal(
            *("diff", folder / "old.json", folder / "new.json", "--format", form),
            *("--allow-missing", "all", "--incomplete"),
        )
        assert "\u202e" not in done.out
        assert "kiosk" in done.out
        lines = {"csv": 2, "json": 3, "ndjson": 1}[form]
        assert len(done.out.rstrip("\n").split("\n")) == lines


@pytest.mark.slow
def test_a_headline_is_red_where_something_got_worse(folder: Path) -> None:
    arguments = (folder / "old.json", folder / "new.json", "--allow-missing", "all")
    assert on_terminal("diff", *arguments).out.startswith("\x1b[1;31m")
    (folder / "new.json").write_bytes(snapshot([*WELL, WORSE[5]], NEW))
    assert on_terminal("diff", *arguments).out.startswith("\x1b[1macme/test")


def test_titles_count_all_devices_whatever_the_limit(folder: Path) -> None:
    many = numbered(*(record() for _ in range(3_006)))
    (folder / "new.json").write_bytes(snapshot(many, NEW))
    assert "\n\n█ added: 3,000\n  device-6: " in diff(folder, "--limit", "1").out


def test_wrong_usage_is_what_it_was(folder: Path) -> None:
    conditions = ["bogus > 0", "Disconected > 0", "offline > 0", "Frozen for 2h > 0", "Frozen"]
    conditions += ["outage > 0", "nowhere: Frozen > 0", "\x1b[2J > 0", "unknown > 0"]
    check("diff_usage.txt", (diff(folder, "--fail-on", one).err for one in conditions))


def test_groups_have_titles_in_a_terminal(folder: Path) -> None:
    done = diff(folder, "--limit", "2")
    titles = [line for line in done.out.split("\n") if line.startswith("█")]
    assert titles == ["█ disconnected: 1", "█ update-failed: 1"]
    assert done.out.endswith("1 added; --limit all lists\nthem\n")
