"""Read what one task was given, on its own thread, and say in errors where it stands."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from fleetstatus._engines.joined import is_one_text, joined_lines
from fleetstatus._engines.runs import Run, rows_in_words, runs_of
from fleetstatus._input.memory import read_source
from fleetstatus._input.parts import to_part
from fleetstatus._input.stream import pieces_of
from fleetstatus._words.text import visible
from fleetstatus.errors import FleetStatusError, JSONError, RecordError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd
    import pyarrow as pa

    from fleetstatus import _core
    from fleetstatus._engines.frames import TextColumn
    from fleetstatus._engines.job import Job


class Partition(NamedTuple):
    """One task's share of a source.

    Attributes
    ----------
    job
        How records are read.
    number
        Number of the partition; None where the engine does not tell it.
    advice
        What to do where a line is no JSON; may be empty.
    """

    job: Job
    number: int | None = None
    advice: str = ""

    def read_text(
        self, batches: Iterable[pa.RecordBatch], column: TextColumn
    ) -> Iterator[pa.RecordBatch]:
        """Read rows that are records, or whole files."""
        return self.read_runs(_runs_of_batches(batches, column))

    def read_runs(self, runs: Iterable[Run]) -> Iterator[pa.RecordBatch]:
        """Read runs of text, one after another; records are counted through all of them."""
        scanner = self.job.scanner()
        for run in runs:
            with self._errors_in_words(run.name, run.where, run.text):
                for has_table in _steps(scanner, run, self._place(run.name, run.where)):
                    if has_table:
                        yield from self.job.cut(scanner)
        if scanner.n_uncut > 0:
            yield from self.job.cut(scanner)

    def read_columns(
        self, batches: Iterable[pa.RecordBatch | pa.Table]
    ) -> Iterator[pa.RecordBatch]:
        """Read columns named like the fields; records are counted through all batches."""
        scanner = self.job.scanner()
        for batch in batches:
            with self._errors_in_words("", "", batch):
                scanner.begin_arrow(batch.__arrow_c_stream__())
                while scanner.next_batch():
                    while scanner.read_batch():
                        yield from self.job.cut(scanner)
        if scanner.n_uncut > 0:
            yield from self.job.cut(scanner)

    def read_frame(self, frame: pd.DataFrame) -> Iterator[pa.RecordBatch]:
        """Read columns of pandas named like the fields."""
        reader = self.job.reader()
        with self._errors_in_words("", "", frame):
            read_source(reader, frame)
        yield from self.job.batches(reader)

    @contextmanager
    def _errors_in_words(self, file: str, rows: str, source: Any) -> Iterator[None]:
        """Say in errors which file and partition they are of, and which rows or device."""
        try:
            yield
        except FleetStatusError as error:
            is_record = isinstance(error, RecordError)
            place = self._place(file, self._device_in(source) if is_record else rows)
            if place and not str(error).startswith(place):
                error.args = (f"{place}: {error}", *error.args[1:])
            if self.advice and isinstance(error, JSONError):
                error.args = (f"{error}\n{self.advice}", *error.args[1:])
            raise

    def _place(self, file: str, rows: str) -> str:
        partition = "" if self.number is None else f"partition {self.number}"
        return ", ".join(filter(None, [visible(file), partition, rows]))

    def _device_in(self, source: Any) -> str:
        """Name the device of the first bad record, for which the source is read again."""
        try:
            table = self.job.keeping().classify(source)
        except FleetStatusError:
            return ""
        uuids = zip(table["error"].to_list(), table["uuid"].to_list(), strict=True)
        uuid = next((uuid for error, uuid in uuids if error is not None), None)
        return "" if uuid is None else f"uuid {visible(uuid)}"


def _runs_of_batches(batches: Iterable[pa.RecordBatch], column: TextColumn) -> Iterator[Run]:
    first_row = 0
    for batch in batches:
        texts = batch.column(column.text)
        names = None if column.path is None else batch.column(column.path)
        joined = joined_lines(texts) if names is None or is_one_text(names) else None
        if joined is not None:
            name = "" if names is None else names[0].as_py()
            yield Run(name, joined, True, rows_in_words(first_row, first_row + len(texts) - 1))
        else:
            cells = texts.cast("large_binary").to_pylist()
            yield from runs_of(cells, None if names is None else names.to_pylist(), first_row)
        first_row += batch.num_rows


def _steps(scanner: _core.Scanner, run: Run, place: str) -> Iterator[bool]:
    """Read a run: True once a table is full."""
    scanner.begin(place, is_lines=run.is_lines)
    with pieces_of(to_part(run.text, place), lambda _: None) as pieces:
        try:
            for piece in pieces:
                scanner.feed(piece)
                while scanner.read():
                    yield True
                pieces.forget(scanner.offset)
            scanner.end()
            while scanner.read():
                yield True
        except JSONError as error:
            raise pieces.in_words(error, scanner.n_records) from None
