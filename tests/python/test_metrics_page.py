"""The programs of `10_metrics.md` run as they stand there, and its tables are complete."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

import pytest

import fleetstatus as fs
from a_week import answer
from api_server import SLUG, TOKEN, ApiServer, devices_of, running
from fleetstatus import _core
from oracle_metrics import counts_of
from promtool import promtool
from test_exporter import wait_until
from test_metric_rules import ALERTS, RULES
from test_openmetrics import read
from test_recipes import free_port

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE = (Path(__file__).parents[2] / "notebooks" / "10_metrics.md").read_text("utf-8")
PROGRAMS = {
    match["name"]: match[0]
    for match in re.finditer(
        r"(?<=```)(?:python|sh)\n# (?P<name>[\w.]+):.*?(?=```)", PAGE, re.DOTALL
    )
}
PACKAGE = Path(fs.__file__).parents[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in PROGRAMS.items():
        program = text.partition("\n")[2].replace("/var/lib/node_exporter", str(tmp_path))
        (tmp_path / name).write_text(program, encoding="utf-8")
    command = tmp_path / "bin" / "fleetstatus"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m fleetstatus "$@"\n')
    command.chmod(0o755)
    return tmp_path


def environment(folder: Path, own: Mapping[str, str]) -> dict[str, str]:
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return os.environ | {"PYTHONPATH": str(PACKAGE), "PATH": path, "NO_PROXY": "*"} | dict(own)


def run(folder: Path, *command: str, **own: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env=environment(folder, own),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_the_page_has_its_programs() -> None:
    assert list(PROGRAMS) == ["metrics.sh", "metrics_app.py", "text.py", "rules.sh"]


def test_every_metric_label_and_alert_is_on_the_page() -> None:
    for name, kind, _, labels, _ in _core.metric_families():
        full = f"{name}_total" if kind == "counter" else name
        if name.endswith("_since_timestamp_seconds"):
            assert f"`{full}{{...}}`" in PAGE
        else:
            assert f"`{full}{{{','.join(labels)}}}`" in PAGE if labels else f"`{full}`" in PAGE
    for alert in ALERTS:
        assert f"`{alert}`" in PAGE


@pytest.mark.slow
def test_a_job_writes_a_file_for_the_node_exporter(folder: Path) -> None:
    with running(ApiServer(devices_of(7))) as api:
        own = {"BALENA_API_URL": api.url, "BALENA_TOKEN": TOKEN}
        done = run(folder, "sh", "metrics.sh", **own)
        assert done.returncode == 0, done.stderr
        text = (folder / "fleet.prom").read_text(encoding="utf-8")
        found = read(text)
        assert sum(n for (name, _), n in found.items() if name == "fleetstatus_devices") == 7
        assert SLUG in text
        api.devices = []
        assert run(folder, "sh", "metrics.sh", **own).returncode == 2
        assert (folder / "fleet.prom").read_text(encoding="utf-8") == text


def test_metrics_as_text(folder: Path) -> None:
    done = run(folder, sys.executable, "text.py")
    assert read(done.stdout) == counts_of(fs.classify(fs.sample_fleet()))


@pytest.mark.slow
def test_an_application_serves_metrics(folder: Path) -> None:
    with fs.Tracker(folder / "fleet.db") as tracker:
        tracker.update(answer("2026-11-04T03:00Z"))
        wanted = fs.openmetrics(tracker.devices, changes=tracker)
    port = free_port()
    text = ""

    def is_up() -> bool:
        nonlocal text
        try:
            with urlopen(f"http://127.0.0.1:{port}/metrics/", timeout=30) as got:
                text = got.read().decode()
        except URLError:
            return False
        return True

    serve = ("-m", "uvicorn", "metrics_app:app", "--port", str(port), "--log-level", "error")
    with subprocess.Popen(
        [sys.executable, *serve], cwd=folder, env=environment(folder, {})
    ) as process:
        try:
            wait_until(is_up)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
    found = read(text)
    assert {one: value for one, value in found.items() if one[0].startswith("fleetstatus_")} == (
        read(wanted)
    )


@pytest.mark.slow
def test_rules_and_dashboard_are_printed(folder: Path) -> None:
    promtool("--version")
    done = run(folder, "sh", "rules.sh")
    assert (done.returncode, done.stderr) == (0, "")
    assert (folder / "fleetstatus.yml").read_text(encoding="utf-8") == RULES
    assert (folder / "dashboard.json").exists()
