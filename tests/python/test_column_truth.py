"""Columns of other types than the API's against the oracle: old names, versions, zones, installs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import fleetstatus as fs
import oracle
from examples import NOW, Record, device_record, without

if TYPE_CHECKING:
    from collections.abc import Callable

PIN = {"is_pinned_on__release": {"__id": 7, "commit": "c0ffee1234"}}


def variants(*changes: Record) -> list[Record]:
    """Make a record for each set of changes."""
    return [device_record(**one) for one in changes]


def installs(**release: object) -> list[Record]:
    """List an install that downloads, and one that may count with it."""
    download = {"id": 1, "status": "Downloading", "download_progress": 10}
    return [download, {"id": 2, "status": "Running", "download_progress": 50, **release}]


RECORDS: dict[str, list[Record]] = {
    "old names": variants(
        {"device_name": None, "name": "old-mill", "fleet": "acme/tide"},
        {"name": "old-mill", "fleet": "acme/tide", "belongs_to__application": {"__id": 5}},
    ),
    "old names of other types": [
        without("device_name", "last_connectivity_event")
        | {"name": value, "last_seen_time": value, "fleet": value, "application": value}
        for value in (5, 6)
    ],
    "old names of other types in lists": [
        without("device_name", "last_connectivity_event")
        | {"name": ["a"], "last_seen_time": ["b"], "fleet": ["c"], "application": [{"d": 5}]}
    ],
    "old fleet link that is text": variants({"application": "tide"}, {"application": "weather"}),
    "old time that is text": [
        without("last_connectivity_event") | {"last_seen_time": time}
        for time in ("a while ago", "2016-03-04T05:06:07Z", None)
    ],
    "versions": variants(*({"is_running__release": text, **PIN} for text in ("1.4.2", "", None))),
    "ids of releases": variants(*({"is_running__release": id_, **PIN} for id_ in (7, 8, None))),
    "releases by commit": variants(
        {"is_running__release": {"commit": "c0ffee1234"}, **PIN},
        {"is_running__release": {"commit": "deaf"}, **PIN},
    ),
    "installs without a release": variants({"image_install": installs(), **PIN}),
    "installs with an id": variants({"image_install": installs(release_id=7), **PIN}),
    "installs with a commit": variants({"image_install": installs(commit="c0ffee1234"), **PIN}),
    "installs by fleet": [
        without("image_install")
        | {"current_services_by_app": {"acme/tide": {"main": installs(release_id=8)}}, **PIN}
    ],
    "public URLs": variants(*({"is_web_accessible": flag} for flag in (1.0, 0.0, None))),
    "never": variants(
        {"last_vpn_event": "1970-01-01T00:00:00Z", "created_at": "1970-01-01T00:00:00Z"},
        {"last_vpn_event": "2026-10-20T08:00:00Z", "created_at": "2026-10-20T08:00:00Z"},
    ),
}
NAIVE: list[Record] = [
    {"last_vpn_event": "2026-10-20 08:00:00.123456", "created_at": "2026-10-20T08:00:00"},
    {"last_vpn_event": None, "created_at": "1970-01-01 00:00:00"},
]


def pandas_frame_of_times(records: list[Record]) -> Any:
    frame = pd.DataFrame(records)
    for name in NAIVE[0]:
        frame[name] = pd.to_datetime(frame[name], format="ISO8601")
    return frame


def arrow_table_of_times(records: list[Record]) -> Any:
    return pa.Table.from_pandas(pandas_frame_of_times(records))


def polars_frame_of_times(records: list[Record]) -> Any:
    return pl.from_pandas(pandas_frame_of_times(records)[list(NAIVE[0])]).hstack(
        pl.from_dicts(records).drop(list(NAIVE[0]))
    )


FORMS: dict[str, Callable[[list[Record]], Any]] = {
    "dicts": list,
    "JSON": lambda records: json.dumps(records).encode(),
    "pandas": pd.DataFrame,
    "pandas, exact types": lambda records: pd.DataFrame(records).convert_dtypes(),
    "Arrow": pa.Table.from_pylist,
    "polars": pl.from_dicts,
}
OF_TIMES: dict[str, Callable[[list[Record]], Any]] = {
    "pandas, times": pandas_frame_of_times,
    "Arrow, times": arrow_table_of_times,
    "polars, times": polars_frame_of_times,
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("records", RECORDS.values(), ids=RECORDS)
def test_columns_of_any_type_answer_what_the_oracle_answers(
    records: list[Record], form: Callable[[list[Record]], Any]
) -> None:
    expected = [oracle.answers(record, scheme="docs-2024-11", now=NOW) for record in records]
    table = fs.classify(form(records), now=NOW, allow_missing="all")
    assert table.to_dicts() == expected


@pytest.mark.parametrize("form", [*FORMS.values(), *OF_TIMES.values()], ids=[*FORMS, *OF_TIMES])
def test_columns_without_a_zone_are_utc_only_if_the_caller_says_so(
    form: Callable[[list[Record]], Any],
) -> None:
    records = variants(*NAIVE)
    options: dict[str, Any] = {"now": NOW, "assume_utc": True}
    expected = [oracle.answers(record, scheme="docs-2024-11", **options) for record in records]
    assert fs.classify(form(records), **options).to_dicts() == expected
    with pytest.raises(fs.RecordError, match="assume_utc=True") as raised:
        fs.classify(form(records), now=NOW)
    assert raised.value.index == 0
