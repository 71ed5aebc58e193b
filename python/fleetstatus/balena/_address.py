"""Where the API is, and how to get there: certificates, proxies."""

from __future__ import annotations

import ipaddress
import os
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3

from fleetstatus._words.text import visible
from fleetstatus.balena._whole_answer import Connection, SecureConnection

if TYPE_CHECKING:
    from urllib.parse import SplitResult

_VARIABLE = "BALENA_API_URL"
_BALENA_CLOUD = "balena-cloud.com"
_FORM = "write it like https://api.balena-cloud.com"


@dataclass(frozen=True)
class Address:
    """Where the API is.

    Attributes
    ----------
    scheme
        ``https``, or ``http`` on this machine.
    netloc
        Host and, if it is named, port.
    host
        The host alone.
    path
        What comes before the path of a query.
    """

    scheme: str
    netloc: str
    host: str
    path: str

    @property
    def is_balena_cloud(self) -> bool:
        """Whether it is balenaCloud's."""
        return self.host == _BALENA_CLOUD or self.host.endswith(f".{_BALENA_CLOUD}")

    @property
    def is_loopback(self) -> bool:
        """Whether it is on this machine."""
        return _is_loopback(self.host)


def to_address(api: str | None) -> Address:
    """Read the address of an API.

    Parameters
    ----------
    api
        The address; None for that of the environment, else balenaCloud's.

    Raises
    ------
    ValueError, TypeError
        If it is none, or would send a token in plain text.
    """
    name = "api"
    if api is None:
        name, api = _VARIABLE, os.environ.get(_VARIABLE, "").strip()
        api = api or f"https://api.{_BALENA_CLOUD}"
    if not isinstance(api, str):
        message = f"api is a {type(api).__name__}, expected text\n{_FORM}"
        raise TypeError(message)
    parts = _split(api, name)
    host = parts.hostname or ""
    if parts.scheme != "https" and not _is_loopback(host):
        message = (
            f"{name}: http would send the token in plain text; the address begins with https"
            f"\n{_FORM}"
        )
        raise ValueError(message)
    return Address(parts.scheme, parts.netloc, host, parts.path.rstrip("/"))


def _split(api: str, name: str) -> SplitResult:
    if not (api.isascii() and api.isprintable()) or " " in api:
        message = f"{name} is no address: it holds a character that none has\n{_FORM}"
        raise ValueError(message)
    try:
        parts = urlsplit(api)
        is_address = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        is_address = None
    if not is_address:
        message = f"{name} is no address of an API\n{_FORM}"
        raise ValueError(message)
    if parts.username is not None or parts.query or parts.fragment:
        message = f"{name} holds more than an address: a name, a password or a query\n{_FORM}"
        raise ValueError(message)
    return parts


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def open_pool(address: Address, ca: str | os.PathLike[str] | None) -> urllib3.HTTPConnectionPool:
    """Make the connections to an API, through the proxy of the environment if there is one.

    Raises
    ------
    OSError, ValueError
        If the file of certificates cannot be read or holds none, or the proxy cannot be used.
    """
    certificates = _certificates(ca) if ca or address.scheme == "https" else None
    manager = _manager(address, certificates)
    pool = manager.connection_from_host(address.host, _port(address), address.scheme)
    pool.ConnectionCls = SecureConnection if address.scheme == "https" else Connection
    return pool


def _port(address: Address) -> int | None:
    return urlsplit(f"//{address.netloc}").port


def _certificates(ca: str | os.PathLike[str] | None) -> ssl.SSLContext:
    """Certificates to trust: those of a file alone, else those of this machine."""
    if ca is None:
        return ssl.create_default_context()
    path = Path(ca)
    path.read_bytes()  # whose errors name the file
    try:
        return ssl.create_default_context(cafile=path)
    except ssl.SSLError as error:
        message = f"ca: {visible(path)} holds no certificates in PEM form"
        raise ValueError(message) from error


def _manager(address: Address, certificates: ssl.SSLContext | None) -> urllib3.PoolManager:
    proxy = _proxy_for(address)
    if proxy is None:
        return urllib3.PoolManager(ssl_context=certificates)
    try:
        parts = urlsplit(proxy)
        is_usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        is_usable = None
    if not is_usable:
        message = (
            "the proxy that the environment names cannot be used\nwrite https_proxy like "
            "http://proxy.example:3128, or name the API's host in no_proxy"
        )
        raise ValueError(message)
    headers = None
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers = urllib3.make_headers(proxy_basic_auth=pair)
    url = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    return urllib3.ProxyManager(url, proxy_headers=headers, ssl_context=certificates)


def _proxy_for(address: Address) -> str | None:
    if address.is_loopback or proxy_bypass(address.host):
        return None
    proxies = getproxies()
    proxy = proxies.get(address.scheme) or proxies.get("all")
    if not proxy:
        return None
    return proxy if "://" in proxy else f"http://{proxy}"
