"""Tables as web frameworks take them: rows of JSON, and never a mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any


class JsonRows:
    """The part of a table that frameworks turn into JSON."""

    __slots__ = ()

    def to_dicts(self, *, json: bool = False) -> list[dict[str, Any]]:
        """Rows as dicts by column."""
        raise NotImplementedError

    if not TYPE_CHECKING:  # for a type checker there is no such method

        def keys(self):
            """Raise an error, so that ``dict(table)`` does not read rows as keys.

            Raises
            ------
            TypeError
                Always; it says how to get rows.
            """
            message = (
                f"a {type(self).__name__} is rows, no mapping: return to_dicts(json=True) for "
                "JSON, to_dicts() for dicts"
            )
            raise TypeError(message)

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: Any) -> Any:
        """Let FastAPI and pydantic write rows where a field or an answer is a table."""
        from pydantic_core import core_schema

        rows = core_schema.list_schema(core_schema.dict_schema(core_schema.str_schema()))
        written = core_schema.plain_serializer_function_ser_schema(_rows_of, return_schema=rows)
        return core_schema.is_instance_schema(cls, serialization=written)


def _rows_of(table: JsonRows) -> list[dict[str, Any]]:
    return table.to_dicts(json=True)
