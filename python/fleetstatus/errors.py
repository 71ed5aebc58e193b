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
        The value found there, shortened.
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


class NotDevicesError(FleetStatusError, ValueError):
    """A source that holds no device records: an error answer, a fleet list, a web page.

    It is also raised with ``allow_missing="all"`` and with ``on_error="keep"``, because the devices
    that the caller asked for are not there.

    Parameters
    ----------
    message
        What the source looks like and where; on the next line, what to do.
    looks_like, index
        See the attributes.

    Attributes
    ----------
    looks_like : str
        What the source seems to be, such as ``an error answer of the API: 'Unauthorized'``.
    index : int or None
        The record at fault, counted from 0; None where the source has no records.
    """

    def __init__(self, message: str, looks_like: str, index: int | None) -> None:
        super().__init__(message, looks_like, index)
        self.looks_like = looks_like
        self.index = index


class SnapshotError(FleetStatusError, ValueError):
    """A snapshot that cannot be compared, or a file of a tracker that cannot be used."""


class ApiError(FleetStatusError):
    """A request to the API that failed.

    Parameters
    ----------
    message
        What was asked, what the API answered, and what to do.
    status, body
        See the attributes.

    Attributes
    ----------
    status : int or None
        HTTP status of the answer; None if there was no answer.
    body : str
        Text of the answer, cut to 500 characters, without the token.
    """

    def __init__(self, message: str, status: int | None, body: str) -> None:
        super().__init__(message, status, body)
        self.status = status
        self.body = body
