"""The rules of the API, stated once more in SQL: PostgreSQL must answer what the package does."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

import fleetstatus as fs
from examples import NOW, as_json
from postgres import running_postgres
from rule_records import pairwise_records, random_records
from typed_records import arrow_table, with_some_keys_absent

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

Record = dict[str, Any]
Answer = tuple[str | None, str | None, int | None]

RULES = Path(__file__).with_name("api_v7.sql")
N_RANDOM = 50_000
REASONS_WITH_PROGRESS = {
    *("post-provisioning", "never-connected", "downloading-release"),
    *("os-configuration", "downloading-service", "cloudlink-only"),
}
REASONS_WITHOUT_PROGRESS = {
    *(
        "downloading-service",
        "inactive",
        "post-provisioning",
        "never-connected",
        "no-link",
        "heartbeat-late",
    ),
    *("cloudlink-only", "heartbeat-only", "cloudlink-disabled", "both-links"),
}


@pytest.fixture(scope="module")
def connection() -> Iterator[psycopg.Connection]:
    with running_postgres() as server, psycopg.connect(server) as connection:
        connection.execute(RULES.read_bytes())
        yield connection


@pytest.fixture(scope="module")
def records() -> list[Record]:
    """Make the records; the id of each is its place."""
    made = with_some_keys_absent([*random_records(N_RANDOM), *pairwise_records()])
    return [record | {"id": place} for place, record in enumerate(made)]


@pytest.fixture(scope="module")
def answers(connection: psycopg.Connection, records: list[Record]) -> list[Answer]:
    """Answer with PostgreSQL."""
    connection.execute(
        "insert into device select * from jsonb_populate_recordset(null::device, %s)",
        [json.dumps(records)],
    )
    return connection.execute(
        "select overall_status, reason, overall_progress from answer order by id"
    ).fetchall()


def fits_columns(record: Record) -> bool:
    """Tell whether each install has a link: columns have no key that is absent."""
    return all("is_provided_by__release" in one for one in record.get("image_install") or [])


@pytest.mark.parametrize("form", [as_json, list, arrow_table])
def test_status_reason_and_progress_are_those_of_sql(
    form: Any, records: list[Record], answers: list[Answer]
) -> None:
    asked = [record for record in records if form is not arrow_table or fits_columns(record)]
    assert len(asked) > N_RANDOM
    table = fs.classify(form(asked), scheme="api-v7", now=NOW)
    own = zip(table["status"], table["reason"], table["progress"], strict=True)
    for record, answer in zip(asked, own, strict=True):
        expected = answers[record["id"]]
        assert answer == expected, f"{answer}, but {expected} in SQL: {json.dumps(record)}"


def test_every_answer_is_met_often(answers: list[Answer]) -> None:
    counts = Counter((reason, progress is not None) for _, reason, progress in answers)
    assert set(counts) == {(reason, True) for reason in REASONS_WITH_PROGRESS} | {
        (reason, False) for reason in REASONS_WITHOUT_PROGRESS
    }
    assert min(counts.values()) >= 100
