"""Nothing is left behind: memory stays flat over a thousand rounds of whatever users may call."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import io
import pickle
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nanoarrow as na
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import fleetstatus as fs
from examples import NOW, as_json, device_record

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not Path("/proc/self/statm").exists(), reason="asks Linux for the memory in use"
    ),
]

RECORDS = [
    device_record(
        id=i,
        uuid=f"{i:032x}",
        device_name=f"device {i}",
        api_heartbeat_state=["online", "offline", "timeout"][i % 3],
        belongs_to__application={"slug": f"org/{i % 3}"},
        update_status="downloading",
        last_update_status_event="2026-10-31T08:00:00Z",
        overall_status="operational",
        note="x" * i,
    )
    for i in range(40)
]
LINES = b"\n".join(map(as_json, RECORDS))
COLUMNS = {name: [record[name] for record in RECORDS] for name in ("uuid", "device_name", "note")}
COLUMNS["api_heartbeat_state"] = [record["api_heartbeat_state"] for record in RECORDS]
COLUMNS["is_connected_to_vpn"] = [True] * len(RECORDS)
ARROW = pa.table(COLUMNS)
VIEWS = ARROW.set_column(0, "uuid", ARROW["uuid"].cast(pa.string_view()))
CHUNKS = pa.concat_tables([VIEWS.slice(2, 9), VIEWS.slice(0, 7)])
PANDAS = pd.DataFrame(COLUMNS)
POLARS = pl.DataFrame(COLUMNS)


def classify(source: Any, **options: Any) -> fs.StatusTable:
    return fs.classify(source, now=NOW, allow_missing="all", **options)


TABLE = classify(RECORDS)


class Raises(dict[str, Any]):
    def items(self) -> Any:
        raise ZeroDivisionError


class RaisesLater:
    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        bad = pa.array(["online", "bad"] * 5000)
        return pa.table({"api_heartbeat_state": bad}).__arrow_c_stream__(requested_schema)


WORKS: dict[str, Callable[[], Any]] = {
    "dicts": lambda: classify(RECORDS, carry=["note"]),
    "json": lambda: classify(as_json(RECORDS)),
    "lines": lambda: classify(LINES, threads=2),
    "kept": lambda: classify(LINES + b"\n{x\n" + LINES, on_error="keep"),
    "arrow": lambda: classify(ARROW, carry=["note"]),
    "texts of a source": lambda: pa.table(classify(CHUNKS)),
    "pandas": lambda: classify(PANDAS),
    "polars": lambda: classify(POLARS),
    "scan": lambda: [len(table) for table in fs.scan(io.BytesIO(LINES), allow_missing="all")],
    "scan given up": lambda: next(iter(fs.scan(io.BytesIO(LINES), batch_size=3))),
    "explain": lambda: str(fs.explain(RECORDS[0], now=NOW)),
    "row": lambda: (TABLE[3], str(TABLE.explain(3)), TABLE.find("device 3")),
    "filter": lambda: TABLE.filter(TABLE["heartbeat"]).where(status="Operational"),
    "filter by a mask": lambda: TABLE[:].filter(pa.array(TABLE["heartbeat"])),
    "column": lambda: (TABLE["status"].to_list(), TABLE["progress"].to_numpy(), TABLE["id"][1]),
    "codes": lambda: (TABLE["status"].codes(), TABLE["status"] == "Operational"),
    "summary": lambda: TABLE.summary(by="fleet").to_dicts(),
    "attention": TABLE.attention,
    "disagreements": lambda: (TABLE.disagreements(), TABLE.duplicates()),
    "pickle": lambda: pickle.loads(pickle.dumps(TABLE)),
    "to_dicts": TABLE.to_dicts,
    "shown": lambda: (repr(TABLE), TABLE._repr_mimebundle_()),
    "to arrow": lambda: (pa.table(TABLE), na.ArrayStream(TABLE).read_all()),
    "to arrow in part": lambda: next(iter(pa.RecordBatchReader.from_stream(TABLE))),
    "column to polars": lambda: pl.Series(TABLE["status"]),
    "no one takes": lambda: (TABLE.__arrow_c_stream__(), TABLE["id"].__arrow_c_array__()),
    "query": lambda: (fs.device_options(), fs.device_query(), fs.build_info()),
}
FAILURES: dict[str, Callable[[], Any]] = {
    "bad record": lambda: classify([*RECORDS, device_record(id="x")]),
    "bad line": lambda: classify(LINES + b"\n" + as_json(device_record(id="x")), threads=2),
    "no json": lambda: classify(LINES[:-1]),
    "no gzip": lambda: classify(b"\x1f\x8b" + LINES),
    "missing fields": lambda: fs.classify([{"uuid": "a"}]),
    "own error": lambda: classify([Raises(id=1)]),
    "bad arrow": lambda: classify(RaisesLater()),
    "broken arrow": lambda: classify(pa.table({"id": pa.array([b"x"])})),
    "no column": lambda: TABLE["nothing"],
    "no device": lambda: TABLE.find("nobody"),
    "no label": lambda: TABLE.where(status="Sleeping"),
    "no mask": lambda: TABLE.filter([True]),
    "no source": lambda: classify(5),
    "scan": lambda: list(fs.scan(io.BytesIO(LINES + b"{"), allow_missing="all")),
    "explain": lambda: fs.explain(RECORDS[0], scheme="of old"),  # type: ignore[arg-type]
}


def in_use() -> int:
    """Bytes of memory that this process holds."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def check_flat(act: Callable[[], Any]) -> None:
    for _ in range(200):
        act()
    grown = []
    for _ in range(3):  # what leaks grows each time; a heap that is only scattered does not
        before = in_use()
        for _ in range(1000):
            act()
        grown.append(in_use() - before)
        if grown[-1] < 1_000_000:  # less than 1 kB each
            return
    raise AssertionError(grown)


@pytest.mark.parametrize("act", WORKS.values(), ids=WORKS)
def test_what_works_leaves_nothing_behind(act: Callable[[], Any]) -> None:
    check_flat(act)


@pytest.mark.parametrize("act", FAILURES.values(), ids=FAILURES)
def test_what_fails_leaves_nothing_behind(act: Callable[[], Any]) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011 - each its own
        act()

    def fail() -> None:
        with contextlib.suppress(Exception):
            act()

    check_flat(fail)


def test_records_are_let_go() -> None:
    # Keys of its own, since other tests' garbage may hold those that Python shares.
    records = [{"".join([*key]): value for key, value in record.items()} for record in RECORDS]
    objects = [records, records[0], records[0]["note"], records[0]["image_install"]]
    keys = list(records[0])

    def counts() -> list[int]:
        gc.collect()
        return [sys.getrefcount(one) for one in (*objects, *keys)]

    def read_them() -> None:
        with contextlib.suppress(fs.RecordError):
            classify([*records, {"id": "x"}])
        classify(records, carry=["note"])
        fs.explain(records[0], now=NOW)

    read_them()
    before = counts()
    for _ in range(10):
        read_them()
    assert counts() == before


def test_a_stream_that_no_one_releases_costs_no_more_than_itself() -> None:
    get_pointer = ctypes.pythonapi.PyCapsule_GetPointer
    get_pointer.restype, get_pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    n_bytes = 5 * ctypes.sizeof(ctypes.c_void_p)
    at_release = 3 * ctypes.sizeof(ctypes.c_void_p)

    def take_and_forget() -> None:
        capsule = TABLE.__arrow_c_stream__()
        stream = get_pointer(capsule, b"arrow_array_stream")
        moved = ctypes.create_string_buffer(n_bytes)
        ctypes.memmove(moved, stream, n_bytes)
        ctypes.memset(stream + at_release, 0, ctypes.sizeof(ctypes.c_void_p))  # it was moved away

    take_and_forget()
    before = in_use()
    for _ in range(1000):
        take_and_forget()
    assert in_use() - before < 5_000_000  # 25 columns that share the table's memory
    assert pa.table(TABLE).num_rows == len(RECORDS)
