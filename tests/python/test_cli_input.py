"""What the command line reads: files, folders, patterns, moments; and what it says of bad input."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import fleetstatus as fs
from command_line import (
    NOW,
    SAMPLE,
    as_input,
    disconnected,
    invoke,
    numbered,
    record,
    run,
)
from examples import as_json
from fleetstatus.cli._errors import in_options
from fleetstatus.cli._moment import to_now
from fleetstatus.cli._paths import files_of
from wrong_files import ANSWERS, NO_DEVICES, NO_JSON, truncated


def devices_of(*arguments: object, stdin: bytes = b"") -> int:
    done = invoke("audit", *arguments, "--format", "json", stdin=stdin)
    assert done.code == 0, done.err
    counted: int = json.loads(done.out)["devices"]
    return counted


def now_of(*arguments: object, stdin: bytes = b"") -> tuple[str, str]:
    done = invoke("audit", *arguments, "--format", "json", stdin=stdin)
    assert done.code == 0, done.err
    audit = json.loads(done.out)
    return audit["now"], audit["now_source"]


# Files


def test_input_may_be_json_lines_or_compressed(tmp_path: Path) -> None:
    one, two, three = numbered(record(), disconnected(), record())
    lines = tmp_path / "fleet.ndjson"
    lines.write_text(f"{json.dumps(one)}\n{json.dumps(two)}\n", encoding="utf-8")
    packed = tmp_path / "fleet.json.gz"
    packed.write_bytes(gzip.compress(as_input(three)))
    assert devices_of(lines, packed) == 3
    assert devices_of(lines, "-", stdin=packed.read_bytes()) == 3


def test_an_empty_file_among_others_is_refused(tmp_path: Path) -> None:
    good, empty = tmp_path / "good.json", tmp_path / "empty.json"
    good.write_bytes(as_input(record()))
    empty.touch()
    for paths in ((good, empty), (empty, good), (tmp_path,)):
        done = invoke("audit", *paths)
        assert done.code == 2
        assert f"{empty}: an empty file among others, no devices" in done.err
    empty.write_text('{"d": []}', encoding="utf-8")
    assert devices_of(good, empty) == 1


def test_a_folder_is_its_files_by_name(tmp_path: Path) -> None:
    pages = numbered(*(record() for _ in range(8)))
    names = ["b.json", "a.ndjson", "c.jsonl", "d.json.gz", "e.ndjson.gz", "UPPER.JSON"]
    for name, page in zip(names, pages, strict=False):
        content = json.dumps(page).encode()
        (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    for name in ("notes.txt", ".hidden.json", "fleet.json.bak"):
        (tmp_path / name).write_bytes(b"nonsense")
    below = tmp_path / "below.json"
    below.mkdir()
    (below / "x.json").write_bytes(b"nonsense")
    found = [Path(path).name for path in files_of((str(tmp_path),)).paths]
    assert found == sorted(names)
    assert devices_of(tmp_path) == len(names)


def test_a_pattern_is_the_files_that_match(tmp_path: Path) -> None:
    for number, page in enumerate(numbered(record(), record(), record())):
        (tmp_path / f"page-{number}.json").write_bytes(json.dumps(page).encode())
    (tmp_path / "other.json").write_bytes(b"nonsense")
    assert devices_of(tmp_path / "page-*.json") == 3
    assert devices_of(tmp_path / "page-[01].json") == 2


def test_a_file_may_have_the_signs_of_a_pattern_in_its_name(tmp_path: Path) -> None:
    path = tmp_path / "fleet[1].json"
    path.write_bytes(as_input(record()))
    assert devices_of(path) == 1


@pytest.mark.parametrize("argument", ["", "*.json", "missing.json"])
def test_where_there_is_no_file(tmp_path: Path, argument: str) -> None:
    done = invoke("audit", tmp_path / argument)
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert str(tmp_path) in done.err


def test_snapshots_are_not_put_together(tmp_path: Path) -> None:
    fleet = numbered(*(record() for _ in range(4)))
    (tmp_path / "monday.json").write_bytes(as_input(*fleet))
    (tmp_path / "tuesday.json").write_bytes(as_input(*fleet[:3]))
    for argument in (tmp_path, tmp_path / "*.json"):
        done = invoke("audit", argument)
        assert (done.code, done.out) == (2, "")
        assert "these are snapshots: name one" in done.err
        assert "tuesday.json" in done.err
    assert devices_of(tmp_path / "monday.json", tmp_path / "tuesday.json") == 4


def test_pages_may_overlap(tmp_path: Path) -> None:
    fleet = numbered(*(record() for _ in range(4)))
    (tmp_path / "1.json").write_bytes(as_input(*fleet[:3]))
    (tmp_path / "2.json").write_bytes(as_input(*fleet[2:]))
    assert devices_of(tmp_path) == 4


def test_one_file_that_repeats_devices_is_no_snapshot_of_snapshots(tmp_path: Path) -> None:
    fleet = numbered(record(), record(), record())
    (tmp_path / "1.json").write_bytes(as_input(*fleet[:2], *fleet[:2]))
    (tmp_path / "2.json").write_bytes(as_input(fleet[2]))
    assert devices_of(tmp_path) == 3


def test_standard_input_is_read_once() -> None:
    done = invoke("audit", "-", "-", stdin=as_input(record()))
    assert (done.code, done.out) == (2, "")


# The moment


def test_a_file_is_as_of_when_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "fleet.json"
    path.write_bytes(as_input(record()))
    written = datetime(2026, 1, 10, 12, tzinfo=UTC).timestamp()
    os.utime(path, (written, written))
    assert now_of(path) == ("2026-01-10T12:00:00Z", "file")
    assert now_of(path, "--now", "file") == ("2026-01-10T12:00:00Z", "file")
    assert now_of(path, "--now", "newest") == ("2026-01-01T00:00:00Z", "newest")
    assert now_of(path, "--now", "clock")[1] == "clock"
    assert now_of(path, "--now", NOW) == (NOW, "given")


def test_a_file_as_standard_input_is_one_too(tmp_path: Path) -> None:
    path = tmp_path / "fleet.json"
    path.write_bytes(as_input(record()))
    written = datetime(2026, 1, 10, 12, tzinfo=UTC).timestamp()
    os.utime(path, (written, written))
    program = [sys.executable, "-m", "fleetstatus", "audit", "-", "--format", "json"]
    with path.open("rb") as file:
        done = subprocess.run(program, stdin=file, capture_output=True, check=True)
    audit = json.loads(done.stdout)
    assert (audit["now"], audit["now_source"]) == ("2026-01-10T12:00:00Z", "file")


def test_standard_input_that_is_no_file_is_as_of_now() -> None:
    assert now_of("-", stdin=as_input(record()))[1] == "clock"
    done = invoke("audit", "-", "--now", "file", stdin=as_input(record()))
    assert (done.code, done.out) == (2, "")
    assert "--now file" in done.err
    assert "now=" not in done.err


def test_a_date_is_its_end_in_utc() -> None:
    assert now_of("-", "--now", "2026-01-10", stdin=as_input(record())) == (
        "2026-01-10T23:59:59Z",
        "given",
    )


def test_a_date_is_not_after_the_clock() -> None:
    now = datetime.now(UTC)
    for day in (now.date(), now.date() + timedelta(days=400)):
        moment = to_now(day.isoformat())
        assert isinstance(moment, datetime)
        assert now <= moment <= datetime.now(UTC)


@pytest.mark.parametrize(
    "text", ["2026-02-30", "2026-13-01", "tomorrow", "2026-01-01T00:00:00", ""]
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    done = invoke("audit", SAMPLE, "--now", text)
    assert (done.code, done.out) == (2, "")
    assert "--now" in done.err


# How it is read


def test_times_without_a_zone_need_a_word() -> None:
    source = as_input(record(last_connectivity_event="2026-01-01 00:00:00"))
    done = invoke("audit", "-", "--on-error", "raise", stdin=source)
    assert (done.code, done.out) == (2, "")
    assert "--assume-utc" in done.err
    assert "assume_utc" not in done.err
    done = invoke("audit", "-", "--assume-utc", "--on-error", "raise", stdin=source)
    assert done.code == 0
    for command in (("audit",), ("explain", "calm-lake")):
        done = invoke(*command, "-", stdin=source)
        assert "--assume-utc" in done.out
        assert "assume_utc" not in done.out


def test_the_default_poll_interval_makes_the_window() -> None:
    for options, seconds in (((), 1350), (("--default-poll-interval", "10min"), 900)):
        done = invoke("list", "-", "--format", "json", *options, stdin=as_input(record()))
        assert json.loads(done.out)[0]["heartbeat_window_s"] == seconds
    done = invoke("audit", SAMPLE, "--default-poll-interval", "soon")
    assert (done.code, done.out) == (2, "")
    assert "--default-poll-interval" in done.err


# Errors


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b'{"d": []}',
        b"[{",
        b"[1,]",
        b"\xff\xfe",
        b"\x1f\x8b",
        b"nonsense",
        b"null",
        b"<html><title>502 Bad Gateway</title></html>",
        b'{"error": "Unauthorized"}',
        b'"Unauthorized"',
        b'[{"name": "x", "version": "1"}]',
        b"[" * 10_000,
    ],
)
def test_bad_input_is_told_in_a_few_words(content: bytes) -> None:
    done = invoke("audit", "-", "--allow-missing", "all", stdin=content)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("fleetstatus: standard input: ")
    assert done.err.count("\n") <= 6


def test_truncated_input_is_told_without_what_python_has() -> None:
    done = invoke("audit", "-", stdin=b'[{"device_name": "a')
    assert "truncated?" in done.err
    assert done.err.endswith("\nfetch or copy it again\n")


# Here a line is lost alone, and the others hold devices.
IN_JSON_LINES = {"warning before JSON", "conflict inside of lines"}


def wrong_files() -> dict[str, bytes]:
    """Files that hold no devices, of every kind."""
    told = {**NO_JSON, **truncated()}
    files = {name: content for name, (content, _) in told.items() if name not in IN_JSON_LINES}
    files |= {f"answer: {name}": content for name, content in ANSWERS.items()}
    values = {name: value for name, (value, _) in NO_DEVICES.items()}
    return files | {f"no devices: {name}": as_json(value) for name, value in values.items()}


@pytest.mark.slow
@pytest.mark.parametrize("name", wrong_files())
def test_no_wrong_file_is_taken_for_devices(name: str) -> None:
    source = wrong_files()[name]
    for command in (("audit",), ("list",), ("explain", "x")):
        done = invoke(*command, "-", "--allow-missing", "all", stdin=source)
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith("fleetstatus: standard input: ")
        assert "the source" not in done.err
        assert done.err.count("\n") <= 6
        assert max(map(len, done.err.splitlines())) < 300


def test_missing_fields_are_told_with_a_way_out() -> None:
    records = numbered(record(), record(), record())
    for each in records:
        del each["provisioning_state"]
    done = invoke("audit", "-", stdin=as_input(*records))
    assert (done.code, done.out) == (2, "")
    first, second, *costs = done.err.splitlines()
    assert "no record has provisioning_state" in first
    assert "fleetstatus query" in second
    assert "--allow-missing provisioning_state" in "\n".join(costs)
    assert "/device?" not in done.err
    assert "allow_missing" not in done.err
    assert "below" not in done.err
    for allowed in ("provisioning_state", "all"):
        done = invoke("audit", "-", "--allow-missing", allowed, stdin=as_input(*records))
        assert done.code == 0


def test_the_query_is_a_command_here() -> None:
    one = record(is_online=True, current_services={})
    done = invoke("audit", "-", "--scheme", "library-2020", stdin=as_input(one))
    assert done.code == 2
    assert "no record has is_active" in done.err
    assert "`fleetstatus query` prints the query" in done.err
    assert not {"below", "device_options", "$select"} & set(done.err.split())
    done = invoke("audit", "-", "--by", "tag:site", stdin=as_input(record()))
    assert "`fleetstatus query --by tag:site`" in done.err
    assert "--allow-missing tag:site" in done.err


def test_a_field_that_is_not_needed_cannot_be_allowed() -> None:
    done = invoke("audit", SAMPLE, "--allow-missing", "provisioning_stat")
    assert (done.code, done.out) == (2, "")
    assert "--allow-missing names 'provisioning_stat'" in done.err
    assert "did you mean 'provisioning_state'" in done.err


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("pass allow_missing='all'", "pass --allow-missing all"),
        (
            "with allow_missing=('a', 'b'); then",
            "with --allow-missing a --allow-missing b; then",
        ),
        ("with allow_missing=('a',)", "with --allow-missing a"),
        ("pass assume_utc=True", "pass --assume-utc"),
        ("now='file' is the time", "--now file is the time"),
        ("pass now=", "pass --now"),
        ("now is 'x', expected", "--now is 'x', expected"),
        ("x; default_poll_interval is 'y'", "x; --default-poll-interval is 'y'"),
        ("carry names 'x', expected", "--by names 'x', expected"),
        ("scheme='docs-2022' reads it", "--scheme docs-2022 reads it"),
        (
            "ask for it with device_options(carry=['a'])",
            "ask for it with `fleetstatus query --by a`",
        ),
        ("renown=5 and now it is", "renown=5 and now it is"),
    ],
)
def test_options_of_python_are_told_as_those_of_the_command_line(
    message: str, expected: str
) -> None:
    assert in_options(message) == expected


def test_a_field_of_another_type_names_the_option(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(as_input(record()))
    done = run("audit", path, "--now", "newest", "--by", "is_active.x.y")
    assert (done.code, done.out) == (2, "")
    assert "--by names" in done.err


def test_query_prints_the_path() -> None:
    assert invoke("query").out == f"{fs.device_query()}\n"
    assert invoke("query", "--fleet", "acme/x").out == f"{fs.device_query('acme/x')}\n"
    without = invoke("query", "--no-cloud").out
    assert without == f"{fs.device_query(cloud=False)}\n"
    assert "is_active" not in without
    assert "is_active" in invoke("query", "--cloud").out
    further = invoke("query", "--by", "os_version", "--by", "tag:site").out
    assert further == f"{fs.device_query(carry=['os_version', 'tag:site'])}\n"
    assert invoke("query", "--fleet", "acme").code == 2
    assert invoke("query", "--by", "a.b.c").code == 2


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("devicename", "no record has 'devicename'; did you mean 'device_name'?\n"),
        ("atention", "no record has 'atention'; did you mean 'attention'?\n"),
        ("statuss", "no record has 'statuss'; did you mean 'status' or 'status_since'?\n"),
        ("nothing-like-it", "no record has 'nothing-like-it'\n"),
    ],
)
def test_near_names_are_told_once(name: str, told: str) -> None:
    done = invoke("list", "-", "--by", name, stdin=as_input(record()))
    assert done.code == 2
    assert told in done.err


@pytest.mark.parametrize("text", ["garbage", "", "2026-01-01T00:00:00", "now", "2026-1-1"])
def test_a_moment_that_is_none_is_told_with_all_that_are(text: str) -> None:
    done = invoke("audit", "-", "--now", text, stdin=as_input(record()))
    assert (done.code, done.out) == (2, "")
    for kind in ("a date", "a time with its zone", "newest", "file", "clock"):
        assert kind in done.err
    assert f"--now: '{text}'" in done.err
