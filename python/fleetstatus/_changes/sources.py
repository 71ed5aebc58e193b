"""Snapshots that callers pass, as tables of one scheme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from fleetstatus import _core
from fleetstatus._catalog import fields_of
from fleetstatus._classify import classify
from fleetstatus._coerce import scheme_code
from fleetstatus._input.missing import missing_fields_error
from fleetstatus._table.table import StatusTable

if TYPE_CHECKING:
    from fleetstatus.enums import StatusScheme


def to_snapshot(
    source: Any, scheme: StatusScheme, *, name: str, on_error: Literal["raise", "keep"] = "raise"
) -> StatusTable:
    """Take a table as it is, and read anything else.

    Raises
    ------
    ValueError
        If the source does not say of which moment it is; and what `classify` raises.
    """
    if isinstance(source, StatusTable):
        return source
    table = classify(source, scheme=scheme, on_error=on_error)
    if table.now_source == "clock":
        message = (
            f"{name} does not say of which moment it is; classify it with now= first, as in "
            f"classify({name}, now=...)"
        )
        raise ValueError(message)
    return table


def in_scheme(core: _core.StatusTable, scheme: StatusScheme) -> _core.StatusTable:
    """Give the answers of a table in another scheme.

    Raises
    ------
    MissingFieldsError
        If no record had a field that only the other scheme needs.
    """
    code = scheme_code(scheme)
    if core.scheme == code:
        return core
    own = _core.missing_fields(core.fields_seen, core.scheme, [])
    missing = _core.missing_fields(core.fields_seen, code, own)
    if missing and len(core):
        raise missing_fields_error(tuple(missing), 0, code, sorted(fields_of(core.fields_seen)))
    return core.in_scheme(code)
