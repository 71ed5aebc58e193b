"""The API of the tests as a process of its own, until its input ends."""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "python"))

from api_server import ApiServer, Handler, running
from fleet_data import selected_records


class _MadePages(ApiServer):
    """Serves pages that it has made before, so that making them is not what is timed."""

    def __init__(self, n_devices: int, *, is_packed: bool) -> None:
        super().__init__([*selected_records(n_devices)])
        self.always = self._answer
        self._encoding = {"Content-Encoding": "gzip"} if is_packed else {}
        self._made: dict[str, bytes] = {}

    def _answer(self, handler: Handler) -> None:
        body = self._made.get(handler.path)
        if body is None:
            body = self.page_for(handler.path)
            body = gzip.compress(body, 6) if self._encoding else body
            self._made[handler.path] = body
        handler.answer(200, body, self._encoding)


def main() -> None:
    """Serve as many devices as the first argument says, in the form that the second names."""
    n_devices, form = int(sys.argv[1]), sys.argv[2]
    if form == "anew":
        server = ApiServer([*selected_records(n_devices)])
    else:
        server = _MadePages(n_devices, is_packed=form == "gzipped")
    with running(server):
        print(server.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
