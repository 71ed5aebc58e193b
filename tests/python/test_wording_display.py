"""What tables, devices, columns, summaries and explanations look like in Python and notebooks."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import fleetstatus as fs
from examples import device_record
from wording import check

FLEET = Path(__file__).parent / "golden" / "fleet.json"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@cache
def devices(scheme: str = "docs-2024-11") -> fs.StatusTable:
    return fs.classify(FLEET, now=NOW, on_error="keep", scheme=fs.StatusScheme(scheme))


@cache
def few_fields() -> fs.StatusTable:
    """Give a table that repeats a device, with fields missing and no heartbeats."""
    record = device_record(api_heartbeat_state="unknown", is_web_accessible=False)
    for name in ("is_active", "provisioning_state", "last_connectivity_event"):
        del record[name]
    return fs.classify([record, record], now=NOW, allow_missing="all", carry=["is_web_accessible"])


def html(shown: Any) -> list[str]:
    """Give a line for each piece of markup."""
    text: str = shown._repr_mimebundle_()["text/html"]
    return text.replace("><", ">\n<").splitlines()


def test_tables() -> None:
    tables = (devices(), devices("api-v7"), devices()[:0], few_fields(), devices().attention())
    check("tables.txt", map(str, tables))
    check("tables.html", [line for table in tables[2:] for line in html(table)])


def test_devices() -> None:
    shown = [*devices(), *few_fields()]
    check("devices.txt", map(str, shown))
    check("devices.html", [line for device in shown[-2:] for line in html(device)])


def test_columns() -> None:
    check("columns.txt", [f"{name}: {devices()[name]!r}" for name in devices().columns])


def test_summaries() -> None:
    by_fleet, whole = devices().summary("fleet"), few_fields().summary()
    check("summaries.txt", map(str, (by_fleet, whole, devices().summary("fleet", "attention"))))
    check("summaries.html", [line for one in (by_fleet, whole) for line in html(one)])


def test_explanations_of_a_table() -> None:
    found = [table.explain(row) for table in (devices(), few_fields()) for row in range(len(table))]
    check("explanations.txt", [one.to_text(80) for one in found])
    check("explanations.html", [line for one in found[-3:] for line in html(one)])
    check("explanations.md", [one.to_markdown() for one in found[-3:]])


def test_explanations_of_records() -> None:
    records = json.loads(FLEET.read_bytes())[::3]
    lacking = device_record(overall_status="idle")
    del lacking["api_heartbeat_state"]
    found = [fs.explain(record, now=NOW) for record in (*records, lacking)]
    check("explanations_of_records.txt", map(str, found))


def test_what_an_old_snapshot_says() -> None:
    ages = (timedelta(0), timedelta(hours=1), timedelta(hours=1, seconds=1), timedelta(days=40))
    newest = devices().newest_event
    assert newest is not None
    tables = [fs.classify(FLEET, now=newest + age, on_error="keep") for age in ages]
    check("old.txt", map(str, tables))
