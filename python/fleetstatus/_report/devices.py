"""What a report asks of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from fleetstatus import _core
    from fleetstatus._catalog import NowSource
    from fleetstatus.enums import StatusScheme


class Devices(Protocol):
    """The part of `StatusTable` that reports are made of; there it is described.

    A table writes the report on itself, so a report must not depend on tables.
    """

    @property
    def _core(self) -> _core.StatusTable: ...
    @property
    def scheme(self) -> StatusScheme: ...
    @property
    def now(self) -> datetime: ...
    @property
    def now_source(self) -> NowSource: ...
    @property
    def newest_event(self) -> datetime | None: ...
    @property
    def fields_missing(self) -> dict[str, str]: ...
    def __len__(self) -> int: ...
    def __getitem__(self, key: Any, /) -> Any: ...
    @property
    def filter(self) -> Callable[..., Any]: ...
    @property
    def attention(self) -> Callable[..., Any]: ...
    @property
    def duplicates(self) -> Callable[..., Any]: ...
    @property
    def disagreements(self) -> Callable[..., Any]: ...
    @property
    def summary(self) -> Callable[..., Any]: ...
