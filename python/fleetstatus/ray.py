"""Classify device records in Ray: ``pip install "fleetstatus[ray]"``, on the workers too.

Examples
--------
A dataset with the columns of a `StatusTable`, made by the tasks of Ray::

    import fleetstatus as fs

    devices = fs.ray.classify("s3://fleet/devices/")
    devices.groupby(["fleet", "status"]).count().show()
    fs.check_fields(devices.select_columns("fields_seen").to_pandas())
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

try:
    import pyarrow as pa
    import ray.data
except ImportError as _error:
    _MESSAGE = f'fleetstatus.ray: {_error}; pip install "fleetstatus[ray]"'
    raise ImportError(_MESSAGE) from _error

from fleetstatus._engines.frames import is_text_type, read_columns, text_column
from fleetstatus._engines.job import EngineOptions, Job, job_of
from fleetstatus._engines.moment import local_files
from fleetstatus._engines.partition import Partition
from fleetstatus._engines.paths import paths_of
from fleetstatus._engines.shipped import shipped

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable
    from typing import Unpack

__all__ = ["classify"]


def classify(
    ds_or_paths: ray.data.Dataset | str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    **options: Unpack[EngineOptions],
) -> ray.data.Dataset:
    """Classify the devices of a dataset, or of files, in the tasks of Ray.

    Nothing is read before Ray needs the rows.

    Parameters
    ----------
    ds_or_paths
        A dataset with columns named like the fields; or with one column of text or bytes, each row
        a record or a whole file, and maybe a column ``path`` or ``file_path`` that says in errors
        which file a row is of. Or paths of files and folders, as Ray's readers take them, of files
        that `classify` reads: each is read as a whole, in one task.
    **options
        Those of `classify`, with its defaults but ``missing="parts"``: judge the result by
        `check_fields`. ``now`` is decided here, once for all tasks. None: when the newest file was
        written, if all files are on this machine, else the time of the clock. ``"newest"`` is a
        ValueError.

    Returns
    -------
    ray.data.Dataset
        The columns of ``to_arrow(flat=True)`` and ``fields_seen``.

    Raises
    ------
    ValueError, TypeError
        If an argument has a wrong value or type.
    RecordError, JSONError, NotDevicesError
        When it is computed, also where a dataset has neither columns of fields nor one column of
        text. The text begins with the file and the uuid or the rows; records are counted from the
        start of the block.
    """
    if hasattr(ds_or_paths, "map_batches"):
        return _in_tasks(ds_or_paths, job_of(options))
    paths = paths_of(ds_or_paths)
    dataset = ray.data.read_binary_files(paths, include_paths=True)
    return _in_tasks(dataset, job_of(options, local_files(_files_at(paths))))


def _in_tasks(dataset: ray.data.Dataset, job: Job) -> ray.data.Dataset:
    return dataset.map_batches(
        shipped(read_block, job), batch_format="pyarrow", batch_size=None, zero_copy_batch=True
    )


def read_block(job: Job, block: pa.Table) -> pa.Table:
    """Do the work of one task."""
    if block.num_columns == 0:  # what Ray has of no rows
        return job.schema().empty_table()
    partition = Partition(job)
    text = text_column([(field.name, is_text_type(field.type)) for field in block.schema])
    if text:
        batches = partition.read_text(block.to_batches(), text)
    else:
        names = read_columns(block.column_names, job.is_read)
        batches = partition.read_columns([block.select(names)])
    return pa.Table.from_batches(batches, job.schema())


def _files_at(paths: list[str]) -> list[str]:
    """Name the files that are in folders of this machine, and all other paths as they are."""
    files: list[str] = []
    for path in paths:
        is_folder = Path(path).is_dir()
        files += (
            [str(one) for one in Path(path).rglob("*") if one.is_file()] if is_folder else [path]
        )
    return files
