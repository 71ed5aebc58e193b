"""How close the work comes to what the machine can do at most."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

import pyarrow as pa

import fleetstatus as fs
import targets
from answers import NOW
from targets import target_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import polars as pl

    from inputs import Inputs
    from pairs import Result, Stopwatch
    from programs import Programs

_WALKS = {targets.WALK: "fleetstatus_walk", targets.WALK_AVX2: "fleetstatus_walk_haswell"}
_PASSED_ON = ["uuid", "device_name"]


def compare_with_walk(
    inputs: Inputs, programs: Programs, watch: Stopwatch, directory: Path
) -> Iterator[Result]:
    """Compare with a walk over the same JSON that reads every key and skips every value."""
    path = directory / "response.json"
    path.write_bytes(inputs.content)
    for peer, program in _WALKS.items():
        if programs.has(program):
            yield watch.compare(
                target_of(targets.BYTES.format(inputs.name), peer),
                len(inputs.records),
                ours=watch.timer(lambda: fs.classify(inputs.content, now=NOW, threads=1)),
                peer=programs.timer(program, watch.clock, str(path)),
            )


def compare_with_memcpy(work: str, frame: pl.DataFrame, watch: Stopwatch) -> Result:
    """Compare with one memcpy of as many bytes as the columns that are read and written have.

    Texts that are passed on as they are count as neither.
    """
    table = fs.classify(frame, now=NOW, allow_missing="image_install")
    n_bytes = _n_bytes(frame.to_arrow()) + _n_bytes(pa.table(table))
    source, target = (ctypes.create_string_buffer(n_bytes) for _ in range(2))
    ctypes.memset(source, 1, n_bytes)  # so that the memory is there
    ctypes.memset(target, 1, n_bytes)
    return watch.compare(
        target_of(work, targets.MEMCPY),
        len(frame),
        ours=watch.timer(lambda: fs.classify(frame, now=NOW, allow_missing="image_install")),
        peer=watch.timer(lambda: ctypes.memmove(target, source, n_bytes)),
        note=f"{n_bytes / len(frame):.0f} B a device",
    )


def _n_bytes(table: pa.Table) -> int:
    return int(table.drop_columns(_PASSED_ON).nbytes)
