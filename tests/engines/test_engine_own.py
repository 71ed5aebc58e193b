"""What is true of one engine alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import fleetstatus as fs
from examples import NOW, device_record

if TYPE_CHECKING:
    from pathlib import Path

    from engine_kinds import Engine

GOOD = [device_record(id=number, uuid=f"{number:032x}") for number in range(20)]


def only(engine: Engine, name: str) -> None:
    if engine.name != name:
        pytest.skip(f"of {name}")


# Spark


def test_spark_begins_no_job_before_rows_are_needed(engine: Engine, tmp_path: Path) -> None:
    only(engine, "spark")
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, GOOD)))
    context = engine.session.sparkContext  # type: ignore[attr-defined]
    context.setJobGroup("lazy", "")
    try:
        devices = engine.classify(tmp_path, now=NOW)
        engine.classify(engine.session.read.text(str(tmp_path)), now=NOW)  # type: ignore[attr-defined]
        assert list(context.statusTracker().getJobIdsForGroup("lazy")) == []
        assert devices.count() == len(GOOD)
        assert len(context.statusTracker().getJobIdsForGroup("lazy")) > 0
    finally:
        context.setLocalProperty("spark.jobGroup.id", None)


def test_spark_refuses_a_stream(engine: Engine) -> None:
    only(engine, "spark")
    session = engine.session  # type: ignore[attr-defined]
    stream = session.readStream.format("rate").load().selectExpr("cast(value as string) as text")
    with pytest.raises(ValueError, match=r"no one moment.*\n.*foreachBatch"):
        engine.classify(stream)


def test_spark_says_what_to_do_where_json_goes_over_lines(engine: Engine, tmp_path: Path) -> None:
    only(engine, "spark")
    (tmp_path / "a.json").write_text(json.dumps(GOOD, indent=1))
    session = engine.session  # type: ignore[attr-defined]
    size = "spark.sql.execution.arrow.maxRecordsPerBatch"
    session.conf.set(size, 50)
    try:
        for on_error in ("raise", "keep"):
            lines = engine.classify(session.read.text(str(tmp_path)), now=NOW, on_error=on_error)
            with pytest.raises(Exception, match=r"pass whole files: spark\.read\.format\('binary"):
                lines.count()
    finally:
        session.conf.unset(size)
    files = session.read.format("binaryFile").load(str(tmp_path))
    assert engine.classify(files, now=NOW).count() == len(GOOD)


def test_spark_reads_columns_named_as_in_a_database(engine: Engine) -> None:
    only(engine, "spark")
    frame = engine.columns([GOOD])
    for name in frame.columns:
        frame = frame.withColumnRenamed(name, name.replace("__", "-").replace("_", " "))
    assert "api heartbeat state" in frame.columns
    expected = fs.classify(GOOD, now=NOW)["status"].to_list()
    assert engine.rows(engine.classify(frame, now=NOW))["status"].to_pylist() == expected


# Dask


def test_dask_keeps_the_index_of_columns(engine: Engine) -> None:
    only(engine, "dask")
    import dask.dataframe as dd
    import pandas as pd

    records = [{**record, "image_install": None} for record in GOOD]
    frame = pd.DataFrame(records, index=pd.Index(range(100, 120), name="rack"))
    devices = engine.classify(dd.from_pandas(frame, npartitions=3), now=NOW)
    assert devices.divisions[0] == 100
    assert devices.loc[105]["id"].compute().tolist() == [5]
    text = pd.DataFrame({"text": [json.dumps(GOOD)] * 6})
    devices = engine.classify(dd.from_pandas(text, npartitions=3), now=NOW)
    assert devices.divisions == (None, None, None, None)


def test_dask_says_what_to_do_where_it_has_made_text_of_lists(engine: Engine) -> None:
    only(engine, "dask")
    import dask.dataframe as dd
    import pandas as pd

    install = {"id": 1, "status": "Downloading", "download_progress": 5}
    frame = pd.DataFrame([device_record(image_install=[install])])
    devices = engine.classify(dd.from_pandas(frame, npartitions=1), now=NOW)
    with pytest.raises(fs.RecordError, match=r"convert-string.: False"):
        devices.compute()


def test_dask_shares_out_the_lines_of_large_files(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(engine, "dask")
    monkeypatch.setattr("fleetstatus._engines.blocks.BLOCK_SIZE", 3_000)
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(map(json.dumps, GOOD)))
    devices = engine.classify(path, now=NOW)
    assert devices.npartitions == -(-path.stat().st_size // 3_000)
    assert devices["id"].compute().tolist() == list(range(20))
    path.write_text(json.dumps(GOOD, indent=1))
    assert engine.classify(path, now=NOW).npartitions == 1
    path.write_text("\n".join(map(json.dumps, [*GOOD, device_record(api_heartbeat_state="x")])))
    with pytest.raises(fs.RecordError, match=r"a\.jsonl, partition \d+, uuid"):
        engine.classify(path, now=NOW).compute()


# Ray


def test_ray_raises_an_error_with_our_text(engine: Engine) -> None:
    only(engine, "ray")
    source = engine.text([[json.dumps(device_record(api_heartbeat_state="x"))]])
    with pytest.raises(Exception, match=r"RecordError: uuid \w+: record 0: api_heartbeat_state"):
        engine.classify(source, now=NOW).materialize()
