"""Names of the columns that every table has, as the engine lists them."""

from fleetstatus import _core


def _table_of_no_rows() -> _core.StatusTable:
    reader = _core.Reader(
        scheme=0,
        allow_missing=[],
        keep=False,
        carry=[],
        n_threads=None,
        default_poll_interval_ms=1,
        assume_utc=False,
        parts=False,
    )
    return reader.finish(now_ms=0, now_source=0)


COLUMNS: tuple[str, ...] = tuple(_table_of_no_rows().columns)
