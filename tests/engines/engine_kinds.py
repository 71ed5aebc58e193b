"""The engines, each with a source of given partitions and a way to get all rows of a result."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence

Record = dict[str, Any]


class Engine(Protocol):
    """One engine."""

    name: str
    tells_partition: bool

    def text(self, partitions: Sequence[Sequence[Any]], path: str | None = None) -> Any:
        """Make a frame of a column of text, with a column of paths if one is given."""

    def columns(self, partitions: Sequence[Sequence[Record]]) -> Any:
        """Make a frame with columns named like the fields."""

    def classify(self, source: Any, **options: Any) -> Any:
        """Classify in the engine."""

    def rows(self, result: Any) -> pa.Table:
        """Compute a result."""

    def types(self, result: Any) -> dict[str, str]:
        """Name the type of each column, as Arrow does, before anything is computed."""

    def stop(self) -> None:
        """End what was started."""


class Spark:
    """Spark, on two threads of this process."""

    name = "spark"
    tells_partition = True
    _TYPES = {  # noqa: RUF012
        "bigint": "int64",
        "int": "int32",
        "double": "double",
        "boolean": "bool",
        "string": "large_string",
        "timestamp": "timestamp[us, tz=UTC]",
    }

    def __init__(self) -> None:
        from pyspark.sql import SparkSession

        os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
        settings = {
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.sql.session.timeZone": "UTC",
            "spark.sql.shuffle.partitions": "2",
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
        }
        builder = SparkSession.builder.master("local[2]")
        for name, value in settings.items():
            builder = builder.config(name, value)
        self.session = builder.getOrCreate()
        self.session.sparkContext.setLogLevel("OFF")

    def _rdd(self, partitions: Sequence[Sequence[Any]]) -> Any:
        given = [list(partition) for partition in partitions]
        context = self.session.sparkContext
        return context.parallelize(range(len(given)), len(given)).flatMap(given.__getitem__)

    def text(self, partitions: Sequence[Sequence[Any]], path: str | None = None) -> Any:
        is_bytes = any(isinstance(cell, bytes) for cells in partitions for cell in cells)
        kind = "binary" if is_bytes else "string"
        rows = self._rdd([[(cell, path) for cell in cells] for cells in partitions])
        frame = self.session.createDataFrame(rows, f"payload {kind}, path string")
        return frame if path else frame.drop("path")

    def columns(self, partitions: Sequence[Sequence[Record]]) -> Any:
        lines = [[json.dumps(record) for record in records] for records in partitions]
        return self.session.read.json(self._rdd(lines))

    def classify(self, source: Any, **options: Any) -> Any:
        from fleetstatus.spark import classify

        return classify(source, spark=self.session, **options)

    def rows(self, result: Any) -> pa.Table:
        schema = pa.schema([(name, _arrow_type(kind)) for name, kind in self.types(result).items()])
        if hasattr(result, "toArrow"):
            return result.toArrow().cast(schema)
        rows = [
            {name: _aware(value) for name, value in row.asDict().items()}
            for row in result.collect()
        ]
        return pa.Table.from_pylist(rows, schema)

    def types(self, result: Any) -> dict[str, str]:
        return {name: self._TYPES[kind] for name, kind in result.dtypes}

    def stop(self) -> None:
        self.session.stop()


def _aware(value: Any) -> Any:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


def _arrow_type(name: str) -> pa.DataType:
    return pa.timestamp("us", "UTC") if name.startswith("timestamp") else pa.type_for_alias(name)


class Dask:
    """Dask, on threads of this process."""

    name = "dask"
    tells_partition = True

    def __init__(self) -> None:
        import dask
        import dask.dataframe as dd
        import pandas as pd

        self.dask, self.dd, self.pd = dask, dd, pd

    def _frame(self, partitions: Sequence[Any]) -> Any:
        with self.dask.config.set({"dataframe.convert-string": False}):
            frames = [self.pd.DataFrame(partition) for partition in partitions]
            meta = max(frames, key=lambda frame: len(frame.columns)).iloc[:0]
            return self.dd.from_map(lambda frame: frame, frames, meta=meta)

    def text(self, partitions: Sequence[Sequence[Any]], path: str | None = None) -> Any:
        named = {"path": path} if path else {}
        return self._frame(
            [{"payload": self.pd.Series(list(cells), dtype=object)} | named for cells in partitions]
        )

    def columns(self, partitions: Sequence[Sequence[Record]]) -> Any:
        names = list(
            dict.fromkeys(name for records in partitions for one in records for name in one)
        )
        return self._frame(
            [
                self.pd.DataFrame(list(records), columns=names, dtype=object)
                for records in partitions
            ]
        )

    def classify(self, source: Any, **options: Any) -> Any:
        from fleetstatus.dask import classify

        return classify(source, **options)

    def rows(self, result: Any) -> pa.Table:
        return pa.Table.from_pandas(
            result.compute(), preserve_index=False
        ).replace_schema_metadata()

    def types(self, result: Any) -> dict[str, str]:
        return {name: str(kind.pyarrow_dtype) for name, kind in result.dtypes.items()}

    def stop(self) -> None:
        pass


class Ray:
    """Ray, with processes of its own."""

    name = "ray"
    tells_partition = False

    def __init__(self) -> None:
        import ray
        import ray.data

        self.ray = ray
        ray.init(
            num_cpus=2,
            include_dashboard=False,
            logging_level="ERROR",
            log_to_driver=False,
            object_store_memory=200 << 20,
        )
        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False

    def text(self, partitions: Sequence[Sequence[Any]], path: str | None = None) -> Any:
        is_bytes = any(isinstance(cell, bytes) for cells in partitions for cell in cells)
        kind = pa.binary() if is_bytes else pa.string()
        tables = []
        for cells in partitions:
            table = pa.table({"payload": pa.array(list(cells), kind)})
            paths = pa.array([path] * len(cells), pa.string())
            tables.append(table.append_column("path", paths) if path else table)
        return self.ray.data.from_arrow(tables)

    def columns(self, partitions: Sequence[Sequence[Record]]) -> Any:
        schema = pa.Table.from_pylist(_with_all_keys(partitions)).schema
        return self.ray.data.from_arrow(
            [pa.Table.from_pylist(list(records), schema) for records in partitions]
        )

    def classify(self, source: Any, **options: Any) -> Any:
        from fleetstatus.ray import classify

        return classify(source, **options)

    def rows(self, result: Any) -> pa.Table:
        tables = [self.ray.get(one) for one in result.to_arrow_refs()]
        # Where a task is given no rows, Ray does not call it, and has no columns.
        return pa.concat_tables(one for one in tables if one.num_columns).replace_schema_metadata()

    def types(self, result: Any) -> dict[str, str]:
        return {
            name: str(kind)
            for name, kind in zip(result.schema().names, result.schema().types, strict=True)
        }

    def stop(self) -> None:
        self.ray.shutdown()


def _with_all_keys(partitions: Sequence[Sequence[Record]]) -> list[Record]:
    records = [record for records in partitions for record in records]
    names = dict.fromkeys(name for record in records for name in record)
    return [{name: record.get(name) for name in names} for record in records]


ENGINES: dict[str, tuple[str, type[Any]]] = {
    "spark": ("pyspark", Spark),
    "dask": ("dask", Dask),
    "ray": ("ray", Ray),
}


def wanted() -> list[str]:
    """Name the engines to test.

    ``FLEETSTATUS_ENGINES="spark dask"`` says which must be there; without it, those that are.
    """
    told = os.environ.get("FLEETSTATUS_ENGINES")
    if told is not None:
        return told.split()
    return [name for name, (module, _) in ENGINES.items() if find_spec(module) is not None]
