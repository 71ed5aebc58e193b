"""What somebody may type who has not read the reference: an answer as meant, or words."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fleetstatus as fs

DEVICES = fs.classify(fs.sample_fleet())
MASK: Any = DEVICES["status"] == "Frozen"
SOME: Any = DEVICES[["device_name", "status"]]


@pytest.mark.parametrize(
    "given", [False, 0, "", [], MASK, MASK.to_numpy()], ids=lambda x: type(x).__name__
)
def test_where_refuses_what_is_no_mapping(given: Any) -> None:
    with pytest.raises(TypeError, match=r"where takes conditions by name, .* filter takes a mask"):
        DEVICES.where(given)


@pytest.mark.parametrize(
    ("name", "value"),
    [("device_name", "bitter*"), ("fleet", "kiosk-display"), ("status", "frozen")],
)
def test_a_mapping_means_what_arguments_mean(name: str, value: str) -> None:
    arguments: dict[str, Any] = {name: value}
    expected = DEVICES.where(**arguments)
    assert DEVICES.where({name: value}) == expected
    assert len(expected) > 0
    with pytest.raises(ValueError, match=f"{name} is given in the mapping and as an argument"):
        DEVICES.where({name: value}, **arguments)


def test_an_unknown_fleet_is_refused_in_a_mapping_too() -> None:
    with pytest.raises(ValueError, match="kiosk"):
        DEVICES.where({"fleet": "kiosk-dispaly"})


@pytest.mark.parametrize("kind", [np.uint8, np.uint64, np.int8])
def test_numbers_of_numpy_count_rows(kind: Any) -> None:
    assert DEVICES.tail(kind(3)) == DEVICES.tail(3)
    assert SOME.tail(kind(3)).to_dicts() == SOME.tail(3).to_dicts()
    assert DEVICES.head(kind(3)) == DEVICES.head(3)


class _Raw(io.RawIOBase):
    """Takes seven bytes at a time."""

    def __init__(self) -> None:
        self.taken = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        part = bytes(data)[:7]
        self.taken += part
        return len(part)


def test_a_raw_file_gets_all_of_it() -> None:
    raw, whole = _Raw(), io.BytesIO()
    DEVICES.write(raw, format="csv")
    DEVICES.write(whole, format="csv")
    assert bytes(raw.taken) == whole.getvalue()


def test_a_text_of_a_time_keeps_its_microseconds() -> None:
    since: Any = DEVICES["status_since"]
    first = str(since[0].isoformat(timespec="milliseconds").replace("+00:00", ""))
    assert (since == f"{first}Z").to_list()[0] is True
    assert (since == f"{first}500Z").to_list()[0] is False
    assert (since < f"{first}5Z").to_list()[0] is True
    assert (since == f"{first}000Z").to_list()[0] is True


@pytest.mark.parametrize(
    "other", [MASK, np.ones(300, bool), [True] * 300], ids=lambda x: type(x).__name__
)
def test_columns_are_not_combined_by_a_circumflex(other: Any) -> None:
    with pytest.raises(TypeError, match=r"columns are combined by & \| ~"):
        MASK ^ other


@pytest.mark.parametrize("key", ["a", None, [1], MASK, True], ids=repr)
def test_a_column_takes_numbers_of_rows(key: Any) -> None:
    with pytest.raises(TypeError, match="a column takes a row's number or a slice"):
        DEVICES["id"][key]


def test_columns_of_labels_are_not_compared_with_each_other() -> None:
    status: Any = DEVICES["status"]
    with pytest.raises(TypeError, match="only columns of numbers, of times, or of bools"):
        _ = status == DEVICES["update_status"]
    heartbeat: Any = DEVICES["heartbeat"]
    with pytest.raises(TypeError, match="only columns of numbers, of times, or of bools"):
        _ = heartbeat < DEVICES["cloudlink"]


def test_names_that_are_elsewhere_are_told() -> None:
    device: Any = DEVICES[0]
    with pytest.raises(AttributeError, match="as a timedelta it is status_duration"):
        _ = device.status_duration_s
    with pytest.raises(
        TypeError, match=r"^a device has attributes, such as device\.status, and no item 'status'$"
    ):
        _ = device["status"]
    with pytest.raises(AttributeError, match=r"no attribute 'nothing_s'$"):
        _ = device.nothing_s
    with pytest.raises(AttributeError, match="select its rows first, then columns"):
        SOME.where(status="Frozen")
    with pytest.raises(AttributeError, match="to_polars"):
        SOME.sort("status")


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="has no such file")
def test_standard_output_is_written_and_not_replaced(tmp_path: Path) -> None:
    program = (
        "import fleetstatus as fs\n"
        "print('before', flush=True)\n"
        "fs.classify(fs.sample_fleet()).head(1).write('/dev/stdout', format='csv')\n"
        "print('after')\n"
    )
    log = tmp_path / "log"
    with log.open("wb") as file:
        subprocess.run([sys.executable, "-c", program], stdout=file, check=True, timeout=600)
    lines = log.read_text().splitlines()
    assert len(lines) == 4
    assert {"before", "after"} <= set(lines)
