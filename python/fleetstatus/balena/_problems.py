"""What went wrong with a request, in words: what and, on the next line, what to do."""

from __future__ import annotations

import ssl
from datetime import timedelta
from http.client import responses
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from urllib3 import exceptions

from fleetstatus._words.text import in_words, quoted, visible

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

_LONGEST_REASON = 200
_REACH = "check the network, the proxy of the environment and api="
_LATER = "try again later"
_ACCESS = "check that it is valid, and that its user may see the fleet"
_STATUSES = {
    401: f": the API does not accept the token {{source}}\n{_ACCESS}",
    403: f": the token {{source}} may not ask for this\n{_ACCESS}",
    404: ": no devices are served there\ncheck api=",
} | dict.fromkeys((429, 500, 502, 503, 504), f"\n{_LATER}")
# Which words go with which error: the first that fits.
_ERRORS: tuple[tuple[type[exceptions.HTTPError], str, str], ...] = (
    (exceptions.NameResolutionError, "no host of this name is known", _REACH),
    (exceptions.NewConnectionError, "no connection could be made", _REACH),
    (exceptions.ConnectTimeoutError, "connecting took longer than {seconds:g} s", _REACH),
    (exceptions.ReadTimeoutError, "no whole answer came in {seconds:g} s", "raise timeout="),
    (exceptions.ProxyError, "the proxy of the environment gave no connection", _REACH),
    (exceptions.ProtocolError, "the connection was cut", _LATER),
    (exceptions.DecodeError, "the answer cannot be unpacked", _LATER),
)


def certificate_problem(error: exceptions.HTTPError) -> str | None:
    """Say why a certificate is not trusted, if that is the error."""
    for found in (error, *error.args):
        if isinstance(found, ssl.SSLCertVerificationError):
            return found.verify_message or "it is not valid"
        if isinstance(found, exceptions.SSLError) and found is not error:
            return certificate_problem(found)
    return None


def of_error(error: exceptions.HTTPError, seconds: float) -> str:
    """Say why there was no answer.

    Parameters
    ----------
    seconds
        The time limit.
    """
    if isinstance(error, exceptions.ProxyError) and certificate_problem(error.original_error):  # type: ignore[arg-type]
        error = error.original_error  # type: ignore[assignment]
    if why := certificate_problem(error):
        return (
            f"the server's certificate is not trusted: {visible(why)}\nif it is your own server, "
            "pass ca= with a file of its certificates"
        )
    for kind, words, advice in _ERRORS:
        if isinstance(error, kind):
            return f"{words.format(seconds=seconds)}\n{advice}"
    return f"no connection: {visible(str(error))[:_LONGEST_REASON]}\n{_REACH}"


def of_answer(response: BaseHTTPResponse, body: str, source: str) -> str:
    """Say what an answer that is no page means.

    Parameters
    ----------
    body
        Its text.
    source
        Where the token is from, such as ``from BALENA_TOKEN``.
    """
    status = response.status
    said = f"{status} {responses.get(status, '')}".rstrip()
    if 300 <= status < 400:
        return _of_redirect(response, said)
    if status == 400:
        return f"{said}: {_of_refusal(body)}"
    if status in _STATUSES:
        return f"{said}{_STATUSES[status].format(source=source)}"
    return f"{said}: no page of devices\n{_REACH}"


def _of_refusal(body: str) -> str:
    if "is_active" in body:
        return "this API has no is_active, as openBalena's\npass cloud=False"
    reason = " ".join(body.split())
    return f"the API refuses the query: {quoted(reason)}\ncheck the names in carry="


def _of_redirect(response: BaseHTTPResponse, said: str) -> str:
    host = _host_of(response.headers.get("Location", ""))
    to_host = f" to {visible(host)}" if host else ""
    return (
        f"{said}: a redirect{to_host} is not followed, since the token would go with it\n"
        "if that is the API, pass its address as api="
    )


def _host_of(location: str) -> str | None:
    try:
        return urlsplit(location).hostname
    except ValueError:
        return None


def of_long_wait(response: BaseHTTPResponse, seconds: float) -> str:
    """Say that the API wants to be asked much later."""
    wait = in_words(timedelta(seconds=seconds))
    return f"{response.status}: the API asks to wait {wait}, more than the 5 minutes\n{_LATER}"


def with_tries(words: str, n_tries: int) -> str:
    """Say how often it was tried, if more than once."""
    if n_tries == 1:
        return words
    what, newline, advice = words.partition("\n")
    return f"{what}, in {n_tries} tries{newline}{advice}"
