"""Compare engines with what they take to read the same text and to count its lines.

Each engine counts devices by status from files of JSON lines, on 1, 3 and 50 partitions. Its peer
is the same work without fleetstatus in the engine: it counts the lines, and `classify` counts
the statuses in this process. The answers must be equal. Beside it stands what the engine takes to
read the records by its own reader of JSON, which answers nothing yet.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections import Counter
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import fleetstatus as fs
from fleet_data import as_lines, selected_records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Counts = dict[str, int]

_Ways = tuple["Callable[[str], Counts]", "Callable[[str], int]", "Callable[[str], object]"]
_NOW = "2026-11-01T12:00:00Z"
_PARTITIONS = (1, 3, 50)
_MOST = 1.3
_HEAD = (
    f"{'engine':<8}{'partitions':>12}{'seconds':>10}{'without':>10}{'ratio':>8}"
    f"{'own JSON':>10}{'ratio':>8}  target"
)


def compare_engines(n_devices: int, rounds: int, directory: Path) -> None:
    """Print a table of the engines that are installed."""
    folders = {n: _written(directory / f"parts-{n}", n_devices, n) for n in _PARTITIONS}
    print(f"\n{n_devices:,} devices as JSON lines, median of {rounds} rounds\n\n{_HEAD}")
    for name, (module, ways_of) in _ENGINES.items():
        if find_spec(module) is None:
            print(f"{name:<12}is not installed")
            continue
        ways = ways_of()
        for n_partitions, folder in folders.items():
            _compare(name, n_partitions, folder, rounds, ways)


def _written(folder: Path, n_devices: int, n_files: int) -> str:
    folder.mkdir()
    lines = as_lines(selected_records(n_devices)).splitlines(keepends=True)
    size = -(-n_devices // n_files)
    for i in range(n_files):
        (folder / f"{i:02}.jsonl").write_bytes(b"".join(lines[i * size : (i + 1) * size]))
    return str(folder)


def _compare(name: str, n_partitions: int, folder: str, rounds: int, ways: _Ways) -> None:
    classify, count, read_json = ways
    files = [entry.path for entry in os.scandir(folder)]

    def without() -> Counts:
        n_lines = count(folder)
        devices = fs.classify(files, now=_NOW)
        assert len(devices) == n_lines
        return dict(Counter(devices["status"].to_list()))

    if classify(folder) != without():  # which also warms up
        sys.exit(f"no times, since the answers of {name} differ")
    read_json(folder)
    measured: list[list[float]] = [[], [], []]
    for _ in range(rounds):
        for seconds, way in zip(
            measured, (lambda: classify(folder), without, lambda: read_json(folder)), strict=True
        ):
            seconds.append(_seconds(way))
    own, peer, json = map(statistics.median, measured)
    target = f"at most {_MOST}x: {'met' if own / peer <= _MOST else 'MISSED'}"
    print(
        f"{name:<8}{n_partitions:>12}{own:>10.2f}{peer:>10.2f}{own / peer:>7.2f}x"
        f"{json:>10.2f}{own / json:>7.2f}x  {target if name == 'Spark' else ''}".rstrip()
    )


def _seconds(way: Callable[[], object]) -> float:
    start = time.perf_counter()
    way()
    return time.perf_counter() - start


def _spark() -> _Ways:
    from pyspark.sql import SparkSession

    from fleetstatus import spark as fleetstatus_spark

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.driver.bindAddress", "127.0.0.1")
    builder = builder.config("spark.driver.host", "127.0.0.1")
    spark = builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()
    spark.sparkContext.setLogLevel("OFF")

    def classify(folder: str) -> Counts:
        devices = fleetstatus_spark.classify(folder, spark=spark, now=_NOW)
        return {row["status"]: row["count"] for row in devices.groupBy("status").count().collect()}

    def count(folder: str) -> int:
        n_lines: int = spark.read.text(folder).count()
        return n_lines

    def read_json(folder: str) -> object:
        return spark.read.json(folder).write.format("noop").mode("overwrite").save()

    return classify, count, read_json


def _dask() -> _Ways:
    import dask.bag
    import dask.dataframe as dd

    from fleetstatus import dask as fleetstatus_dask

    def classify(folder: str) -> Counts:
        devices = fleetstatus_dask.classify(folder, now=_NOW)
        return dict(devices["status"].value_counts().compute().items())

    def count(folder: str) -> int:
        lines = dask.bag.read_text(f"{folder}/*").count()
        n_lines: int = lines.compute(scheduler="threads")  # as data frames are computed
        return n_lines

    def read_json(folder: str) -> object:
        return dd.read_json(f"{folder}/*", lines=True).count().compute()

    return classify, count, read_json


def _ray() -> _Ways:
    import ray
    import ray.data

    from fleetstatus import ray as fleetstatus_ray

    ray.init(num_cpus=2, include_dashboard=False, logging_level="ERROR", log_to_driver=False)
    ray.data.DataContext.get_current().enable_progress_bars = False

    def classify(folder: str) -> Counts:
        devices = fleetstatus_ray.classify(folder, now=_NOW).select_columns("status")
        return dict(Counter(_texts(devices)))

    def count(folder: str) -> int:
        n_lines: int = ray.data.read_text(folder).count()
        return n_lines

    def read_json(folder: str) -> object:
        extensions = ["jsonl"]
        return ray.data.read_json(folder, file_extensions=extensions, lines=True).materialize()

    def _texts(devices: Any) -> Iterator[str]:
        for batch in devices.iter_batches(batch_format="pyarrow", batch_size=None):
            yield from batch["status"].to_pylist()

    return classify, count, read_json


_ENGINES: dict[str, tuple[str, Callable[[], _Ways]]] = {
    "Spark": ("pyspark", _spark),
    "Dask": ("dask", _dask),
    "Ray": ("ray", _ray),
}
