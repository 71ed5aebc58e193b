"""One request at a time: tried again where that helps, its answer limited in size and time."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from time import sleep
from typing import TYPE_CHECKING, NoReturn, TypeVar

import urllib3
from urllib3.exceptions import HTTPError, InvalidHeader, MaxRetryError

from fleetstatus._package import __version__
from fleetstatus.balena import _problems as problems
from fleetstatus.errors import ApiError

if TYPE_CHECKING:
    from fleetstatus.balena._address import Address
    from fleetstatus.balena._token import Token

_Error = TypeVar("_Error", bound=BaseException)

_MOST_TRIES = 5
_LONGEST_WAIT = 300  # seconds that Retry-After may ask for
_LARGEST_PAGE = 256 << 20
_LARGEST_PROBLEM = 64 << 10  # as much is read of an answer that is an error
_PIECE = 1 << 20
_LONGEST_BODY = 500
_TOO_LARGE = f"the answer is over {_LARGEST_PAGE >> 20} MiB\nask for fewer devices: page_size="
_RETRIED = frozenset({429, 500, 502, 503, 504})
_RETRIES = urllib3.Retry(
    _MOST_TRIES - 1, backoff_factor=0.5, backoff_jitter=0.5, status_forcelist=_RETRIED
)


@dataclass(frozen=True)
class Answer:
    """What the API answered, unpacked."""

    response: urllib3.BaseHTTPResponse = field(repr=False)
    body: bytes = field(repr=False)  # which may hold the token, as all that a server says

    @property
    def status(self) -> int:
        """Status of HTTP."""
        return self.response.status

    @property
    def date(self) -> str | None:
        """When the server made it, by its own clock."""
        return self.response.headers.get("Date")


class Client:
    """Asks one API.

    Parameters
    ----------
    address, pool
        Where it is, and the connections to it.
    token
        What the API knows the caller by.
    timeout
        Seconds that connecting may take, and then the whole answer.
    """

    def __init__(
        self, address: Address, pool: urllib3.HTTPConnectionPool, token: Token, timeout: float
    ) -> None:
        self._address = address
        self._pool = pool
        self._token = token
        self._timeout = urllib3.Timeout(connect=timeout, read=timeout)
        self._seconds = timeout

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()

    def get(self, path: str, *, what: str) -> Answer:
        """Ask for something.

        Parameters
        ----------
        path
            Path and query.
        what
            What to call it.

        Raises
        ------
        ApiError
            If the API cannot be reached, or does not give it.
        """
        retries = _RETRIES
        while True:
            outcome = self._try(path)
            if isinstance(outcome, Answer) and outcome.status not in _RETRIED:
                break
            following = _following(retries, outcome)
            if following is None:
                break
            sleep(self._wait(following, outcome, what))
            retries = following
        if isinstance(outcome, Answer) and outcome.status == 200:
            if len(outcome.body) > _LARGEST_PAGE:
                self.fail(_TOO_LARGE, outcome, what)
            return outcome
        n_tries = len(retries.history) + 1
        if isinstance(outcome, Answer):
            words = problems.of_answer(outcome.response, _text(outcome), self._token.source)
        else:
            words = problems.of_error(outcome, self._seconds)
        return self.fail(problems.with_tries(words, n_tries), outcome, what)

    def fail(self, words: str, outcome: Answer | HTTPError, what: str) -> NoReturn:
        """Raise the error for what came of a request, without the token.

        Parameters
        ----------
        words
            What is wrong and, on the next line, what to do.
        """
        status, body = None, ""
        if isinstance(outcome, Answer):
            status, body = outcome.status, self._token.blank(_text(outcome))[:_LONGEST_BODY]
        message = self._token.blank(f"{self._address.netloc}, {what}: {words}")
        raise ApiError(message, status, body)

    def _try(self, path: str) -> Answer | HTTPError:
        """Ask once; errors are given, not raised, so that none holds a frame with the token."""
        try:
            response = self._pool.urlopen(
                "GET",
                f"{self._address.path}{path}",
                headers=self._headers(),
                timeout=self._timeout,
                retries=False,
                redirect=False,
                preload_content=False,
            )
            return Answer(response, _read(response))
        except HTTPError as error:
            failure = without_frames(error)
        except BaseException as error:  # noqa: BLE001 -- passed on, without its frames
            raise without_frames(error) from None
        return failure

    def _headers(self) -> dict[str, str]:
        return {
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "Authorization": self._token.header(),
            "User-Agent": f"fleetstatus/{__version__}",
        }

    def _wait(self, retries: urllib3.Retry, outcome: Answer | HTTPError, what: str) -> float:
        """Seconds until the next try."""
        asked = None
        if isinstance(outcome, Answer):
            with suppress(InvalidHeader, ValueError, OverflowError):
                asked = retries.get_retry_after(outcome.response)
        if asked is None:
            return retries.get_backoff_time()
        if asked > _LONGEST_WAIT and isinstance(outcome, Answer):
            self.fail(problems.of_long_wait(outcome.response, asked), outcome, what)
        return asked


def _following(retries: urllib3.Retry, outcome: Answer | HTTPError) -> urllib3.Retry | None:
    """Retries that are left after an outcome; None if there are none."""
    try:
        if isinstance(outcome, Answer):
            return retries.increment("GET", response=outcome.response)
        if problems.certificate_problem(outcome):
            return None
        return retries.increment("GET", error=outcome)
    except MaxRetryError:
        return None


def without_frames(error: _Error) -> _Error:
    """Take from an error the frames, whose variables hold the token."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


def _read(response: urllib3.BaseHTTPResponse) -> bytes:
    """Read an answer, and no more of it than is needed to refuse it."""
    most = _LARGEST_PAGE if response.status == 200 else _LARGEST_PROBLEM
    length = response.length_remaining
    if length is not None and length <= most and "Content-Encoding" not in response.headers:
        body = response.read()
    else:
        body = _read_in_pieces(response, most)
    if len(body) > most:
        response.close()
    response.release_conn()
    return body


def _read_in_pieces(response: urllib3.BaseHTTPResponse, most: int) -> bytes:
    pieces, size = [], 0
    while size <= most and (piece := response.read(_PIECE)):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


def _text(answer: Answer) -> str:
    return answer.body[:_LARGEST_PROBLEM].decode("utf-8", "replace")
