"""Types of arguments and columns, for type checkers alone: the package never imports this module."""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, Literal, Protocol, SupportsIndex


class BinaryFile(Protocol):
    """A file that is open in binary mode, or what reads like one."""

    def read(self, size: int, /) -> bytes:
        """Read at most so many bytes."""
        ...


class ArrowStream(Protocol):
    """A frame, table or reader that offers an Arrow stream."""

    def __arrow_c_stream__(self, requested_schema: Any = ..., /) -> Any:
        """Give the stream, as a capsule."""
        ...


class ArrowArray(Protocol):
    """A record batch that offers an Arrow array."""

    def __arrow_c_array__(self, requested_schema: Any = ..., /) -> Any:
        """Give schema and array, as capsules."""
        ...


class PandasFrame(Protocol):
    """A data frame of pandas, also where its types are not installed."""

    @property
    def iloc(self) -> Any:
        """Rows by number."""
        ...

    @property
    def columns(self) -> Any:
        """Names of the columns."""
        ...


class ArrowCursor(Protocol):
    """A cursor of ADBC."""

    def fetch_arrow(self) -> Any:
        """Give the result, as what offers an Arrow stream."""
        ...


class ArrowScanner(Protocol):
    """A scanner of a dataset of pyarrow."""

    def to_reader(self) -> Any:
        """Read batch by batch."""
        ...


class ArrowDataset(Protocol):
    """A dataset of pyarrow."""

    @property
    def schema(self) -> Any:
        """Names and types of the columns."""
        ...

    def scanner(self, *args: Any, **kwargs: Any) -> Any:
        """Read some of the columns."""
        ...


Arrow = ArrowStream | ArrowArray
Columns = Arrow | PandasFrame | ArrowCursor | ArrowScanner | ArrowDataset
File = str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryFile
Record = Mapping[str, Any] | Mapping[Hashable, Any]  # the second of pandas' `to_dict("records")`
LargeSource = File | Columns | Iterable[File | Columns]
"""What `scan` reads."""
Source = File | Record | Columns | Iterable[File | Record | Sequence[Record]]
"""What `classify` reads."""
Parts = Arrow | PandasFrame | Iterable[Arrow | PandasFrame | SupportsIndex]
"""What `check_fields` judges: a StatusTable is Arrow too."""

OrNull = Any
"""The other type of a value that may be null: whoever knows that none is need not say so."""

SchemeName = Literal[
    "docs-2024-11", "docs-2024-10", "docs-2022", "docs-2021", "api-v7", "api-v6", "library-2020"
]

# Columns that every table has, by what their values are in Python.
TextColumn = Literal[
    "uuid",
    "device_name",
    "fleet",
    "status",
    "detail",
    "reason",
    "release",
    "attention",
    "heartbeat_state",
    "update_status",
    "update_status_support",
    "api_overall_status",
    "error",
]
IntColumn = Literal[
    "id",
    "status_duration_s",
    "heartbeat_window_s",
    "capabilities",
    "progress",
    "update_status_duration_s",
]
BoolColumn = Literal["on_target", "heartbeat", "cloudlink", "cloudlink_expected"]
TimeColumn = Literal["status_since", "heartbeat_since", "cloudlink_since", "update_status_since"]
