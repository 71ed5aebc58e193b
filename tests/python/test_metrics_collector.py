"""The collector of prometheus_client gives what `openmetrics` writes."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.openmetrics import exposition

import fleetstatus as fs
from fleetstatus.metrics import Collector
from test_openmetrics import look_at_the_week, read, read_openmetrics

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE = fs.classify(fs.sample_fleet())


@pytest.mark.slow
def test_a_registry_gives_what_is_written() -> None:
    tracker = look_at_the_week()
    registry = CollectorRegistry()
    Collector(lambda: tracker.devices, changes=tracker, detail="all", registry=registry)
    options: dict[str, Any] = {"changes": tracker, "detail": "all"}
    wanted = read(fs.openmetrics(tracker.devices, **options))
    assert read(generate_latest(registry).decode()) == wanted
    assert read_openmetrics(exposition.generate_latest(registry).decode()) == wanted
    text = exposition.generate_latest(registry).decode()
    assert "# UNIT fleetstatus_snapshot_timestamp_seconds seconds" in text


def test_each_scrape_asks_for_the_devices() -> None:
    given: list[Any] = [None, SAMPLE, SAMPLE[:10]]
    registry = CollectorRegistry()
    Collector(lambda: given.pop(0), registry=registry, detail="none")
    assert given[0] is None, "registering asks for nothing"
    assert generate_latest(registry) == b""
    for devices in (SAMPLE, SAMPLE[:10]):
        found = read(generate_latest(registry).decode())
        assert found == read(fs.openmetrics(devices, detail="none"))


def test_what_get_raises_fails_the_scrape() -> None:
    registry = CollectorRegistry()
    Collector(lambda: fs.classify("no-such-file.json"), registry=registry)
    with pytest.raises(FileNotFoundError):
        generate_latest(registry)


def test_a_name_that_the_registry_has_is_an_error_that_names_it() -> None:
    registry = CollectorRegistry()
    Gauge("fleetstatus_devices", "of another program", registry=registry)
    with pytest.raises(ValueError, match=r"names already: .*fleetstatus_devices") as raised:
        Collector(lambda: SAMPLE, registry=registry)
    assert "use one Collector" in str(raised.value)
    with pytest.raises(ValueError, match="fleetstatus_devices"):
        registry.register(Collector(lambda: SAMPLE))


def test_arguments_are_checked_at_once() -> None:
    with pytest.raises(TypeError, match="get is a StatusTable, expected a function"):
        Collector(SAMPLE)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="detail is 'some'"):
        Collector(lambda: SAMPLE, detail="some")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="limit is -1"):
        Collector(lambda: SAMPLE, limit=-1)


def test_without_prometheus_client_a_line_says_how_to_install_it(tmp_path: Path) -> None:
    (tmp_path / "prometheus_client").mkdir()
    (tmp_path / "prometheus_client/__init__.py").write_text(
        "raise ModuleNotFoundError('gone', name='prometheus_client')"
    )
    program = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import fleetstatus.metrics"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert 'needs prometheus_client: pip install "fleetstatus[metrics]"' in run.stderr
