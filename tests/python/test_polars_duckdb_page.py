"""The programs of `12_polars_duckdb.md` run as they stand there."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest

import fleetstatus as fs
from device_files import BAD, RECORDS, write_files
from page_programs import programs_in

PROGRAMS = programs_in("12_polars_duckdb.md")
PACKAGE = Path(fs.__file__).parents[1]
DEVICES = fs.classify(fs.sample_fleet())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder with the programs, and with exports as they need them."""
    for name, text in PROGRAMS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "exports").mkdir()
    write_files(tmp_path / "exports", RECORDS, 3)
    return tmp_path


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", *command],
        check=False,
        cwd=folder,
        env={"PYTHONPATH": str(PACKAGE)},
        capture_output=True,
        text=True,
    )


def answer(folder: Path, *command: str) -> str:
    done = run(folder, *command)
    assert (done.stderr, done.returncode) == ("", 0)
    return done.stdout


def test_the_page_has_a_program_for_each_way() -> None:
    assert list(PROGRAMS) == ["lost.py", "released.py", "rows.py"]
    for text in PROGRAMS.values():
        lines = text.splitlines()
        assert max(map(len, lines)) <= 100
        assert len(lines) <= 22


def test_lost_devices_are_counted_by_fleet(folder: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(answer(folder, "lost.py", "exports/*.json"))))
    lost = DEVICES.where(attention="disconnected")["fleet"].to_list()
    assert {row["fleet"]: int(row["lost"]) for row in rows} == {f: lost.count(f) for f in lost}
    assert sorted(rows, key=lambda row: (-int(row["lost"]), row["fleet"])) == rows


@pytest.mark.slow
def test_lost_devices_join_with_a_table_of_sites(folder: Path) -> None:
    sites = [f"{row.uuid},{'north' if i % 2 else 'south'}" for i, row in enumerate(DEVICES)]
    (folder / "sites.csv").write_text("\n".join(["uuid,site", *sites]))
    printed = answer(folder, "released.py", "exports/*.json", "sites.csv").splitlines()
    counts: dict[str, int] = {}
    for i, row in enumerate(DEVICES):
        if row.status == "Disconnected":
            key = f"{'north' if i % 2 else 'south'} {row.release}"
            counts[key] = counts.get(key, 0) + 1
    assert counts
    assert dict(line.rsplit(" ", 1) for line in printed) == {
        key: str(count) for key, count in counts.items()
    }


@pytest.mark.slow
def test_rows_of_a_database_are_counted(folder: Path) -> None:
    frame = pl.DataFrame(RECORDS, infer_schema_length=None)
    with duckdb.connect(folder / "fleet.duckdb") as con:
        con.register("frame", frame)
        con.execute("create table devices as from frame")
    printed = answer(folder, "rows.py", "fleet.duckdb")
    for row in DEVICES.summary():
        if row["devices"]:
            assert f"{row['label']} " in printed
            assert f" {row['devices']} " in printed
    with duckdb.connect(folder / "fleet.duckdb") as con:
        con.execute("alter table devices drop column image_install")
    assert (
        "MissingFieldsError: no record has image_install"
        in run(folder, "rows.py", "fleet.duckdb").stderr
    )


@pytest.mark.slow
def test_programs_name_what_is_wrong(folder: Path) -> None:
    write_files(folder / "exports", [*RECORDS[:4], BAD], 1)
    (folder / "sites.csv").write_text("uuid,site\nab,north\n")
    words = f'part-00.json, uuid {BAD["uuid"]}, record 4: is_active is "maybe"'
    for command in (("lost.py", "exports/*.json"), ("released.py", "exports/*", "sites.csv")):
        done = run(folder, *command)
        assert done.returncode == 1
        assert f"RecordError: exports/{words}" in done.stderr
    assert "no file matches 'none/*'" in run(folder, "lost.py", "none/*").stderr
