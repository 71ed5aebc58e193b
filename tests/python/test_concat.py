"""Several tables put into one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fleetstatus as fs
from examples import NOW, device_record, table_of
from strategies import bad_records, device_records

HOUR = timedelta(hours=1)
SAMPLE = fs.classify(fs.sample_fleet(), now=NOW)
KEEP: dict[str, Any] = {"allow_missing": "all", "on_error": "keep", "missing": "parts"}


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(device_records() | bad_records(), max_size=3), min_size=1, max_size=4),
    st.sampled_from(list(fs.StatusScheme)),
)
def test_it_answers_what_classify_of_all_answers(parts: list[list[Any]], scheme: str) -> None:
    moments = [NOW - HOUR * i for i in range(len(parts))]
    tables = [
        fs.classify(part, scheme=fs.StatusScheme(scheme), now=now, **KEEP)
        for part, now in zip(parts, moments, strict=True)
    ]
    records = [record for part in parts for record in part]
    whole = fs.classify(records, scheme=fs.StatusScheme(scheme), now=NOW, **KEEP)
    made = fs.concat(tables, now=NOW)
    if records:
        names = set(whole.columns) - {"error"}  # an error names the record's place in its source
        assert all(made[name].to_list() == whole[name].to_list() for name in names)
        assert made.newest_event == whole.newest_event
        assert made.fields_seen == whole.fields_seen
    else:
        assert made is tables[0]


def test_the_moment_is_the_latest_by_default() -> None:
    early = fs.classify(fs.sample_fleet(), now=NOW)
    late = fs.classify(fs.sample_fleet(), now=NOW + HOUR)
    assert fs.concat([early, late]).now == NOW + HOUR
    assert fs.concat([early, late]) == fs.concat([late, late])
    assert fs.concat([early, late], now=NOW) == fs.concat([early, early])
    assert fs.concat([early, late]).now_source == "given"


def test_empty_tables_take_no_part() -> None:
    other = fs.empty(scheme="api-v7", carry=["os_version"], now=NOW + HOUR)
    assert fs.concat([other, SAMPLE, SAMPLE[:0]]) == SAMPLE
    assert fs.concat([other, SAMPLE[:0]]) is other


def test_no_table_at_all_is_an_error() -> None:
    with pytest.raises(ValueError, match="there is no table to put together"):
        fs.concat([])


def test_tables_of_two_schemes_are_an_error() -> None:
    with pytest.raises(ValueError, match=r"docs-2024-11 and api-v7; use table\.as_scheme"):
        fs.concat([SAMPLE, SAMPLE.as_scheme("api-v7")])


def test_other_thresholds_are_an_error() -> None:
    with pytest.raises(ValueError, match="thresholds of attention"):
        fs.concat([SAMPLE.attention(), SAMPLE.attention(disconnected="1h")])


def test_carried_columns_are_united() -> None:
    one = table_of({"os_version": "a"}, carry=["os_version"])
    two = table_of({"cpu_usage": 7}, carry=["cpu_usage"])
    made = fs.concat([one, two, table_of({})])
    assert made["os_version"].to_list() == ["a", None, None]
    assert made["cpu_usage"].to_list() == [None, 7, None]


def test_a_carried_column_has_one_type() -> None:
    one = table_of({"load": 1}, carry={"load": int})
    two = table_of({"load": "1"}, carry={"load": str})
    with pytest.raises(ValueError, match="the carried column load holds int64 in one table and"):
        fs.concat([one, two])


def test_errors_stay_at_their_rows() -> None:
    bad = table_of({"id": []}, on_error="keep")
    made = fs.concat([SAMPLE[:2], bad, SAMPLE[2:3], bad])
    assert [error is not None for error in made["error"]] == [False, False, True, False, True]
    assert made["attention"].to_list()[2] == "unreadable"


def test_fields_are_missing_where_all_tables_miss_them() -> None:
    with_frozen = table_of({"is_frozen": False})
    without = table_of({})
    assert "is_frozen" in fs.concat([without, without]).fields_missing
    assert "is_frozen" not in fs.concat([without, with_frozen]).fields_missing


def test_fleets_of_all_are_known() -> None:
    one, two = (
        table_of({"belongs_to__application": [{"slug": slug, "app_name": slug[5:]}]})
        for slug in ("acme/pumps", "acme/fans")
    )
    made = fs.concat([one, two])
    assert len(made.where(fleet="acme/fans")) == len(made.where(fleet="fans")) == 1
    with pytest.raises(ValueError, match="fleet"):
        made.where(fleet="acme/other")


def test_texts_of_several_layouts_are_joined() -> None:
    frame = fs.classify(pl.DataFrame([device_record()]), now=NOW)
    made = fs.concat([frame, SAMPLE[:1], frame])
    assert made["device_name"].to_list() == ["quiet-river", SAMPLE[0].device_name, "quiet-river"]


def test_what_was_read_back_is_measured_anew_by_its_bits() -> None:
    back = fs.StatusTable.from_arrow(SAMPLE.to_arrow(bits=True))
    assert fs.concat([back, SAMPLE]) == fs.concat([SAMPLE, SAMPLE])
    assert fs.concat([back], now=NOW + HOUR) == fs.concat([SAMPLE], now=NOW + HOUR)


def test_what_was_read_back_without_bits_stays_at_its_moment() -> None:
    back = fs.StatusTable.from_arrow(SAMPLE.to_arrow())
    made = fs.concat([back, SAMPLE])
    assert made == fs.concat([SAMPLE, SAMPLE])
    with pytest.raises(ValueError, match="rule_bits"):
        made.explain(0)
    with pytest.raises(ValueError, match="measured at another moment"):
        fs.concat([back], now=NOW + HOUR)


@pytest.mark.parametrize("items", [[SAMPLE, 5], [None], SAMPLE.to_dicts(), SAMPLE])
def test_what_is_no_table_is_refused(items: Any) -> None:
    with pytest.raises(TypeError, match="concat takes StatusTables, item"):
        fs.concat(items)


def test_one_table_is_itself_again() -> None:
    assert fs.concat([SAMPLE]) == SAMPLE
