"""The package against the shared cases, from dicts and from JSON."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

import fleetstatus as fs
from examples import Record, device_record
from shared_cases import cases_with, options_of, pick

if TYPE_CHECKING:
    from collections.abc import Callable

FORMS: dict[str, Callable[[list[Record]], Any]] = {
    "dicts": list,
    "JSON": lambda records: json.dumps(records).encode(),
}
both_forms = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
# The first record of each source, so that no field is missing from it.
COMPLETE = device_record(is_online=True, current_services=None)


def row_of(case: Record, form: Callable[[list[Record]], Any], **more: Any) -> Record:
    """Classify the record of a case as the second of its source."""
    options = options_of(case)
    if "default_poll_interval_ms" in options:
        milliseconds = options.pop("default_poll_interval_ms")
        options["default_poll_interval"] = timedelta(milliseconds=milliseconds)
    return fs.classify(form([COMPLETE, case["record"]]), **options, **more).to_dicts()[1]


@both_forms
@pytest.mark.parametrize("case", cases_with("expect"))
def test_schemes_answer_what_the_case_expects(case: Record, form: Any) -> None:
    for scheme, expected in case["expect"].items():
        row = row_of(case, form, scheme=scheme)
        assert {"scheme": scheme, **pick(row, expected)} == {"scheme": scheme, **expected}


@pytest.mark.slow
@both_forms
@pytest.mark.parametrize("case", cases_with("columns"))
def test_columns_hold_what_the_case_expects(case: Record, form: Any) -> None:
    assert pick(row_of(case, form), case["columns"]) == case["columns"]


@both_forms
@pytest.mark.parametrize("case", cases_with("error"))
def test_bad_record_is_named(case: Record, form: Any) -> None:
    with pytest.raises(fs.RecordError) as raised:
        row_of(case, form)
    fault = raised.value
    assert fault.index == 1
    assert {"field": fault.field, "pointer": fault.pointer} == case["error"]


@both_forms
@pytest.mark.parametrize("case", cases_with("kept"))
def test_kept_record_answers_what_it_can(case: Record, form: Any) -> None:
    row = row_of(case, form, on_error="keep")
    assert pick(row, case["kept"]) == case["kept"]
    assert row["attention"] == "unreadable"
