"""The command line, through the real program."""

# mypy: ignore-errors

import contextlib
import csv
import gzip
import io
import json
import os
import pty
import subprocess
import sys
import tty
from datetime import timedelta
from pathlib import Path

import pytest

import fleetstatus as fs
from fleetstatus._text import visible
from fleetstatus.cli.durations import parse_duration
from fleetstatus.cli.render import bar

SAMPLE = fs.sample_fleet()
NOW = "2026-01-02T00:00:00Z"
CLOSED_PIPE = 141
HOSTILE_NAME = "\u202eevil[bold red]\x1b[31m|name\n"


def run(*arguments, stdin=b"", env=None, **options):
    """Run the program; nothing that it does may end in a traceback."""
    clean = {name: value for name, value in os.environ.items() if name != "FORCE_COLOR"}
    settings = {"COLUMNS": "80", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-m", "fleetstatus", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        env=clean | settings | (env or {}),
        check=False,
        timeout=120,
        **options,
    )
    done.out = done.stdout.decode()
    done.err = done.stderr.decode()
    assert "Traceback" not in done.err
    return done


def record(**fields):
    """Make a record of a healthy device."""
    return {
        "uuid": "0" * 32,
        "device_name": "calm-lake",
        "is_connected_to_vpn": True,
        "api_heartbeat_state": "online",
        "last_connectivity_event": "2026-01-01T00:00:00Z",
        "changed_api_heartbeat_state_on__date": "2026-01-01T00:00:00Z",
        "provisioning_state": None,
        "provisioning_progress": None,
        "status": "Idle",
        "download_progress": None,
        "image_install": [],
        "belongs_to__application": [{"id": 1, "slug": "acme/test"}],
        **fields,
    }


def disconnected(**fields):
    return record(is_connected_to_vpn=False, api_heartbeat_state="offline", **fields)


def as_input(*records):
    return json.dumps(records).encode()


def command_line(arguments):
    return " ".join(Path(argument).name for argument in arguments)


# demo and audit


def test_demo_audits_the_sample():
    done = run("demo")
    assert done.returncode == 0
    assert done.err == ""
    assert "300 devices" in done.out
    assert "as of 2026-11-01 12:00:00Z, newest event 23 seconds before" in done.out
    for label in fs.StatusScheme.DOCS_2024_11.labels:
        assert label in done.out


def test_audit_fits_80_columns():
    assert max(map(len, run("audit", SAMPLE, "--limit", "all").out.splitlines())) <= 80


def test_audit_json_counts_every_device_by_fleet_and_status():
    audit = json.loads(run("audit", SAMPLE, "--format", "json").out)
    assert audit["devices"] == sum(audit["counts"].values()) == 300
    assert {group["name"] for group in audit["groups"]} == {
        "acme/cold-chain",
        "acme/kiosk-display",
        "northwind/greenhouse",
        "northwind/field-gateway",
    }
    for label, devices in audit["counts"].items():
        assert sum(group["counts"].get(label, 0) for group in audit["groups"]) == devices


def test_audit_lists_what_needs_attention_in_the_order_of_the_table():
    audit = json.loads(run("audit", SAMPLE, "--format", "json", "--limit", "all").out)
    expected = fs.classify(SAMPLE).attention()["device_name"].to_list()
    assert [finding["device"] for finding in audit["attention"]] == expected
    assert audit["needs_attention"] == len(expected)


def test_audit_tells_reason_and_first_step():
    source = as_input(disconnected(device_name="lost-otter"))
    finding = json.loads(run("audit", "-", "--format", "json", stdin=source).out)["attention"][0]
    assert finding["message"] == fs.Reason.NO_LINK.message
    assert finding["first_step"] == fs.Reason.NO_LINK.first_step
    assert "power and network" in " ".join(run("audit", "-", stdin=source).out.split())


@pytest.mark.parametrize("output_format", ["table", "md", "html"])
def test_audit_stops_at_the_limit_and_says_so(output_format):
    n_findings = len(fs.classify(SAMPLE).attention())
    out = run("audit", SAMPLE, "--limit", "2", "--format", output_format).out
    assert f"and {n_findings - 2:,} more" in out


def test_audit_by_a_further_field():
    by = "is_running__release.raw_version"
    audit = json.loads(run("audit", SAMPLE, "--by", by, "--format", "json").out)
    assert "2.8.0" in {group["name"] for group in audit["groups"]}


def test_a_field_that_no_record_has_is_no_group():
    done = run("audit", SAMPLE, "--by", "os_versoin")
    assert done.returncode == 2
    assert "os_versoin" in done.err


def test_audit_in_another_scheme():
    audit = json.loads(run("audit", SAMPLE, "--scheme", "api-v6", "--format", "json").out)
    assert list(audit["counts"]) == list(fs.StatusScheme.API_V6.labels)


def test_audit_of_a_healthy_fleet():
    assert "No device needs attention" in run("audit", "-", stdin=as_input(record())).out


def test_audit_tells_what_is_missing_from_the_data():
    assert "is_frozen not in the data" in run("audit", "-", stdin=as_input(record())).out


def test_files_are_one_source_and_duplicates_are_told():
    done = run("audit", SAMPLE, SAMPLE, "--format", "json")
    audit = json.loads(done.out)
    assert audit["devices"] == audit["duplicate_records"] == 600
    assert "share a uuid" in run("audit", SAMPLE, SAMPLE).out


def test_unreadable_records_are_kept_and_counted():
    source = as_input(record(), record(api_heartbeat_state="sometimes", device_name="odd-one"))
    audit = json.loads(run("audit", "-", "--format", "json", stdin=source).out)
    assert audit["unreadable_records"] == 1
    assert [finding["attention"] for finding in audit["attention"]] == ["unreadable"]
    assert audit["devices"] == 2
    table = run("audit", "-", stdin=source)
    assert table.returncode == 0
    assert "could not be read in full" in table.out


def test_unreadable_records_can_stop_the_program():
    source = as_input(record(), record(api_heartbeat_state="sometimes"))
    done = run("audit", "-", "--on-error", "raise", stdin=source)
    assert (done.returncode, done.out) == (2, "")
    assert "api_heartbeat_state" in done.err


# list


def listed(output_format, *options):
    done = run("list", SAMPLE, "--format", output_format, *options)
    assert done.returncode == 0
    if output_format == "csv":
        return [row["device_name"] for row in csv.DictReader(io.StringIO(done.out, newline=""))]
    if output_format == "json":
        return [row["device_name"] for row in json.loads(done.out)]
    if output_format == "ndjson":
        return [json.loads(line)["device_name"] for line in done.out.splitlines()]
    return [line.split()[0] for line in done.out.splitlines()[1:]]


@pytest.mark.parametrize("output_format", ["table", "csv", "json", "ndjson"])
def test_a_format_never_changes_which_rows_come_out(output_format):
    devices = fs.classify(SAMPLE)
    assert listed(output_format) == devices["device_name"].to_list()
    expected = devices.where(status="Disconnected").attention()["device_name"].to_list()
    assert listed(output_format, "--attention", "--status", "disconnected") == expected


def test_list_chooses_by_reason_fleet_and_duration():
    options = ("--reason", "no-link", "--fleet", "acme/cold-chain", "--status-for", "1d12h")
    expected = fs.classify(SAMPLE).where(
        reason="no-link", fleet="acme/cold-chain", status_for=timedelta(hours=36)
    )
    assert listed("json", *options) == expected["device_name"].to_list()


def test_list_of_nothing_is_no_error():
    done = run("list", SAMPLE, "--status", "Frozen", "--fleet", "northwind/field-gateway")
    assert done.returncode == 0
    assert len(done.out.splitlines()) == 1


def test_list_shows_a_further_field():
    assert (
        "IS_RUNNING__RELEASE.RAW_VERSION"
        in run("list", SAMPLE, "--by", "is_running__release.raw_version").out.splitlines()[0]
    )


def test_list_does_not_know_a_status_of_another_scheme():
    done = run("list", SAMPLE, "--status", "Offline")
    assert done.returncode == 2
    assert "Operational" in done.err


# explain and query


@pytest.mark.parametrize("named_by", ["device_name", "uuid", "prefix"])
def test_explain_finds_a_device(named_by):
    devices = fs.classify(SAMPLE)
    place = devices.find("bitter-wind")
    uuid = devices[place].uuid
    name = {"device_name": "bitter-wind", "uuid": uuid, "prefix": uuid[:7]}[named_by]
    done = run("explain", name, SAMPLE)
    assert done.returncode == 0
    assert done.out.rstrip("\n") == str(devices.explain(place)).rstrip("\n")


def test_explain_of_an_unknown_device():
    done = run("explain", "no-such-device", SAMPLE)
    assert (done.returncode, done.out) == (2, "")
    assert "no-such-device" in done.err


def test_query_prints_the_path():
    assert run("query").out.strip() == fs.device_query()
    assert run("query", "--fleet", "acme/x").out.strip() == fs.device_query("acme/x")
    assert run("query", "--no-cloud").out.strip() == fs.device_query(cloud=False)
    assert run("query", "--fleet", "acme").returncode == 2


# Exit codes


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        # 2 of 4 devices are disconnected.
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
        ("disconnnected > 1", 2),
        ("Online (VPN Only) > 1", 2),
        ("Disconnected", 2),
        ("Disconnected < 1", 2),
        ("Disconnected > -1", 2),
        ("> 1", 2),
    ],
)
def test_fail_on(condition, code):
    source = as_input(record(), record(), disconnected(), disconnected())
    assert run("audit", "-", "--fail-on", condition, stdin=source).returncode == code


def test_fail_on_may_be_repeated_and_says_what_matched():
    source = as_input(record(), disconnected())
    conditions = ("--fail-on", "Frozen > 0", "--fail-on", "Disconnected > 0")
    done = run("audit", "-", *conditions, stdin=source)
    assert done.returncode == 1
    assert "1 of 2 devices (50.0%)" in done.err
    assert "Frozen" not in done.err


def test_fail_on_knows_where_a_word_belongs():
    assert "docs-2022" in run("demo", "--fail-on", "Online (VPN Only) > 1").err
    assert "did you mean" in run("demo", "--fail-on", "disconected > 1").err
    assert (
        run("demo", "--scheme", "docs-2022", "--fail-on", "Online (VPN Only) > 0").returncode == 1
    )


def test_fail_on_counts_what_is_listed():
    source = as_input(record(), disconnected())
    options = ("list", "-", "--status", "Operational", "--fail-on", "Disconnected > 0")
    assert run(*options, stdin=source).returncode == 0


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("audit",),
        ("nonsense",),
        ("audit", "no-such-file.json"),
        ("audit", "."),
        ("audit", "-", "-"),
        ("audit", SAMPLE, "--now", "2026-01-01"),
        ("audit", SAMPLE, "--scheme", "docs-1999"),
        ("audit", SAMPLE, "--limit", "some"),
        ("list", SAMPLE, "--status-for", "soon"),
        ("list", SAMPLE, "--format", "xml"),
    ],
)
def test_wrong_usage_is_told_in_words(arguments):
    done = run(*arguments)
    assert (done.returncode, done.out) == (2, "")
    assert done.err


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
        b"[" * 10_000,
    ],
    ids=["empty", "no records", "no d", "cut", "comma", "bytes", "gzip", "words", "deep"],
)
def test_bad_input_is_told_in_words(content):
    done = run("audit", "-", stdin=content)
    assert (done.returncode, done.out) == (2, "")
    assert done.err.startswith("fleetstatus: standard input: ")


def test_missing_fields_are_told_with_a_way_out():
    records = [record() for _ in range(3)]
    for each in records:
        del each["provisioning_state"]
    done = run("audit", "-", stdin=as_input(*records))
    assert (done.returncode, done.out) == (2, "")
    assert "--allow-missing provisioning_state" in done.err
    for allowed in ("provisioning_state", "all"):
        done = run("audit", "-", "--allow-missing", allowed, stdin=as_input(*records))
        assert done.returncode == 0


# The outside world


def test_input_may_be_json_lines_or_compressed(tmp_path):
    lines = tmp_path / "fleet.ndjson"
    lines.write_text(f"{json.dumps(record())}\n{json.dumps(disconnected())}\n", encoding="utf-8")
    packed = tmp_path / "fleet.json.gz"
    packed.write_bytes(gzip.compress(as_input(record())))
    assert json.loads(run("audit", lines, packed, "--format", "json").out)["devices"] == 3
    stdin = packed.read_bytes()
    assert json.loads(run("audit", lines, "-", "--format", "json", stdin=stdin).out)["devices"] == 3


@pytest.mark.parametrize(
    "arguments",
    [("demo",), ("list", SAMPLE), ("list", SAMPLE, "--format", "csv"), ("query",)],
    ids=command_line,
)
def test_a_closed_pipe_is_silent(arguments):
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "fleetstatus", *map(str, arguments)],
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
        timeout=120,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (CLOSED_PIPE, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("command", ["audit", "list"])
def test_a_full_disk_is_told_in_words(command):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "fleetstatus", command, SAMPLE],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            timeout=120,
        )
    assert done.returncode == 2
    assert b"No space left" in done.stderr
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("audit", "-"),
        ("audit", "-", "--format", "md"),
        ("audit", "-", "--format", "html"),
        ("list", "-"),
        ("explain", "0" * 32, "-"),
    ],
    ids=command_line,
)
def test_names_can_neither_hide_nor_rearrange_anything(arguments):
    source = as_input(disconnected(device_name=HOSTILE_NAME))
    done = run(*arguments, stdin=source, env={"FORCE_COLOR": "1", "COLUMNS": "200"})
    assert done.returncode == 0
    assert "\u202e" not in done.out
    assert "\x1b[31m|" not in done.out
    assert "\\u202eevil" in done.out.replace("\\\\", "\\")
    assert "bold red" in done.out


def on_terminal(*arguments, stdin):
    """Run the program on a terminal and give what it writes there."""
    terminal, program_side = pty.openpty()
    with os.fdopen(terminal, "rb", buffering=0) as terminal:
        tty.setraw(program_side)  # so that line ends arrive as they are written
        program = [sys.executable, "-m", "fleetstatus", *arguments]
        environment = os.environ | {"PYTHONIOENCODING": "utf-8"}
        subprocess.run(
            program, input=stdin, stdout=program_side, check=True, env=environment, timeout=120
        )
        os.close(program_side)
        return read_to_hang_up(terminal)


def read_to_hang_up(terminal):
    written = b""
    with contextlib.suppress(OSError):
        while part := terminal.read(65_536):
            written += part
    return written.decode()


@pytest.mark.parametrize("output_format", ["csv", "json", "ndjson"])
def test_a_terminal_shows_escapes_where_a_file_holds_names_as_they_are(output_format):
    name = "\u202eevil\x9b31m\x7f-北-lake"
    source = as_input(disconnected(device_name=name))
    arguments = ("list", "-", "--now", NOW, "--format", output_format)
    in_a_file = run(*arguments, stdin=source).out
    assert name in in_a_file
    shown = on_terminal(*arguments, stdin=source)
    assert r"\u202eevil\x9b31m\x7f-北-lake" in shown
    assert shown.split("\n") == [visible(line) for line in in_a_file.split("\n")]


def test_html_and_markdown_show_names_as_they_are():
    source = as_input(disconnected(device_name="<b>a|b</b> http://$x$"))
    html = run("audit", "-", "--format", "html", stdin=source).out
    assert "&lt;b&gt;a|b&lt;/b&gt; http://$x$" in html
    markdown = run("audit", "-", "--format", "md", stdin=source).out
    assert r"\<b\>a\|b\</b\> http\://\$x\$" in markdown


def test_colour_is_an_extra():
    colours = ("\x1b[31m", "\x1b[36m")
    forced = run("demo", env={"FORCE_COLOR": "1", "TERM": "xterm"}).out
    assert all(colour in forced for colour in colours)
    plain = run("demo", env={"FORCE_COLOR": "1", "TERM": "xterm", "NO_COLOR": "1"}).out
    assert not any(colour in plain for colour in colours)
    assert "\x1b" not in run("demo").out


def test_a_terminal_with_few_characters_gets_bars_and_names_too():
    source = as_input(disconnected(device_name="北-lake"))
    for command in ("audit", "list"):
        done = run(command, "-", stdin=source, env={"PYTHONIOENCODING": "latin-1"})
        assert done.returncode == 0
        assert "\\u5317-lake" in done.out
    assert "###" in run("audit", "-", stdin=source, env={"PYTHONIOENCODING": "latin-1"}).out


@pytest.mark.parametrize("missing", ["click", "rich"])
def test_without_the_extra_one_line_says_how_to_install_it(missing):
    program = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "from fleetstatus.cli import main; sys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=False, text=True, timeout=120
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert 'pip install "fleetstatus[cli]"' in done.stderr


def test_the_package_does_not_import_its_command_line():
    program = (
        "import sys, fleetstatus\n"
        "print([name for name in ('click', 'rich', 'fleetstatus.cli') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    )
    assert done.stdout.strip() == "[]"


def test_version():
    assert run("--version").out == f"fleetstatus {fs.__version__}\n"


# Parts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3d", timedelta(days=3)),
        ("2h", timedelta(hours=2)),
        ("30min", timedelta(minutes=30)),
        ("30m", timedelta(minutes=30)),
        ("1d12h", timedelta(hours=36)),
        ("1w 2d", timedelta(days=9)),
        ("1.5h", timedelta(minutes=90)),
        ("90s", timedelta(seconds=90)),
    ],
)
def test_durations_are_read(text, expected):
    assert parse_duration(text) == expected


@pytest.mark.parametrize("text", ["", "3", "d", "3 x", "-3d", "3d!", "3d 4", "9" * 30 + "d"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match=r"duration|longer"):
        parse_duration(text)


def test_bars_show_the_smallest_share_and_no_more_than_all():
    assert bar(0, "utf-8") == bar(0, "ascii") == ""
    assert bar(0.0001, "utf-8") == "▏"
    assert bar(0.0001, "ascii") == "#"
    assert len(bar(1, "utf-8")) == len(bar(1, "ascii")) == 30
