"""Parts of a source that are read apart: what each of them held, and what all held together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import fleetstatus as fs
from examples import NOW, Record, as_json, device_record, without
from oracle import NEEDED, NEEDED_2020

if TYPE_CHECKING:
    from collections.abc import Callable

LIBRARY = fs.StatusScheme.LIBRARY_2020
LINKS = {"is_connected_to_vpn", "api_heartbeat_state"}


def part(*records: Any, **options: Any) -> fs.StatusTable:
    return fs.classify(list(records), **{"missing": "parts", "now": NOW, **options})


def missing_from(*tables: Any, **options: Any) -> fs.MissingFieldsError:
    with pytest.raises(fs.MissingFieldsError) as raised:
        fs.check_fields(tables, **options)
    return raised.value


NEEDED_NAMES = {name for names in (*NEEDED, *NEEDED_2020) for name in names}


def test_a_table_says_which_needed_fields_it_has_seen() -> None:
    record = device_record(is_online=True)
    seen = fs.classify([without("status"), record], now=NOW).fields_seen
    assert seen == {*record} & NEEDED_NAMES
    assert part(without("status")).fields_seen == {*without("status")} & NEEDED_NAMES
    assert part().fields_seen == frozenset()


@pytest.mark.parametrize("scheme", fs.StatusScheme)
def test_a_field_that_may_be_null_is_null_where_it_is_absent(scheme: fs.StatusScheme) -> None:
    whole = device_record(is_online=True, current_services={}) | dict.fromkeys(
        ["last_connectivity_event", "provisioning_state", "status", "download_progress"]
    )
    sparse = {name: value for name, value in whole.items() if value is not None}
    assert part(sparse, scheme=scheme) == part(whole, scheme=scheme)


@pytest.mark.parametrize("link", sorted(LINKS))
def test_a_link_is_judged_record_by_record(link: str) -> None:
    with pytest.raises(fs.RecordError) as raised:
        part(device_record(), without(link))
    assert (raised.value.index, raised.value.field) == (1, link)
    with pytest.raises((fs.RecordError, fs.MissingFieldsError)):
        part(without(link))


@pytest.mark.parametrize("scheme", fs.StatusScheme)
def test_all_parts_together_are_judged_like_the_whole(scheme: fs.StatusScheme) -> None:
    needed = NEEDED_2020 if scheme == LIBRARY else NEEDED
    record = device_record(is_online=True, current_services={})
    for names in needed:
        if scheme != LIBRARY and LINKS & {*names}:
            continue
        lacking = {name: value for name, value in record.items() if name not in names}
        with pytest.raises(fs.MissingFieldsError) as whole:
            fs.classify([lacking, lacking], scheme=scheme, now=NOW)
        tables = [part(lacking, scheme=scheme) for _ in range(2)]
        error = missing_from(*tables, scheme=scheme)
        assert str(error) == str(whole.value)
        assert (error.fields, error.index) == (whole.value.fields, 0)
        fs.check_fields([*tables, part(record, scheme=scheme)], scheme=scheme)
        for name in names:
            one = part(lacking | {name: record.get(name)}, scheme=scheme)
            fs.check_fields([*tables, one], scheme=scheme)


def test_what_is_allowed_to_be_missing_is_not_asked_for() -> None:
    tables = [part(without("status", "image_install"))]
    assert missing_from(*tables).fields == ("status", "image_install")
    assert missing_from(*tables, allow_missing="status").fields == ("image_install",)
    for allowed in ("all", ["status", "current_services"], ("status", "image_install")):
        fs.check_fields(tables, allow_missing=allowed)


def test_nothing_is_asked_of_nothing() -> None:
    fs.check_fields([])
    fs.check_fields([part(), part(), part()])
    fs.check_fields(iter([]))
    fs.check_fields([part(), part(device_record())])


def test_an_empty_part_does_not_make_up_for_a_field() -> None:
    assert missing_from(part(), part(without("status"))).fields == ("status",)


OTHER: Record = {"slug": "acme/weather", "app_name": "weather"}


def test_a_part_without_a_device_record_has_bad_records() -> None:
    table = part(OTHER, on_error="keep")
    assert table["attention"].to_list() == ["unreadable"]
    with pytest.raises(fs.RecordError):
        part(OTHER)
    with pytest.raises(fs.NotDevicesError, match="the parts hold records of something else"):
        fs.check_fields([table, part()])
    fs.check_fields([table, part(device_record())])


def test_an_error_answer_fails_at_once() -> None:
    with pytest.raises(fs.NotDevicesError):
        part({"error": "Unauthorized"}, on_error="keep")


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(ValueError, match="missing is 'part', expected 'source' or 'parts'"):
        fs.classify([], missing="part")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no scheme 'docs'"):
        fs.check_fields([], scheme="docs")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="allow_missing names 'uuid'"):
        fs.check_fields([], allow_missing="uuid")


def test_a_scan_reads_parts_too() -> None:
    lines = b"\n".join(map(as_json, [without("status"), device_record()]))
    with pytest.raises(fs.MissingFieldsError):
        list(fs.scan(lines, batch_size=1, now=NOW))
    tables = list(fs.scan(lines, batch_size=1, now=NOW, missing="parts"))
    fs.check_fields(tables)
    assert missing_from(tables[0]).fields == ("status",)


# What engines hand over

FORMS: dict[str, Callable[[list[int]], Any]] = {
    "numbers": lambda numbers: numbers,
    "iterator": iter,
    "numpy": np.array,
    "numpy scalars": lambda numbers: [np.int64(number) for number in numbers],
    "pyarrow column": pa.array,
    "pyarrow chunks": lambda numbers: pa.chunked_array([numbers]),
    "polars column": pl.Series,
    "pandas column": pd.Series,
    "pyarrow table": lambda numbers: pa.table({"fields_seen": numbers}),
    "pyarrow batches": lambda numbers: [pa.record_batch({"fields_seen": [n]}) for n in numbers],
    "pyarrow reader": lambda numbers: pa.table({"fields_seen": numbers}).to_reader(),
    "polars frame": lambda numbers: pl.DataFrame({"uuid": numbers, "fields_seen": numbers}),
    "pandas frame": lambda numbers: [pd.DataFrame({"fields_seen": numbers})],
    "duckdb": lambda numbers: duckdb.sql(f"select unnest({numbers}) as fields_seen"),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_the_column_of_an_engine_is_judged(form: Callable[[list[int]], Any]) -> None:
    lacking, whole = part(without("status")), part(device_record())
    bits = [table._core.fields_seen for table in (lacking, whole)]
    fs.check_fields(form(bits))
    with pytest.raises(fs.MissingFieldsError) as raised:
        fs.check_fields(form([bits[0], bits[0]]))
    assert raised.value.fields == ("status",)


def test_a_table_alone_is_one_part() -> None:
    fs.check_fields(part(device_record()))


@pytest.mark.parametrize(
    "tables",
    [5, None, "fields_seen", b"", [None], ["x"], [1.5], [True], [device_record()]],
    ids=repr,
)
def test_what_is_no_part_is_refused(tables: Any) -> None:
    with pytest.raises(TypeError):
        fs.check_fields(tables)


def test_a_frame_without_the_column_is_refused() -> None:
    for frame in (pl.DataFrame({"status": [1]}), pa.table({"status": [1]})):
        with pytest.raises(TypeError, match=r"part 0, a \w+, has no column fields_seen"):
            fs.check_fields([frame])
