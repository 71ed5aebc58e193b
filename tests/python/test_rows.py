"""Tables of other things than devices: rows, selections, files, pickles."""

from __future__ import annotations

import json
import pickle
from typing import TYPE_CHECKING

import pytest

import fleetstatus as fs

if TYPE_CHECKING:
    from pathlib import Path

DEVICES = fs.classify(fs.sample_fleet())
RENAMED = fs.classify(
    [
        {**record, "device_name": f"new-{record['device_name']}"}
        for record in json.loads(fs.sample_fleet().read_bytes())["d"][:20]
    ],
    now="2026-11-01T13:00:00Z",
)


@pytest.fixture(scope="module")
def changes() -> fs.Changes:
    return fs.diff(DEVICES, RENAMED, complete=False)


def test_rows_are_taken_by_number_slice_and_mask(changes: fs.Changes) -> None:
    assert len(changes) == 20
    assert changes[-1] == changes.to_dicts()[-1]
    assert changes[2:4].to_dicts() == changes.to_dicts()[2:4]
    mask = [row % 2 == 0 for row in range(20)]
    assert changes.filter(mask).to_dicts() == changes.to_dicts()[::2]
    with pytest.raises(ValueError, match="a mask of 3 rows for a table of 20"):
        changes.filter([True] * 3)


@pytest.mark.parametrize("key", [20, -21])
def test_a_row_that_is_not_there_is_an_error(changes: fs.Changes, key: int) -> None:
    with pytest.raises(IndexError, match=f"row {key} of a table of 20 rows"):
        changes[key]


def test_a_selection_knows_what_was_compared(changes: fs.Changes) -> None:
    part = changes[:3]
    assert isinstance(part, fs.Changes)
    assert part.now == changes.now
    assert part != changes
    assert part == changes[:3]
    assert hash(part) == hash(changes[:3])


def test_changes_can_be_pickled(changes: fs.Changes) -> None:
    copied = pickle.loads(pickle.dumps(changes))
    assert copied == changes
    assert copied.schema == changes.schema
    assert copied.now == changes.now
    assert str(copied) == str(changes)
    counts = changes.counts(by="fleet")
    assert pickle.loads(pickle.dumps(counts)) == counts


def test_files_and_json_hold_all_rows(changes: fs.Changes, tmp_path: Path) -> None:
    rows = json.loads(changes.to_json())
    assert [row["after"] for row in rows] == changes["after"].to_list()
    changes.write(tmp_path / "changes.ndjson")
    lines = (tmp_path / "changes.ndjson").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == rows
