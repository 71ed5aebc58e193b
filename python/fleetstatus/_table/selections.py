"""Some of the rows of a table, as a table."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, Never, Self

from fleetstatus import _core
from fleetstatus._coerce import duration_ms, scheme_code, to_scheme
from fleetstatus._table.facts import TableFacts
from fleetstatus._table.keys import first_rows, last_rows
from fleetstatus._table.masks import to_flags
from fleetstatus._table.ordering import sort_orders
from fleetstatus._table.where import select
from fleetstatus.enums import Capability, StatusScheme

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fleetstatus._table.column import Column
_THRESHOLDS = {
    name: timedelta(milliseconds=ms) for name, ms in _core.attention_thresholds_ms().items()
}


class Selections(TableFacts):
    """The part of `StatusTable` that gives some of its rows."""

    __slots__ = ()

    def filter(self, mask: Column[bool] | Iterable[bool | None]) -> Self:
        """Rows where a mask is true; null counts as false.

        Parameters
        ----------
        mask : shape (n_rows,)
            A comparison of columns, bools of NumPy, polars or Arrow, a pandas Series whose index is
            0, 1, 2 and so on, or any sequence of bools; one for each row, by position.

        Raises
        ------
        ValueError
            If the mask has another length, or is a Series of other rows.
        TypeError
            If the mask has values other than bools.
        """
        return type(self)(self._core.filter(to_flags(mask)))

    def where(
        self,
        carried: Mapping[str, Any] | None = None,
        /,
        *,
        status: str | Iterable[str] | None = None,
        reason: str | Iterable[str] | None = None,
        update_status: str | Iterable[str] | None = None,
        attention: str | Iterable[str] | None = None,
        fleet: str | Iterable[str] | None = None,
        uuid: str | Iterable[str] | None = None,
        device_name: str | Iterable[str] | None = None,
        detail: str | Iterable[str] | None = None,
        release: str | Iterable[str] | None = None,
        on_target: bool | None = None,
        can: Capability | None = None,
        status_for: timedelta | str | None = None,
        update_status_for: timedelta | str | None = None,
        **others: Never,
    ) -> Self:
        """Select the rows that meet all conditions; null meets none.

        Parameters
        ----------
        carried
            One value or several for carried columns, by name: ``{"tag:site": "north"}``.
        status, reason, update_status, attention
            One label or several, ignoring case.
        fleet
            One or several, exactly: the slug, or the name of the app if only one fleet has it.
        uuid
            One or several, exactly.
        device_name, detail, release
            One text or several; ``*`` matches any letters, and ``?`` one letter.
        on_target
            Whether the device runs its target release.
        can
            Capabilities that must all certainly work.
        status_for, update_status_for
            Minimum duration: a timedelta, or text such as ``"3d"`` or ``"1d12h"``.
        others
            One value or several for any other column, by its name. Type checkers cannot know
            which columns are carried, and take them in the mapping alone.

        Raises
        ------
        TypeError
            If an argument is the name of no column.
        ValueError
            If a label or capability is unknown; if no record of the source has the fleet (not
            checked for tables of `scan`); if `status_for` is given and none of the statuses has a
            known start. The message lists the valid values.

        Examples
        --------
        >>> import fleetstatus as fs
        >>> devices = fs.classify(fs.sample_fleet())
        >>> old = devices.where(status="disconnected", status_for="3d")
        >>> all(device.status_duration >= timedelta(days=3) for device in old)
        True
        """
        values = {
            "status": status,
            "reason": reason,
            "update_status": update_status,
            "attention": attention,
            "fleet": fleet,
            "uuid": uuid,
            "device_name": device_name,
            "detail": detail,
            "release": release,
            "on_target": on_target,
        }
        lasted = {"status": status_for, "update_status": update_status_for}
        named = {} if carried is None else carried
        return type(self)(
            select(self._core, values, carried=named, others=others, can=can, lasted=lasted)
        )

    def head(self, n: int = 5) -> Self:
        """Give the first `n` rows; below 0, all but the last so many.

        Examples
        --------
        >>> import fleetstatus as fs
        >>> devices = fs.classify(fs.sample_fleet())
        >>> devices.attention().head(2)["device_name"].to_list()
        ['brave-cloud', 'wandering-pine']
        """
        return self._slice(first_rows(n))

    def tail(self, n: int = 5) -> Self:
        """Give the last `n` rows; below 0, all but the first so many.

        Examples
        --------
        >>> import fleetstatus as fs
        >>> devices = fs.classify(fs.sample_fleet())
        >>> devices.attention().tail(1)["attention"].to_list()
        ['frozen']
        """
        return self._slice(last_rows(n))

    def _slice(self, chosen: slice) -> Self:
        rows = range(len(self))[chosen]
        return type(self)(self._core.slice(rows.start, len(rows), rows.step))

    def sort(self, by: str | Iterable[str], descending: bool | Sequence[bool] = False) -> Self:
        """Rows in the order of one column or several, the first one first.

        Labels are in their own order, as `Column.labels` lists them; fleets and releases in that of
        their text; NaN is more than all numbers. Nulls come last, also if `descending`; rows that
        are equal stay in their order.

        Parameters
        ----------
        by
            Name of a column, or several.
        descending
            One value for all columns, or one for each.

        Raises
        ------
        KeyError
            If there is no such column; the message lists similar names.
        ValueError
            If `by` is empty, or `descending` has another length than `by`.

        Examples
        --------
        >>> import fleetstatus as fs
        >>> devices = fs.classify(fs.sample_fleet())
        >>> devices.sort(["status", "status_duration_s"], descending=[False, True]).shape
        (300, 27)
        """
        orders = sort_orders(by, descending)
        columns = [(self._named(name)._core, reverse) for name, reverse in orders]
        return type(self)(self._core.take(_core.sorted_rows(columns)))

    def attention(
        self,
        *,
        disconnected: timedelta | str = _THRESHOLDS["disconnected"],
        downloading: timedelta | str = _THRESHOLDS["downloading"],
        downloaded: timedelta | str = _THRESHOLDS["downloaded"],
        applying: timedelta | str = _THRESHOLDS["applying"],
        reduced: timedelta | str = _THRESHOLDS["reduced"],
        never_connected: timedelta | str = _THRESHOLDS["never_connected"],
    ) -> Self:
        """Devices that need a person, worst first.

        They are sorted by class (`Attention`). Within a class, failed and stuck updates and devices
        that never connected come longest first, devices with a link down come newest first; then by
        name.

        Parameters
        ----------
        disconnected, reduced
            How long both links (`disconnected`) or one of them (`reduced`) may be down.
        downloading, downloaded, applying
            How long an update may stay in each status before it counts as stuck.
        never_connected
            How long after it was registered a device may take to connect.
        """
        thresholds = {
            "disconnected": disconnected,
            "downloading": downloading,
            "downloaded": downloaded,
            "applying": applying,
            "reduced": reduced,
            "never_connected": never_connected,
        }
        in_ms = {f"{name}_ms": duration_ms(one, name=name) for name, one in thresholds.items()}
        return type(self)(self._core.attention(**in_ms))

    def duplicates(self) -> Self:
        """Rows whose uuid occurs more than once."""
        return type(self)(self._core.duplicates())

    def disagreements(
        self, scheme: StatusScheme | Literal["api-v7", "api-v6"] | None = None
    ) -> Self:
        """Rows whose ``api_overall_status`` is not what the rules of that API give.

        Parameters
        ----------
        scheme
            The scheme to compare with, which is also that of the result. None: ``api-v6`` if the
            API's answer for any row is idle or offline, else ``api-v7``.
        """
        chosen = None if scheme is None else to_scheme(scheme)
        if chosen not in {None, StatusScheme.API_V7, StatusScheme.API_V6}:
            message = f"the API answers in api-v7 or api-v6, not in {chosen}"
            raise ValueError(message)
        code = None if chosen is None else scheme_code(chosen)
        return type(self)(self._core.disagreements(code))
