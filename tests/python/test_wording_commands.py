"""What commands say of what they are asked for, with their exit codes, word for word."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

import fleetstatus as fs
from command_line import NOW, as_input, disconnected, invoke, numbered, of_fleet, record
from fleetstatus._report.report import report_on
from fleetstatus._report.verdicts import verdict
from fleetstatus.cli._again import list_command
from fleetstatus.cli._errors import in_options
from fleetstatus.cli._list_table import tell_of_hidden
from wording import check

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FLEET = numbered(
    record(),
    disconnected(last_vpn_event="2026-01-01T22:00:00Z"),
    of_fleet("acme/quay", **record(is_frozen=True, os_version="balenaOS 6.0.1")),
)
LACKING = [{name: value for name, value in FLEET[0].items() if name != "api_heartbeat_state"}]
_CLICKS = ("Usage: ", "Try ")  # lines that are not ours
_THOUSANDS = re.compile(r"\d,\d{3}")
UNREADABLE = [record(api_heartbeat_state="sometimes")]
AUDIT = ("audit", "fleet.json", "--now", NOW)
LIST = ("list", "fleet.json", "--now", NOW)
EXPLAIN = ("explain", "device-1", "fleet.json", "--now", NOW)

COMMANDS: dict[str, list[tuple[str, ...]]] = {
    "fail_on": [
        (*LIST, "--quiet", "--fail-on", condition)
        for condition in (
            "Disconnected > 0",
            "disconnected>=1",
            "DISCONNECTED > 1",
            "disconnected >= 34%",
            "disconnected > 33.3%",
            "no-link for 1h > 0",
            "no-link for 3h > 0",
            "disconnected for 2 h >= 1",
            "acme/test: disconnected > 0",
            "acme/test: disconnected >= 50%",
            "quay: disconnected > 0",
            "quay: frozen > 0",
            "frozen >= 0",
            "Updating >= 0%",
            "frozen for 1h > 0",
            "Frozen for 1h > 0",
            "both-links for long > 0",
            "Updating for 1h > 0",
            "Downloading for 1h > 0",
            "update-stuck for 1h > 0",
            "offline > 0",
            "Disconected > 0",
            "x > 0",
            "x",
            "Disconnected < 3",
            "Disconnected > -1",
            "elsewhere: frozen > 0",
            "acme/tset: frozen > 0",
        )
    ],
    "options": [
        (*AUDIT, "--fleet", "acme/quai"),
        (*AUDIT, "--fleet", "x"),
        (*AUDIT, "--fleet", "test", "--fail-on", "quay: frozen > 0"),
        (*AUDIT, "--threshold", "reduced"),
        (*AUDIT, "--threshold", "reduce=3d"),
        (*AUDIT, "--threshold", "reduced=long"),
        (*AUDIT, "--threshold", " Never-Connected = 3d", "--quiet"),
        (*AUDIT, "--now", "2026-02-30"),
        (*AUDIT, "--now", "yesterday"),
        (*AUDIT, "--now", "newest", "--quiet"),
        (*AUDIT, "--default-poll-interval", "soon"),
        (*AUDIT, "--default-poll-interval", "0s"),
        (*AUDIT, "--allow-missing", "imageinstall"),
        (*AUDIT, "--by", "os_versio"),
        (*AUDIT, "--by", "stats"),
        (*AUDIT, "--by", "a.b.c"),
        (*AUDIT, "--limit", "few"),
        (*AUDIT, "--groups", "-1"),
        (*AUDIT, "--dashboard", "x"),
        (*LIST, "--columns", "devise"),
        (*LIST, "--columns", "device,,for"),
        (*LIST, "--sort", "devise"),
        (*LIST, "--status", "Ready"),
        (*LIST, "--reason", "no-lynk"),
        (*LIST, "--class", "frosen"),
        (*LIST, "--update-status", "Doing"),
        (*LIST, "--status-for", "long"),
        (*LIST, "--update-status-for", "long"),
        (*LIST, "--status", "Updating", "--status-for", "1h"),
        (*LIST, "--limit", "1"),
        (*LIST, "--limit", "0"),
        (*EXPLAIN, "--row", "0"),
        ("explain", "fleet.json", "--row", "7", "--now", NOW),
        ("explain", "device-7", "fleet.json", "--now", NOW),
        ("explain", "devi", "fleet.json", "--now", NOW),
        ("explain", "fleet.json", "--now", NOW),
        ("query", "--fleet", "quay"),
        ("query", "--by", "a.b.c"),
    ],
    "input": [
        ("audit", "no.json"),
        ("audit", "no*.json"),
        ("audit", "folder"),
        ("audit", "-", "-"),
        ("audit", "empty.json"),
        ("audit", "lacking.json"),
        ("audit", "lacking.json", "fleet.json", "--now", NOW, "--quiet"),
        ("audit", "lacking.json", "--now", NOW, "--allow-missing", "all", "--quiet"),
        ("audit", "unreadable.json", "--now", NOW, "--on-error", "raise"),
        ("audit", "unreadable.json", "--now", NOW, "--quiet"),
        ("audit", "zoneless.json", "--now", NOW, "--quiet"),
        ("audit", "zoneless.json", "--now", NOW, "--quiet", "--on-error", "raise"),
        ("audit", "zoneless.json", "--now", NOW, "--quiet", "--assume-utc"),
        ("audit", "fetched.json", "--quiet"),
        ("list", "page.html"),
        ("explain", "x", "page.html"),
        ("list", "snapshots", "--now", NOW),
    ],
    "lists": [
        LIST,
        (*LIST, "--attention"),
        (*LIST, "--by", "os_version", "--sort", "-for"),
        (*LIST, "--columns", "device,fleet,status,for,status_since,reason,attention,release"),
        (*LIST, "--format", "csv", "--columns", "device_name,status,status_duration_s"),
        (*LIST, "--format", "ndjson", "--columns", "device_name,status,status_since"),
        (*LIST, "--class", "disconnected", "--class", "frozen"),
        (*LIST, "--reason", "no-link", "--status-for", "1h"),
        (*LIST, "--status-for", "3h", "--status", "Disconnected"),
        EXPLAIN,
        (*EXPLAIN, "--format", "md"),
        (*EXPLAIN, "--format", "json"),
        (*AUDIT, "--format", "text"),
        (*AUDIT, "--by", "os_version", "--by", "fleet"),
        (*AUDIT, "--limit", "1", "--groups", "1"),
    ],
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a folder with files of several kinds."""
    unreadable = [record(api_heartbeat_state="sometimes", device_name="odd")]
    zoneless = [record(last_connectivity_event="2026-01-01 00:00:00")]
    files: dict[str, bytes] = {
        "fleet.json": as_input(*FLEET),
        "lacking.json": as_input(*LACKING),
        "empty.json": b"[]",
        "unreadable.json": as_input(*unreadable),
        "zoneless.json": as_input(*zoneless),
        "fetched.json": json.dumps({"d": FLEET, "fetched_at": NOW}).encode(),
        "page.html": b"<html><title>Sign in</title>",
        "snapshots/1.json": as_input(*FLEET),
        "snapshots/2.json": as_input(*FLEET),
    }
    (tmp_path / "folder").mkdir()
    (tmp_path / "snapshots").mkdir()
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.chdir(tmp_path)
    for name in ("FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def said(command: Iterable[str]) -> str:
    """Give the command, its exit code, and what it prints."""
    done = invoke(*command)
    shown = " ".join(f"'{word}'" if " " in word else word for word in command)
    errors = [line for line in done.err.splitlines() if line and not line.startswith(_CLICKS)]
    return "\n".join([f"$ {shown}", done.out, *errors, f"[{done.code}]"])


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", COMMANDS)
def test_commands(name: str) -> None:
    check(f"command_{name}.txt", map(said, COMMANDS[name]))


def reading(**options: Any) -> Any:
    usual = dict.fromkeys(("fleet", "threshold", "allow_missing"), ())
    unset = dict.fromkeys(("now", "default_poll_interval", "api", "ca"))
    given = {"files": ("a b.json", "-"), "scheme": "docs-2024-11", "assume_utc": False}
    return {**given, **usual, **unset, **options}


def test_the_command_that_lists_the_rest() -> None:
    options: list[dict[str, Any]] = [
        {},
        {"fleet": ("acme/a", "acme/b"), "threshold": ("reduced=1h",), "allow_missing": ("all",)},
        {"now": "newest", "default_poll_interval": "10min", "assume_utc": True},
        {"scheme": "api-v7", "files": ("\x1b[2J.json",)},
        {"files": ("balena:",), "api": "https://api.acme.example", "ca": "own ca.pem"},
    ]
    check("again.txt", [list_command(reading(**one), "frozen") for one in options])


def test_verdicts() -> None:
    fields = set(fs.classify([FLEET[0]], now=NOW).fields_missing) | set(FLEET[0])
    without = [{k: v for k, v in FLEET[0].items() if k != field} for field in sorted(fields)]
    full = FLEET[0] | dict.fromkeys(
        ("is_active", "is_frozen", "update_status", "last_update_status_event", "created_at")
    )
    inactive = full | {"is_active": False}
    del inactive["api_heartbeat_state"]
    tables = [
        *(fs.classify([one], now=NOW, allow_missing="all") for one in without),
        *(
            fs.classify(
                [{k: v for k, v in full.items() if k != name}], now=NOW, allow_missing="all"
            )
            for name in full
        ),
        fs.classify([], now=NOW),
        fs.classify(FLEET, now=NOW),
        fs.classify(FLEET[:2], now=NOW),
        fs.classify([FLEET[1]], now=NOW),
        fs.classify(LACKING, now=NOW, allow_missing="all"),
        fs.classify([*LACKING, FLEET[2]], now=NOW, on_error="keep"),
        fs.classify(numbered(*LACKING * 1_100, FLEET[0]), now=NOW, on_error="keep"),
        fs.classify(numbered(*UNREADABLE * 1_100, FLEET[0]), now=NOW, on_error="keep"),
        fs.classify(numbered(*UNREADABLE * 1_100), now=NOW, on_error="keep"),
        fs.classify([*numbered(*LACKING * 2), *FLEET[1:]], now=NOW, on_error="keep"),
        fs.classify([inactive], now=NOW, allow_missing="all"),
        fs.classify(
            numbered(inactive, inactive | {"is_active": True}), now=NOW, allow_missing="all"
        ),
    ]
    check("verdicts.txt", [verdict(report_on(table, source="x")) for table in tables])


def test_arguments_of_python_are_said_as_options() -> None:
    messages = [
        "pass assume_utc=True",
        "allow_missing=('a', 'b'); default_poll_interval='10min'",
        "on_error='keep', carry=['x'], scheme='library-2020', now='file', fleet='a/b'",
        "status_for: long; update_status_for is x",
        "carry: no record has 'x'",
        "now is x; allow_missing names 'y'; scheme holds z; on_error has w",
        "ask for it with device_options(carry=['x'])",
        "fleetstatus.device_options() for balena-sdk, or the query below",
        "fleetstatus.device_options()",
        "the known=now, of my_now=3",
        "hold holds -1s; gap is x; since=5, until=[1, 2], max_removed='2'; by names 'z'",
        "no token for the API\nset BALENA_TOKEN, or pass token=",
        "the API does not accept the token passed as token=\ncheck api= and ca=; raise timeout=",
        "api: http is plain; ca: x holds none; what came; what came is the body of this error",
        "the answer is over 256 MiB\nask for fewer devices: page_size=",
    ]
    check("in_options.txt", map(in_options, messages))


def test_how_many_columns_are_hidden(capsys: pytest.CaptureFixture[str]) -> None:
    for hidden in (["RELEASE"], ["RELEASE", "DETAIL"]):
        tell_of_hidden(hidden, "; --columns chooses")
    check("hidden_columns.txt", capsys.readouterr().err.splitlines())


@pytest.mark.usefixtures("folder")
def test_commands_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"FORCE_COLOR": "1", "TERM": "xterm-256color", "COLORTERM": ""}.items():
        monkeypatch.setenv(name, value)
    commands = [(*AUDIT, "--limit", "1"), LIST, EXPLAIN]
    check("terminal.txt", [said(command).replace("\x1b", "ESC") for command in commands])


@pytest.mark.slow
@pytest.mark.parametrize("output_format", ["table", "md", "text", "html"])
def test_large_numbers_have_separators(output_format: str) -> None:
    both = [record(is_frozen=True), disconnected(last_vpn_event="2026-01-01T22:00:00Z")]
    records = numbered(*both * 1_200)
    fleets = ["acme/test"] * 1_300 + [f"acme/f{number:04}" for number in range(1_100)]
    many = [of_fleet(slug, **one) for slug, one in zip(fleets, records, strict=True)]
    limits = ("--limit", "2", "--groups", "1", "--format", output_format)
    done = invoke("audit", "-", "--now", NOW, *limits, stdin=as_input(*many))
    lines = [line for part in done.out.split("<tr>") for line in part.splitlines()]
    check(
        f"large_{output_format}.txt",
        [line for line in lines if not line.startswith("<style") and _THOUSANDS.search(line)],
    )
    lists = invoke("list", "-", "--now", NOW, "--limit", "1", stdin=as_input(*many))
    assert "and 2,399 more; --limit all lists them" in lists.err
