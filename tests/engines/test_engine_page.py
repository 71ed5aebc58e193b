"""The programs of `09_engines.md` run as they stand there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

import fleetstatus as fs
from a_week import answer
from engine_kinds import wanted
from programs import PROGRAMS

if TYPE_CHECKING:
    from collections.abc import Callable

PACKAGE = Path(fs.__file__).parents[1]
MOMENTS = ("2026-11-04T03:00Z", "2026-11-04T03:40Z", "2026-11-05T05:20Z")
needs_delta = pytest.mark.skipif(find_spec("deltalake") is None, reason="deltalake")
needs_iceberg = pytest.mark.skipif(find_spec("pyiceberg") is None, reason="pyiceberg")


def test_the_page_has_a_program_for_each_engine_and_lake() -> None:
    names = ["spark_job", "dask_job", "ray_job", "parquet_snapshots", "delta_snapshots"]
    assert list(PROGRAMS) == [f"{name}.py" for name in [*names, "iceberg_snapshots"]]
    for text in PROGRAMS.values():
        lines = text.splitlines()
        assert max(map(len, lines)) <= 100
        assert len([line for line in lines if line]) <= 30


@pytest.mark.parametrize("name", wanted())
def test_a_job_counts_the_devices_by_fleet_and_status(name: str, tmp_path: Path) -> None:
    program = tmp_path / f"{name}_job.py"
    program.write_text(PROGRAMS[program.name], encoding="utf-8")
    environment = os.environ | {
        "PYTHONPATH": str(PACKAGE),
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "MASTER": "local[2]",
    }
    done = subprocess.run(
        [sys.executable, program, fs.sample_fleet()],
        env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    devices = fs.classify(fs.sample_fleet())
    expected = Counter(zip(devices["fleet"], devices["status"], strict=True))
    told = [line.replace("|", " ").split() for line in done.stdout.splitlines()]
    rows = [words for words in told if len(words) > 2 and "/" in words[0]]
    assert {(words[0], " ".join(words[1:-1])): int(words[-1]) for words in rows} == expected


def program(name: str) -> Any:
    module = ModuleType(name)
    exec(compile(PROGRAMS[f"{name}.py"], name, "exec"), vars(module))  # noqa: S102
    return module


def disconnected(moment: str) -> int:
    return len(fs.classify(answer(moment)).where(status="Disconnected"))


def check_snapshots(add: Callable[[bytes], None], ask: Callable[[str], Any]) -> None:
    for moment in (*MOMENTS, MOMENTS[-1]):  # a job that is run again adds nothing
        add(answer(moment))
    told = ask("2026-11-04").to_pylist()
    assert [one["uuid_count"] for one in told] == list(map(disconnected, MOMENTS))
    assert told[1]["snapshot"] == fs.classify(answer(MOMENTS[1])).now
    assert ask("2026-11-05").num_rows == 1


def test_snapshots_in_a_folder_of_parquet_files(tmp_path: Path) -> None:
    lake = program("parquet_snapshots")
    folder = str(tmp_path / "lake")
    check_snapshots(
        lambda source: lake.add(folder, source), lambda day: lake.disconnected(folder, day)
    )
    assert len(list(tmp_path.rglob("*.parquet"))) == len(MOMENTS)


@needs_delta
def test_snapshots_in_a_delta_table(tmp_path: Path) -> None:
    lake = program("delta_snapshots")
    table = str(tmp_path / "devices")
    check_snapshots(
        lambda source: lake.add(table, source), lambda day: lake.disconnected(table, day)
    )


@needs_iceberg
def test_snapshots_in_an_iceberg_table(tmp_path: Path) -> None:
    from pyiceberg.catalog.sql import SqlCatalog

    uri, warehouse = f"sqlite:///{tmp_path}/catalog.db", (tmp_path / "lake").as_uri()
    catalog = SqlCatalog("test", uri=uri, warehouse=warehouse)
    catalog.create_namespace("fleet")
    lake, name = program("iceberg_snapshots"), "fleet.devices"
    check_snapshots(
        lambda source: lake.add(catalog, name, source),
        lambda day: lake.disconnected(catalog, name, day),
    )
