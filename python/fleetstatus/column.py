"""One column of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from fleetstatus import _core
from fleetstatus._coerce import to_ms
from fleetstatus._labels import as_values, codes_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_CODE_FORMATS = {"code8": "b", "code32": "i"}


class Column:
    """Values of one kind, one for each row, any of them null.

    Comparisons answer row by row with a column of bools, null where the value is null; ``&``,
    ``|`` and ``~`` combine those as SQL does. Made by `StatusTable`, not by hand.

    Examples
    --------
    >>> import fleetstatus as fs
    >>> devices = fs.classify(fs.sample_fleet())
    >>> updating = devices["status"] == "Updating"
    >>> len(devices.filter(updating & devices["heartbeat"])) <= sum(filter(None, updating))
    True
    """

    __slots__ = ("_core", "_name")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, core: _core.Column, name: str) -> None:
        self._core = core
        self._name = name

    @property
    def name(self) -> str:
        """Name of the column; of a comparison, the name of what was compared."""
        return self._name

    @property
    def type(self) -> str:
        """Kind of the values: one of ``int64``, ``int32``, ``uint16``, ``bool``, ``timestamp``,
        ``utf8``, ``large_utf8``, ``code8`` and ``code32`` (labels).
        """  # noqa: D205, D209
        return self._core.type

    @property
    def labels(self) -> tuple[str, ...] | None:
        """Labels that a value can have, in their order; None for other columns."""
        labels = self._core.labels
        return None if labels is None else tuple(labels)

    def __len__(self) -> int:
        return len(self._core)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.to_list())

    def __getitem__(self, row: int) -> Any:
        index = range(len(self))[row]
        return self._core.value_at(index)

    def __repr__(self) -> str:
        shown = ", ".join(repr(self[row]) for row in range(min(len(self), 5)))
        more = ", ..." if len(self) > 5 else ""
        return f"Column({self._name!r}, {self.type}, {len(self)} rows: [{shown}{more}])"

    def to_list(self) -> list[Any]:
        """Values as Python objects: text, int, bool, aware datetime in UTC, or None."""
        return self._core.to_list()

    def codes(self) -> memoryview:
        """Places of the labels.

        Returns
        -------
        shape (n_rows,)
            int8 (int32 for open lists, such as fleets), -1 for null; ``numpy.asarray`` takes it
            without a copy.

        Raises
        ------
        ValueError
            If the column has no labels.
        """
        return memoryview(self._core.codes()).cast(_CODE_FORMATS[self.type])

    def to_numpy(self) -> NDArray[Any]:
        """Values as a NumPy array.

        Returns
        -------
        shape (n_rows,)
            Text and labels: object, None for null. Timestamps: datetime64[ms], UTC, NaT for null.
            Numbers: float64, NaN for null. Bools: bool, False for null.
        """
        import numpy as np

        if self.type in {"utf8", "large_utf8", "code8", "code32"}:
            texts = np.empty(len(self), dtype=object)
            texts[:] = self.to_list()
            return texts
        integers, valid = self._core.integers()
        values = np.frombuffer(integers, dtype=np.int64)
        is_valid = np.frombuffer(valid, dtype=np.bool_)
        if self.type == "bool":
            return values.astype(np.bool_)
        if self.type == "timestamp":
            return np.where(is_valid, values.astype("datetime64[ms]"), np.datetime64("NaT", "ms"))
        return np.where(is_valid, values.astype(np.float64), np.nan)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """Let NumPy take the column; see `to_numpy`."""
        if copy is False:
            message = "a column is converted for NumPy, which takes a copy"
            raise ValueError(message)
        return self.to_numpy() if dtype is None else self.to_numpy().astype(dtype)

    def is_in(self, values: Iterable[Any]) -> Column:
        """Tell for each row whether its value is one of several.

        Labels are compared ignoring case; other text exactly.

        Raises
        ------
        ValueError
            If a label is unknown; the message lists them and the schemes that have it.
        """
        return Column(self._is_in(as_values(values)), self._name)

    def __eq__(self, value: object) -> Column:  # type: ignore[override]
        return self.is_in([value])

    def __ne__(self, value: object) -> Column:  # type: ignore[override]
        return ~self.is_in([value])

    def __and__(self, other: Column) -> Column:
        return Column(self._core.both(_flags_of(other)), self._name)

    def __or__(self, other: Column) -> Column:
        return Column(self._core.either(_flags_of(other)), self._name)

    def __invert__(self) -> Column:
        return Column(self._core.invert(), self._name)

    def __bool__(self) -> bool:
        message = "a column is neither true nor false; use & | ~ to combine comparisons"
        raise TypeError(message)

    def _is_in(self, values: list[Any]) -> _core.Column:
        if self.type == "code8":
            labels = cast("list[str]", self._core.labels)
            return self._core.is_in_integers(codes_of(values, labels, column=self._name))
        if self.type in {"code32", "utf8", "large_utf8"}:
            return self._core.is_in_texts([str(value) for value in values])
        if self.type == "timestamp":
            return self._core.is_in_integers([to_ms(value, name="value") for value in values])
        return self._core.is_in_integers([_whole(value) for value in values])

    def __reduce__(self) -> tuple[Any, ...]:
        message = "a column cannot be pickled by itself; pickle its table, or to_list()"
        raise TypeError(message)


def _flags_of(other: object) -> _core.Column:
    if not isinstance(other, Column):
        message = f"a column is combined with a column, not with a {type(other).__name__}"
        raise TypeError(message)
    return other._core


def _whole(value: Any) -> int:
    if isinstance(value, datetime) or not isinstance(value, int):
        message = f"a number or bool is compared with {value!r}"
        raise TypeError(message)
    return int(value)
