"""One whole report for each command and form, with a device of every class.

After a change that is meant, ``FLEETSTATUS_GOLDEN=write pytest tests/python/test_cli_golden.py``
writes them anew; read the difference.
"""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from unittest import mock

import pytest

import fleetstatus as fs
from command_line import invoke

FOLDER = Path(__file__).parent / "golden"
FLEET = "fleet.json"
EARLIER = "earlier.json"
NOW = ("--now", "2026-11-24T12:00:00Z")
NEWEST = ("--now", "newest")
DEVICE = "early-field"
REPORTS = {
    "audit.txt": ("audit", FLEET, *NOW, "--limit", "10"),
    "audit.md": ("audit", FLEET, *NOW, "--format", "md"),
    "audit.html": ("audit", FLEET, *NOW, "--format", "html"),
    "audit.json": ("audit", FLEET, *NOW, "--format", "json"),
    "audit-chat.txt": ("audit", FLEET, *NOW, "--format", "text"),
    "audit-by-release.txt": ("audit", FLEET, *NOW, "--by", "release", "--limit", "0"),
    "audit-api-v7.md": ("audit", FLEET, *NOW, "--format", "md", "--scheme", "api-v7"),
    "list.txt": ("list", FLEET, *NOW),
    "list.csv": ("list", FLEET, *NOW, "--format", "csv", "--class", "disconnected"),
    "list.ndjson": ("list", FLEET, *NOW, "--format", "ndjson", "--status", "Updating"),
    "list-attention.txt": ("list", FLEET, *NOW, "--attention", "--columns", "device,attention,for"),
    "explain.txt": ("explain", DEVICE, FLEET, *NOW),
    "explain.md": ("explain", DEVICE, FLEET, *NOW, "--format", "md"),
    "explain.json": ("explain", DEVICE, FLEET, *NOW, "--format", "json"),
    "diff.txt": ("diff", EARLIER, FLEET, *NEWEST),
    "diff-chat.txt": ("diff", EARLIER, FLEET, *NEWEST, "--format", "text", "--limit", "4"),
    "diff.md": ("diff", EARLIER, FLEET, *NEWEST, "--format", "md"),
    "diff.html": ("diff", EARLIER, FLEET, *NEWEST, "--format", "html"),
    "diff.csv": ("diff", EARLIER, FLEET, *NEWEST, "--format", "csv"),
    "diff.json": ("diff", EARLIER, FLEET, *NEWEST, "--format", "json", "--fleet", "greenhouse"),
    "diff-quiet.txt": ("diff", EARLIER, FLEET, *NEWEST, "--quiet", "--fail-on", "frozen > 0"),
    "quiet.txt": ("audit", FLEET, *NOW, "--quiet"),
}
# Reports that are laid out for the width of a terminal.
COLUMNS = {
    f"{command}-{columns}.txt": columns for command in ("audit", "diff") for columns in (60, 120)
}
COLOURED = [f"{command}-colours.txt" for command in ("audit", "list", "diff")]
REPORTS |= {name: REPORTS[f"{name.partition('-')[0]}.txt"] for name in (*COLUMNS, *COLOURED)}


def report(name: str) -> str:
    """Everything that a command prints: its output, its errors and its exit code."""
    colours = mock.patch.dict(os.environ, {"FORCE_COLOR": "1"} if name in COLOURED else {})
    with contextlib.chdir(FOLDER), colours:
        done = invoke(*REPORTS[name], columns=COLUMNS.get(name, 80))
    return f"{done.out}--- standard error, exit code {done.code}\n{done.err}"


@pytest.mark.parametrize("name", REPORTS)
def test_reports_are_what_they_were(name: str) -> None:
    path = FOLDER / name
    printed = report(name)
    if os.environ.get("FLEETSTATUS_GOLDEN") == "write":
        path.write_text(printed, encoding="utf-8", newline="")
    with path.open(encoding="utf-8", newline="") as file:
        assert printed == file.read()


def test_every_report_is_looked_at() -> None:
    written = {path.name for path in FOLDER.iterdir()}
    assert written == {FLEET, EARLIER, *REPORTS}


def test_the_fleet_has_every_class_and_several_fleets() -> None:
    devices = fs.classify(FOLDER / FLEET, now=NOW[1], on_error="keep")
    assert set(devices["attention"]) == {None, *fs.Attention}
    assert len(set(devices["fleet"])) == 4
    assert set(fs.StatusScheme.DOCS_2024_11.labels) < set(devices["status"])
    assert len(devices.disagreements()) == 1
    assert devices.fields_missing == {}
    assert max(len(name) for name in devices["device_name"]) == 64


def test_the_earlier_snapshot_differs_in_many_ways() -> None:
    old, new = (
        fs.classify(FOLDER / name, now="newest", on_error="keep") for name in (EARLIER, FLEET)
    )
    kinds = set(fs.diff(old, new)["kind"])
    assert kinds == {"added", "removed", "status", "update", "release", "restarted", "renamed"}


def test_the_html_and_json_of_a_report_tell_the_same() -> None:
    audit = json.loads((FOLDER / "audit.json").read_text(encoding="utf-8").partition("---")[0])
    page = (FOLDER / "audit.html").read_text(encoding="utf-8")
    for finding in audit["attention"]:
        assert finding["uuid"] in page
        assert finding["for"] is None or finding["for"] in page
    assert audit["verdict"] in page
