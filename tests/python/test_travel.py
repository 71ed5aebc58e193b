"""Tables handed on to other libraries and read back from them."""

from __future__ import annotations

import json
import pickle
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fleetstatus as fs
from decision_space import decision_space
from examples import NOW, device_record, without
from fleetstatus._table.arrow import arrow_view
from fleetstatus._table.metadata import KEY
from strategies import bad_records, device_records

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

SAMPLE = fs.classify(fs.sample_fleet(), now=NOW, carry={"os_version": str, "created_at": str})
SAID: dict[str, Any] = {"scheme": "docs-2024-11", "now": NOW}
FLAT = {
    "string": pa.large_string(),
    "dictionary": pa.large_string(),
    "timestamp": pa.timestamp("us", "UTC"),
    "uint16": pa.int32(),
}

from_arrow = fs.StatusTable.from_arrow


def by_duckdb(table: pa.Table) -> pa.Table:
    with duckdb.connect() as connection:
        connection.register("devices", table)
        return connection.sql("SELECT * FROM devices").to_arrow_table()


def as_spark_has_it(table: pa.Table) -> pa.Table:
    """Text, int32 and microseconds, in one chunk, without metadata."""
    schema = pa.schema(
        [
            pa.field(
                field.name, pa.string() if pa.types.is_large_string(field.type) else field.type
            )
            for field in table.schema
        ]
    )
    return pa.Table.from_batches(table.cast(schema).combine_chunks().to_batches(), schema)


def in_batches(table: pa.Table) -> pa.Table:
    return pa.Table.from_batches(table.to_batches(max_chunksize=7), table.schema)


def by_categories(table: pa.Table) -> pd.DataFrame:
    frame = pl.DataFrame(table).to_pandas()
    return frame.assign(status=frame["status"].astype("category"))


WAYS: dict[str, Callable[[fs.StatusTable], Any]] = {
    "arrow": lambda table: table.to_arrow(bits=True),
    "flat": lambda table: table.to_arrow(bits=True, flat=True),
    "the stream itself": lambda table: arrow_view(table, bits=True),
    "with fields_seen": lambda table: arrow_view(table, flat=True, bits=True, fields_seen=True),
    "many batches": lambda table: in_batches(table.to_arrow(bits=True)),
    "one batch": lambda table: (
        table.to_arrow(bits=True).combine_chunks().to_batches()[0]
        if len(table)
        else table.to_arrow(bits=True)
    ),
    "other order": lambda table: table.to_arrow(bits=True).select(
        [*reversed(table.to_arrow(bits=True).column_names)]
    ),
    "polars": lambda table: pl.DataFrame(table.to_arrow(bits=True)),
    "polars, flat": lambda table: pl.DataFrame(table.to_arrow(bits=True, flat=True)),
    "pandas of arrow": lambda table: table.to_arrow(bits=True, flat=True).to_pandas(),
    "pandas of categories": lambda table: by_categories(table.to_arrow(bits=True)),
    "duckdb": lambda table: by_duckdb(table.to_arrow(bits=True)),
    "duckdb, flat": lambda table: by_duckdb(table.to_arrow(bits=True, flat=True)),
    "spark": lambda table: as_spark_has_it(table.to_arrow(bits=True, flat=True)),
    "views": lambda table: table.to_arrow(bits=True, flat=True).cast(
        pa.schema(
            [
                pa.field(f.name, pa.string_view() if pa.types.is_large_string(f.type) else f.type)
                for f in table.to_arrow(bits=True, flat=True).schema
            ]
        )
    ),
}


def read_back(source: Any, table: fs.StatusTable) -> fs.StatusTable:
    try:
        return from_arrow(source)
    except ValueError:
        return from_arrow(source, scheme=table.scheme, now=table.now)


def in_own_order(table: fs.StatusTable, like: fs.StatusTable) -> list[dict[str, Any]]:
    return [{name: row[name] for name in like.columns} for row in table.to_dicts()]


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "rows", [slice(None), slice(5, 6), slice(0, 0)], ids=["all", "one", "none"]
)
def test_a_table_comes_back_as_it_was(way: str, rows: slice) -> None:
    table = SAMPLE[rows]
    back = read_back(WAYS[way](table), table)
    assert in_own_order(back, table) == table.to_dicts()
    assert (back.scheme, back.now) == (table.scheme, table.now)
    assert back.as_scheme("docs-2022")["status"].to_list() == (
        table.as_scheme("docs-2022")["status"].to_list()
    )
    if way != "other order":
        assert back == table


@pytest.mark.slow
@pytest.mark.parametrize("scheme", list(fs.StatusScheme))
def test_every_decision_comes_back(scheme: str) -> None:
    records = [*decision_space(scheme)]
    table = fs.classify(records, scheme=fs.StatusScheme(scheme), now=NOW, allow_missing="all")
    back = from_arrow(table.to_arrow(bits=True, flat=True))
    assert back == table
    plain = from_arrow(table.to_arrow())
    assert plain == table


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(
    st.lists(device_records() | bad_records(), max_size=4), st.sampled_from(list(fs.StatusScheme))
)
def test_all_sorts_of_records_come_back(records: list[Any], scheme: str) -> None:
    options: dict[str, Any] = {"allow_missing": "all", "on_error": "keep"}
    table = fs.classify(
        records, scheme=fs.StatusScheme(scheme), now=NOW, missing="parts", **options
    )
    for source in (table.to_arrow(bits=True), table.to_arrow(flat=True)):
        back = from_arrow(source)
        assert back == table
        assert back["error"].to_list() == table["error"].to_list()


def test_what_the_schema_says_comes_back() -> None:
    table = fs.classify([without("is_active")], now=NOW, allow_missing="is_active", scheme="api-v7")
    back = from_arrow(table.to_arrow())
    assert back.fields_missing == table.fields_missing
    assert back.fields_seen == table.fields_seen
    assert back.newest_event == table.newest_event
    assert back.now_source == table.now_source
    assert from_arrow(pa.table(table)) == table


def test_what_all_of_the_source_showed_is_not_told_by_some_of_its_rows() -> None:
    silent = {"api_heartbeat_state": "unknown"}
    table = fs.classify([device_record(**silent), device_record()], now=NOW)[:1]
    back = from_arrow(table.to_arrow())
    assert "no device has a known heartbeat" not in repr(table)
    assert repr(back) == repr(table)
    frame = pl.DataFrame(table.to_arrow())
    assert "no device has a known heartbeat" in repr(from_arrow(frame, **SAID))


@pytest.mark.parametrize("flat", [False, True])
def test_parquet_keeps_everything(tmp_path: Path, flat: bool) -> None:
    path = tmp_path / "devices.parquet"
    if flat:
        pq.write_table(SAMPLE.to_arrow(flat=True, bits=True), path)
    else:
        SAMPLE.write(path)
    back = from_arrow(pq.read_table(path))
    assert back == SAMPLE
    assert back.explain(0).reason == SAMPLE.explain(0).reason
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("library", ["polars", "duckdb"])
def test_parquet_by_another_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    from fleetstatus._table import parquet

    writers = {library: parquet._WRITERS[library]}
    monkeypatch.setattr(parquet, "_WRITERS", writers)
    path = tmp_path / "it's.parquet"
    SAMPLE.write(path)
    said = SAID if library == "polars" else {}  # pyarrow does not read its metadata
    assert from_arrow(pq.read_table(path), **said) == SAMPLE
    assert pq.read_metadata(path).metadata[KEY.encode()]


def test_no_library_that_writes_parquet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fleetstatus._table import parquet

    monkeypatch.setattr(parquet, "_WRITERS", {})
    with pytest.raises(ImportError, match="pyarrow, polars or duckdb"):
        SAMPLE.write(tmp_path / "devices.parquet")


def test_the_metadata_is_at_the_schema_and_at_the_status() -> None:
    for schema in (pa.schema(SAMPLE), SAMPLE.to_arrow().schema, SAMPLE.to_arrow(flat=True).schema):
        said = json.loads(schema.metadata[KEY.encode()])
        assert said["scheme"] == "docs-2024-11"
        assert said["now"] == "2026-11-01T12:00:00.000Z"
        assert said["version"] == fs.__version__
        assert said["options"]["missing"] == "source"
        assert schema.field("status").metadata[KEY.encode()] == schema.metadata[KEY.encode()]


def test_the_metadata_of_the_field_is_enough() -> None:
    table = SAMPLE.to_arrow(bits=True)
    assert from_arrow(table.replace_schema_metadata(None)) == SAMPLE


@pytest.mark.parametrize("given_one", ["scheme", "now"])
def test_what_the_schema_lacks_must_be_given(given_one: str) -> None:
    lost = "now" if given_one == "scheme" else "scheme"
    with pytest.raises(ValueError, match=f"the schema does not say the {lost} of the table"):
        from_arrow(pl.DataFrame(SAMPLE), **{given_one: SAID[given_one]})


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"scheme": "docs-2022"}, "scheme='docs-2022' contradicts the table"),
        ({"now": NOW + timedelta(seconds=1)}, "now='2026-11-01T12:00:01.000Z' contradicts"),
    ],
)
def test_what_contradicts_the_schema_is_refused(said: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        from_arrow(SAMPLE.to_arrow(), **said)
    with pytest.raises(ValueError, match="contradicts the table"):
        from_arrow(SAMPLE, **said)
    assert from_arrow(SAMPLE.to_arrow(), **SAID) == SAMPLE


def test_a_table_itself_is_read_as_it_is() -> None:
    assert from_arrow(SAMPLE, **SAID) is SAMPLE


# Without rule bits

PLAIN = from_arrow(SAMPLE.to_arrow())


def test_without_rule_bits_the_answers_are_those_of_the_columns() -> None:
    assert PLAIN == SAMPLE
    assert PLAIN.attention() == SAMPLE.attention()
    assert repr(PLAIN)
    assert PLAIN.summary(by="fleet").to_dicts() == SAMPLE.summary(by="fleet").to_dicts()
    assert pickle.loads(pickle.dumps(PLAIN)) == PLAIN
    told = fs.openmetrics(PLAIN).splitlines()
    lost = [line for line in fs.openmetrics(SAMPLE).splitlines() if line not in told]
    assert lost
    assert all("fleetstatus_disagreeing_devices" in line for line in lost)
    assert PLAIN[3:9].as_scheme(PLAIN.scheme) == SAMPLE[3:9]


@pytest.mark.parametrize(
    "ask",
    [
        lambda table: table.explain(0),
        lambda table: table.as_scheme("docs-2022"),
        lambda table: table.disagreements(),
        lambda table: table.attention(disconnected="1h"),
        lambda table: pickle.loads(pickle.dumps(table[:5])).explain(0),
        lambda table: fs.concat([table, SAMPLE], now=NOW + timedelta(hours=1)),
        lambda table: table.to_arrow(bits=True),
    ],
)
def test_without_rule_bits_other_questions_are_an_error(
    ask: Callable[[fs.StatusTable], Any],
) -> None:
    with pytest.raises(ValueError, match="rule_bits"):
        ask(PLAIN)


def test_with_rule_bits_other_questions_are_answered() -> None:
    back = pickle.loads(pickle.dumps(from_arrow(SAMPLE.to_arrow(bits=True))))
    assert str(back.explain(0)) == str(SAMPLE.explain(0))
    assert back.disagreements() == SAMPLE.disagreements()
    assert back.attention(disconnected="1h") == SAMPLE.attention(disconnected="1h")
    assert back.attention(never_connected="40d") == SAMPLE.attention(never_connected="40d")
    assert fs.diff(SAMPLE, back).to_dicts() == []


def test_the_starts_that_a_tracker_knows_come_back() -> None:
    with fs.Tracker() as tracker:
        tracker.update(SAMPLE)
        devices = tracker.devices
        assert from_arrow(devices.to_arrow(bits=True)) == devices
        assert from_arrow(devices.to_arrow()) == devices


# Bad columns


def changed(name: str, values: Any, type_: Any = None) -> pa.Table:
    table = SAMPLE[:2].to_arrow(flat=True, bits=True)
    return table.set_column(table.column_names.index(name), name, pa.array(values, type_))


@pytest.mark.parametrize(
    ("name", "values", "message"),
    [
        ("status", ["Disconnected", "Broken"], 'record 1: status is "Broken", expected one of Op'),
        ("status", ["Operational", "Operational"], "record 0: status is"),
        ("reason", ["no-link", "no"], 'record 1: reason is "no", expected one of'),
        ("reason", ["both-links", "both-links"], "record 0: "),
        ("heartbeat", [True, True], "record 0: heartbeat is true, expected"),
        ("cloudlink_expected", [None, True], "record 0: cloudlink_expected is null, expected true"),
        ("capabilities", [1 << 15, 0], "record 0: capabilities is 32768, expected bits"),
        ("capabilities", [70_000, 0], "record 0: capabilities is 70000, expected a whole number"),
        ("capabilities", [-1, 0], "record 0: capabilities is -1"),
        ("progress", [0.5, None], "record 0: progress is 0.500000, expected a whole number"),
        ("heartbeat_window_s", [-5, 5], "record 0: heartbeat_window_s is -5"),
        ("error", ["it broke", None], "record 0: attention is .*, expected unreadable"),
        ("attention", ["unreadable", None], "record 0: attention is .*unreadable"),
        ("rule_bits", [None, 0], "record 0: rule_bits is null, expected bits of facts"),
        ("rule_bits", [-1, 0], "record 0: rule_bits is -1, expected bits of facts"),
        ("rule_bits", [1 << 31, 0], "record 0: rule_bits is 2147483648, expected bits of facts"),
        ("rule_bits", [1 + (1 << 32), 0], "record 0: rule_bits is 4294967297, expected bits"),
    ],
)
def test_a_value_that_cannot_be_is_named(name: str, values: list[Any], message: str) -> None:
    with pytest.raises(fs.RecordError, match=message):
        from_arrow(changed(name, values), **SAID)


@pytest.mark.parametrize("attention", ["update-failed", None])
def test_attention_that_does_not_follow_from_the_bits_is_noticed(attention: str | None) -> None:
    table = SAMPLE.attention(disconnected="1h")[:3].to_arrow(flat=True, bits=True)
    at = table.column_names.index("attention")
    values = [*table["attention"].to_pylist()[:2], attention]
    other = table.set_column(at, "attention", pa.array(values))
    with pytest.raises(
        fs.RecordError, match=r"record 2: attention is .*by its rule_bits and times"
    ):
        from_arrow(other)
    unsaid = pl.DataFrame(other).to_arrow()  # nor are its thresholds known
    assert from_arrow(unsaid, **SAID)["attention"].to_list() == values


def test_bits_of_another_device_are_noticed() -> None:
    table = SAMPLE.to_arrow(bits=True, flat=True)
    bits = table["rule_bits"].combine_chunks()
    turned = pa.concat_arrays([bits[1:], bits[:1]])
    with pytest.raises(fs.RecordError, match="by its rule_bits"):
        from_arrow(table.set_column(table.column_names.index("rule_bits"), "rule_bits", turned))


@pytest.mark.parametrize("name", ["status_duration_s", "update_status_duration_s"])
@pytest.mark.parametrize("change", [1, -1, None])
def test_rows_of_another_moment_are_noticed(name: str, change: int | None) -> None:
    rows = SAMPLE.filter(SAMPLE[name].is_in([d for d in SAMPLE[name] if d is not None]))[:3]
    table = rows.to_arrow(flat=True)
    values = table[name].to_pylist()
    values[2] = None if change is None else values[2] + change
    with pytest.raises(fs.SnapshotError, match="row 2 is of another moment"):
        from_arrow(table.set_column(table.column_names.index(name), name, pa.array(values)))


def test_two_snapshots_in_one_frame_are_noticed() -> None:
    later = fs.concat([SAMPLE], now=NOW + timedelta(hours=1))
    both = pa.concat_tables([SAMPLE.to_arrow(flat=True), later.to_arrow(flat=True)])
    with pytest.raises(fs.SnapshotError, match="rows of several snapshots"):
        from_arrow(both)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.drop_columns(["status", "id"]), "there is no id, status"),
        (lambda t: t.append_column("uuid", t["uuid"]), 'the column "uuid" is there twice'),
        (lambda t: t.append_column("devices", t["id"]), "cannot have the name"),
        (lambda t: t.append_column("x", pa.array([[1]] * len(t))), "cannot be carried"),
        (lambda t: t.set_column(0, "id", t["uuid"]), 'the column "id" holds .*, expected whole'),
        (lambda t: t.set_column(1, "uuid", t["id"]), 'the column "uuid" holds .*, expected text'),
        (
            lambda t: t.set_column(7, "status_since", t["status_since"].cast(pa.timestamp("us"))),
            "expected times with a zone",
        ),
    ],
)
def test_columns_that_make_no_table_are_refused(
    change: Callable[[pa.Table], pa.Table], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        from_arrow(change(SAMPLE.to_arrow(flat=True)), **SAID)


@pytest.mark.parametrize(
    ("note", "message"),
    [
        ("{", "it is no JSON"),
        ("[" * 100_000, "it is no JSON"),
        ("[]", "no JSON object"),
        (b"\xff", "it is no JSON"),
        ('{"scheme": 5}', "its scheme is none"),
        ('{"scheme": "docs"}', "the metadata 'fleetstatus' of the schema .* no scheme 'docs'"),
        ('{"now": "yesterday"}', "now of the metadata"),
        ('{"newest_event": "late"}', "newest_event of the metadata"),
        ('{"now_source": "guess"}', "its now_source"),
        ('{"layout": 99, "version": "9.0"}', "written by fleetstatus 9.0"),
        ('{"layout": 1, "fields_seen": -1}', "its fields_seen"),
        ('{"layout": 1, "fields_seen": 1125899906842624}', "fields_seen of the metadata is 1125"),
        ('{"fields_missing": {"a": 1}}', "its fields_missing"),
        ('{"options": {"attention_ms": [1]}}', "its attention_ms"),
        ('{"options": {"attention_ms": [1, 2, 3, 4, 5, -6]}}', "its attention_ms"),
        ('{"options": {"allow_missing": "all"}}', "its allow_missing"),
        ('{"options": {"default_poll_interval_ms": 0}}', "its default_poll_interval_ms"),
    ],
)
def test_broken_metadata_is_named(note: str | bytes, message: str) -> None:
    plain = pl.DataFrame(SAMPLE[:1].to_arrow(flat=True, bits=True)).to_arrow()
    table = plain.replace_schema_metadata({KEY: note})
    with pytest.raises(ValueError, match=message):
        from_arrow(table, **SAID)


def test_two_notes_that_differ_are_refused() -> None:
    table = SAMPLE.to_arrow().replace_schema_metadata({KEY: "{}"})
    with pytest.raises(ValueError, match="not the same"):
        from_arrow(table)


@pytest.mark.parametrize("source", [None, 5, "devices.parquet", [1], {"status": []}])
def test_what_offers_no_arrow_is_refused(source: Any) -> None:
    with pytest.raises(TypeError, match="from_arrow reads tables and frames"):
        from_arrow(source)


def test_nan_is_null_in_frames_without_nulls() -> None:
    frame = SAMPLE.to_arrow(flat=True, bits=True).to_pandas(integer_object_nulls=False)
    assert frame["progress"].dtype == "float64"
    assert from_arrow(frame, **SAID) == SAMPLE


def test_a_frame_of_to_pandas_comes_back() -> None:
    assert in_own_order(from_arrow(SAMPLE.to_pandas(), **SAID), SAMPLE) == SAMPLE.to_dicts()


def test_a_frame_of_some_rows_comes_back_without_its_index() -> None:
    frame = SAMPLE.to_pandas()
    some = frame[frame["status"] == "Disconnected"]
    for chosen in (some, some.set_index("uuid")):
        back = from_arrow(chosen, **SAID)
        assert in_own_order(back, SAMPLE) == SAMPLE.where(status="Disconnected").to_dicts()
        assert set(back.columns) == set(SAMPLE.columns)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: f.assign(status_duration=5), "'status_duration' is no column of timedeltas"),
        (lambda f: f.assign(status_duration_s=5), "or it stands beside status_duration_s"),
        (
            lambda f: f.assign(status_duration=f["status_duration"] + timedelta(milliseconds=300)),
            r"record \d+: status_duration_s is .*, expected a whole number",
        ),
    ],
)
def test_durations_of_pandas_that_are_none_are_refused(
    change: Callable[[pd.DataFrame], pd.DataFrame], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        from_arrow(change(SAMPLE.to_pandas()), **SAID)


def test_further_columns_are_carried() -> None:
    table = SAMPLE.to_arrow()
    n = len(SAMPLE)
    more = {
        "site": pa.array(["north"] * n).dictionary_encode(),
        "rack": pa.array(range(n), pa.int16()),
        "load": pa.array([0.5] * n, pa.float32()),
        "spare": pa.array([None] * n, pa.bool_()),
        "seen": pa.array([NOW] * n, pa.timestamp("ns", "Europe/Berlin")),
        "nothing": pa.nulls(n),
    }
    for name, values in more.items():
        table = table.append_column(name, values)
    back = from_arrow(table)
    assert back.columns == (*SAMPLE.columns, *more)
    kinds = [back.schema[name] for name in more]
    assert kinds == ["large_utf8", "int64", "float64", "bool", "timestamp[ms, UTC]", "large_utf8"]
    assert back["rack"].to_list() == list(range(n))
    assert set(back["seen"]) == {NOW}
    assert len(back.where({"site": "north"})) == n


def test_fields_seen_of_parts_are_put_together() -> None:
    parts = [
        fs.classify([device_record()], now=NOW, missing="parts"),
        fs.classify([device_record(is_frozen=False)], now=NOW, missing="parts"),
    ]
    views = [pa.table(arrow_view(part, flat=True, fields_seen=True)) for part in parts]
    back = from_arrow(pa.concat_tables(views))
    assert back.fields_seen == parts[0].fields_seen | parts[1].fields_seen
    assert "fields_seen" not in back.columns
    fs.check_fields([back])


@pytest.mark.parametrize("bits", [-1, 1 << 50, None])
def test_fields_seen_that_are_none_are_refused(bits: int | None) -> None:
    table = SAMPLE[:1].to_arrow().append_column("fields_seen", pa.array([bits], pa.int64()))
    with pytest.raises(fs.RecordError, match="fields_seen"):
        from_arrow(table)


def test_a_code_outside_of_its_dictionary_is_refused() -> None:
    table = SAMPLE[:1].to_arrow()
    codes = pa.DictionaryArray.from_arrays(pa.array([9], pa.int8()), ["a"], safe=False)
    at = table.column_names.index("status")
    with pytest.raises(ValueError, match="outside of its dictionary"):
        from_arrow(table.set_column(at, "status", codes), **SAID)


def test_text_that_is_no_utf8_is_refused() -> None:
    buffers = [None, pa.py_buffer(b"\0\0\0\0\1\0\0\0"), pa.py_buffer(b"\xff")]
    broken = pa.Array.from_buffers(pa.utf8(), 1, buffers)
    table = SAMPLE[:1].to_arrow()
    for name in ("uuid", "status", "detail", "fleet"):
        at = table.column_names.index(name)
        with pytest.raises(ValueError, match=r"UTF-8"):
            from_arrow(table.set_column(at, name, broken), **SAID)


def test_a_failing_stream_fails() -> None:
    schema = SAMPLE.to_arrow().schema

    def batches() -> Any:
        yield SAMPLE.to_arrow().to_batches()[0]
        message = "cut"
        raise OSError(message)

    with pytest.raises(fs.FleetStatusError, match="cut"):
        from_arrow(pa.RecordBatchReader.from_batches(schema, batches()))


# The flat form


def test_the_flat_form_has_types_that_engines_have() -> None:
    declared = pa.schema(arrow_view(fs.empty(now=NOW), flat=True, fields_seen=True))
    for rows in (SAMPLE, SAMPLE[:0], fs.classify(pl.DataFrame([device_record()]), now=NOW)):
        made = pa.schema(arrow_view(rows, flat=True, fields_seen=True))
        own = [name for name in made.names if name not in {"os_version", "created_at"}]
        assert [made.field(name).type for name in own] == declared.types
        assert own == declared.names
    assert {str(type_) for type_ in declared.types} == {
        *("int64", "large_string", "bool", "int32", "timestamp[us, tz=UTC]")
    }


def test_the_flat_form_holds_the_same_values() -> None:
    assert SAMPLE.to_arrow(flat=True).to_pylist() == SAMPLE.to_dicts()


def test_bits_and_fields_seen_follow_the_columns() -> None:
    names = pa.schema(arrow_view(SAMPLE, flat=True, bits=True, fields_seen=True)).names
    assert tuple(names) == (*SAMPLE.columns, "rule_bits", "fields_seen")
    table = pa.table(arrow_view(SAMPLE, fields_seen=True))
    fs.check_fields([table])


# Empty tables


def test_an_empty_table_has_the_columns_of_any() -> None:
    table = fs.empty(scheme="api-v7", carry=["os_version"])
    assert (len(table), table.scheme) == (0, fs.StatusScheme.API_V7)
    assert table.columns == (*fs.empty().columns, "os_version")
    assert table["status"].labels == fs.StatusScheme.API_V7.labels
