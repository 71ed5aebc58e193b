"""One page of devices: what it must be, and the moment that is put into it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from fleetstatus._classify import classify
from fleetstatus.errors import NotDevicesError

if TYPE_CHECKING:
    from fleetstatus._table.table import StatusTable

_BEGIN = re.compile(rb'\s*\{(?=\s*"d"\s*:\s*\[)')
_END = re.compile(rb"\]\s*\}\s*\Z")
_LONGEST_END = 64
_MOST_TRIES = 1000  # braces of one device that are tried as its begin
_GZIP = b"\x1f\x8b"


class Page(NamedTuple):
    """Devices in the order of their ids.

    Attributes
    ----------
    text
        ``{"d": [...]}``.
    ids
        The id of each.
    last_uuid
        The uuid of the last that came.
    newest_event
        The latest time in any of them.
    """

    text: bytes
    ids: list[int]
    last_uuid: str | None
    newest_event: datetime | None

    def without_last(self) -> Page:
        """Leave the last device out; it stays where its text is too long to find its begin."""
        begin = _begin_of_last(self.text, (self.ids[-1], self.last_uuid))
        if begin is None:
            return self
        text, view = self.text, memoryview(self.text)
        kept = b"".join([view[: text.rindex(b",", 0, begin)], view[text.rindex(b"]") :]])
        return self._replace(text=kept, ids=self.ids[:-1])

    def written(self, moment: datetime) -> bytes:
        """Write when the devices were fetched, and the devices."""
        time = moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        begin = self.text.index(b"{") + 1
        return b"".join([b'{"fetched_at":"%b",' % time.encode(), memoryview(self.text)[begin:]])


def read_page(body: bytes, after: int | None) -> Page:
    """Check a page.

    Parameters
    ----------
    body
        What the API answered.
    after
        Id of the last device before it.

    Raises
    ------
    ValueError
        If it is no page, or its devices do not follow in the order of their ids.
    """
    text = _usual_form(body)
    try:
        table = _rows_of(text)
    except ValueError as error:
        message = f"no page of devices: {_looks_like(error)}"
        raise ValueError(message) from None
    ids = table["id"].to_list()
    if None in ids:
        why = table["error"][ids.index(None)]
        message = f"no page of devices with ids{f': {why}' if why else ''}"
        raise ValueError(message)
    if ids != sorted(set(ids)) or (ids and after is not None and ids[0] <= after):
        message = "devices come again, or not in the order of their ids"
        raise ValueError(message)
    return Page(text, ids, table["uuid"][-1] if ids else None, table.newest_event)


def _usual_form(body: bytes) -> bytes:
    """Write a page as ``{"d": [...]}`` if it is not."""
    begin = _BEGIN.match(body)
    end = _END.search(body, max(0, len(body) - _LONGEST_END))
    if begin and end:
        return body
    return json.dumps({"d": _items_of(body, "page of devices")}).encode()


def has_items(body: bytes) -> bool:
    """Whether an answer lists something, be it devices or not.

    Raises
    ------
    ValueError
        If it is no list.
    """
    return bool(_items_of(body, "list"))


def _items_of(body: bytes, what: str) -> list[Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    items = answer.get("d") if isinstance(answer, dict) else None
    if not isinstance(items, list):
        raise ValueError(f"no {what}: {_instead_of_page(body)}")  # noqa: EM102, TRY004
    return items


def _rows_of(text: bytes) -> StatusTable:
    return classify(
        text, allow_missing="all", on_error="keep", threads=1, assume_utc=True, missing="parts"
    )


def _instead_of_page(body: bytes) -> str:
    """Say what an answer is that holds no list of devices."""
    if body.startswith(_GZIP):  # which may be of any size once unpacked
        return "gzip"
    try:
        _rows_of(body)
    except ValueError as error:
        return _looks_like(error)
    return "JSON without d, the list of devices" if body.strip() else "nothing"


def _looks_like(error: ValueError) -> str:
    if isinstance(error, NotDevicesError):
        return error.looks_like
    return str(error).partition("\n")[0].removeprefix("the source: ")


def _begin_of_last(text: bytes, last: tuple[int, str | None]) -> int | None:
    """Find where the last device begins: id and uuid tell whether it is one of the list.

    It is the last brace from which all up to the end of the list is one object.
    """
    end = text.rindex(b"]")
    begin = text.rfind(b"{", 0, end)
    for _ in range(_MOST_TRIES):
        try:
            record = json.loads(text[begin:end])
        except (ValueError, RecursionError):
            record = None
        if isinstance(record, dict) and (record.get("id"), record.get("uuid")) == last:
            return begin
        begin = text.rfind(b"{", 0, begin)
    return None


def to_moment(date: str | None) -> datetime | None:
    """Read the header ``Date``; None if it is missing or is no time."""
    if date is None:
        return None
    try:
        moment = parsedate_to_datetime(date)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
