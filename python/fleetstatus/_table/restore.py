"""Tables read back from Arrow: from files, from frames, from engines."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from fleetstatus import _core
from fleetstatus._catalog import NOW_SOURCES, RULE_BITS
from fleetstatus._coerce import scheme_code, to_ms, to_scheme
from fleetstatus._table.metadata import FIELD, KEY, moment_text
from fleetstatus._words.text import shortened

if TYPE_CHECKING:
    from datetime import datetime

    import pandas as pd

    from fleetstatus.enums import StatusScheme

_DURATIONS = ("status_duration", "update_status_duration")
_BROKEN = f"the metadata {KEY!r} of the schema is broken"


class _Said(NamedTuple):
    """What the metadata says of a table; None where it says nothing."""

    layout: int | None = None
    version: str | None = None
    scheme: StatusScheme | None = None
    now_ms: int | None = None
    now_source: int = NOW_SOURCES.index("given")
    newest_event_ms: int | None = None
    no_heartbeats: bool | None = None
    fields_seen: int = 0
    gaps: tuple[tuple[str, str], ...] = ()
    allow_missing: tuple[str, ...] = ()
    is_of_parts: bool = False
    default_poll_interval_ms: int = _core.default_poll_interval_ms
    assume_utc: bool = False
    thresholds_ms: tuple[int, ...] | None = None


def restored(
    source: Any, scheme: StatusScheme | str | None, now: datetime | str | None
) -> _core.StatusTable:
    """Read a table back; see `StatusTable.from_arrow`."""
    arrow = _arrow_source(source)
    said = _said_by(arrow.notes(KEY, FIELD))
    _check_layout(said, arrow)
    wanted = None if scheme is None else to_scheme(scheme)
    now_ms = None if now is None else to_ms(now, name="now")
    check_agrees("scheme", wanted, said.scheme)
    if now_ms is not None and said.now_ms is not None:
        check_agrees("now", moment_text(now_ms), moment_text(said.now_ms))
    found = said.scheme if wanted is None else wanted
    found_ms = said.now_ms if now_ms is None else now_ms
    if found is None or found_ms is None:
        lost = [name for name, value in (("scheme", found), ("now", found_ms)) if value is None]
        message = (
            f"the schema does not say the {' and the '.join(lost)} of the table; pass "
            f"{' and '.join(f'{name}=' for name in lost)} as when it was made (polars, DuckDB and "
            "Spark drop the metadata of schemas)"
        )
        raise ValueError(message)
    return arrow.read(
        scheme=scheme_code(found),
        now_ms=found_ms,
        now_source=said.now_source,
        newest_event_ms=said.newest_event_ms,
        has_no_heartbeats=said.no_heartbeats,
        fields_seen=said.fields_seen,
        gaps=said.gaps,
        allow_missing=said.allow_missing,
        is_of_parts=said.is_of_parts,
        default_poll_interval_ms=said.default_poll_interval_ms,
        assume_utc=said.assume_utc,
        thresholds_ms=said.thresholds_ms,
    )


def _check_layout(said: _Said, arrow: _core.ArrowSource) -> None:
    """Refuse rule bits that mean something else, which another version may have written."""
    if said.layout not in {None, _core.rule_bits_layout} and RULE_BITS in arrow.names:
        message = (
            f"the table was written by fleetstatus {said.version}, whose column {RULE_BITS} is not "
            f"that of {_core.version}; drop the column, or classify its source again"
        )
        raise ValueError(message)


def check_agrees(name: str, wanted: object, said: object) -> None:
    """Refuse an argument that is not what the table says of itself.

    Raises
    ------
    ValueError
        If both are there and differ.
    """
    if wanted is not None and said is not None and wanted != said:
        message = f"{name}={str(wanted)!r} contradicts the table, whose {name} is {str(said)!r}"
        raise ValueError(message)


def _arrow_source(source: Any) -> _core.ArrowSource:
    pandas = sys.modules.get("pandas")  # a pandas object is there only if pandas is
    if pandas is not None and isinstance(source, pandas.DataFrame):
        source = _as_exported(source)
    if hasattr(source, "__arrow_c_stream__"):
        return _core.ArrowSource.of_stream(source.__arrow_c_stream__())
    if hasattr(source, "__arrow_c_array__"):
        return _core.ArrowSource.of_array(*source.__arrow_c_array__())
    message = (
        f"from_arrow reads tables and frames of Arrow (pyarrow, polars, pandas, DuckDB), not a "
        f"{type(source).__name__}; of a path, pass what pyarrow.parquet.read_table reads"
    )
    raise TypeError(message)


def _as_exported(frame: pd.DataFrame) -> pd.DataFrame:
    """Undo what `to_pandas` does: durations as timedeltas, and an index without a name."""
    there = [name for name in _DURATIONS if name in frame.columns]
    seconds = {}
    for name in there:
        kind = getattr(frame[name], "dtype", None)
        if getattr(kind, "kind", "") != "m" or f"{name}_s" in frame.columns:
            message = (
                f"the column {name!r} is no column of timedeltas, as to_pandas has it, or it stands "
                f"beside {name}_s; keep one of them, {name}_s as whole seconds"
            )
            raise ValueError(message)
        seconds[f"{name}_s"] = frame[name].dt.total_seconds()
    if frame.index.names == [None]:  # else Arrow has it as a column
        frame = frame.reset_index(drop=True)
    return frame.drop(columns=there).assign(**{n: s.array for n, s in seconds.items()})


# What the metadata says


def _said_by(notes: list[bytes]) -> _Said:
    """Read what the schema says, and its field, which must be the same."""
    if not notes:
        return _Said()
    if any(note != notes[0] for note in notes):
        message = (
            f"{_BROKEN}: at the schema and at the field {FIELD!r} it is not the same; drop one of "
            "them, or pass scheme= and now= and neither"
        )
        raise ValueError(message)
    try:
        said = json.loads(notes[0])
    except (ValueError, RecursionError) as error:
        message = f"{_BROKEN}: it is no JSON ({shortened(str(error))})"
        raise ValueError(message) from None
    if not isinstance(said, dict):
        message = f"{_BROKEN}: it is no JSON object"
        raise ValueError(message)  # noqa: TRY004 - the value of a file, no argument's type
    return _read(said)


def _scheme(said: dict[str, Any]) -> StatusScheme | None:
    scheme = _take(said, "scheme", str)
    try:
        return None if scheme is None else to_scheme(scheme)
    except ValueError as error:
        message = f"{_BROKEN}, or of another version: {error}"
        raise ValueError(message) from None


def _moment(said: dict[str, Any], name: str) -> int | None:
    text = _take(said, name, str)
    return None if text is None else to_ms(text, name=f"{name} of the metadata {KEY!r}")


def _read(said: dict[str, Any]) -> _Said:
    options = _take(said, "options", dict) or {}
    source = _take(said, "now_source", str)
    missing = _take(said, "fields_missing", dict) or {}
    if not all(isinstance(text, str) for text in missing.values()):
        raise ValueError(_wrong("fields_missing"))
    if source is not None and source not in NOW_SOURCES:
        raise ValueError(_wrong("now_source"))
    layout = _take(said, "layout", int)
    empty = _Said()
    return _Said(
        layout=layout,
        version=_take(said, "version", str),
        scheme=_scheme(said),
        now_ms=_moment(said, "now"),
        now_source=empty.now_source if source is None else [*NOW_SOURCES].index(source),
        newest_event_ms=_moment(said, "newest_event"),
        no_heartbeats=_take(said, "no_heartbeats", bool),
        fields_seen=_bits(said) if layout == _core.rule_bits_layout else 0,
        gaps=tuple(missing.items()),
        allow_missing=_names(options, "allow_missing"),
        is_of_parts=_take(options, "missing", str) == "parts",
        default_poll_interval_ms=_number(options, empty.default_poll_interval_ms),
        assume_utc=bool(_take(options, "assume_utc", bool)),
        thresholds_ms=_thresholds(options),
    )


def _bits(said: dict[str, Any]) -> int:
    bits = _take(said, "fields_seen", int) or 0
    if not 0 <= bits < 1 << 63:
        raise ValueError(_wrong("fields_seen"))
    return int(bits)


def _number(options: dict[str, Any], default: int) -> int:
    number = _take(options, "default_poll_interval_ms", int)
    if number is None:
        return default
    if not 0 < number <= _core.longest_poll_interval_ms:
        raise ValueError(_wrong("default_poll_interval_ms"))
    return int(number)


def _names(options: dict[str, Any], name: str) -> tuple[str, ...]:
    names = _take(options, name, list) or []
    if not all(isinstance(one, str) for one in names):
        raise ValueError(_wrong(name))
    return tuple(names)


def _thresholds(options: dict[str, Any]) -> tuple[int, ...] | None:
    values = _take(options, "attention_ms", list)
    if values is None:
        return None
    are_right = all(type(value) is int and 0 <= value < 1 << 52 for value in values)
    if not are_right or len(values) != len(_core.attention_thresholds_ms()):
        raise ValueError(_wrong("attention_ms"))
    return tuple(values)


def _take(said: dict[str, Any], name: str, of: type) -> Any:
    """Give what is said by a name, or None."""
    value = said.get(name)
    if value is not None and type(value) is not of:
        raise ValueError(_wrong(name))
    return value


def _wrong(name: str) -> str:
    return f"{_BROKEN}: its {name} is none"
