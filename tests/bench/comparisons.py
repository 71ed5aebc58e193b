"""Compare with every peer, on the same data."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import fleet_data
import targets
from growth import memory_of_lines
from inputs import make_inputs
from works import works_on_frames, works_on_records, works_on_variants

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from inputs import Inputs
    from timing import Result, Stopwatch, Work
    from walk import Walk


def compare_all(
    n_devices: int, watch: Stopwatch, walk: Walk, directory: Path, only: str = ""
) -> Iterator[Result]:
    """Compare line by line of the table; those of the walk only if it is built.

    Parameters
    ----------
    only
        What the name of a work must contain.

    Raises
    ------
    DifferentAnswersError
        If a contender answers otherwise than the others.
    """
    selected = make_inputs(targets.SELECTED, fleet_data.selected_records(n_devices), directory)
    full = make_inputs(targets.ALL_FIELDS, fleet_data.full_records(n_devices), directory)
    gc.collect()
    gc.freeze()  # what is there already is no work of any contender
    try:
        for work in _all_works(selected, full, walk):
            if any(only in name for name in work.ours):
                work.check()
                yield from watch.time(work)
        for inputs in (selected, full):
            if only in targets.MEMORY.format(inputs.name):
                yield memory_of_lines(inputs, watch.rounds)
    finally:
        gc.unfreeze()


def _all_works(selected: Inputs, full: Inputs, walk: Walk) -> Iterator[Work]:
    for inputs in (selected, full):
        yield from works_on_records(inputs, walk)
    yield from works_on_variants(selected.records, walk)
    yield from works_on_frames(selected.records)
