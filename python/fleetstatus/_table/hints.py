"""What to type in place of names that a table or a column of pandas or polars has."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def _hints(said: Mapping[str, str]) -> dict[str, str]:
    """Take hints apart, which are given by several names each."""
    return {name: hint for names, hint in said.items() for name in names.split()}


_FRAME = "to_polars() or to_pandas() of the table have it"
_ROWS = "for row in table gives one device after another; to_dicts() gives dicts"

_OF_TABLES = _hints(
    {
        "group_by groupby agg aggregate crosstab": 'summary(by="fleet") counts, all else is in '
        "to_polars() and to_pandas()",
        "pivot pivot_table unpivot melt stack unstack explode transpose T": _FRAME,
        "merge join join_asof set_axis swaplevel assign with_columns with_column insert replace rename apply map "
        "map_rows applymap pipe transform update set_index reset_index cast astype lazy collect "
        "plot hist corr cumsum shift rolling resample eval sql fold hstack vstack": _FRAME,
        "mean median std var sum min max quantile": "summary() has medians of durations, " + _FRAME,
        "loc iloc at iat xs row get first last item": "table[5] is a device, table[[0, 5]] rows, "
        'table["status"] a column, table[table["status"] == "Updating"] the rows of a mask',
        "query mask between": 'where(status="Disconnected", status_for="3d"), or '
        'table[table["status"] == "Disconnected"]',
        "select select_columns project drop drop_columns get_column get_columns reindex": "table[["
        '"uuid", "status"]] are some columns, table["status"] is one',
        "describe": "summary() counts, print(table) shows what needs attention; " + _FRAME,
        "info dtypes dtype types axes glimpse": "schema has the columns and their types, print(table) an overview",
        "sort_values sort_index sort_by order_by order argsort": 'sort("status_since") or '
        'sort(["fleet", "status"], descending=True)',
        "nlargest nsmallest top_k bottom_k": 'sort("status_duration_s", descending=True).head(5)',
        "value_counts": 'summary() of the table, or table["status"].value_counts()',
        "count size height n_rows num_rows": "len(table)",
        "width n_columns num_columns": "len(table.columns)",
        "ndim empty is_empty": "len(table) == 0 is an empty one, shape has rows and columns",
        "column_names": "columns",
        "to_csv write_csv save export dump": 'write("devices.csv")',
        "to_excel write_excel": 'write("devices.xlsx")',
        "to_parquet write_parquet sink_parquet to_feather write_ipc": 'write("devices.parquet")',
        "to_ndjson write_ndjson write_json": 'write("devices.ndjson") or write("devices.json")',
        "to_html": 'write("devices.html"), or a cell of a notebook',
        "to_markdown to_string to_latex style": "print(table), or a cell of a notebook; "
        "fleetstatus audit --format html|md writes a report",
        "to_sql write_database to_delta write_delta to_clipboard": _FRAME,
        "to_df to_frame dataframe df fetchdf fetch_df": "to_pandas() or to_polars()",
        "pl": "to_polars()",
        "arrow fetch_arrow_table to_table to_pyarrow": "to_arrow()",
        "to_dict to_records rows_by_key asdict model_dump": "to_dicts()",
        "model_dump_json to_json_string": "to_json()",
        "rows iter_rows iterrows itertuples items named_rows to_list tolist fetchall fetchone "
        "fetchmany": _ROWS,
        "show display print pprint": "print(table), or a cell of a notebook",
        "eq equals_to": "table == other",
        "memory_usage estimated_size": "len(table); to_pandas() and to_polars() of the table have it",
        "to_numpy to_series values": 'table["status"].to_numpy(); ' + _FRAME,
        "index": "rows have numbers: table[5], find(device)",
        "isin is_in": 'table["fleet"].is_in(["acme/weather"]), or where(fleet=...)',
        "isna isnull is_null notna notnull null_count": 'table["status_since"].is_null()',
        "fillna fill_null fill_nan dropna drop_nulls": 'table[table["status_since"].is_not_null()] '
        "are the rows without nulls; " + _FRAME,
        "sample": "table[random.sample(range(len(table)), 5)]",
        "slice limit take gather": "table[10:20], head(5), table[[0, 5]]",
        "unique drop_duplicates duplicated is_duplicated nunique n_unique": 'table["fleet"].'
        "unique(); duplicates() are the rows whose uuid stands more than once",
        "concat append extend": "fleetstatus.concat([table, other])",
        "copy clone": "a table never changes, so it needs no copy",
        "contains search": 'device in table, where(device_name="*river*")',
        "compare diff": "fleetstatus.diff(old, new)",
    }
)

_OF_ROWS = _hints(
    {
        "sort": _FRAME,
        "where attention summary find explain disagreements duplicates as_scheme": "the table of "
        "devices has it: select its rows first, then columns",
    }
)

_FURTHER_OF_SUMMARY = frozenset(
    ["head", "tail", "sort", "filter", "where", "to_json", "to_arrow", "write", "shape"]
)

OF_SUMMARY = "to_polars(), to_pandas() and to_dicts() have its rows"

_OF_PACKAGE = _hints(
    {
        "read read_json read_ndjson read_csv read_parquet load loads open from_json from_csv "
        "from_dicts from_records from_pandas from_polars from_arrow StatusFrame": "classify(source) "
        "reads files, bytes, records and data frames",
        "read_excel read_xlsx": 'save the sheet as CSV, and classify("fleet.csv")',
        "scan_ndjson scan_csv scan_parquet stream": "scan(files) reads table by table",
        "merge": "concat([table, other])",
    }
)

_SERIES = "pl.Series(column) or pd.Series(column.to_numpy()) have it"

_OF_COLUMNS = _hints(
    {
        "str startswith endswith starts_with ends_with contains match like lower upper strip "
        "split len_chars": 'where(device_name="*river*") of the table; pl.Series(column).str',
        "dt year month day hour minute date weekday tz_convert tz_localize total_seconds": "compare with an aware datetime, as in column < datetime(2026, 1, 1, tzinfo=UTC); "
        "pl.Series(column).dt",
        "null_count": "sum(column.is_null())",
        "groupby group_by over": 'summary(by="fleet") of the table, column.value_counts()',
        "write to_csv": 'table[["uuid", "status"]].write("devices.csv")',
        "mean sum max min median std var quantile mode product cumsum cum_sum diff rank abs round "
        "describe sample plot hist corr rolling": _SERIES,
        "map apply map_elements transform replace pipe": "[f(value) for value in column]; "
        + _SERIES,
        "isin": 'is_in(["Updating", "Frozen"])',
        "isnull isna": "is_null()",
        "notnull notna": "is_not_null()",
        "astype cast": "to_numpy().astype(...) or pl.Series(column).cast(...)",
        "fillna fill_null dropna drop_nulls": "table[column.is_not_null()] are the rows without "
        "nulls; " + _SERIES,
        "between is_between": "(column >= low) & (column <= high)",
        "eq ne lt le gt ge": "==, !=, <, <=, > and >=",
        "tolist": "to_list()",
        "values array": "to_numpy()",
        "to_pandas to_frame to_series": 'table[["status"]].to_pandas()',
        "to_polars": "pl.Series(column)",
        "to_arrow": "pyarrow.array(column)",
        "dtype": "type",
        "cat categories": "labels and codes()",
        "shape size count": "len(column)",
        "nunique n_unique": "len(column.unique())",
        "head limit": "column[:5]",
        "tail": "column[-5:]",
        "loc iloc item get": "column[5], column[:5]",
        "sort sort_values argsort nlargest nsmallest top_k": "sort() of the table, or "
        "sorted(column.to_list())",
        "any all": "any(column), all(column)",
        "filter where": "table[column == value]",
        "idxmax idxmin arg_max arg_min index": "column.to_list().index(value)",
        "copy clone": "a column never changes, so it needs no copy",
        "rename alias": "name of a column of pl.Series(column)",
        "is_not": "~column",
    }
)


def of_table(name: str, columns: tuple[str, ...]) -> str | None:
    """Say what to type in place of an attribute that a table has not."""
    if name in columns:
        return f"table[{name!r}]"
    return _OF_TABLES.get(name)


def of_rows(name: str) -> str | None:
    """Say what to type in place of an attribute that rows of other columns have not."""
    if name in _OF_ROWS:
        return _OF_ROWS[name]
    hint = _OF_TABLES.get(name)
    return hint if hint is None or "write(" in hint else _FRAME


def of_summary(name: str) -> str | None:
    """Say what to type in place of an attribute that counts of labels have not."""
    return OF_SUMMARY if name in _OF_TABLES or name in _FURTHER_OF_SUMMARY else None


def of_package(name: str) -> str:
    """Say what to type in place of a function that the package has not; empty if nobody knows."""
    return f": {hint}" if (hint := _OF_PACKAGE.get(name)) else ""


def of_column(name: str) -> str | None:
    """Say what to type in place of an attribute that a column has not."""
    return _OF_COLUMNS.get(name)


def no_attribute(owner: object, name: str, hint: str | None) -> AttributeError:
    """Make the error of an attribute that there is not, with what to type in its place."""
    message = f"{type(owner).__name__!r} object has no attribute {name!r}"
    told = message if hint is None else f"{message}: {hint}"
    return AttributeError(told, name=name, obj=owner)
