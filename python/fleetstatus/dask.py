"""Classify device records in Dask: ``pip install "fleetstatus[dask]"``, on the workers too.

Examples
--------
A data frame with the columns of a `StatusTable`, made by the tasks of Dask::

    import fleetstatus as fs

    devices = fs.dask.classify("s3://fleet/devices/*.jsonl")
    devices.groupby(["fleet", "status"]).size().compute()
    fs.check_fields(devices["fields_seen"].unique().compute())
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

try:
    import dask.dataframe as dd
    import pandas as pd
    import pyarrow as pa
except ImportError as _error:
    _MESSAGE = f'fleetstatus.dask: {_error}; pip install "fleetstatus[dask]"'
    raise ImportError(_MESSAGE) from _error

from fleetstatus._engines.blocks import Block, blocks_of
from fleetstatus._engines.cells import cells_of
from fleetstatus._engines.frames import TextColumn, is_text_type, read_columns, text_column
from fleetstatus._engines.job import EngineOptions, Job, job_of
from fleetstatus._engines.moment import local_files
from fleetstatus._engines.partition import Partition
from fleetstatus._engines.paths import paths_of
from fleetstatus._engines.runs import runs_of
from fleetstatus._engines.shipped import shipped
from fleetstatus.errors import RecordError

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator
    from typing import Unpack

__all__ = ["classify"]

_REPR = ("\"[{'", "\"{'")
_CONVERT = (
    "dask.dataframe turns lists and dicts into such text, unless this stands before the frame is "
    'made: dask.config.set({"dataframe.convert-string": False})'
)


def classify(
    df_or_paths: dd.DataFrame | str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    **options: Unpack[EngineOptions],
) -> dd.DataFrame:
    """Classify the devices of a data frame, or of files, in the tasks of Dask.

    Only the beginnings of large files are read before Dask needs the rows.

    Parameters
    ----------
    df_or_paths
        A data frame with columns named like the fields; or with one column of text or bytes, each
        row a record or a whole file, and maybe a column ``path`` or ``file_path`` that says in
        errors which file a row is of. Or paths, folders and globs as fsspec takes them, of files
        that `classify` reads: each file is a partition; JSON lines of more than 64 MiB that are
        not compressed are several.
    **options
        Those of `classify`, with its defaults but ``missing="parts"``: judge the result by
        `check_fields`. ``now`` is decided here, once for all tasks. None: when the newest file was
        written, if all files are on this machine, else the time of the clock. ``"newest"`` is a
        ValueError.

    Returns
    -------
    dask.dataframe.DataFrame
        The columns of ``to_arrow(flat=True)`` and ``fields_seen``, in types of Arrow. It keeps the
        index of a data frame with columns named like the fields.

    Raises
    ------
    NotDevicesError
        If the data frame has neither columns of fields nor one column of text.
    FileNotFoundError
        If a path names no file.
    ValueError, TypeError
        If an argument has a wrong value or type.
    RecordError, JSONError, NotDevicesError
        When it is computed. The text begins with the file, the number of the partition, and the
        uuid or the rows; records are counted from the start of the partition.

    Notes
    -----
    Dask turns lists and dicts of pandas frames into text that nobody can read back, unless
    ``dask.config.set({"dataframe.convert-string": False})`` stands before the frame is made.
    """
    if hasattr(df_or_paths, "map_partitions"):
        return _of_frame(df_or_paths, job_of(options))
    blocks = blocks_of(paths_of(df_or_paths))
    job = job_of(options, local_files(block.path for block in blocks))
    function = shipped(read_file, job)
    return dd.from_map(function, blocks, list(range(len(blocks))), meta=_empty(job))


def _of_frame(frame: dd.DataFrame, job: Job) -> dd.DataFrame:
    names = [name for name in frame.columns if isinstance(name, str)]
    text = text_column([(name, _is_text(frame.dtypes[name])) for name in names])
    function = _numbered(shipped(read_frame, job, text))
    return frame[text.names if text else read_columns(names, job.is_read)].map_partitions(
        function, meta=_empty(job), clear_divisions=text is not None
    )


def _numbered(function: Callable[..., Any]) -> Callable[..., Any]:
    """Pass the number of the partition on, which Dask tells functions with such an argument."""

    def run(frame: pd.DataFrame, partition_info: dict[str, Any]) -> Any:
        return function(partition_info["number"], frame)

    return run


def read_file(job: Job, block: Block, number: int) -> pd.DataFrame:
    """Do the work of a task that reads a file."""
    return _frame_of(job, Partition(job, number).read_runs([block.run()]))


def read_frame(job: Job, text: TextColumn | None, number: int, frame: pd.DataFrame) -> pd.DataFrame:
    """Do the work of a task that is given a part of a frame."""
    partition = Partition(job, number)
    if text is None:
        with _advice_on_repr():
            return _frame_of(job, partition.read_frame(frame)).set_axis(frame.index)
    names = None if text.path is None else frame[text.path].tolist()
    cells = cells_of(frame[text.text].tolist(), text.text)
    return _frame_of(job, partition.read_runs(runs_of(cells, names, 0)))


@contextmanager
def _advice_on_repr() -> Iterator[None]:
    """Say what to do where Dask has turned a list or a dict into text."""
    try:
        yield
    except RecordError as error:
        if error.value.startswith(_REPR):
            error.args = (f"{error}\n{_CONVERT}", *error.args[1:])
        raise


def _frame_of(job: Job, batches: Iterator[pa.RecordBatch]) -> pd.DataFrame:
    table = pa.Table.from_batches(batches, job.schema())
    return table.to_pandas(types_mapper=pd.ArrowDtype)


def _empty(job: Job) -> pd.DataFrame:
    return _frame_of(job, iter(()))


def _is_text(dtype: Any) -> bool:
    if isinstance(dtype, pd.ArrowDtype):
        return is_text_type(dtype.pyarrow_dtype)
    return bool(dtype == object or pd.api.types.is_string_dtype(dtype))
