"""`fleetstatus.duckdb.register` teaches a connection what `classify` answers."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import pytest

import fleetstatus as fs
from device_files import (
    BAD,
    NOW,
    RECORDS,
    answers,
    classified,
    rows_of,
    without,
    write_files,
    write_many,
)
from fleetstatus.duckdb import _Answers

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(fs.__file__).parents[1]
TYPES = {
    "id": "BIGINT",
    "status": "VARCHAR",
    "fleet": "VARCHAR",
    "status_since": "TIMESTAMP WITH TIME ZONE",
    "status_duration_s": "BIGINT",
    "on_target": "BOOLEAN",
    "heartbeat_window_s": "INTEGER",
    "capabilities": "INTEGER",
    "fields_seen": "BIGINT",
}
FRAME = pl.DataFrame(RECORDS, infer_schema_length=None)
SAMPLE = str(fs.sample_fleet())


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        fs.duckdb.register(con, now=NOW)
        yield con


def asked(con: duckdb.DuckDBPyConnection, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = con.execute(sql, list(values)).fetchall()
    return rows


def table(con: duckdb.DuckDBPyConnection, sql: str, *values: Any) -> list[dict[str, Any]]:
    """Rows of an answer, but without the column ``fields_seen``."""
    return rows_of(con.sql(sql, params=list(values)).to_arrow_table())


# Files


@pytest.mark.parametrize("n_files", [1, 3, 50])
def test_files_answer_as_classify_does(con: Any, tmp_path: Path, n_files: int) -> None:
    files = write_files(tmp_path, RECORDS, n_files)
    expected = answers(classified(RECORDS))
    for source in (files, str(tmp_path / "part-*.json"), [str(tmp_path / "part-*.json")]):
        assert table(con, "from fleetstatus(?)", source) == expected
    assert table(con, f"from fleetstatus({files!r})") == expected
    fs.check_fields([con.sql("select distinct fields_seen from fleetstatus($1)", params=[files])])


def test_columns_have_the_types_that_are_written(con: Any) -> None:
    described = dict(row[:2] for row in asked(con, "describe from fleetstatus(?)", SAMPLE))
    assert list(described) == [*fs.classify([]).columns, "fields_seen"]
    assert described | TYPES == described


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [
        {"scheme": "docs-2021"},
        {"on_error": "keep"},
        {"carry": ["os_version", "tag:site", "cpu_temp"]},
        {"carry": {'rack"); drop table t; --': int}, "allow_missing": "all"},
        {"default_poll_interval": "10min"},
        {"now": "2026-11-01T13:00:00+01:00"},
    ],
    ids=["scheme", "on_error", "carry", "quotes in a name", "default_poll_interval", "now"],
)
def test_options_are_those_of_classify(con: Any, tmp_path: Path, options: dict[str, Any]) -> None:
    records = [*RECORDS, BAD] if "on_error" in options else RECORDS
    files = write_files(tmp_path, records, 3)
    fs.duckdb.register(con, **{"now": NOW} | options)
    assert table(con, "from fleetstatus(?)", files) == answers(classified(records, **options))


def test_no_file_is_no_row(con: Any, tmp_path: Path) -> None:
    (tmp_path / "empty.json").write_bytes(b"")
    assert asked(con, "from fleetstatus([])") == []
    assert asked(con, "from fleetstatus(?)", str(tmp_path / "empty.json")) == []
    assert asked(
        con, "select count(*) from fleetstatus(?)", [SAMPLE, str(tmp_path / "e*.json")]
    ) == [(300,)]


def test_answers_join_with_other_tables(con: Any, tmp_path: Path) -> None:
    con.execute(
        "create table site as select * from (values ('acme/kiosk-display', 'north')) s(fleet, site)"
    )
    [(n_lost,)] = asked(
        con,
        "select count(*) from fleetstatus(?) d join site using (fleet) where status = ? and site = ?",
        *(SAMPLE, "Disconnected", "north"),
    )
    rows = [row for row in classified(SAMPLE) if row.fleet == "acme/kiosk-display"]
    assert 0 < n_lost == sum(row.status == "Disconnected" for row in rows)
    files = write_files(tmp_path, RECORDS, 2)
    old, new = "fleetstatus(?) old", "fleetstatus(?) new"
    assert asked(con, f"select count(*) from {old} join {new} using (uuid)", SAMPLE, files) == [
        (300,)
    ]
    counts = "select f, count(*) from unnest(?) t(f), fleetstatus(f) group by f order by f"
    assert asked(con, counts, files) == [(files[0], 150), (files[1], 150)]


def test_paths_are_values_and_no_sql(con: Any, tmp_path: Path) -> None:
    con.execute("create table kept as select 1")
    for name in ("x'); drop table kept; --", 'a"b;c', "'] || ['", "[a, b", "ünï ✓", "$1 ? %s {0}"):
        path = tmp_path / name
        path.write_text(json.dumps(RECORDS[:3]))
        for source in (str(path), [str(path)]):
            assert asked(con, "select count(*) from fleetstatus(?)", source) == [(3,)]
        literal = str(path).replace("'", "''")
        assert asked(con, f"select count(*) from fleetstatus('{literal}')") == [(3,)]
    assert asked(con, "from kept") == [(1,)]


# Rows


def test_rows_answer_as_classify_does(con: Any) -> None:
    con.register("devices", FRAME)
    got = table(con, "select unnest(fleetstatus_row(d)) from devices d")
    assert got == answers(classified(FRAME))


def test_rows_of_any_struct_answer(con: Any) -> None:
    fs.duckdb.register(con, now=NOW, allow_missing="all", scheme="docs-2021")
    sql = (
        "select fleetstatus_row({'uuid': 'ab12', 'is connected to vpn': x, "
        "'api heartbeat state': 'online'}).detail from (values (true), (false)) t(x)"
    )
    assert asked(con, sql) == [(None,), ("Heartbeat Only",)]


def test_no_row_is_null(con: Any) -> None:
    con.register("devices", FRAME)
    sql = "select fleetstatus_row(case when id % 2 = 0 then d end).status from devices d"
    expected = [row.status if row.id and row.id % 2 == 0 else None for row in classified(FRAME)]
    assert [status for (status,) in asked(con, sql)] == expected
    assert asked(con, "select fleetstatus_row(d) from devices d where false") == []
    joined = "case when d.id is not null then fleetstatus_row(d).status end"
    sql = f"select {joined} from (values (1)) v(x) left join devices d on d.id = x"
    assert asked(con, sql) == [(None,)]


@pytest.mark.parametrize("value", ["null", "3", "'text'", "[1]"])
def test_a_value_is_no_row(con: Any, value: str) -> None:
    with pytest.raises(duckdb.Error, match=r"fleetstatus_row\(\) takes a row, not a value"):
        asked(con, f"select fleetstatus_row({value})")


def test_rows_are_classified_on_several_threads(con: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    threads = set()
    of_rows = _Answers.of_rows
    is_second = threading.Event()

    def noted(self: _Answers, *arguments: Any) -> Any:
        threads.add(threading.get_ident())
        if len(threads) > 1:
            is_second.set()
        is_second.wait(10)  # lets another thread come
        return of_rows(self, *arguments)

    monkeypatch.setattr(_Answers, "of_rows", noted)
    fs.duckdb.register(con, now=NOW)
    con.execute("set threads = 4")
    columns = "uuid, is_connected_to_vpn, api_heartbeat_state, is_active"
    con.register("sample", FRAME)
    con.execute(f"create table devices as select {columns} from sample, range(900)")
    sql = (
        "select fleetstatus_row(d).heartbeat_state s, count(*) from devices d group by s order by s"
    )
    counts = asked(con, sql)
    column = classified(FRAME)["heartbeat_state"].to_list()
    assert counts == sorted((one, column.count(one) * 900) for one in set(column))
    assert len(threads) > 1


@pytest.mark.slow
def test_connections_ask_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fleetstatus._engines.files.scan", partial(fs.scan, batch_size=5))
    together = threading.Barrier(4)
    schemes = ["docs-2024-11", "docs-2021", "api-v7", "docs-2022"]

    with duckdb.connect() as con:

        def ask(scheme: str) -> list[Any]:
            with con.cursor() as own:
                fs.duckdb.register(own, now=NOW, scheme=fs.StatusScheme(scheme))
                together.wait(60)
                sql = "select status from fleetstatus(?)"
                return [row for _ in range(10) for row in asked(own, sql, SAMPLE)]

        with ThreadPoolExecutor(4) as pool:
            for scheme, rows in zip(schemes, pool.map(ask, schemes), strict=True):
                statuses = classified(SAMPLE, scheme=scheme)["status"].to_list()
                assert [status for (status,) in rows] == statuses * 10


# One moment


def test_the_moment_is_that_of_the_query(con: Any, tmp_path: Path) -> None:
    con.register("devices", FRAME)
    files = write_files(tmp_path, RECORDS, 3)
    ends = "status_since + to_seconds(status_duration_s) as ends"
    sql = f"""
        select now(), min(ends), max(ends) from (
            select {ends} from fleetstatus($1) union all
            select {ends} from (select unnest(fleetstatus_row(d)) from devices d)
        )
    """
    for options in ({}, {"now": None}, {"now": "clock"}):
        fs.duckdb.register(con, **options)
        before = datetime.now(UTC)
        [(query, first, last)] = asked(con, sql, files)
        assert abs((query - before).total_seconds()) < 60
        # Durations are whole seconds.
        assert 0 <= (query - first).total_seconds() < 1.001
        assert 0 <= (query - last).total_seconds() < 1.001


def test_the_moment_may_be_that_of_the_newest_file(con: Any, tmp_path: Path) -> None:
    files = write_files(tmp_path, RECORDS, 2)
    for path, day in zip(files, (3, 1), strict=True):
        os.utime(path, (0, 1_793_923_200 + 86_400 * day))
    fs.duckdb.register(con, now="file")
    expected = answers(classified(files, now="file"))
    assert table(con, "from fleetstatus(?)", files) == expected
    with pytest.raises(duckdb.Error, match="now='file' is the time that the newest file was"):
        asked(con, "select fleetstatus_row({'uuid': 'ab'})")


# Again, and elsewhere


def test_a_second_call_replaces_the_first(con: Any) -> None:
    own = "select count(distinct function_name) from duckdb_functions() where function_name like '%fleetstatus%'"
    before = asked(con, own)
    for scheme in ("docs-2021", "api-v7", "docs-2022"):
        fs.duckdb.register(con, now=NOW, scheme=scheme)
        labels = {status for (status,) in asked(con, "select status from fleetstatus(?)", SAMPLE)}
        assert labels == set(classified(SAMPLE, scheme=scheme)["status"].to_list())
    assert asked(con, own) == before


def test_a_cursor_has_its_own(con: Any) -> None:
    with con.cursor() as cursor:
        with pytest.raises(duckdb.Error, match="fleetstatus does not exist"):
            asked(cursor, "from fleetstatus(?)", SAMPLE)
        fs.duckdb.register(cursor, now=NOW, scheme="api-v7")
        assert len(asked(cursor, "select id from fleetstatus(?)", SAMPLE)) == 300
    assert table(con, "from fleetstatus(?)", SAMPLE) == answers(classified(SAMPLE))


def test_nothing_is_written_to_a_database(tmp_path: Path) -> None:
    path = tmp_path / "fleet.duckdb"
    with duckdb.connect(path) as con:
        con.execute("create table t as select 1")
        fs.duckdb.register(con)
    with duckdb.connect(path, read_only=True) as con:
        assert asked(con, "from duckdb_functions() where function_name like '%fleetstatus%'") == []
        fs.duckdb.register(con)
        assert len(asked(con, "select id from fleetstatus(?)", SAMPLE)) == 300


def test_the_default_connection_can_be_taught() -> None:
    fs.duckdb.register(duckdb)  # type: ignore[arg-type]
    assert len(duckdb.execute("from fleetstatus(?)", [SAMPLE]).fetchall()) == 300


def test_where_duckdb_may_read_no_files_it_reads_none(con: Any) -> None:
    con.execute("set enable_external_access = false")
    with pytest.raises(duckdb.Error, match=r"PermissionError.*enable_external_access is off"):
        asked(con, "from fleetstatus(?)", SAMPLE)


def test_readings_that_a_query_left_are_closed_by_the_next(
    con: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fleetstatus._engines.files.scan", partial(fs.scan, batch_size=10))
    made = []

    class Noted(_Answers):
        def __init__(self, options: Any) -> None:
            super().__init__(options)
            made.append(self)

    monkeypatch.setattr("fleetstatus.duckdb._Answers", Noted)
    fs.duckdb.register(con, now=NOW)
    files = write_files(tmp_path, [*RECORDS, BAD], 3)
    for _ in range(5):
        assert len(asked(con, "select id from fleetstatus(?) limit 1", files)) == 1
        with pytest.raises(duckdb.Error):
            asked(con, "from fleetstatus(?)", files)
    asked(con, "select 1 from fleetstatus([])")
    assert len(made[0]._readings) == 0


# What is wrong


def test_a_bad_record_is_named(con: Any, tmp_path: Path) -> None:
    files = write_files(tmp_path, [*RECORDS[:8], BAD], 3)
    words = re.escape(f'{files[2]}, uuid {BAD["uuid"]}, record 2: is_active is "maybe"')
    with pytest.raises(duckdb.Error, match="RecordError: " + words):
        asked(con, "from fleetstatus(?)", files)
    con.register("devices", FRAME)
    words = f'uuid {RECORDS[7]["uuid"]}, record .*: is_active is "maybe"'
    bad = "select * replace ('maybe' as is_active) from devices where uuid = ?"
    sql = f"select fleetstatus_row(d) from ({bad}) d"
    with pytest.raises(duckdb.Error, match="RecordError: " + words):
        asked(con, sql, RECORDS[7]["uuid"])


def test_a_bad_record_may_be_kept(con: Any, tmp_path: Path) -> None:
    fs.duckdb.register(con, now=NOW, on_error="keep")
    files = write_files(tmp_path, [*RECORDS[:8], BAD], 3)
    rows = asked(con, "select uuid, error from fleetstatus(?) where error is not null", files)
    assert rows == [(BAD["uuid"], 'record 8: is_active is "maybe", expected true or false')]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b'{"error": "Unauthorized"}', "NotDevicesError: .*an error answer of the API"),
        (b"<html>502</html>", "JSONError: .*no JSON"),
        (json.dumps(RECORDS).encode()[:5000], "JSONError: .*truncated?"),
        (gzip.compress(b"[]")[:9], "ValueError: .*a broken gzip file"),
    ],
    ids=["an error answer", "a web page", "half a file", "half a gzip file"],
)
def test_a_wrong_file_is_named(con: Any, tmp_path: Path, text: bytes, words: str) -> None:
    files = write_files(tmp_path, RECORDS, 3)
    Path(files[1]).write_bytes(text)
    with pytest.raises(duckdb.Error, match=words) as caught:
        asked(con, "from fleetstatus(?)", files)
    assert files[1] in str(caught.value)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ("null", "takes a path, a pattern or a list of these"),
        ("[null]", "takes a path, a pattern or a list of these"),
        ("3", "takes a path, a pattern or a list of these"),
        ("'late.json'", "FileNotFoundError.*'late.json'"),
        ("'late-*.json'", "no file matches 'late-\\*.json'"),
        ("'[{}]'", "text is taken as a path"),
    ],
)
def test_what_is_no_path_is_refused(con: Any, files: str, words: str) -> None:
    with pytest.raises(duckdb.Error, match=words):
        asked(con, f"from fleetstatus({files})")


def test_a_field_that_some_files_lack_is_judged_together(con: Any, tmp_path: Path) -> None:
    half = [without(one, "image_install") for one in RECORDS[:150]]
    files = write_files(tmp_path, [*half, *RECORDS[150:]], 2)
    sql = "select distinct fields_seen from fleetstatus(?)"
    fs.check_fields([con.sql(sql, params=[files])])
    seen = con.sql(sql, params=[files[:1]])
    with pytest.raises(fs.MissingFieldsError, match="image_install"):
        fs.check_fields([seen])
    con.register("devices", FRAME.drop("image_install"))
    seen = con.sql("select distinct fleetstatus_row(d).fields_seen as fields_seen from devices d")
    with pytest.raises(fs.MissingFieldsError, match="image_install"):
        fs.check_fields([seen])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"missing": "source"}, "missing='source' judges all of a source"),
        ({"now": "newest"}, "now='newest' is the newest event"),
        ({"now": "2026-11-01"}, "now"),
        ({"scheme": "docs"}, "docs"),
        ({"threads": 2}, "threads is 2"),
    ],
    ids=str,
)
def test_options_are_judged_at_once(con: Any, options: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        fs.duckdb.register(con, **options)
    with pytest.raises(TypeError, match="no option 'schema'; did you mean 'scheme'"):
        fs.duckdb.register(con, schema="docs-2021")  # type: ignore[call-arg]
    assert table(con, "from fleetstatus(?)", SAMPLE) == answers(classified(SAMPLE))


def run(script: str, *arguments: str) -> str:
    command = [sys.executable, "-W", "error", "-c", script, *arguments]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env={"PYTHONPATH": str(PACKAGE)}
    )
    return done.stdout.strip()


def test_without_pyarrow_it_says_what_to_install() -> None:
    script = """
import sys
sys.modules["pyarrow"] = None
import fleetstatus as fs
try: fs.duckdb
except ImportError as error: print(error)
"""
    assert run(script) == "fleetstatus.duckdb needs duckdb and pyarrow: pip install duckdb pyarrow"


COUNT = """
import sys
from functools import partial
from pathlib import Path
import duckdb
import fleetstatus as fs
import fleetstatus._engines.files as files
files.scan = partial(fs.scan, batch_size=4096)
con = duckdb.connect()
con.execute("set enable_progress_bar = false")
fs.duckdb.register(con)
row = con.execute("select count(columns(*)) from fleetstatus(?)", [sys.argv[1]]).fetchone()
print(row[0])
print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks Linux for the peak")
def test_memory_does_not_grow_with_the_files(tmp_path: Path) -> None:
    peaks = []
    for times in (1, 10):
        n_records = write_many(tmp_path / "many.json.gz", times)
        n_rows, kibibytes = run(COUNT, str(tmp_path / "many.json.gz")).split()
        assert int(n_rows) == n_records
        peaks.append(int(kibibytes))
    assert peaks[1] < 1.2 * peaks[0]
