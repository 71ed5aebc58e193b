"""The token goes to the API alone, over connections that nobody else reads, and shows nowhere."""

from __future__ import annotations

import base64
import logging
import pickle
import socket
import socketserver
import threading
import traceback
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import trustme

import fleetstatus as fs
from api_server import SLUG, TOKEN, ApiServer, Handler, devices_of, page, running, status
from fleetstatus import balena
from fleetstatus.balena import _client
from fleetstatus.balena._address import to_address
from fleetstatus.balena._token import Token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HOST = "api.acme.example"
VARIABLES = ("BALENA_TOKEN", "BALENA_API_TOKEN", "BALENA_API_KEY")
TIMEOUT = 60


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "http_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name in (*VARIABLES, "BALENA_API_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(_client, "sleep", lambda _: None)


@pytest.fixture
def server() -> Iterator[ApiServer]:
    with running(ApiServer(devices_of(3))) as server:
        yield server


def tokens_of(server: ApiServer) -> set[str | None]:
    return {headers.get("Authorization") for headers in server.headers}


# Which token


@pytest.mark.parametrize(
    ("values", "sent"),
    [
        (("one", "two", "three"), "one"),
        ((None, "two", "three"), "two"),
        ((None, None, "three"), "three"),
        (("", " ", "three"), "three"),
        ((" one\n", None, None), "one"),
    ],
)
def test_the_token_is_that_of_the_environment(
    server: ApiServer,
    monkeypatch: pytest.MonkeyPatch,
    values: tuple[str | None, ...],
    sent: str,
) -> None:
    for name, value in zip(VARIABLES, values, strict=True):
        if value is not None:
            monkeypatch.setenv(name, value)
    balena.fetch(SLUG, api=server.url)
    assert tokens_of(server) == {f"Bearer {sent}"}


def test_a_token_that_is_passed_counts_more(
    server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BALENA_TOKEN", "one")
    balena.fetch(SLUG, token=f"{TOKEN}\n", api=server.url)
    assert tokens_of(server) == {f"Bearer {TOKEN}"}


def test_without_a_token_nothing_is_asked(server: ApiServer) -> None:
    with pytest.raises(fs.ApiError, match="no token for the API\nset BALENA_TOKEN, or pass token="):
        balena.fetch(SLUG, api=server.url)
    assert server.paths == []


@pytest.mark.parametrize(
    ("token", "kind"),
    [
        (TOKEN.encode(), TypeError),
        (5, TypeError),
        ("", ValueError),
        ("  ", ValueError),
        (f"{TOKEN}\r\nX-Other: {TOKEN}", ValueError),
        (f"{TOKEN} {TOKEN}", ValueError),
        (f"{TOKEN}\u00fc", ValueError),
        (f"{TOKEN}\x00", ValueError),
    ],
    ids=repr,
)
def test_what_is_no_token_is_an_error_that_does_not_show_it(
    server: ApiServer, token: Any, kind: type[Exception]
) -> None:
    for get in (balena.fetch, balena.pages):
        with pytest.raises(kind) as caught:
            get(SLUG, token=token, api=server.url)
        assert_hidden(caught.value)
    assert server.paths == []


@pytest.mark.parametrize("variable", [None, *VARIABLES])
def test_a_token_that_is_not_accepted_is_named_by_where_it_is_from(
    server: ApiServer, monkeypatch: pytest.MonkeyPatch, variable: str | None
) -> None:
    server.always = status(401, b"Unauthorized")
    if variable is not None:
        monkeypatch.setenv(variable, TOKEN)
    where = "passed as token=" if variable is None else f"from {variable}"
    words = f"401 Unauthorized: the API does not accept the token {where}\n"
    with pytest.raises(fs.ApiError, match=words) as caught:
        balena.fetch(SLUG, token=None if variable else TOKEN, api=server.url)
    assert (caught.value.status, caught.value.body) == (401, "Unauthorized")


# Where to


@pytest.mark.parametrize(
    ("api", "parts"),
    [
        ("https://api.acme.example", ("https", "api.acme.example", "", False)),
        ("https://api.acme.example:8443/", ("https", "api.acme.example:8443", "", False)),
        ("https://acme.example/balena/", ("https", "acme.example", "/balena", False)),
        ("HTTPS://API.Balena-Cloud.com", ("https", "API.Balena-Cloud.com", "", True)),
        ("https://balena-cloud.com", ("https", "balena-cloud.com", "", True)),
        ("https://evil-balena-cloud.com", ("https", "evil-balena-cloud.com", "", False)),
        (
            "https://balena-cloud.com.acme.example",
            ("https", "balena-cloud.com.acme.example", "", False),
        ),
        ("http://localhost:8000", ("http", "localhost:8000", "", False)),
        ("http://127.8.9.10", ("http", "127.8.9.10", "", False)),
        ("http://[::1]:80", ("http", "[::1]:80", "", False)),
        (None, ("https", "api.balena-cloud.com", "", True)),
    ],
)
def test_addresses(api: str | None, parts: tuple[object, ...]) -> None:
    address = to_address(api)
    assert (address.scheme, address.netloc, address.path, address.is_balena_cloud) == parts


def test_the_address_is_that_of_the_environment(
    server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BALENA_API_URL", f"{server.url}/")
    balena.fetch(SLUG, token=TOKEN)
    assert len(server.paths) == 1


def test_a_path_of_the_address_is_kept(server: ApiServer) -> None:
    server.always = page(b'{"d": []}')
    balena.fetch(token=TOKEN, api=f"{server.url}/balena/")
    assert server.paths[0].startswith("/balena/v7/device?")


@pytest.mark.parametrize(
    ("api", "words"),
    [
        ("http://api.acme.example", "http would send the token in plain text"),
        ("http://localhost.acme.example", "http would send the token in plain text"),
        ("http://128.0.0.1", "http would send the token in plain text"),
        ("api.acme.example", "no address"),
        ("", "no address"),
        ("ftp://acme.example", "no address"),
        ("file:///etc/passwd", "no address"),
        ("https://", "no address"),
        ("https://a:99999", "no address"),
        ("https://[::1", "no address"),
        ("https://acme.example/a b", "no address"),
        ("https://acme.example\r\nX: y", "no address"),
        ("https://me:secret@acme.example", "a name, a password"),
        ("https://acme.example?x=1", "more than an address"),
        ("https://acme.example#x", "more than an address"),
    ],
)
def test_what_is_no_address_is_an_error(
    monkeypatch: pytest.MonkeyPatch, api: str, words: str
) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        balena.fetch(token=TOKEN, api=api)
    assert str(caught.value).startswith("api")
    assert "secret" not in str(caught.value)
    assert "\nwrite it like https://api.balena-cloud.com" in str(caught.value)
    if api:
        monkeypatch.setenv("BALENA_API_URL", api)
        with pytest.raises(ValueError, match=f"^BALENA_API_URL.*{words}"):
            balena.fetch(token=TOKEN)


def test_an_address_is_text() -> None:
    with pytest.raises(TypeError, match="api is a int, expected text"):
        balena.fetch(token=TOKEN, api=5)  # type: ignore[arg-type]


# Redirects


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(server: ApiServer, code: int) -> None:
    with running(ApiServer(devices_of(3))) as other:
        server.always = status(
            code, Location=f"{other.url.replace('127.0.0.1', 'localhost')}/{TOKEN}"
        )
        with pytest.raises(fs.ApiError, match="a redirect to localhost is not followed") as caught:
            balena.fetch(SLUG, token=TOKEN, api=server.url)
        assert other.paths == []
    assert caught.value.status == code
    assert len(server.paths) == 1
    assert_hidden(caught.value)


@pytest.mark.parametrize("location", ["", "/elsewhere", "http://[::1", "//"])
def test_redirects_to_nowhere_are_not_followed(server: ApiServer, location: str) -> None:
    server.always = status(302, Location=location)
    with pytest.raises(fs.ApiError, match="302 Found: a redirect is not followed"):
        balena.fetch(SLUG, token=TOKEN, api=server.url)
    assert len(server.paths) == 1


# Certificates


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return path


@contextmanager
def secure_server(authority: trustme.CA, folder: Path, host: str) -> Iterator[ApiServer]:
    """Serve with a certificate for a host."""
    made = authority.issue_cert(host)
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(b"".join(blob.bytes() for blob in made.cert_chain_pems))
    made.private_key_pem.write_to_path(key)
    server = ApiServer(devices_of(3))
    server.use_certificate(certificate, key)
    with running(server):
        yield server


def test_a_certificate_that_is_not_trusted_is_refused(
    authority: trustme.CA, ca: Path, tmp_path: Path
) -> None:
    with secure_server(authority, tmp_path, "127.0.0.1") as server:
        with pytest.raises(fs.ApiError, match="certificate is not trusted: ") as caught:
            balena.fetch(SLUG, token=TOKEN, api=server.url)
        assert server.paths == []
        assert "tries" not in str(caught.value)
        assert str(caught.value).endswith("pass ca= with a file of its certificates")
        assert_hidden(caught.value)
        assert len(fs.classify(balena.fetch(SLUG, token=TOKEN, api=server.url, ca=ca))) == 3
        assert len(fs.classify(balena.fetch(SLUG, token=TOKEN, api=server.url, ca=str(ca)))) == 3


def test_a_certificate_of_another_host_is_refused(
    authority: trustme.CA, ca: Path, tmp_path: Path
) -> None:
    with secure_server(authority, tmp_path, HOST) as server:
        with pytest.raises(fs.ApiError, match="certificate is not trusted: "):
            balena.fetch(SLUG, token=TOKEN, api=server.url, ca=ca)
        assert server.paths == []


def test_a_certificate_of_another_authority_is_refused(ca: Path, tmp_path: Path) -> None:
    with (
        secure_server(trustme.CA(), tmp_path, "127.0.0.1") as server,
        pytest.raises(fs.ApiError, match="certificate is not trusted: "),
    ):
        balena.fetch(SLUG, token=TOKEN, api=server.url, ca=ca)


def test_a_file_of_certificates_holds_some(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"none\.pem"):
        balena.fetch(token=TOKEN, ca=tmp_path / "none.pem")
    (tmp_path / "no.pem").write_text("no certificate")
    with pytest.raises(ValueError, match=r"ca: .*no\.pem holds no certificates"):
        balena.fetch(token=TOKEN, ca=tmp_path / "no.pem")


def test_https_that_is_none_is_an_error(server: ApiServer) -> None:
    with pytest.raises(fs.ApiError) as caught:
        balena.fetch(token=TOKEN, api=server.url.replace("http", "https"))
    assert_hidden(caught.value)


# Proxies


class Proxy(socketserver.ThreadingTCPServer):
    """Connects to a server, whatever host is asked for."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", 0), _Tunnel)
        self.port = port
        self.asked: list[bytes] = []
        self.answer = b"HTTP/1.1 200 Connection established\r\n\r\n"

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class _Tunnel(socketserver.StreamRequestHandler):
    server: Proxy

    def handle(self) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.rfile.readline()
        self.server.asked.append(head)
        self.wfile.write(self.server.answer)
        if b" 200 " not in self.server.answer:
            return
        with socket.create_connection(("127.0.0.1", self.server.port)) as target:
            threading.Thread(target=self.pass_on, args=(target, self.connection)).start()
            self.pass_on(self.connection, target)

    @staticmethod
    def pass_on(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


@pytest.fixture
def proxy(authority: trustme.CA, tmp_path: Path) -> Iterator[Proxy]:
    with secure_server(authority, tmp_path, HOST) as server, Proxy(server.server_port) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, args=(0.01,))
        thread.start()
        yield proxy
        proxy.shutdown()
        thread.join()


@pytest.mark.parametrize("name", ["https_proxy", "HTTPS_PROXY", "all_proxy"])
@pytest.mark.parametrize("form", ["http://{}", "{}", "http://{}/"])
def test_the_proxy_of_the_environment_is_used(
    proxy: Proxy, ca: Path, monkeypatch: pytest.MonkeyPatch, name: str, form: str
) -> None:
    monkeypatch.setenv(name, form.format(proxy.address))
    pages = balena.fetch(SLUG, token=TOKEN, api=f"https://{HOST}", ca=ca)
    assert len(fs.classify(pages)) == 3
    assert proxy.asked[0].startswith(f"CONNECT {HOST}:443 HTTP/1.".encode())
    assert TOKEN.encode() not in b"".join(proxy.asked)


def test_a_proxy_may_want_a_password(
    proxy: Proxy, ca: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", f"http://me:pass%40word@{proxy.address}")
    balena.fetch(SLUG, token=TOKEN, api=f"https://{HOST}", ca=ca)
    assert b"Basic " + base64.b64encode(b"me:pass@word") in proxy.asked[0]


@pytest.mark.parametrize("answer", [b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", b""])
def test_a_proxy_that_refuses_is_an_error(
    proxy: Proxy, ca: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    proxy.answer = answer
    monkeypatch.setenv("https_proxy", f"http://me:password@{proxy.address}")
    with pytest.raises(fs.ApiError, match=r"the proxy of the environment|cut") as caught:
        balena.fetch(SLUG, token=TOKEN, api=f"https://{HOST}", ca=ca)
    assert "password" not in str(caught.value)
    assert_hidden(caught.value)


def test_a_certificate_is_checked_behind_a_proxy(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", f"http://{proxy.address}")
    with pytest.raises(fs.ApiError, match="certificate is not trusted"):
        balena.fetch(SLUG, token=TOKEN, api=f"https://{HOST}")
    assert len(proxy.asked) == 1


def test_a_host_may_be_left_out(proxy: Proxy, ca: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", f"http://{proxy.address}")
    monkeypatch.setenv("no_proxy", "acme.example")
    monkeypatch.setattr(socket, "getaddrinfo", no_address)
    with pytest.raises(fs.ApiError, match="no host of this name is known"):
        balena.fetch(SLUG, token=TOKEN, api=f"https://{HOST}", ca=ca)
    assert proxy.asked == []


def no_address(*_: object, **__: object) -> None:
    raise socket.gaierror(-2, "Name or service not known")


@pytest.mark.parametrize("name", ["http_proxy", "all_proxy"])
def test_what_is_on_this_machine_goes_through_no_proxy(
    server: ApiServer, proxy: Proxy, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, f"http://{proxy.address}")
    balena.fetch(SLUG, token=TOKEN, api=server.url)
    assert proxy.asked == []
    assert tokens_of(server) == {f"Bearer {TOKEN}"}


@pytest.mark.parametrize("proxy_url", ["socks5://me:password@127.0.0.1:9", "http://", "http://[x"])
def test_a_proxy_of_another_kind_is_an_error(
    monkeypatch: pytest.MonkeyPatch, proxy_url: str
) -> None:
    monkeypatch.setenv("https_proxy", proxy_url)
    with pytest.raises(ValueError, match="the proxy that the environment names") as caught:
        balena.fetch(SLUG, token=TOKEN, api=f"https://{HOST}")
    assert "password" not in str(caught.value)


# Nowhere else


def assert_hidden(error: BaseException) -> None:
    """Check that no text of an error, and no variable of the package's frames, has the token."""
    seen: BaseException | None = error
    while seen is not None:
        assert TOKEN not in f"{seen} {seen!r} {seen.args!r} {vars(seen)!r}"
        told = traceback.TracebackException.from_exception(seen, capture_locals=True)
        for frame in told.stack:
            if Path(frame.filename) != Path(__file__):
                assert TOKEN not in repr(frame.locals), frame
        seen = seen.__cause__ or seen.__context__


def echo(handler: Handler) -> None:
    sent = "\n".join(f"{name}: {value}" for name, value in handler.headers.items())
    handler.answer(403, sent.encode(), {"Location": TOKEN, "X-Echo": TOKEN})


def interrupt(_: Handler) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    "fault",
    [
        echo,
        status(302, Location=f"https://{TOKEN}.example/"),
        status(400, TOKEN.encode()),
        status(429, TOKEN.encode(), Retry_After="7200"),
        status(503, TOKEN.encode()),
        page(TOKEN.encode()),
        page(f"<html><title>{TOKEN}</title></html>".encode()),
        page(f'{{"error": "{TOKEN}"}}'.encode()),
        page(f'{{"d": [{{"id": 3, "device_name": "{TOKEN}"}}, 5]}}'.encode()),
        lambda handler: handler.cut(),
        lambda handler: handler.wfile.write(f"{TOKEN}\r\n".encode()) and None,
    ],
    ids=["echo", "redirect", "400", "429", "503", "text", "page", "error", "record", "cut", "line"],
)
def test_no_error_shows_the_token(
    server: ApiServer, caplog: pytest.LogCaptureFixture, fault: Callable[[Handler], None]
) -> None:
    caplog.set_level(logging.DEBUG)
    server.always = fault
    with pytest.raises(fs.ApiError) as caught:
        balena.fetch(SLUG, token=TOKEN, api=server.url)
    assert_hidden(caught.value)
    assert caught.value.__cause__ is caught.value.__context__ is None
    assert_hidden(pickle.loads(pickle.dumps(caught.value)))
    assert TOKEN not in caplog.text


@pytest.mark.parametrize("n_before", range(20, 45))
def test_no_part_of_the_token_shows_where_an_answer_is_cut(
    server: ApiServer, n_before: int
) -> None:
    server.always = status(400, b"x" * n_before + TOKEN.encode())
    with pytest.raises(fs.ApiError, match=r"the API refuses the query: 'x+") as caught:
        balena.fetch(SLUG, token=TOKEN, api=server.url)
    assert TOKEN[:9] not in str(caught.value)


@pytest.mark.parametrize("form", [TOKEN, TOKEN.upper(), TOKEN[:-1], TOKEN[:8]])
def test_a_token_is_blanked_also_where_it_is_cut_or_in_another_case(form: str) -> None:
    assert Token(TOKEN).blank(f"a{form}, {form}") == "a[token], [token]"
    assert Token("a/b+c/d+e").blank("A%2fB%2BC%2FD, 5") == "[token], 5"
    assert Token("abc").blank("abcd ab") == "[token]d ab"


def test_a_log_of_all_that_happens_does_not_show_the_token(
    server: ApiServer, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    server.faults += [status(503), lambda handler: handler.cut()]
    balena.fetch(SLUG, token=TOKEN, api=server.url)
    assert caplog.records
    assert TOKEN not in caplog.text
    assert "".join(capfd.readouterr()) == ""


def test_what_is_held_does_not_show_the_token() -> None:
    token = Token(TOKEN)
    assert TOKEN not in f"{token} {token!r}"
    assert not hasattr(token, "__dict__")


class Stop(BaseException):
    """Something that a signal raises while an answer is waited for."""


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, MemoryError, Stop, RuntimeError])
def test_what_passes_through_does_not_show_the_token(
    server: ApiServer, monkeypatch: pytest.MonkeyPatch, kind: type[BaseException]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise kind

    monkeypatch.setattr("http.client.HTTPConnection.getresponse", fail)
    with pytest.raises(kind) as caught:
        balena.fetch(SLUG, token=TOKEN, api=server.url)
    assert_hidden(caught.value)


def test_what_a_callback_raises_does_not_show_the_token(server: ApiServer) -> None:
    for give in (balena.fetch, lambda *args, **options: list(balena.pages(*args, **options))):
        with pytest.raises(ZeroDivisionError) as caught:
            give(SLUG, token=TOKEN, api=server.url, on_page=lambda *_: 1 / 0)
        assert_hidden(caught.value)


@pytest.mark.parametrize(
    "wrong", [{"api": "http://a.example"}, {"ca": "/none"}, {"timeout": 0}, {"fleet": "x"}], ids=str
)
def test_wrong_arguments_do_not_show_the_token(wrong: dict[str, Any]) -> None:
    with pytest.raises((ValueError, OSError)) as caught:
        balena.fetch(**{"token": TOKEN} | wrong)
    assert_hidden(caught.value)
