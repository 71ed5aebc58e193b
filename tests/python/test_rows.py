"""Tables of other things than devices: rows, selections, files, pickles."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

import fleetstatus as fs
from fleetstatus._table.kinds import Kind
from fleetstatus._table.rows import Rows
from fleetstatus._words.text import cell_width

if TYPE_CHECKING:
    from pathlib import Path

_TIMES = "timestamp[ms, UTC]"
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


def test_rows_show_durations_in_words_and_count_the_rest() -> None:
    kinds = {"name": "large_utf8", "duration_s": "int64", "share": "float64", "at": _TIMES}
    at = datetime(2026, 11, 1, 12, tzinfo=UTC)
    values: dict[str, list[Any]] = {
        "name": ["東京", "a\x1b[2J", None, "n" * 60, *"efghi"],
        "duration_s": [5400, 86_400, None, 1_000_000, 1, 2, 3, 4, 5],
        "share": [0.123456, 1234.5, -1000.0, 999.94, 1.0, 2.0, 3.0, 4.0, 5.0],
        "at": [at] * 9,
    }
    made = Rows([(name, Kind(kinds[name]).build(values[name])) for name in values])
    shown = repr(made).splitlines()
    assert [line.split("  ")[0] for line in shown[:5]] == [
        *("name", "東京", r"a\x1b[2J", "-", "n" * 45 + "...")
    ]
    assert shown[0].split() == ["name", "duration_s", "share", "at"]
    assert shown[1].split()[1:] == ["5,400", "(1", "hour)", "0.123", "2026-11-01", "12:00:00Z"]
    assert "86,400 (1 day)" in shown[2]
    assert "  1,234  " in shown[2]
    assert "  -1,000  " in shown[3]
    assert "1,000,000 (11 days)" in shown[4]
    assert "  1,000  " in shown[4]
    assert {cell_width(line) for line in shown[1:9]} == {cell_width(shown[1])}
    assert len(shown) == 1 + 8 + 1
    assert shown[-1] == "and 1 more row"
    page = made._repr_mimebundle_()["text/html"]
    assert r'a\x1b[2J</td><td data-label="duration_s">86,400 (1 day)</td>' in page
    assert '<div class="note">and 1 more row</div>' in page
    assert "more row" not in repr(made[:8])
    assert repr(made[:0]).splitlines()[1:] == ["no rows"]


def test_flags_and_whole_numbers_are_told_apart() -> None:
    columns: dict[str, tuple[str, list[Any]]] = {
        "flag": ("bool", [True, False]),
        "n": ("int64", [1000, 7]),
    }
    made = Rows([(name, Kind(kind).build(values)) for name, (kind, values) in columns.items()])
    assert [line.split() for line in repr(made).splitlines()] == [
        ["flag", "n"],
        ["True", "1,000"],
        ["False", "7"],
    ]


def test_only_names_numbers_and_slices_are_keys(changes: fs.Changes) -> None:
    with pytest.raises(KeyError, match=r"no column 'knd'.*'kind'.*; there are uuid, device_name, "):
        changes["knd"]
    for key in (None, 1.5):
        with pytest.raises(
            TypeError, match=f"a column's name, a row's number or a slice, not {key}"
        ):
            changes[key]  # type: ignore[call-overload]


def made_of(**columns: tuple[str, list[Any]]) -> Rows:
    return Rows([(name, Kind(kind).build(values)) for name, (kind, values) in columns.items()])


def test_numbers_that_count_nothing_have_no_separators() -> None:
    assert repr(DEVICES[["device_name", "id", "capabilities"]].head(3)).splitlines()[
        -1
    ].split() == [*("crimson-ember", "9204848", "8187")]
    made = made_of(fleet_id=("int64", [1234567]), memory=("int64", [1234567]))
    assert repr(made).splitlines()[1].split() == ["1234567", "1,234,567"]


def test_seconds_are_told_in_words_whatever_the_column_is_called() -> None:
    made = made_of(
        seconds=("float64", [7200.0]), total_s=("int64", [60]), zone_s=("large_utf8", ["s"])
    )
    assert repr(made).splitlines()[1].split("  ") == ["7,200 (2 hours)", "60 (1 minute)", "s"]
    years = made_of(duration_s=("int64", [3653 * 86_400]))
    assert repr(years).splitlines()[1] == "315,619,200 (3,653 days)"


def test_a_terminal_gets_columns_in_blocks_that_fit(terminal: Any) -> None:
    chosen = DEVICES[list(DEVICES.columns)].head(2)
    wide = repr(chosen).splitlines()
    assert len(wide) == 3
    terminal(60)
    blocks = [block.splitlines() for block in repr(chosen).split("\n\n")]
    assert max(cell_width(line) for block in blocks for line in block) <= 60
    assert {line.split()[0] for block in blocks for line in block} == {"id", "9204381", "9204493"}
    told = [name for block in blocks for name in block[0].split()[1:]]
    assert ["id", *told] == wide[0].split()
    assert all(len(block) == 3 for block in blocks)


def test_a_row_without_a_word_stays_a_row(terminal: Any) -> None:
    terminal(60)
    assert repr(made_of(name=("large_utf8", ["", "b"]))).splitlines() == ["name", "", "b"]


def test_on_a_narrow_screen_rows_are_lists_with_headings() -> None:
    page = DEVICES[["device_name", "status"]]._repr_mimebundle_()["text/html"]
    assert '<table class="stacked">' in page
    assert '<td data-label="status">Disconnected</td>' in page
