"""The same records in the words of another scheme."""

from __future__ import annotations

from functools import cache
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fleetstatus as fs
from decision_space import decision_space
from examples import NOW, device_record, without
from strategies import device_records

SCHEMES = [str(scheme) for scheme in fs.StatusScheme]


@cache
def decisions(space: str, scheme: str) -> fs.StatusTable:
    records = list(decision_space(space))
    return fs.classify(records, scheme=fs.StatusScheme(scheme), now=NOW, allow_missing="all")


@pytest.mark.slow
@pytest.mark.parametrize("to", SCHEMES)
@pytest.mark.parametrize("of", SCHEMES)
def test_it_answers_what_classify_answers(of: str, to: str) -> None:
    for space in ("docs-2024-11", "library-2020"):
        assert decisions(space, of).as_scheme(fs.StatusScheme(to)) == decisions(space, to)


@pytest.mark.slow
@pytest.mark.parametrize("to", SCHEMES)
def test_a_table_read_back_answers_the_same(to: str) -> None:
    back = fs.StatusTable.from_arrow(decisions("docs-2024-11", "docs-2024-11").to_arrow(bits=True))
    made, right = back.as_scheme(fs.StatusScheme(to)), decisions("docs-2024-11", to)
    names = set(right.columns) - {"detail", "status_since", "status_duration_s"}
    for name in sorted(names):
        assert made[name].to_list() == right[name].to_list(), name
    for name in ("detail", "status_since"):  # what the columns do not hold is null, never else
        pairs = zip(made[name], right[name], strict=True)
        assert all(own in {None, other} for own, other in pairs), name


def outcome(records: list[Any], scheme: str, **options: Any) -> Any:
    try:
        return fs.classify(records, scheme=fs.StatusScheme(scheme), now=NOW, **options)
    except fs.MissingFieldsError as error:
        return error.fields
    except fs.RecordError as error:
        return error.index, error.field


def outcome_of(table: fs.StatusTable, scheme: str) -> Any:
    try:
        return table.as_scheme(fs.StatusScheme(scheme))
    except fs.MissingFieldsError as error:
        return error.fields
    except fs.RecordError as error:
        return error.index, error.field


@pytest.mark.slow
@settings(deadline=None, max_examples=80)
@given(
    st.lists(device_records(), min_size=1, max_size=3),
    st.sampled_from(SCHEMES),
    st.sampled_from(SCHEMES),
    st.sampled_from(["source", "parts"]),
)
def test_it_raises_what_classify_raises(records: list[Any], of: str, to: str, missing: str) -> None:
    try:
        table = fs.classify(records, scheme=of, now=NOW, missing=missing)  # type: ignore[arg-type]
    except (fs.MissingFieldsError, fs.RecordError):
        return
    assert outcome_of(table, to) == outcome(records, to, missing=missing)


@pytest.mark.parametrize(
    ("records", "options"),
    [
        ([device_record()], {}),
        ([device_record(is_online=True, current_services={})], {}),
        ([device_record(is_online=True, current_services={})] * 2, {"missing": "parts"}),
        ([device_record()], {"allow_missing": ["is_online"]}),
        ([device_record()], {"allow_missing": "all"}),
    ],
)
def test_library_2020_needs_other_fields(records: list[Any], options: dict[str, Any]) -> None:
    table = fs.classify(records, now=NOW, **options)
    assert outcome_of(table, "library-2020") == outcome(records, "library-2020", **options)


def test_a_link_that_a_record_lacks_is_named() -> None:
    old = {"is_online": True, "current_services": {}}
    records = [device_record(**old), without("api_heartbeat_state") | old]
    table = fs.classify(records, now=NOW, scheme="library-2020")
    with pytest.raises(fs.RecordError, match="record 1: api_heartbeat_state is missing or null"):
        table.as_scheme("docs-2024-11")
    allowed = fs.classify(
        records, now=NOW, scheme="library-2020", allow_missing=["api_heartbeat_state"]
    )
    assert allowed.as_scheme("docs-2024-11") == fs.classify(
        records, now=NOW, allow_missing=["api_heartbeat_state"]
    )


def test_its_own_scheme_is_the_table_itself() -> None:
    table = fs.classify(fs.sample_fleet())
    assert table.as_scheme("docs-2024-11") is table


def test_gaps_are_told_in_the_words_of_the_scheme() -> None:
    records = [device_record()]
    table = fs.classify(records, now=NOW)
    assert table.as_scheme("api-v7").fields_missing == (
        fs.classify(records, now=NOW, scheme="api-v7").fields_missing
    )


def test_fields_that_are_not_known_are_no_answer() -> None:
    frame = pl.DataFrame(fs.classify([device_record()], now=NOW).to_arrow(bits=True))
    bare = fs.StatusTable.from_arrow(frame, scheme="docs-2024-11", now=NOW)
    assert len(bare.as_scheme("docs-2022")) == 1
    with pytest.raises(ValueError, match="which fields the records had is not known"):
        bare.as_scheme("library-2020")


@pytest.mark.parametrize("scheme", ["docs", None, 5])
def test_what_is_no_scheme_is_refused(scheme: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        fs.classify(fs.sample_fleet()).as_scheme(fs.StatusScheme(scheme))
