"""What can go wrong while device records are read. All errors can be pickled."""

from typing import Any


class FleetStatusError(Exception):
    """Base of all errors of this package; its text is meant for people."""

    def __str__(self) -> str:
        """Give the message alone; all arguments stay in `args`, so that pickling keeps them."""
        return str(self.args[0]) if self.args else ""


class RecordError(FleetStatusError, ValueError):
    """A device record that cannot be read.

    Parameters
    ----------
    message
        What is wrong, where, and what was expected.
    index, field, pointer, value
        See the attributes.

    Attributes
    ----------
    index : int
        Place of the record in the whole source, counted from 0.
    field : str
        Name of the field at the record's top level, in the API's spelling; empty if the record
        as a whole is at fault.
    pointer : str
        JSON pointer within the record, such as ``/image_install/0/download_progress``.
    value : str
        What stands there, in a short form.
    """

    def __init__(self, message: str, index: int, field: str, pointer: str, value: str) -> None:
        super().__init__(message, index, field, pointer, value)
        self.index = index
        self.field = field
        self.pointer = pointer
        self.value = value


class JSONError(FleetStatusError, ValueError):
    """Text that is not JSON.

    Parameters
    ----------
    message
        What was expected, and where.
    offset, line, column
        See the attributes.

    Attributes
    ----------
    offset : int
        Place of the error in bytes, counted from 0.
    line : int
        Line of the error, counted from 1.
    column : int
        Place in that line in bytes, counted from 1.
    """

    def __init__(self, message: str, offset: int, line: int, column: int) -> None:
        super().__init__(message, offset, line, column)
        self.offset = offset
        self.line = line
        self.column = column


class MissingFieldsError(FleetStatusError, ValueError):
    """Fields that the rules need and that no record has, as after a forgotten ``$select``.

    Parameters
    ----------
    message
        What is missing and what to do about it.
    fields, index, options
        See the attributes.

    Attributes
    ----------
    fields : tuple[str, ...]
        The missing fields, in the API's spelling.
    index : int
        The first record that lacks them, counted from 0.
    options : dict
        The ``$select`` and ``$expand`` that ask for everything, as `device_options` gives them.
    """

    def __init__(
        self, message: str, fields: tuple[str, ...], index: int, options: dict[str, Any]
    ) -> None:
        super().__init__(message, fields, index, options)
        self.fields = fields
        self.index = index
        self.options = options
