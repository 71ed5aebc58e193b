"""All devices, page by page: each page begins behind the last id of the page before it."""

from __future__ import annotations

import math
import warnings
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

from fleetstatus._coerce import check_flag, to_count
from fleetstatus._words.text import in_words, quoted
from fleetstatus.balena._address import open_pool, to_address
from fleetstatus.balena._client import Answer, Client, without_frames
from fleetstatus.balena._page import Page, has_items, read_page, to_moment
from fleetstatus.errors import ApiError
from fleetstatus.query import device_query

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator

    from fleetstatus._carry import Carry
    from fleetstatus.balena._token import Token

_Read = TypeVar("_Read")
_SOME_ID = "9007199254740993"  # stands for an id in a query, since making one anew takes time
_MOST_SKEW = timedelta(minutes=5)


class Paging:
    """What to ask for, and whom; the parameters are those of `fetch`."""

    def __init__(
        self,
        fleet: str | None,
        *,
        token: Token,
        api: str | None,
        ca: str | os.PathLike[str] | None,
        cloud: bool | None,
        carry: Carry,
        page_size: int,
        timeout: float,
        on_page: Callable[[int, int], object] | None,
    ) -> None:
        address = to_address(api)
        if cloud is not None:
            check_flag(cloud, name="cloud")
        self._fleet = fleet
        self._size = to_count(page_size, name="page_size")
        self._on_page = on_page
        is_cloud = address.is_balena_cloud if cloud is None else cloud
        query = partial(device_query, fleet, cloud=is_cloud, carry=carry, top=self._size + 1)
        self._first_query, self._next_query = query(), query(after=int(_SOME_ID))
        seconds = _to_seconds(timeout)
        token.check()
        self._client = Client(address, open_pool(address, ca), token, seconds)
        self._is_skew_told = False

    def pages(self) -> Iterator[bytes]:
        """Give page after page; what is not a page is an ApiError."""
        with closing(self._client):
            try:
                yield from self._pages()
            except ApiError as error:  # whose frames hold what the server said
                raise without_frames(error) from None

    def _pages(self) -> Iterator[bytes]:
        """Give page after page, each asked for behind the last device of the one before.

        One device more than a page has is asked for. If all of them come there is another page,
        which begins with that one; if fewer come that was the last page. Only of a first page that
        is short nobody knows whether it ends the fleet or is all that the server ever gives at
        once: if its number of devices is round, one more page is asked for.
        """
        after: int | None = None
        n_pages = n_devices = most = 0
        while True:
            page, moment = self._ask(after, n_pages + 1)
            n_came = len(page.ids)
            if n_came == 0 and n_pages:
                return
            if n_came == 0:
                self._check_fleet()
            if n_came == self._size + 1:
                page = page.without_last()
            n_pages += 1
            n_devices += len(page.ids)
            if self._on_page is not None:
                self._on_page(n_pages, n_devices)
            yield page.written(moment)
            if self._is_last(n_came, most):
                return
            most = max(most, n_came)
            after = page.ids[-1]

    def _is_last(self, n_came: int, most: int) -> bool:
        """Whether no page follows one of so many devices; `most` came in one before, if any did."""
        if n_came == 0:
            return True
        if most > 0:
            return n_came < most
        return n_came <= self._size and not _is_round(n_came)

    def _query(self, after: int | None) -> str:
        return (
            self._first_query if after is None else self._next_query.replace(_SOME_ID, f"{after}")
        )

    def _ask(self, after: int | None, number: int) -> tuple[Page, datetime]:
        what = f"page {number:,}"
        answer = self._client.get(self._query(after), what=what)
        clock = datetime.now(UTC)
        page = self._read(answer, partial(read_page, after=after), what)
        return page, self._moment_of(page, to_moment(answer.date), clock)

    def _moment_of(self, page: Page, date: datetime | None, clock: datetime) -> datetime:
        """Decide when a page was fetched: by the API's clock, unless that is surely wrong."""
        if date is None:
            return clock
        newest = page.newest_event
        is_wrong = newest is not None and newest - date > _MOST_SKEW and newest - clock < _MOST_SKEW
        if abs(date - clock) > _MOST_SKEW and not self._is_skew_told:
            self._is_skew_told = True
            warnings.warn(_skew_in_words(date - clock, is_wrong=is_wrong), stacklevel=2)
        return clock if is_wrong else date

    def _read(self, answer: Answer, read: Callable[[bytes], _Read], what: str) -> _Read:
        try:
            return read(answer.body)
        except ValueError as error:
            words = str(error).partition("\n")[0]
        advice = "check api= and the proxy of the environment; what came is the body of this error"
        return self._client.fail(f"{words}\n{advice}", answer, what)

    def _check_fleet(self) -> None:
        """Find out whether a fleet that has no devices is there."""
        if self._fleet is None:
            return
        slug = quote(self._fleet.replace("'", "''"), safe="/")
        path = f"/v7/application?$select=id&$filter=slug%20eq%20%27{slug}%27"
        what = f"fleet {quoted(self._fleet)}"
        answer = self._client.get(path, what=what)
        if not self._read(answer, has_items, what):
            words = "there is none that the token may see\ncheck its name; slugs are in lower case"
            self._client.fail(words, answer, what)


def _skew_in_words(skew: timedelta, *, is_wrong: bool) -> str:
    side = "ahead of" if skew > timedelta(0) else "behind"
    clocks = f"the API's clock is {in_words(abs(skew))} {side} this machine's"
    if is_wrong:
        return f"{clocks} and before events of its devices, so durations go by this machine's"
    return f"{clocks}, so one of them is wrong; durations go by the API's"


def _is_round(n_devices: int) -> bool:
    """Whether somebody might have chosen the number as a limit."""
    is_power_of_two = n_devices >= 16 and n_devices.bit_count() == 1
    return n_devices % 10 == 0 or n_devices % 25 == 0 or is_power_of_two


def _to_seconds(timeout: object) -> float:
    if isinstance(timeout, bool) or not isinstance(timeout, int | float):
        message = f"timeout is a {type(timeout).__name__}, expected seconds"
        raise TypeError(message)
    if not 0 < timeout < math.inf:
        message = f"timeout is {timeout}, expected more than 0 seconds"
        raise ValueError(message)
    return timeout
