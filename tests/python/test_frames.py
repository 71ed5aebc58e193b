"""Every library reads the same values from a table."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import fleetstatus as fs
from consumers import CONSUMERS, from_pandas
from examples import NOW, device_record

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLE = fs.classify(fs.sample_fleet(), now=NOW)
ODD_RECORDS = [
    device_record(id=-(2**63), uuid=None, device_name="", last_connectivity_event=None),
    device_record(id=2**63 - 1, device_name="größe 📡 \u202e\n", status=None),
    device_record(id=None, api_heartbeat_state="?", update_status="downloaded"),
    device_record(id=5, belongs_to__application={"slug": "acme/häuser"}),
    device_record(id=6, last_update_status_event="1900-01-01T00:00:00.001Z"),
    device_record(id=7, device_name="a name that is longer than twelve bytes"),
]
ODD = fs.classify(ODD_RECORDS, now=NOW, on_error="keep", allow_missing="all")


def chunked() -> fs.StatusTable:
    """Classify Arrow columns whose texts come in several chunks, some of them sliced."""
    records = pa.Table.from_pylist(ODD_RECORDS[3:] + ODD_RECORDS[4:])
    chunks = [records.slice(0, 2), records.slice(3, 1), records.slice(1, 4), records.slice(0, 0)]
    return fs.classify(pa.concat_tables(chunks), now=NOW, allow_missing="all")


TABLES = {
    "sample": SAMPLE,
    "odd": ODD,
    "part": SAMPLE[7:100:3],
    "chunked": chunked(),
    "without rows": SAMPLE[:0],
    "without labels in use": fs.classify([], now=NOW),
    "pickled": pickle.loads(pickle.dumps(chunked())),
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
@pytest.mark.parametrize("read", CONSUMERS, ids=lambda read: read.__name__)
def test_each_consumer_reads_the_same_values(
    read: Callable[[fs.StatusTable], Any], table: fs.StatusTable
) -> None:
    assert read(table) == table.to_dicts()


def run(script: str, *arguments: object) -> bytes:
    """Run Python where the tests' modules can be imported."""
    paths = [str(Path(__file__).parent), str(Path(fs.__file__).parents[1])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE).stdout


WITHOUT_PYARROW = """
import json, pickle, sys
from pathlib import Path
sys.modules["pyarrow"] = None
import fleetstatus as fs
import pandas as pd
table = pickle.loads(Path(sys.argv[1]).read_bytes())
frame = table.to_pandas()
mask = pd.Series([True, None] * (len(table) // 2), dtype="boolean")
rows = [len(table.filter(frame["heartbeat"])), len(table.filter(mask))]
print(json.dumps([rows, [str(dtype) for dtype in frame.dtypes], frame.to_csv()]))
"""


@pytest.mark.slow
def test_pandas_frames_are_the_same_without_pyarrow(tmp_path: Path) -> None:
    pickled = tmp_path / "table"
    pickled.write_bytes(pickle.dumps(SAMPLE))
    frame = SAMPLE.to_pandas()
    rows, types, csv = json.loads(run(WITHOUT_PYARROW, pickled))
    assert rows == [sum(filter(None, SAMPLE["heartbeat"])), len(SAMPLE) // 2]
    assert types == [str(dtype) for dtype in frame.dtypes]
    assert csv == frame.to_csv()


PURE = """
import sys
import fleetstatus as fs
devices = fs.classify(fs.sample_fleet())
devices.__arrow_c_stream__(), devices.__arrow_c_schema__(), devices["status"].__arrow_c_array__()
devices.summary().__arrow_c_stream__()
print([name for name in ("numpy", "pandas", "polars", "pyarrow") if name in sys.modules])
"""


def test_arrow_needs_no_other_library() -> None:
    assert run(PURE).strip() == b"[]"


def test_numpy_reads_the_same_values() -> None:
    for table in TABLES.values():
        for name in table.columns:
            column = table[name]
            values = [_plain(value) for value in np.asarray(column)]
            null = False if column.type == "bool" else None
            assert values == [null if value is None else value for value in column], name


def _plain(value: Any) -> Any:
    if isinstance(value, np.datetime64):
        moment = value.item()
        return None if moment is None else moment.replace(tzinfo=NOW.tzinfo)
    if isinstance(value, float):
        return None if np.isnan(value) else _whole(value)
    return value.item() if isinstance(value, np.generic) else value


def _whole(value: float) -> int:
    # The largest int64 is rounded as a float64.
    return min(int(value), 2**63 - 1)


# pandas

PANDAS_TYPES = {
    "id": "Int64",
    "fleet": "category",
    "status": "category",
    "status_since": "datetime64[ms, UTC]",
    "status_duration": "timedelta64[s]",
    "attention": "category",
    "heartbeat": "boolean",
    "heartbeat_window_s": "Int32",
    "capabilities": "UInt16",
    "progress": "Int32",
    "update_status_duration": "timedelta64[s]",
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_pandas_types_do_not_depend_on_values(table: fs.StatusTable) -> None:
    frame = table.to_pandas()
    assert {name: str(frame[name].dtype) for name in PANDAS_TYPES} == PANDAS_TYPES
    assert frame["detail"].dtype == frame["uuid"].dtype == pd.Series(["text"]).dtype
    assert not {"status_duration_s", "update_status_duration_s"} & set(frame.columns)


def test_categories_are_all_labels_in_their_order() -> None:
    for table in (SAMPLE, SAMPLE[:0]):
        categories = table.to_pandas()["status"].cat.categories
        assert tuple(categories) == fs.StatusScheme.DOCS_2024_11.labels


def test_a_column_is_assigned_by_place_whatever_the_index() -> None:
    frame = pd.DataFrame(index=range(len(SAMPLE), 0, -1))
    frame["status"] = SAMPLE["status"]
    frame["progress"] = SAMPLE["progress"]
    assert frame["status"].tolist() == SAMPLE["status"].to_list()
    assert frame["progress"].isna().sum() == SAMPLE["progress"].to_list().count(None)


# polars


def test_polars_reads_enums_of_all_labels() -> None:
    for table in (SAMPLE, SAMPLE[:0]):
        schema = table.to_polars().schema
        assert schema == pl.DataFrame(table).schema
        assert schema["status"] == pl.Enum(fs.StatusScheme.DOCS_2024_11.labels)
        assert schema["attention"] == pl.Enum(map(str, fs.Attention))
        assert schema["fleet"] == pl.Categorical
        assert schema["status_since"] == pl.Datetime("ms", "UTC")
    assert pl.Series(SAMPLE["status"]).dtype == pl.Enum(fs.StatusScheme.DOCS_2024_11.labels)


# Both


@pytest.mark.parametrize("name", ["pandas", "polars"])
def test_a_missing_library_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    for source in (SAMPLE, SAMPLE.summary()):
        with pytest.raises(ImportError, match=rf"to_{name}\(\) needs {name}: pip install {name}"):
            getattr(source, f"to_{name}")()


KEYS: list[Any] = [
    None,
    "fleet",
    ["update_status", "heartbeat"],
    "progress",
    "status_since",
    [row % 3 for row in range(len(SAMPLE))],
    [row % 3 / 2 for row in range(len(SAMPLE))],
    [row % 3 == 0 for row in range(len(SAMPLE))],
    [NOW if row % 3 else None for row in range(len(SAMPLE))],
    ["ä" if row % 3 else None for row in range(len(SAMPLE))],
    [2**64 + row % 2 for row in range(len(SAMPLE))],
]


@pytest.mark.parametrize("by", KEYS, ids=lambda by: str(by)[:30])
def test_a_summary_reads_the_same_everywhere(by: Any) -> None:
    for of in ("status", "attention"):
        summary = SAMPLE.summary(by=by, of=of)
        rows = summary.to_dicts()
        if by is KEYS[-1]:
            rows = [row | {"group": str(row["group"])} for row in rows]
        assert pa.table(summary).to_pylist() == rows
        assert summary.to_polars().to_dicts() == rows
        assert pa.schema(summary) == pa.table(summary).schema
        frame = summary.to_pandas()
        assert tuple(frame.columns) == summary.columns
        assert frame["devices"].tolist() == [row["devices"] for row in rows]
        assert pickle.loads(pickle.dumps(summary)).to_polars().to_dicts() == rows


def test_a_summary_has_types_without_rows() -> None:
    summary = SAMPLE[:0].summary(by=["fleet", "progress", "status_since"], of="attention")
    assert dict(summary.to_polars().schema) == {
        "fleet": pl.Categorical,
        "progress": pl.Int32,
        "status_since": pl.Datetime("ms", "UTC"),
        "label": pl.Enum(map(str, fs.Attention)),
        "devices": pl.Int64,
        "share": pl.Float64,
        "median_duration_s": pl.Float64,
        "p95_duration_s": pl.Float64,
    }


def test_pandas_reads_durations_and_times() -> None:
    device = SAMPLE[SAMPLE.find("bitter-wind")]
    row = SAMPLE.to_pandas().iloc[SAMPLE.find("bitter-wind")]
    assert row["update_status_duration"] == device.update_status_duration
    assert row["status_since"] == device.status_since
    assert from_pandas(SAMPLE[:1]) == SAMPLE[:1].to_dicts()
