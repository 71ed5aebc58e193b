"""Names that pandas and polars have and tables have not: the error says what to type."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

import fleetstatus as fs
from fleetstatus._table import hints
from wording import check

TABLE = fs.classify(fs.sample_fleet())

OF_TABLES = [
    "group_by",
    "groupby",
    "merge",
    "join",
    "loc",
    "iloc",
    "describe",
    "info",
    "query",
    "select",
    "with_columns",
    "drop",
    "rename",
    "sort_values",
    "value_counts",
    "apply",
    "map",
    "plot",
    "to_csv",
    "to_excel",
    "to_parquet",
    "to_string",
    "lazy",
    "iter_rows",
    "rows",
    "height",
    "width",
    "dtypes",
    "index",
    "values",
    "empty",
    "isin",
    "isna",
    "fillna",
    "dropna",
    "sample",
    "unique",
    "nunique",
    "nlargest",
    "agg",
    "pivot",
    "melt",
    "explode",
    "concat",
    "append",
    "copy",
    "T",
]
OF_COLUMNS = [
    "str",
    "dt",
    "mean",
    "sum",
    "max",
    "min",
    "isin",
    "isnull",
    "astype",
    "cast",
    "map",
    "apply",
    "fillna",
    "dtype",
    "values",
    "tolist",
    "nunique",
]


@pytest.mark.parametrize("name", OF_TABLES)
def test_a_table_says_what_to_type(name: str) -> None:
    with pytest.raises(
        AttributeError, match=f"^'StatusTable' object has no attribute '{name}': [a-z]"
    ) as raised:
        getattr(TABLE, name)
    assert (raised.value.name, raised.value.obj) == (name, TABLE)


def told(owner: object, name: str) -> str:
    with pytest.raises(AttributeError) as raised:
        getattr(owner, name)
    return str(raised.value)


def test_hints_are_what_they_were() -> None:
    rows = TABLE[["id"]]
    check(
        "hints.txt",
        [
            *(told(TABLE, name) for name in hints._OF_TABLES),
            *(told(rows, name) for name in (*hints._OF_ROWS, "to_csv", "merge")),
            *(told(TABLE["id"], name) for name in hints._OF_COLUMNS),
            *(told(fs, name) for name in hints._OF_PACKAGE),
        ],
    )


@pytest.mark.parametrize("name", OF_COLUMNS)
def test_a_column_says_what_to_type(name: str) -> None:
    with pytest.raises(
        AttributeError, match=f"^'Column' object has no attribute '{name}': [a-z([]"
    ) as raised:
        getattr(TABLE["status"], name)
    assert raised.value.name == name


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("group_by", 'summary(by="fleet")'),
        ("query", 'where(status="Disconnected"'),
        ("sort_values", 'sort("status_since")'),
        ("to_csv", 'write("devices.csv")'),
        ("copy", "never changes"),
        ("isna", "is_null()"),
        ("merge", "to_polars() or to_pandas()"),
    ],
)
def test_what_is_told_is_what_is_here(name: str, told: str) -> None:
    with pytest.raises(AttributeError) as raised:
        getattr(TABLE, name)
    assert told in str(raised.value)


def test_the_name_of_a_column_is_told_to_stand_in_brackets() -> None:
    for name in ("status", "fleet", "error"):
        with pytest.raises(AttributeError, match=rf": table\['{name}'\]$"):
            getattr(TABLE, name)


@pytest.mark.parametrize("name", ["head", "sort", "write", "to_csv", "to_json", "iloc", "plot"])
def test_a_summary_says_what_to_type(name: str) -> None:
    summary = TABLE.summary()
    with pytest.raises(AttributeError, match=rf"no attribute '{name}': to_polars\(\), to_pandas"):
        getattr(summary, name)
    with pytest.raises(AttributeError, match=r"no attribute 'no_such'$"):
        _ = summary.no_such  # type: ignore[attr-defined]
    for key in ("devices", 0, slice(3)):
        with pytest.raises(TypeError, match=r"a summary has rows and no item .*; to_polars\(\)"):
            summary[key]  # type: ignore[index]
    assert copy.deepcopy(summary) == pickle.loads(pickle.dumps(summary)) == summary


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("to_dict", r"dataclasses\.asdict\(device\)"),
        ("keys", r"dataclasses\.asdict\(device\)"),
        ("to_json", r"to_json\(\) of the table"),
        ("name", r"device\.device_name"),
        ("os_version", r"device\.carried\['os_version'\]"),
    ],
)
def test_a_device_says_what_to_type(name: str, told: str) -> None:
    device = fs.classify(fs.sample_fleet(), carry="os_version")[0]
    with pytest.raises(AttributeError, match=f"no attribute '{name}': {told}"):
        getattr(device, name)
    for other in ("no_such", "carry", "_repr_html_"):
        with pytest.raises(AttributeError, match=f"no attribute '{other}'$"):
            getattr(device, other)


def test_half_a_device_fails_as_usual() -> None:
    for name in ("carried", "os_version", "status"):
        with pytest.raises(AttributeError, match="has no attribute"):
            getattr(fs.DeviceStatus.__new__(fs.DeviceStatus), name)


def test_a_table_never_changes() -> None:
    with pytest.raises(TypeError, match=r"item assignment: a table never changes; .* to_polars"):
        TABLE["site"] = "north"  # type: ignore[index]


def test_notebooks_complete_the_names_of_columns() -> None:
    assert TABLE._ipython_key_completions_() == list(TABLE.columns)
    assert TABLE[["uuid", "status"]]._ipython_key_completions_() == ["uuid", "status"]


@pytest.mark.parametrize("name", ["no_such", "_repr_html_", "__dataframe__", "_core2", "shap"])
@pytest.mark.parametrize("owner", [TABLE, TABLE["id"]], ids=["table", "column"])
def test_all_else_fails_as_usual(owner: Any, name: str) -> None:
    with pytest.raises(AttributeError) as raised:
        getattr(owner, name)
    assert str(raised.value) == f"'{type(owner).__name__}' object has no attribute '{name}'"
    assert not hasattr(owner, name)


def test_nothing_that_is_here_has_a_hint() -> None:
    assert [name for name in hints._OF_TABLES if hasattr(TABLE, name)] == []
    assert [name for name in hints._OF_COLUMNS if hasattr(TABLE["id"], name)] == []


def test_half_a_table_fails_as_usual() -> None:
    for made in (fs.StatusTable.__new__(fs.StatusTable), fs.Column.__new__(fs.Column)):
        with pytest.raises(AttributeError, match="has no attribute '_core'"):
            len(made)
    assert pickle.loads(pickle.dumps(TABLE)) == TABLE
