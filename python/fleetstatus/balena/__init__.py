"""Get the devices of a fleet from the API: ``pip install "fleetstatus[live]"``.

All of them, or an error: nothing that looks like a fleet and is half of one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

try:
    import urllib3  # noqa: F401
except ImportError as _error:
    _MESSAGE = 'fleetstatus.balena needs urllib3: pip install "fleetstatus[live]"'
    raise ImportError(_MESSAGE, name="urllib3") from _error

from fleetstatus.balena._paging import Paging
from fleetstatus.balena._token import Token

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator

    from fleetstatus._carry import Carry

__all__ = ["fetch", "pages"]


def fetch(
    fleet: str | None = None,
    *,
    token: str | None = None,
    api: str | None = None,
    ca: str | os.PathLike[str] | None = None,
    cloud: bool | None = None,
    carry: Carry = (),
    page_size: int = 500,
    timeout: float = 30,
    on_page: Callable[[int, int], object] | None = None,
) -> list[bytes]:
    """Get all devices of a fleet, for `classify`.

    Parameters
    ----------
    fleet
        Slug of the fleet, such as ``acme/cold-chain``; None for all devices that the token may
        see.
    token
        Access token or API key; None: the environment variable ``BALENA_TOKEN``, else
        ``BALENA_API_TOKEN``, else ``BALENA_API_KEY``. It is in no message, repr or log.
    api
        Address of the API; None: ``BALENA_API_URL``, else balenaCloud's. It must begin with https,
        unless the API is on this machine.
    ca
        File of certificates to trust, for a server with certificates of its own; None: those of
        this machine.
    cloud
        Whether the API is balenaCloud's; openBalena has no ``is_active``. None: decided by the name
        of the host.
    carry
        Further fields to ask for, as `classify` takes them.
    page_size
        Number of devices of a page.
    timeout
        Time limit in seconds for connecting, and then for the whole answer, of each try.
    on_page
        Called after each page with the numbers of pages and devices so far.

    Returns
    -------
    list[bytes]
        Pages of JSON. Each has ``fetched_at``: when the API answered, by its own clock (or by the
        clock of this machine, if the API gives no time, or one before events of its devices).
        Devices are in the order of their ids.

    Raises
    ------
    ApiError
        If it could not get all devices. If the API is busy (429, 500, 502 to 504), the connection
        is cut or the time limit is over, a page is requested up to 5 times, and not before the time
        in ``Retry-After``. If that is more than 5 minutes away, or for any other status, the error
        is raised at once.
    ValueError, TypeError, OSError
        If an argument, or the environment variable in its place, cannot be used.

    Warns
    -----
    UserWarning
        If the clocks of the API and this machine differ by more than 5 minutes.

    Notes
    -----
    n devices take ``ceil(n / page_size)`` requests. If the first page has fewer than `page_size`
    devices, but a round number (such as 100, 250 or 256), one more request checks whether there are
    more. Redirects are not followed. The proxy of the environment (``https_proxy``, ``no_proxy``)
    is used.

    Examples
    --------
    >>> import fleetstatus as fs
    >>> devices = fs.classify(fs.balena.fetch("acme/cold-chain"))  # doctest: +SKIP
    """
    secret = Token(token)
    token = None  # so that no traceback shows it
    paging = Paging(
        fleet,
        token=secret,
        api=api,
        ca=ca,
        cloud=cloud,
        carry=carry,
        page_size=page_size,
        timeout=timeout,
        on_page=on_page,
    )
    return list(paging.pages())


def pages(
    fleet: str | None = None,
    *,
    token: str | None = None,
    api: str | None = None,
    ca: str | os.PathLike[str] | None = None,
    cloud: bool | None = None,
    carry: Carry = (),
    page_size: int = 500,
    timeout: float = 30,
    on_page: Callable[[int, int], object] | None = None,
) -> Iterator[bytes]:
    """Get the devices of a fleet page by page, for `scan`.

    Parameters
    ----------
    fleet, token, api, ca, cloud, carry, page_size, timeout, on_page
        As for `fetch`.

    Yields
    ------
    bytes
        A page. It is requested when the page before it has been used.

    Raises
    ------
    ApiError
        As for `fetch`, but perhaps after some pages. Arguments are checked at once.

    Examples
    --------
    >>> import fleetstatus as fs
    >>> for devices in fs.scan(fs.balena.pages()):  # doctest: +SKIP
    ...     print(devices.summary())
    """
    secret = Token(token)
    token = None  # so that no traceback shows it
    paging = Paging(
        fleet,
        token=secret,
        api=api,
        ca=ca,
        cloud=cloud,
        carry=carry,
        page_size=page_size,
        timeout=timeout,
        on_page=on_page,
    )
    return paging.pages()
