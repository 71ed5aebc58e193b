"""Names of the columns that every table has."""

from fleetstatus import _core

COLUMNS: tuple[str, ...] = tuple(_core.columns())
