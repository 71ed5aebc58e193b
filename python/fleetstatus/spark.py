"""Classify device records in Spark: ``pip install "fleetstatus[spark]"``, on the workers too.

Examples
--------
A data frame with the columns of a `StatusTable`, made by the tasks of Spark::

    import fleetstatus as fs

    devices = fs.spark.classify("s3a://fleet/devices/*.jsonl.gz", spark=spark)
    devices.groupBy("fleet", "status").count().show()
    fs.check_fields(devices.select("fields_seen").distinct().toPandas())
"""

from __future__ import annotations

from typing import TYPE_CHECKING

try:
    import pyarrow as pa
    import pyspark.sql.functions as F
    from py4j.protocol import Py4JError
    from pyspark import TaskContext
    from pyspark.sql import SparkSession
    from pyspark.sql import types as spark_types
except ImportError as _error:
    _MESSAGE = f'fleetstatus.spark: {_error}; pip install "fleetstatus[spark]"'
    raise ImportError(_MESSAGE) from _error

from fleetstatus._engines.frames import TextColumn, read_columns, text_column
from fleetstatus._engines.job import EngineOptions, Job, job_of
from fleetstatus._engines.lines import HEAD_SIZE, is_lines
from fleetstatus._engines.moment import local_files
from fleetstatus._engines.partition import Partition
from fleetstatus._engines.paths import paths_of
from fleetstatus._engines.shipped import shipped

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator
    from typing import Unpack

    from pyspark.sql import DataFrame

__all__ = ["classify"]

_ADVICE = (
    "where JSON goes over several lines, pass whole files: "
    "spark.read.format('binaryFile').load(paths)"
)
_STREAM = (
    "a streaming data frame has no one moment that durations end at\n"
    "classify each batch of it, in the function that writeStream.foreachBatch takes"
)

_TYPES = {
    pa.int64(): spark_types.LongType(),
    pa.int32(): spark_types.IntegerType(),
    pa.float64(): spark_types.DoubleType(),
    pa.bool_(): spark_types.BooleanType(),
    pa.large_string(): spark_types.StringType(),
    pa.timestamp("us", "UTC"): spark_types.TimestampType(),
}


def classify(
    df_or_paths: DataFrame | str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    spark: SparkSession | None = None,
    **options: Unpack[EngineOptions],
) -> DataFrame:
    """Classify the devices of a data frame, or of files, in the tasks of Spark.

    Only the beginning of one file is read before Spark needs the rows.

    Parameters
    ----------
    df_or_paths
        A data frame with columns named like the fields; or with one column of text or bytes, each
        row a record or a whole file, and maybe a column ``path`` or ``file_path`` that says in
        errors which file a row is of. Or paths, as Spark's readers take them: JSON lines, also
        pages on one line each, are read line by line, ``.gz`` too; all other files as a whole,
        each in one task. The first file decides which.
    spark
        The session that reads paths; None: the active one, or a new one.
    **options
        Those of `classify`, with its defaults but ``missing="parts"``: judge the result by
        `check_fields`. ``now`` is decided here, once for all tasks. None: when the newest file was
        written, if all files are on this machine, else the time of the clock. ``"newest"`` is a
        ValueError.

    Returns
    -------
    DataFrame
        The columns of ``to_arrow(flat=True)`` and ``fields_seen``.

    Raises
    ------
    NotDevicesError
        If the data frame has neither columns of fields nor one column of text.
    ValueError, TypeError
        If an argument has a wrong value or type.
    RecordError, JSONError, NotDevicesError
        In the tasks, so that Spark raises its own error with their text. It begins with the file,
        the number of the partition, and the uuid or the rows; records are counted from the start
        of the partition.
    """
    if hasattr(df_or_paths, "mapInArrow"):
        return _in_tasks(df_or_paths, job_of(options))
    session = spark or SparkSession.getActiveSession() or SparkSession.builder.getOrCreate()
    frame = _frame_of(session, paths_of(df_or_paths))
    return _in_tasks(frame, job_of(options, local_files(frame.inputFiles())))


def _in_tasks(frame: DataFrame, job: Job) -> DataFrame:
    if frame.isStreaming:
        raise ValueError(_STREAM)
    fields = frame.schema.fields
    text = text_column([(field.name, _is_text(field.dataType)) for field in fields])
    names = text.names if text else read_columns(frame.columns, job.is_read)
    columns = [F.col("`" + name.replace("`", "``") + "`") for name in names]
    return frame.select(*columns).mapInArrow(shipped(read_partition, job, text), _schema(job))


def read_partition(
    job: Job, text: TextColumn | None, batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """Do the work of one task."""
    context = TaskContext.get()
    number = None if context is None else context.partitionId()
    partition = Partition(job, number, _ADVICE if text else "")
    return partition.read_text(batches, text) if text else partition.read_columns(batches)


def _is_text(kind: spark_types.DataType) -> bool:
    return isinstance(kind, (spark_types.StringType, spark_types.BinaryType))


def _schema(job: Job) -> spark_types.StructType:
    return spark_types.StructType(
        [spark_types.StructField(field.name, _TYPES[field.type]) for field in job.schema()]
    )


# Paths


def _frame_of(session: SparkSession, paths: list[str]) -> DataFrame:
    lines = session.read.text(paths)
    if _holds_lines(session, lines.inputFiles()):
        return lines.select("value", F.col("_metadata.file_path").alias("path"))
    return session.read.format("binaryFile").load(paths).select("content", "path")


def _holds_lines(session: SparkSession, files: list[str]) -> bool:
    """Whether the first file is JSON lines; so it is taken where that cannot be seen from here."""
    if not files:
        return True
    try:
        return is_lines(_head_of(session, files[0]))
    except (AttributeError, Py4JError):  # Spark Connect, which has no JVM here; or not allowed
        return True


def _head_of(session: SparkSession, file: str) -> bytes:
    """Beginning of a file, through the file systems that Spark knows."""
    jvm = session._jvm
    path = jvm.org.apache.hadoop.fs.Path(jvm.java.net.URI(file))
    stream = path.getFileSystem(session._jsc.hadoopConfiguration()).open(path)
    try:
        return bytes(stream.readNBytes(HEAD_SIZE))
    finally:
        stream.close()
