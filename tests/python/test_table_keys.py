"""Some rows or columns of a table: by masks, numbers and names, the first and the last."""

from __future__ import annotations

import json
import pickle
from array import array
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import fleetstatus as fs
from examples import table_of

if TYPE_CHECKING:
    from pathlib import Path

TABLE = table_of(*({"id": number, "is_active": number % 2 == 0} for number in range(7)))
IDS = list(range(7))


def ids(table: fs.StatusTable) -> list[Any]:
    return table["id"].to_list()


# The first and the last


@given(st.integers(-10, 10))
def test_head_and_tail_are_those_of_pandas(n: int) -> None:
    frame = pd.DataFrame({"id": IDS})
    assert ids(TABLE.head(n)) == frame.head(n)["id"].to_list()
    assert ids(TABLE.tail(n)) == frame.tail(n)["id"].to_list()
    names = TABLE[["id"]]
    assert names.head(n)["id"].to_list() == frame.head(n)["id"].to_list()
    assert names.tail(n)["id"].to_list() == frame.tail(n)["id"].to_list()


def test_head_and_tail_are_five_rows_if_none_says_how_many() -> None:
    assert (ids(TABLE.head()), ids(TABLE.tail())) == (IDS[:5], IDS[-5:])
    assert ids(TABLE.head(n=2**80)) == ids(TABLE.tail(n=2**80)) == IDS
    assert TABLE.head() == TABLE[:5]


@pytest.mark.parametrize("n", [True, 1.0, "5", None])
def test_head_and_tail_take_whole_numbers(n: Any) -> None:
    for part in (TABLE.head, TABLE.tail, TABLE[["id"]].head):
        with pytest.raises(TypeError, match=r"n is a \w+, expected a whole number"):
            part(n)


def test_shape_is_rows_and_columns() -> None:
    assert TABLE.shape == (7, len(TABLE.columns))
    assert TABLE[:0].shape == (0, len(TABLE.columns))
    assert TABLE[["id", "uuid"]].shape == (7, 2)


# Rows

EVEN = [number % 2 == 0 for number in IDS]


@pytest.mark.parametrize(
    "mask",
    [
        EVEN,
        [*EVEN[:1], *(one or None for one in EVEN[1:])],
        np.array(EVEN),
        pd.Series(EVEN),
        pd.Series(EVEN, dtype="boolean"),
        pd.array(EVEN, dtype="boolean"),
        pl.Series(EVEN),
        pa.array(EVEN),
        pa.chunked_array([EVEN[:3], EVEN[3:]]),
        list(np.array(EVEN)),
        TABLE["status"] != "Inactive",
    ],
    ids=lambda mask: type(mask).__name__,
)
def test_a_mask_selects_rows(mask: Any) -> None:
    assert ids(TABLE[mask]) == [0, 2, 4, 6]
    assert TABLE[mask] == TABLE.filter(mask)


@pytest.mark.parametrize("index", [range(7, 0, -1), range(1, 8), list("abcdefg")])
def test_a_pandas_mask_of_other_rows_is_refused(index: Any) -> None:
    mask = pd.Series(EVEN, index=index)
    for take in (TABLE.__getitem__, TABLE.filter, TABLE[["id"]].filter):
        with pytest.raises(ValueError, match=r"mask is a pandas Series whose index is not 0, 1, 2"):
            take(mask)
    with pytest.raises(ValueError, match=r"by is a pandas Series whose index is not 0, 1, 2"):
        TABLE.summary(by=mask)
    assert ids(TABLE[mask.to_numpy()]) == ids(TABLE[mask.reset_index(drop=True)]) == [0, 2, 4, 6]


def test_a_pandas_mask_of_no_rows() -> None:
    assert len(TABLE[:0][pd.Series([], dtype=bool)]) == 0


def test_nulls_of_a_mask_select_nothing() -> None:
    assert ids(TABLE[[None, True, *[None] * 5]]) == [1]


@pytest.mark.parametrize(
    "rows",
    [
        [0, 5, -1, 0],
        np.array([0, 5, -1, 0]),
        np.array([0, 5, 6, 0], dtype=np.uint8),
        list(np.array([0, 5, 6, 0])),
        pd.Series([0, 5, 6, 0]),
        pl.Series([0, 5, 6, 0]),
        pa.array([0, 5, 6, 0]),
        array("i", [0, 5, 6, 0]),
    ],
    ids=lambda rows: type(rows).__name__,
)
def test_numbers_select_rows_in_their_order(rows: Any) -> None:
    assert ids(TABLE[rows]) == [0, 5, 6, 0]


@given(st.slices(7))
def test_slices_are_those_of_lists(chosen: slice) -> None:
    assert ids(TABLE[chosen]) == IDS[chosen]
    assert ids(TABLE[range(7)[chosen]]) == IDS[chosen]


def test_no_rows_are_an_empty_table() -> None:
    assert TABLE[[]] == TABLE[:0]
    assert TABLE[np.array([], dtype=np.int64)] == TABLE[:0]
    empty = TABLE[:0]
    assert empty[[]] == empty[np.array([], dtype=bool)] == empty[empty["heartbeat"]] == empty


@pytest.mark.parametrize(
    ("key", "error", "message"),
    [
        ([True], ValueError, "a mask of 1 rows for a table of 7"),
        (np.array([], dtype=bool), ValueError, "a mask of 0 rows for a table of 7"),
        (pd.Series([], dtype="boolean"), ValueError, "a mask of 0 rows for a table of 7"),
        (TABLE[:2]["heartbeat"], ValueError, "a mask of 2 rows for a table of 7"),
        (TABLE["id"], ValueError, "expected a column of bools"),
        (TABLE["uuid"], ValueError, "expected a column of bools"),
        ([7], IndexError, "row 7 of a table of 7 rows"),
        ([0, -8], IndexError, "row -8 of a table of 7 rows"),
        ([2**80], IndexError, f"row {2**80} of a table of 7 rows"),
        ([0, True], TypeError, "a list of numbers of rows holds a bool"),
        ([0, None], TypeError, "a list of numbers of rows holds a NoneType"),
        ([0, "id"], TypeError, "a list of numbers of rows holds a str"),
        ([True, 0, *[True] * 5], TypeError, "a mask holds a int, expected bools"),
        ([1.0], TypeError, "a mask holds a float"),
        ([[0]], TypeError, "a mask holds a list"),
        (np.array([EVEN]), ValueError, "a mask has 2 dimensions"),
        (["id", 5], TypeError, "a list of names of columns holds a int"),
        (["id", "id"], ValueError, "a list of names of columns has 'id' twice"),
        (["id", "stats"], KeyError, "no column 'stats'; did you mean 'status'"),
        (["status_duration"], KeyError, "in seconds it is 'status_duration_s'"),
        (("id", "uuid"), TypeError, r"or a list of names or numbers, not \('id', 'uuid'\)"),
        (("id", "uuid"), TypeError, r": table\[\['id', 'uuid'\]\]$"),
        (("id", 5), TypeError, r": table\['id'\]\[5\]$"),
        ((5, "id"), TypeError, r": table\['id'\]\[5\]$"),
        (("id", "uuid", 5), TypeError, r"not \('id', 'uuid', 5\)$"),
        (("id", 5, 6), TypeError, r"not \('id', 5, 6\)$"),
        ((5, 6), TypeError, r"not \(5, 6\)$"),
        ((), TypeError, r"not \(\)$"),
        ({"id"}, TypeError, "a table takes a column's name"),
        ({"id": 1}, TypeError, "a table takes a column's name"),
        (iter(["id"]), TypeError, "a table takes a column's name"),
        (b"id", TypeError, "a table takes a column's name"),
        (True, TypeError, "a slice, a mask, or a list of names or numbers, not True"),
        (None, TypeError, "a table takes a column's name"),
        (1.0, TypeError, "a table takes a column's name"),
        (min, TypeError, r"a table takes .*; where\(\) and comparisons of columns are conditions"),
        (iter([0]), TypeError, r"a table takes .*: table\[list\(\.\.\.\)\]"),
    ],
)
def test_what_is_no_key_is_an_error(key: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        TABLE[key]


# Columns

NAMES = ["uuid", "status", "status_duration_s", "status_since"]
SAMPLE = fs.classify(fs.sample_fleet())
SELECTION = SAMPLE[NAMES]


def test_a_selection_has_the_columns_that_were_named_in_their_order() -> None:
    assert SELECTION.columns == tuple(NAMES)
    assert len(SELECTION) == len(SAMPLE)
    assert SELECTION.schema == {name: SAMPLE.schema[name] for name in NAMES}
    assert SELECTION["status"].labels == SAMPLE["status"].labels
    rows = [{name: row[name] for name in NAMES} for row in SAMPLE.to_dicts()]
    assert SELECTION.to_dicts() == list(SELECTION) == rows
    assert SELECTION[-1] == rows[-1]
    assert SELECTION[:0].to_dicts() == []
    assert SELECTION[:3] == SAMPLE[:3][NAMES]
    assert pickle.loads(pickle.dumps(SELECTION)) == SELECTION
    assert SAMPLE[np.array(NAMES)] == SAMPLE[pl.Series(NAMES)] == SELECTION
    assert SAMPLE[pa.array(NAMES)] == SELECTION


@pytest.mark.parametrize("key", [SAMPLE["heartbeat"], ["uuid"], np.ones(300, dtype=bool), None])
def test_a_selection_says_what_gives_rows(key: Any) -> None:
    with pytest.raises(TypeError, match=r"a Selection takes .* not .*; filter\(mask\) gives rows"):
        SELECTION[key]


def test_a_selection_is_handed_on_as_the_table_is() -> None:
    frame = SAMPLE.to_pandas()
    named = ["status_duration" if name == "status_duration_s" else name for name in NAMES]
    pd.testing.assert_frame_equal(SELECTION.to_pandas(), frame[named])
    assert SELECTION.to_polars().equals(SAMPLE.to_polars()[NAMES])
    assert pl.DataFrame(SELECTION).equals(SELECTION.to_polars())
    assert SELECTION.to_arrow().equals(SAMPLE.to_arrow().select(NAMES))
    assert pa.table(SELECTION).column_names == NAMES


def test_a_selection_is_written(tmp_path: Path) -> None:
    SELECTION.write(tmp_path / "devices.csv")
    SELECTION.write(tmp_path / "devices.json")
    assert (tmp_path / "devices.csv").read_text().splitlines()[0] == ",".join(NAMES)
    rows = json.loads((tmp_path / "devices.json").read_text())
    assert [row["status"] for row in rows] == SAMPLE["status"].to_list()
    assert rows == json.loads(SELECTION.to_json())


def test_a_selection_is_shown() -> None:
    shown = SAMPLE[["device_name", "status"]]
    lines = repr(shown).splitlines()
    assert lines[0].split() == ["device_name", "status"]
    assert lines[1].split(maxsplit=1) == [SAMPLE["device_name"][0], SAMPLE["status"][0]]
    assert repr(shown).endswith("and 292 more rows")
    assert "<td" in shown._repr_mimebundle_()["text/html"]
    hostile = table_of({"device_name": "<script>\x1b[2J"})[["device_name"]]
    assert "<script>" not in hostile._repr_mimebundle_()["text/html"]
    assert "\x1b" not in repr(hostile)


# What other libraries make of a table


def test_pandas_and_numpy_are_told_what_to_type() -> None:
    for make in (pd.DataFrame, np.asarray, np.array, pd.Series):
        with pytest.raises(TypeError, match=r"^a table of devices is no array: .*to_pandas\(\)"):
            make(SAMPLE)
    assert pd.DataFrame(SELECTION)["status"].to_list() == SAMPLE["status"].to_list()


def test_polars_makes_a_frame_and_arrow_says_which_call_does() -> None:
    assert pl.DataFrame(SAMPLE).equals(SAMPLE.to_polars())
    series = pl.from_arrow(SAMPLE)
    assert isinstance(series, pl.Series)  # polars' rule for all streams but pyarrow's
    assert series.name == "use pl.DataFrame(table)"
    assert series.struct.unnest().equals(SAMPLE.to_polars())
    whole = pl.from_arrow(SAMPLE.to_arrow())
    assert isinstance(whole, pl.DataFrame)
    assert whole.columns == list(SAMPLE.columns)
