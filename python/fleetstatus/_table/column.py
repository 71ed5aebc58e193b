"""One column of a table."""

from __future__ import annotations

import math
import operator
from collections import Counter
from collections.abc import Iterable
from functools import partial, reduce
from typing import TYPE_CHECKING, Any, Generic, Literal, NoReturn, cast, overload

from fleetstatus import _core
from fleetstatus._coerce import is_unicode
from fleetstatus._table import hints
from fleetstatus._table.comparable import WHOLE_NUMBERS, comparable_column, to_number, to_whole
from fleetstatus._table.labels import as_values, codes_of, to_text
from fleetstatus._words.text import quoted, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, timedelta
    from typing import Never, SupportsIndex, TypeAlias

    import numpy as np
    from numpy.typing import NDArray

_LABELS = "dictionary<int8, utf8>"
_OPEN_LABELS = "dictionary<int32, large_utf8>"
_TIMESTAMP = "timestamp[ms, UTC]"
_TEXTS = frozenset({"utf8", "large_utf8", "utf8_view", _OPEN_LABELS})
_CODE_FORMATS: dict[str, Literal["b", "i"]] = {_LABELS: "b", _OPEN_LABELS: "i"}

if TYPE_CHECKING:
    from typing_extensions import TypeVar  # which every type checker knows

    from fleetstatus._types import OrNull

    T_co = TypeVar("T_co", covariant=True, default=Any)
    Number: TypeAlias = "float | timedelta | str"
    Moment: TypeAlias = "datetime | str"
else:
    from typing import TypeVar

    T_co = TypeVar("T_co", covariant=True)


class Column(Generic[T_co]):
    """Values of one type, one for each row; each may be null.

    Comparisons return a column of bools, one for each row, null if the value is null; ``&``, ``|``
    and ``~`` combine them as in SQL. Compare numbers with numbers, times with aware datetimes,
    durations (names that end in ``_s``) also with timedeltas and text such as ``"3d"``, and any
    column with another column of its type. You get columns from a `StatusTable`.

    Examples
    --------
    >>> import fleetstatus as fs
    >>> from datetime import timedelta
    >>> devices = fs.classify(fs.sample_fleet())
    >>> updating = devices["status"] == "Updating"
    >>> len(devices.filter(updating & devices["heartbeat"])) <= sum(filter(None, updating))
    True
    >>> long = devices["status_duration_s"] > timedelta(days=3)
    >>> len(devices[long]) < len(devices)
    True
    """

    __slots__ = ("_core", "_name")
    __hash__ = None  # type: ignore[assignment]
    __array_priority__ = 1000  # so that a NumPy number on the left leaves a comparison to a column

    def __init__(self, core: _core.Column, name: str) -> None:
        self._core = core
        self._name = name

    if not TYPE_CHECKING:  # a type checker then knows which names there are

        def __getattr__(self, name):
            raise hints.no_attribute(self, name, hints.of_column(name))

    @property
    def name(self) -> str:
        """Name of the column; for a comparison, the name of the compared column."""
        return self._name

    @property
    def type(self) -> str:
        """Arrow type of the values, such as ``int64`` or ``dictionary<int8, utf8>`` for labels."""
        return self._core.type

    @property
    def labels(self) -> tuple[str, ...] | None:
        """Labels that a value can have, in their order; None for other columns."""
        labels = self._core.labels
        return None if labels is None else tuple(labels)

    def __len__(self) -> int:
        return len(self._core)

    def __iter__(self) -> Iterator[T_co | OrNull]:
        return iter(self.to_list())

    @overload
    def __getitem__(self, row: int) -> T_co | OrNull: ...
    @overload
    def __getitem__(self, row: slice) -> Column[T_co]: ...
    def __getitem__(self, row: int | slice) -> Any:
        """Return the value of a row, or a slice of the column."""
        if isinstance(row, slice):
            return Column(self._core.take(range(len(self))[row]), self._name)
        try:
            index = range(len(self))[self._row_number(row)]
        except IndexError:
            message = f"row {row} of a column of {len(self)} rows"
            raise IndexError(message) from None
        return self._core.value_at(index)

    def _row_number(self, row: object) -> int:
        try:
            if not isinstance(row, bool):
                return operator.index(cast("SupportsIndex", row))
        except TypeError:  # also of an array, whose class has the method
            pass
        message = (
            f"a column takes a row's number or a slice, not {shortened(repr(row))}; several rows "
            f"are for the table: table[mask][{quoted(self._name)}]"
        )
        raise TypeError(message)

    def __repr__(self) -> str:
        shown = ", ".join(repr(self[row]) for row in range(min(len(self), 5)))
        more = ", ..." if len(self) > 5 else ""
        rows = "1 row" if len(self) == 1 else f"{len(self):,} rows"
        return f"Column({self._name!r}, {self.type}, {rows}: [{shown}{more}])"

    def to_list(self) -> list[T_co | OrNull]:
        """Values as Python objects: text, int, bool, aware datetime in UTC, or None."""
        return self._core.to_list()

    def unique(self) -> list[T_co | OrNull]:
        """Values that occur, each once, in the order of their first rows; None for nulls.

        Examples
        --------
        >>> import fleetstatus as fs
        >>> fs.classify(fs.sample_fleet())["cloudlink"].unique()
        [False, True]
        """
        return list(dict.fromkeys(self._keys()))

    def value_counts(self) -> dict[T_co | OrNull, int]:
        """Count the rows of each value that occurs, most frequent first; None for nulls.

        Examples
        --------
        >>> import fleetstatus as fs
        >>> counts = fs.classify(fs.sample_fleet())["status"].value_counts()
        >>> next(iter(counts.items()))
        ('Operational', 225)
        """
        return dict(Counter(self._keys()).most_common())

    def _keys(self) -> list[Any]:
        """Values as keys of a dict, in which each NaN would be a key of its own."""
        values: list[Any] = self.to_list()
        if self.type == "float64":
            return [
                math.nan if value is not None and math.isnan(value) else value for value in values
            ]
        return values

    def codes(self) -> memoryview:
        """Numbers of the labels: each is an index in `labels`.

        Returns
        -------
        shape (n_rows,)
            int8 (int32 for open lists, such as fleets), -1 for null. ``numpy.asarray`` reads it
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

        if self.type == _LABELS or self.type in _TEXTS:
            return self._objects()
        if self.type == "float64":
            return np.array(self.to_list(), dtype=np.float64)
        values, is_valid = self._integers()
        if self.type == "bool":
            return values.astype(np.bool_)
        if self.type == _TIMESTAMP:
            return np.where(is_valid, values.astype("datetime64[ms]"), np.datetime64("NaT", "ms"))
        return np.where(is_valid, values.astype(np.float64), np.nan)

    def _objects(self) -> NDArray[Any]:
        import numpy as np

        objects = np.empty(len(self), dtype=object)
        objects[:] = self.to_list()
        return objects

    def _integers(self) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Whole numbers, 0 where they are null, and whether they are not."""
        import numpy as np

        integers, valid = self._core.integers()
        return (
            np.frombuffer(memoryview(integers), dtype=np.int64),
            np.frombuffer(memoryview(valid), dtype=np.bool_),
        )

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """Let NumPy take the column; see `to_numpy`."""
        if copy is False:
            message = "a column is converted for NumPy, which takes a copy"
            raise ValueError(message)
        return self.to_numpy() if dtype is None else self._as(dtype)

    def _as(self, dtype: Any) -> NDArray[Any]:
        """Values in a type of NumPy: whole numbers exactly, nulls as None and NaN where they fit."""
        import numpy as np

        kind = np.dtype(dtype).kind
        if kind == "O":
            return self._objects()
        if kind == "f" and self.type == "bool":
            flags, is_known = self._integers()
            return np.where(is_known, flags, np.nan).astype(dtype)
        if kind not in "iu" or self.type not in WHOLE_NUMBERS:
            return self.to_numpy().astype(dtype)
        integers, is_valid = self._integers()
        if not is_valid.all():
            message = (
                f"{self._name} has nulls, which whole numbers of NumPy cannot be; to_numpy() has "
                "NaN there"
            )
            raise ValueError(message)
        return integers.astype(dtype)

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        """Give the column to readers of Arrow: ``pl.Series``, ``pa.array``, nanoarrow.

        It can be read any number of times, without a copy, unless it is text from an Arrow source
        in several chunks.

        Parameters
        ----------
        requested_schema
            Ignored, as the interface allows: the column has one type.

        Returns
        -------
        Capsules ``arrow_schema`` and ``arrow_array``.
        """
        return self.__arrow_c_schema__(), _core.arrow_column(self._core)

    def __arrow_c_schema__(self) -> object:
        """Give name and type of the column, as a capsule ``arrow_schema``."""
        return _core.arrow_column_schema(self._name, self._core)

    @overload
    def is_in(self: Column[str], values: Iterable[str | None]) -> Column[bool]: ...
    @overload
    def is_in(self: Column[float], values: Iterable[Number | None]) -> Column[bool]: ...
    @overload
    def is_in(self: Column[datetime], values: Iterable[Moment | None]) -> Column[bool]: ...
    def is_in(self, values: Iterable[Any]) -> Column[bool]:
        """Return for each row whether its value is one of several.

        Labels are compared ignoring case; other text exactly. None among them matches nothing.

        Raises
        ------
        ValueError
            If a label is unknown; the message lists them and the schemes that have it.
        """
        wanted = [value for value in as_values(values) if value is not None]
        return Column(self._is_in(wanted), self._name)

    def _equals(self, value: object) -> Column[bool]:
        if isinstance(value, Iterable) and not isinstance(value, str | int):  # flags are ints
            message = (
                f"{self._name} is compared with one value, not with a {type(value).__name__}; is_in() "
                "takes several"
            )
            raise TypeError(message)
        return Column(self._is_in([value]), self._name)

    def is_null(self) -> Column[bool]:
        """Return for each row whether its value is null.

        Examples
        --------
        >>> import fleetstatus as fs
        >>> devices = fs.classify(fs.sample_fleet())
        >>> len(devices[devices["attention"].is_null()])
        244
        """
        return Column(self._core.is_null(), self._name)

    def is_not_null(self) -> Column[bool]:
        """Return for each row whether its value is not null.

        Examples
        --------
        >>> import fleetstatus as fs
        >>> devices = fs.classify(fs.sample_fleet())
        >>> len(devices[devices["attention"].is_not_null()])
        56
        """
        return ~self.is_null()

    def __eq__(self, value: object) -> Column[bool]:  # type: ignore[override]
        if value is None:
            message = "nothing equals null; for nulls use is_null()"
            raise TypeError(message)
        return self._compare("==", value) if isinstance(value, Column) else self._equals(value)

    def __ne__(self, value: object) -> Column[bool]:  # type: ignore[override]
        return ~(self == value)

    @overload
    def __lt__(self: Column[float], value: Number | Column[float]) -> Column[bool]: ...
    @overload
    def __lt__(self: Column[datetime], value: Moment | Column[datetime]) -> Column[bool]: ...
    def __lt__(self, value: object) -> Column[bool]:
        return self._compare("<", value)

    @overload
    def __le__(self: Column[float], value: Number | Column[float]) -> Column[bool]: ...
    @overload
    def __le__(self: Column[datetime], value: Moment | Column[datetime]) -> Column[bool]: ...
    def __le__(self, value: object) -> Column[bool]:
        return self._compare("<=", value)

    @overload
    def __gt__(self: Column[float], value: Number | Column[float]) -> Column[bool]: ...
    @overload
    def __gt__(self: Column[datetime], value: Moment | Column[datetime]) -> Column[bool]: ...
    def __gt__(self, value: object) -> Column[bool]:
        return self._compare(">", value)

    @overload
    def __ge__(self: Column[float], value: Number | Column[float]) -> Column[bool]: ...
    @overload
    def __ge__(self: Column[datetime], value: Moment | Column[datetime]) -> Column[bool]: ...
    def __ge__(self, value: object) -> Column[bool]:
        return self._compare(">=", value)

    def _compare(self, sign: str, value: object) -> Column[bool]:
        if value is None:
            message = "nothing compares with null; for nulls use is_null()"
            raise TypeError(message)
        about = {"type": self.type, "name": self._name}
        if isinstance(value, Column):
            if sign == "==" and self.type == value.type == "bool":
                return _same(cast("Column[bool]", self), value)
            other = comparable_column(value._core, **about)
            return Column(self._core.compare(sign, other), self._name)
        return Column(self._core.compare(sign, to_number(value, **about)), self._name)

    def __and__(self: Column[bool], other: Column[bool]) -> Column[bool]:
        return Column(self._core.both(_flags_of(other)), self._name)

    def __or__(self: Column[bool], other: Column[bool]) -> Column[bool]:
        return Column(self._core.either(_flags_of(other)), self._name)

    def __xor__(self: Column[bool], other: Never) -> NoReturn:
        message = "columns are combined by & | ~; in place of a ^ b, (a & ~b) | (~a & b)"
        raise TypeError(message)

    __rxor__ = __xor__

    if not TYPE_CHECKING:  # a type checker refuses these already

        def __rand__(self, other):
            _flags_of(other)

        __ror__ = __rand__

        def _calculated(self, other=None):
            if hasattr(other, "__array__"):
                return NotImplemented  # NumPy and polars calculate with an array of the column
            message = (
                "a column is compared, not calculated with; pl.Series(column) and to_numpy() "
                "calculate"
            )
            raise TypeError(message)

        __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _calculated
        __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = _calculated
        __mod__ = __rmod__ = __pow__ = __rpow__ = __neg__ = __pos__ = __abs__ = _calculated

    def __invert__(self: Column[bool]) -> Column[bool]:
        return Column(self._core.invert(), self._name)

    def __bool__(self) -> bool:
        message = "a column is neither true nor false; use & | ~ to combine comparisons"
        raise TypeError(message)

    def _is_in(self, values: list[Any]) -> _core.Column:
        if self.type == _LABELS:
            labels = cast("list[str]", self._core.labels)
            return self._core.is_in_integers(codes_of(values, labels, column=self._name))
        if self.type in _TEXTS:
            as_text = partial(to_text, name=self._name)
            return self._core.is_in_texts(
                [text for text in map(as_text, values) if is_unicode(text)]
            )
        if self.type == "bool":
            wholes = [_whole(value, name=self._name) for value in values]
            return self._core.is_in_integers([whole for whole in wholes if whole in {0, 1}])
        numbers = [to_number(value, type=self.type, name=self._name) for value in values]
        if self.type == "float64":
            matches = (self._core.compare("==", number) for number in numbers)
            return reduce(_core.Column.either, matches, self._core.compare("==", math.nan))
        same = map(to_whole, numbers)
        return self._core.is_in_integers([number for number in same if number is not None])

    def __reduce__(self) -> tuple[Any, ...]:
        message = "a column cannot be pickled by itself; pickle its table, or to_list()"
        raise TypeError(message)


def _same(left: Column[bool], right: Column[bool]) -> Column[bool]:
    return (left & right) | (~left & ~right)


def _flags_of(other: object) -> _core.Column:
    if not isinstance(other, Column):
        message = (
            f"a column is combined with a column, not with a {type(other).__name__}: put each "
            'comparison into parentheses, as in (table["progress"] > 5) & table["heartbeat"]; an '
            "array is combined with np.asarray(column)"
        )
        raise TypeError(message)
    return other._core


def _whole(value: Any, *, name: str) -> int:
    if hasattr(value, "item"):  # a NumPy scalar
        value = value.item()
    if not isinstance(value, int):
        message = f"{name} is compared with a {type(value).__name__}, expected a bool"
        raise TypeError(message)
    return int(value)
