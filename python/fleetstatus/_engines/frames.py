"""What a frame holds: records or files as text, or columns named like the fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fleetstatus._catalog import DEVICE_FIELDS, to_api_name
from fleetstatus._words.text import listed, quoted
from fleetstatus.errors import NotDevicesError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pyarrow as pa

_PATHS = ("path", "file_path")


class TextColumn(NamedTuple):
    """A column whose rows are records or whole files, and the one that says which file, if any."""

    text: str
    path: str | None

    @property
    def names(self) -> list[str]:
        """Names of the columns that are read."""
        return [self.text] if self.path is None else [self.text, self.path]


def text_column(columns: Sequence[tuple[str, bool]]) -> TextColumn | None:
    """Find out what a frame holds.

    Parameters
    ----------
    columns
        Name of each column, and whether it holds text or bytes.

    Returns
    -------
    The column of text; None where columns are named like the fields.

    Raises
    ------
    NotDevicesError
        If it is neither.
    """
    names = [name for name, _ in columns]
    if any(to_api_name(name) in DEVICE_FIELDS for name in names):
        return None
    texts = [name for name, is_text in columns if is_text and name not in _PATHS]
    if len(texts) == 1:
        return TextColumn(texts[0], next((path for path in _PATHS if path in names), None))
    looks_like = f"a frame with the columns {listed(names, quoted)}" if names else "an empty frame"
    message = (
        f"the source: {looks_like}, no devices\n"
        "pass a frame with columns named like the fields, or one column of text or bytes that "
        "holds a record or a file in each row, with a column path or file_path if there is one"
    )
    raise NotDevicesError(message, looks_like, None)


def read_columns(names: Sequence[str], is_read: Callable[[str], bool]) -> list[str]:
    """Names of the columns that tasks need, so that no others are sent to them."""
    return [name for name in names if is_read(name)]


def is_text_type(kind: pa.DataType) -> bool:
    """Whether a column of Arrow holds text or bytes."""
    import pyarrow as pa

    tests = ("string", "large_string", "string_view", "binary", "large_binary", "binary_view")
    return any(getattr(pa.types, f"is_{test}")(kind) for test in tests)
