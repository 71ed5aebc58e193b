"""The question to openBalena's database, put to a real server with its tables."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import adbc_driver_postgresql.dbapi as adbc
import psycopg
import pytest
from psycopg.rows import dict_row

import fleetstatus as fs
from fleetstatus._catalog import COLUMNS
from openbalena_fleet import Tables, api_records, openbalena_tables
from postgres import fill, find_programs, running_postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

N_DEVICES = 5_000
NOW = "2026-10-22T00:00:00Z"
CARRY = [
    *("tag:site", 'tag:cold "room"', "note", "os_version", "cpu_temp"),
    *("is_running__release.raw_version", "should_be_running__release.raw_version"),
    *("is_pinned_on__release.note", "is running-release.note"),
]
AS_JSON = "copy (select row_to_json(device) from ({query}) as device) to stdout with ({options})"
RAW = r"format csv, quote e'\x01', delimiter e'\x02'"

Connection = psycopg.Connection[tuple[Any, ...]]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="module")
def tables() -> Tables:
    return openbalena_tables(N_DEVICES)


@pytest.fixture(scope="module")
def connection(server: str, tables: Tables) -> Iterator[Connection]:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("set lock_timeout = '30s'")
        fill(connection, tables)
        yield connection


# Ways to the rows


def rows_as_dicts(connection: Connection, query: str) -> Any:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query.encode()).fetchall()


def as_json_lines(connection: Connection, query: str, options: str = RAW) -> bytes:
    statement = AS_JSON.format(query=query, options=options)
    with connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        return b"".join(copy)


def adbc_uri(connection: Connection) -> str:
    info = connection.info
    return f"postgresql://{info.user}@{info.host}:{info.port}/{info.dbname}"


def adbc_stream(connection: Connection, query: str) -> Any:
    with adbc.connect(adbc_uri(connection)) as other, other.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetch_arrow_table()


def psql_lines(connection: Connection, query: str) -> bytes:
    command = f"select row_to_json(device) from ({query}) as device"
    psql = find_programs() / "psql"
    return subprocess.run(
        [psql, "-XAt", "-d", adbc_uri(connection), "-c", command],
        check=True,
        stdout=subprocess.PIPE,
    ).stdout


WAYS: dict[str, Callable[[Connection, str], Any]] = {
    "psycopg": rows_as_dicts,
    "copy": as_json_lines,
    "psql": psql_lines,
    "adbc": adbc_stream,
}


def by_id(table: fs.StatusTable) -> list[dict[str, Any]]:
    return sorted(table.to_dicts(), key=lambda row: row["id"])


# The same answers


@pytest.fixture(scope="module")
def records(tables: Tables) -> list[dict[str, Any]]:
    return api_records(tables)


OPTIONS: dict[fs.StatusScheme, dict[str, Any]] = {
    scheme: {"scheme": scheme, "carry": CARRY, "now": NOW} for scheme in fs.StatusScheme
}
OPTIONS[fs.StatusScheme.LIBRARY_2020]["allow_missing"] = ("is_active", "current_services")


@pytest.fixture(scope="module")
def expected(records: list[dict[str, Any]]) -> dict[fs.StatusScheme, Any]:
    """Classify the records of the API, as JSON, under each scheme."""
    text = json.dumps({"d": records}).encode()
    tables = {scheme: fs.classify(text, **OPTIONS[scheme]) for scheme in fs.StatusScheme}
    return {scheme: (table.to_dicts(), table.fields_missing) for scheme, table in tables.items()}


@pytest.fixture(scope="module", params=[*WAYS.values()], ids=[*WAYS])
def source(request: pytest.FixtureRequest, connection: Connection) -> Any:
    return request.param(connection, fs.database_query(carry=CARRY))


@pytest.mark.slow
@pytest.mark.parametrize("scheme", fs.StatusScheme)
def test_answers_are_those_of_the_api(
    scheme: fs.StatusScheme, source: Any, expected: dict[fs.StatusScheme, Any]
) -> None:
    table = fs.classify(source, **OPTIONS[scheme])
    assert (by_id(table), table.fields_missing) == expected[scheme]
    assert len(table) == N_DEVICES


def test_the_devices_have_what_changes_answers(records: list[dict[str, Any]]) -> None:
    table = fs.classify(records, now=NOW, carry=CARRY)
    reasons = {"inactive", "frozen", "ordered", "preparing", "shipped", "online", "unknown"}
    assert set(table["reason"]) == set(fs.Reason) - reasons
    assert {None, True, False} == set(table["on_target"])
    assert {0, 33, 40, 67, 80, None} <= set(table["progress"])
    assert len(set(table["is_running__release.raw_version"])) > 50


def test_rows_of_one_fleet(connection: Connection, records: list[dict[str, Any]]) -> None:
    for slug in ("acme/cold-chain", "a/it's; \\x27 %s :b ?", "b/ü"):
        query = fs.database_query(slug)
        got = fs.classify(rows_as_dicts(connection, query), now=NOW)
        expected = fs.classify(records, now=NOW).where(fleet=slug)
        assert by_id(got) == expected.to_dicts()
        assert len(got) > 500


def test_the_query_is_one_statement_and_a_subquery(connection: Connection) -> None:
    query = fs.database_query("a/it's; \\x27 %s :b ?", carry=CARRY)
    assert query.startswith("select")
    assert not set(";%?\\:") & set(fs.database_query(carry=CARRY))
    assert not set(";%?:") & set(query)
    counted = connection.execute(f"select count(*) from ({query}) as devices".encode()).fetchone()
    assert counted is not None
    assert counted[0] > 500
    with_parameters = f"select 1 from ({query}) as devices where id = %s".encode()
    assert connection.execute(with_parameters, [-1]).fetchall() == []


@pytest.mark.parametrize("setting", ["on", "off"])
def test_a_hostile_fleet_is_text_and_nothing_else(connection: Connection, setting: str) -> None:
    for slug in (
        "a/x'; drop table device; --",
        "a/x\\'; drop table device; --",
        "a/\\",
        "a/'' or 1=1",
    ):
        with connection.transaction():
            connection.execute(f"set local standard_conforming_strings = {setting}".encode())
            assert rows_as_dicts(connection, fs.database_query(slug)) == []
    assert connection.execute("select count(*) from device").fetchone() == (N_DEVICES,)


def test_only_stored_columns_are_read(connection: Connection) -> None:
    """A role that may read these tables, and nothing else, can ask."""
    tables = ", ".join(f'"{name}"' for name in TABLES_READ)
    connection.execute(f"create role reader; grant select on {tables} to reader".encode())
    with connection.transaction():
        connection.execute("set local role reader")
        assert len(rows_as_dicts(connection, fs.database_query(carry=CARRY))) == N_DEVICES


TABLES_READ = [
    *("application", "release", "device", "image install", "device tag"),
    *("device config variable", "application config variable"),
]


# What goes wrong


def test_the_table_device_alone_is_refused(connection: Connection) -> None:
    alone = "select * from device"
    for way in WAYS.values():
        with pytest.raises(fs.MissingFieldsError) as raised:
            fs.classify(way(connection, alone))
        first, second, *_ = str(raised.value).splitlines()
        assert first.endswith(
            "the table device of openBalena's database, without the tables beside it"
        )
        assert "fleetstatus.database_query()" in second
        assert raised.value.fields == ("image_install",)


def test_tuples_have_no_names(connection: Connection) -> None:
    rows = connection.execute(fs.database_query().encode()).fetchmany(2)
    with pytest.raises(fs.NotDevicesError, match="row_factory=dict_row"):
        fs.classify(rows)


def test_copy_as_text_is_told(connection: Connection) -> None:
    lines = as_json_lines(connection, fs.database_query(), "format text")
    with pytest.raises(fs.JSONError, match=r"(?s)COPY of PostgreSQL.*psql -At"):
        fs.classify(lines)


@pytest.fixture
def old_times(connection: Connection) -> Iterator[None]:
    """Give the times the type that they had before v39 of the API."""
    names = [
        row[0]
        for row in connection.execute(
            "select column_name from information_schema.columns "
            "where table_name = 'device' and data_type = 'timestamp with time zone'"
        )
    ]
    connection.execute("set timezone = 'UTC'")
    alter(connection, names, "timestamp")
    yield
    alter(connection, names, "timestamptz")


def alter(connection: Connection, names: list[str], kind: str) -> None:
    changes = ", ".join(f'alter "{name}" type {kind}' for name in names)
    connection.execute(f"alter table device {changes}".encode())


@pytest.mark.slow
@pytest.mark.usefixtures("old_times")
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_times_without_a_zone_are_told(
    way: Any, connection: Connection, records: list[dict[str, Any]]
) -> None:
    query = fs.database_query()
    with pytest.raises(fs.RecordError, match="assume_utc=True"):
        fs.classify(way(connection, query), now=NOW)
    got = fs.classify(way(connection, query), now=NOW, assume_utc=True)
    assert by_id(got) == fs.classify(records, now=NOW).to_dicts()


@pytest.mark.slow
@pytest.mark.parametrize("value", ["infinity", "-infinity"])
@pytest.mark.parametrize("way", ["copy", "psql", "adbc"])
def test_times_without_an_end_are_bad_records(way: str, value: str, connection: Connection) -> None:
    set_event = 'update device set "last vpn event" = %s where id = 7'
    before = connection.execute('select "last vpn event" from device where id = 7').fetchone()
    connection.execute(set_event, [value])
    try:
        source = WAYS[way](connection, fs.database_query())
    finally:
        connection.execute(set_event, before)
    with pytest.raises(fs.RecordError, match="last_vpn_event is"):
        fs.classify(source, now=NOW)
    kept = fs.classify(source, now=NOW, on_error="keep")
    assert [row["id"] for row in kept.to_dicts() if row["error"]] == [7]


# Arguments


@pytest.mark.parametrize(
    ("carry", "told"),
    [
        ("os_versio", "no column of the table device; did you mean 'os_version'"),
        ("overall_status", "which the API computes"),
        ("is_frozen", "which the API computes"),
        ("image_install", "no column of the table device"),
        ("is_running__release.raw_versio", "no column of a release; did you mean 'raw_version'"),
        ("belongs_to__application.is_archived", "no link to a release"),
        ("is_of__device_type.slug", "no link to a release"),
        ('x" from pg_user --', "no column of the table device"),
        ("a.b.c", "expected 'field'"),
    ],
)
def test_what_the_database_lacks_cannot_be_carried(carry: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        fs.database_query(carry=carry)


@pytest.mark.parametrize(
    ("fleet", "error"),
    [
        ("x'; drop table device; --", ValueError),
        ("a/\0", ValueError),
        ("a/\ud800", ValueError),
        ("", ValueError),
        (7, TypeError),
        (b"acme/tide", TypeError),
    ],
)
def test_a_fleet_is_named_by_its_slug(fleet: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="fleet"):
        fs.database_query(fleet)


def test_what_is_carried_is_selected_once() -> None:
    query = fs.database_query(carry=["is_online", "is_running__release.commit", "os_version"])
    assert query.count('as "is_online"') == query.count('as "os_version"') == 1
    assert query.count("'raw_version'") == 1
    assert query.count("'commit'") == 4
    assert "device tag" not in query


def test_a_column_may_be_spelled_as_in_the_database(connection: Connection) -> None:
    carry = ["os version", "is running-release.raw version"]
    rows = rows_as_dicts(connection, fs.database_query("acme/tide", carry=carry))
    table = fs.classify(rows, carry=carry)
    assert len(set(table["os version"])) == 3
    assert len(set(table["is running-release.raw version"])) > 5


def test_every_column_of_the_tables_can_be_carried(connection: Connection) -> None:
    for table, link in (("device", ""), ("release", "is_running__release.")):
        names = connection.execute(
            "select column_name from information_schema.columns where table_name = %s", [table]
        ).fetchall()
        for (name,) in names:
            api = link + name.replace("-", "__").replace(" ", "_")
            if api not in COLUMNS:  # of every StatusTable
                fs.database_query(carry=api)


def test_now_is_of_the_clock(connection: Connection) -> None:
    table = fs.classify(rows_as_dicts(connection, fs.database_query("acme/tide")))
    assert table.now_source == "clock"
    assert table.now <= datetime.now(UTC)
