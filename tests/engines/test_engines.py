"""Each engine answers what `classify` answers, on its own real self."""

from __future__ import annotations

import gzip
import json
import os
import time
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

import fleetstatus as fs
from examples import NOW, device_record, without

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from engine_kinds import Engine, Record

SAMPLE: list[Record] = json.loads(fs.sample_fleet().read_bytes())["d"]
GOOD = [device_record(id=number, uuid=f"{number:032x}") for number in range(20)]
BAD = device_record(id=7, uuid="bad5" * 8, api_heartbeat_state="gone")
WRONG = 'api_heartbeat_state is "gone"'


def share(items: Sequence[Any], n_partitions: int) -> list[list[Any]]:
    """Share out, in order; the last partitions may be empty."""
    size = -(-len(items) // n_partitions)
    return [list(items[i * size : (i + 1) * size]) for i in range(n_partitions)]


def as_texts(records: Sequence[Record]) -> list[str]:
    return [json.dumps(record) for record in records]


def flat(records: Any, **options: Any) -> pa.Table:
    """Give what `classify` answers, in flat types, with the column of `check_fields`."""
    table = fs.classify(records, **{"now": NOW, "missing": "parts", **options})
    arrow = table.to_arrow(flat=True).replace_schema_metadata()
    seen = pa.array([table._core.fields_seen] * len(table), pa.int64())
    return arrow.append_column("fields_seen", seen)


def in_order(table: pa.Table) -> list[Record]:
    """Rows by the id of the device, without what depends on the partition."""
    rows = table.drop_columns(["fields_seen"]).sort_by("id").to_pylist()
    return [{**row, "error": row["error"] and row["error"].partition(": ")[2]} for row in rows]


def error_of(engine: Engine, source: Any, **options: Any) -> str:
    """Give the text that ends a job."""
    result = engine.classify(source, **{"now": NOW, **options})
    with pytest.raises(Exception) as raised:  # noqa: PT011 - each engine has its own
        engine.rows(result)
    return str(raised.value)


# The same answers


@pytest.mark.parametrize("n_partitions", [1, 3, 50])
@pytest.mark.parametrize("form", ["text", "columns"])
def test_the_answers_are_those_of_classify(engine: Engine, n_partitions: int, form: str) -> None:
    parts = share(SAMPLE, n_partitions)
    source = engine.text(list(map(as_texts, parts))) if form == "text" else engine.columns(parts)
    rows = engine.rows(engine.classify(source, now=NOW))
    assert in_order(rows) == in_order(flat(SAMPLE))
    fs.check_fields(rows)


def test_the_types_are_flat_and_known_before_anything_is_read(engine: Engine) -> None:
    options = {"carry": {"os_version": str, "rack": int, "seen": bool, "at": float}}
    expected = flat(SAMPLE, allow_missing="all", **options).schema
    result = engine.classify(engine.text([as_texts(GOOD)]), now=NOW, **options)
    assert engine.types(result) == {field.name: str(field.type) for field in expected}
    assert engine.rows(result).schema.remove_metadata() == expected


def test_rows_may_be_pages_and_whole_files(engine: Engine) -> None:
    page = {"d": GOOD[:5]}
    cells = [
        json.dumps(page).encode(),
        json.dumps({"d": GOOD[5:10]}, indent=2).encode(),
        gzip.compress("\n".join(as_texts(GOOD[10:15])).encode()),
        json.dumps(GOOD[15:]).encode("utf-16"),
    ]
    rows = engine.rows(engine.classify(engine.text(share(cells, 2)), now=NOW))
    assert in_order(rows) == in_order(flat(GOOD))


FILES = {
    "lines": "\n".join(as_texts(GOOD)).encode(),
    "blank lines, and those of Windows": "\r\n\r\n".join([*as_texts(GOOD), ""]).encode(),
    "pages on lines": "\n".join(as_texts([{"d": GOOD[:9]}, {"d": GOOD[9:]}])).encode(),
    "a page": json.dumps({"d": GOOD}).encode(),
    "a page over many lines": json.dumps({"d": GOOD}, indent=2).encode(),
    "an array over many lines": json.dumps(GOOD, indent=2).encode(),
    "compressed": gzip.compress(json.dumps({"d": GOOD}, indent=2).encode()),
}


@pytest.mark.parametrize("form", FILES)
def test_files_may_have_any_form(engine: Engine, tmp_path: Path, form: str) -> None:
    (tmp_path / "part").write_bytes(FILES[form])
    rows = engine.rows(engine.classify(tmp_path / "part", now=NOW))
    assert in_order(rows) == in_order(flat(GOOD))


def test_compressed_lines_are_read_by_their_name(engine: Engine, tmp_path: Path) -> None:
    paths = [tmp_path / f"{i}.jsonl.gz" for i in range(2)]
    for path, records in zip(paths, (GOOD[:9], GOOD[9:]), strict=True):
        path.write_bytes(gzip.compress("\n".join(as_texts(records)).encode()))
    for source in ([str(path) for path in paths], tmp_path):
        assert in_order(engine.rows(engine.classify(source, now=NOW))) == in_order(flat(GOOD))


def test_empty_partitions_have_no_rows(engine: Engine) -> None:
    cells = [as_texts(GOOD[:10]), [], as_texts(GOOD[10:]), []]
    rows = engine.rows(engine.classify(engine.text(cells), now=NOW))
    assert in_order(rows) == in_order(flat(GOOD))
    rows = engine.rows(engine.classify(engine.columns([GOOD[:10], [], GOOD[10:]]), now=NOW))
    assert in_order(rows) == in_order(flat(GOOD))


def test_of_no_rows_the_answer_is_empty(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "part.jsonl").write_bytes(b"")
    rows = engine.rows(engine.classify(tmp_path, now=NOW))
    assert (len(rows), rows.schema.remove_metadata()) == (0, flat([]).schema)
    fs.check_fields(rows)


# Fields that are missing


def test_a_file_may_lack_a_field_that_another_has(engine: Engine, tmp_path: Path) -> None:
    lacking = [without("status") | {"id": record["id"]} for record in GOOD[:5]]
    paths = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    for path, records in zip(paths, (lacking, GOOD[5:]), strict=True):
        path.write_text("\n".join(as_texts(records)))
    rows = engine.rows(engine.classify(tmp_path, now=NOW))
    fs.check_fields(rows)
    assert in_order(rows) == in_order(flat([*lacking, *GOOD[5:]]))
    rows = engine.rows(engine.classify(paths[0], now=NOW))
    with pytest.raises(fs.MissingFieldsError) as raised:
        fs.check_fields(rows)
    assert raised.value.fields == ("status",)


# Bad records and failures


def test_a_bad_record_is_named_with_its_file_partition_index_and_device(engine: Engine) -> None:
    parts = [as_texts(GOOD[:10]), as_texts([*GOOD[10:15], BAD, *GOOD[15:]])]
    text = error_of(engine, engine.text(parts, "s3://fleet/part-1"))
    partition = "partition 1, " if engine.tells_partition else ""
    assert f"s3://fleet/part-1, {partition}uuid {BAD['uuid']}: record 5: {WRONG}" in text
    text = error_of(engine, engine.columns([GOOD[:10], [*GOOD[10:15], BAD]]))
    assert f"{partition}uuid {BAD['uuid']}: record 5: {WRONG}" in text


def test_a_bad_record_is_named_with_the_path(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "devices 1.jsonl"
    path.write_text("\n".join(as_texts([*GOOD, BAD])))
    text = error_of(engine, path)
    name = "devices%201.jsonl" if engine.name == "spark" else path.name
    partition = ", partition 0" if engine.tells_partition else ""
    assert f"/{name}{partition}, uuid {BAD['uuid']}: record 20: {WRONG}" in text


@pytest.mark.parametrize("n_partitions", [1, 3])
def test_the_row_of_a_bad_record_can_be_kept(engine: Engine, n_partitions: int) -> None:
    records = [BAD, *GOOD[8:]]
    expected = in_order(flat(records, on_error="keep"))
    for source in (
        engine.text(list(map(as_texts, share(records, n_partitions)))),
        engine.columns(share(records, n_partitions)),
    ):
        rows = engine.rows(engine.classify(source, now=NOW, on_error="keep"))
        assert in_order(rows) == expected
    assert expected[0]["error"].startswith(WRONG)


@pytest.mark.parametrize("n_partitions", [1, 13])
def test_a_broken_line_is_kept_wherever_its_partition_begins(
    engine: Engine, n_partitions: int
) -> None:
    cells = ['{"id": 1, "uuid":', *as_texts(GOOD[:10]), '{"id": 2', "{"]
    source = engine.text(share(cells, n_partitions))
    rows = engine.rows(engine.classify(source, now=NOW, on_error="keep"))
    assert len(rows) == len(cells)
    assert rows["error"].null_count == len(GOOD[:10])
    rows_of_it = "row 0: " if n_partitions == 13 else "rows 0 to 12: "
    assert rows_of_it in error_of(engine, source)


def test_an_error_answer_in_one_part_ends_the_job(engine: Engine) -> None:
    for cell in ('{"error": "Unauthorized"}', "Bad Gateway"):
        source = engine.text([as_texts(GOOD[:3]), [cell]], "a.json")
        text = error_of(engine, source, on_error="keep")
        place = "a.json, partition 1, row 0" if engine.tells_partition else "a.json, row 0"
        assert f"{place}: an error answer of the API: " in text


def test_a_null_is_a_bad_record(engine: Engine) -> None:
    source = engine.text([[*as_texts(GOOD[:2]), None]])
    assert "record 2 is null, expected an object" in error_of(engine, source)
    rows = engine.rows(engine.classify(source, now=NOW, on_error="keep"))
    assert rows["error"].null_count == 2


def test_a_frame_of_something_else_is_refused(engine: Engine) -> None:
    sentence = "pass a frame with columns named like the fields, or one column of text"
    for record in ({"slug": "a", "app_name": "b"}, {"n": 5, "m": 6}):
        source = engine.columns([[record]])
        if engine.name == "ray":
            assert sentence in error_of(engine, source)
        else:
            with pytest.raises(fs.NotDevicesError, match=sentence):
                engine.classify(source)


def test_paths_of_nothing_are_refused(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"nowhere\.json"):
        engine.rows(engine.classify(tmp_path / "nowhere.json"))
    with pytest.raises(ValueError, match="text is taken as a path"):
        engine.classify('{"d": []}')
    with pytest.raises(TypeError, match="a frame of the engine, or paths, not a int"):
        engine.classify(5)


# One moment


EVENT = "2026-10-31T12:00:00Z"


def durations(rows: pa.Table) -> set[int]:
    return set(rows["update_status_duration_s"].to_pylist())


def test_there_is_one_moment_however_long_the_tasks_take(engine: Engine) -> None:
    records = [record | {"last_update_status_event": EVENT} for record in GOOD]
    result = engine.classify(engine.text(share(as_texts(records), 4)))
    first = durations(engine.rows(result))
    time.sleep(1.2)  # more than a second, in which durations are counted
    assert len(first) == 1
    assert durations(engine.rows(result)) == first
    later = engine.classify(engine.text([as_texts(records)]))
    assert durations(engine.rows(later)) > first or durations(engine.rows(later)) != first


def test_the_moment_of_files_is_when_the_newest_was_written(engine: Engine, tmp_path: Path) -> None:
    record = GOOD[0] | {"last_update_status_event": EVENT}
    for name, hours in (("a", 1), ("b", 3), ("c", 2)):
        path = tmp_path / name
        path.write_text(json.dumps(record))
        seconds = fs.classify([record], now="newest").now.timestamp() + hours * 3600
        os.utime(path, (seconds, seconds))
    for now in (None, "file"):
        rows = engine.rows(engine.classify(tmp_path, now=now))
        assert durations(rows) == {3 * 3600}
    assert durations(engine.rows(engine.classify(tmp_path, now=NOW))) == {24 * 3600}


# Options


OPTIONS: dict[str, tuple[Any, Record]] = {
    "scheme": ("api-v7", {}),
    "now": ("2026-11-05T00:00:00Z", {"last_update_status_event": EVENT}),
    "allow_missing": ("all", {}),
    "on_error": ("keep", {"api_heartbeat_state": "gone"}),
    "carry": (["os_version", "tag:site"], {"os_version": "6.1", "device_tag": []}),
    "default_poll_interval": ("10min", {}),
    "assume_utc": (True, {"last_connectivity_event": "2026-10-20 08:00:00"}),
}


@pytest.mark.parametrize("option", OPTIONS)
def test_options_are_those_of_classify(engine: Engine, option: str) -> None:
    value, changes = OPTIONS[option]
    record = device_record(**changes)
    if option == "allow_missing":
        record.pop("is_connected_to_vpn")
    expected = in_order(flat([record], **{option: value}))
    source = engine.text([as_texts([record])])
    rows = engine.rows(engine.classify(source, **{"now": NOW, option: value}))
    assert in_order(rows) == expected
    if option not in {"on_error", "assume_utc", "allow_missing"}:
        assert expected != in_order(flat([record], **({"now": NOW} if option != "now" else {})))


def test_nothing_is_read_before_it_is_needed(engine: Engine) -> None:
    engine.classify(engine.text([["Unauthorized"]]), now=NOW)
