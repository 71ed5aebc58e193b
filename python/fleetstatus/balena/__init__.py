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
        What the API knows you by; None for that of the environment: ``BALENA_TOKEN``, else
        ``BALENA_API_TOKEN``, else ``BALENA_API_KEY``. It stands in no message, repr or log.
    api
        Address of the API; None for ``BALENA_API_URL``, else balenaCloud's. It begins with https,
        unless it is on this machine.
    ca
        File of the certificates to trust, for a server with its own; None for those of this
        machine.
    cloud
        Whether the API is balenaCloud's; openBalena lacks ``is_active``. None: by its host.
    carry
        Further fields to ask for, as `classify` takes them.
    page_size
        Devices of one page.
    timeout
        Seconds that connecting may take, and then the whole answer, at each try.
    on_page
        Called with the numbers of pages and of devices so far, after each page.

    Returns
    -------
    list[bytes]
        Pages of JSON, each with ``fetched_at``, when the API answered by its own clock; by this
        machine's, if it does not say, or names a time before events of its own devices. Devices
        come in the order of their ids.

    Raises
    ------
    ApiError
        If not all devices came. A page is asked for up to 5 times where the API is busy (429, 500,
        502 to 504), the connection is cut or the time is over, as late as ``Retry-After`` says; if
        that is more than 5 minutes, or with any other status, the error comes at once.
    ValueError, TypeError, OSError
        If an argument, or a variable of the environment in its place, cannot be used.

    Warns
    -----
    UserWarning
        If the clocks of the API and of this machine differ by more than 5 minutes.

    Notes
    -----
    n devices take ``ceil(n / page_size)`` requests. Where fewer than `page_size` come in the first
    page, but a round number (such as 100, 250 or 256), one more shows whether that is all that the
    server gives at once. Redirects are not followed. The proxy of the environment (``https_proxy``, ``no_proxy``) is used.

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
        A page. One is asked for when the one before it has been used.

    Raises
    ------
    ApiError
        As for `fetch`; some pages may have been given before it. Arguments are checked at once.

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
