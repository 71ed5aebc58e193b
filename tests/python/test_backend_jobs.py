"""The programs of `11_backend_jobs.md` run as they stand there, also on wrong input."""

from __future__ import annotations

import base64
import gzip
import json
import pickle
import re
import subprocess
import sys
from datetime import UTC, datetime
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from pyarrow import ipc

import fleetstatus as fs
from a_week import answer
from asgi import asked
from fake_services import Services, running_services
from page_programs import programs_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

PROGRAMS = programs_in("11_backend_jobs.md")
PACKAGE = Path(fs.__file__).parents[1]
SAMPLE = fs.sample_fleet().read_bytes()
RECORDS = json.loads(SAMPLE)["d"]
DEVICES = fs.classify(SAMPLE)
# What is no list of devices, each with words of the error.
WRONG = {
    "an error answer": (b'{"error": "Unauthorized"}', "an error answer of the API: 'Unauthorized'"),
    "a web page": (b"<html><title>502 Bad Gateway</title>", "a web page: 502 Bad Gateway"),
    "half a file": (SAMPLE[:5000], "ends inside record 2: truncated?"),
    "half a gzip file": (gzip.compress(SAMPLE)[:3000], "a broken gzip file"),
    "no record": (b"null", "the value null, no devices"),
    "a bad record": (
        json.dumps([RECORDS[0], RECORDS[1] | {"is_active": "maybe"}]).encode(),
        "is_active",
    ),
    "a field missing": (SAMPLE.replace(b'"api_heartbeat_state"', b'"x"'), "api_heartbeat_state"),
}
WRONG_INPUT = pytest.mark.parametrize(("body", "words"), WRONG.values(), ids=WRONG)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("programs")
    for name, text in PROGRAMS.items():
        (path / name).write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def load(folder: Path) -> Iterator[Callable[[str], ModuleType]]:
    """Import a program anew."""
    loaded = []

    def load(name: str) -> ModuleType:
        spec = spec_from_file_location(f"program_{name}", folder / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = sys.modules[spec.name] = module_from_spec(spec)
        loaded.append(spec.name)
        spec.loader.exec_module(module)
        return module

    yield load
    for name in loaded:
        del sys.modules[name]


def test_the_page_has_a_program_for_each_place() -> None:
    assert list(PROGRAMS) == ["app.py", "jobs.py", "daily.py", "handler.py"]
    for text in PROGRAMS.values():
        lines = text.splitlines()
        assert max(map(len, lines)) <= 100
        assert len([line for line in lines if line]) <= 48


# FastAPI


@pytest.fixture
def app(load: Callable[[str], ModuleType]) -> Any:
    return load("app").app


@pytest.mark.parametrize(
    "pieces",
    [
        (SAMPLE,),
        (SAMPLE[:77_777], SAMPLE[77_777:]),
        (gzip.compress(SAMPLE),),
        ("\n".join(map(json.dumps, RECORDS)).encode(),),
    ],
    ids=["whole", "in pieces", "gzip", "JSON lines"],
)
def test_an_application_answers_with_the_columns_of_its_model(
    app: Any, pieces: tuple[bytes, ...]
) -> None:
    status, kind, body = asked(app, "/statuses", *pieces)
    assert (status, kind) == (200, "application/json")
    rows = json.loads(body)
    assert [row["status"] for row in rows] == DEVICES["status"].to_list()
    assert rows[0] == {
        "uuid": DEVICES[0].uuid,
        "device_name": "stormy-surf",
        "status": "Disconnected",
        "status_since": "2026-09-29T18:04:58.973000Z",
        "attention": "disconnected",
    }


def test_an_application_describes_its_answers(app: Any) -> None:
    device = app.openapi()["components"]["schemas"]["Device"]["properties"]
    assert list(device) == ["uuid", "device_name", "status", "status_since", "attention"]
    assert asked(app, "/openapi.json", method="GET").json == app.openapi()


def test_an_application_answers_with_arrow_where_the_caller_accepts_it(app: Any) -> None:
    kind = "application/vnd.apache.arrow.stream"
    answered = asked(app, "/statuses", SAMPLE, accept=f"{kind}, application/json;q=0.5")
    assert (answered.status, answered.kind) == (200, kind)
    table = ipc.open_stream(answered.body).read_all()
    assert table.to_pylist() == pl.DataFrame(DEVICES).to_arrow().to_pylist()
    assert pl.read_ipc_stream(answered.body)["status"].dtype == DEVICES.to_polars()["status"].dtype


def test_an_application_answers_for_no_devices(app: Any) -> None:
    assert asked(app, "/statuses", b"[]").json == []
    kind = "application/vnd.apache.arrow.stream"
    table = ipc.open_stream(asked(app, "/statuses", b"[]", accept=kind).body).read_all()
    assert (table.num_rows, table.column_names) == (0, list(DEVICES.columns))


@WRONG_INPUT
def test_an_application_says_what_is_wrong_with_a_body(app: Any, body: bytes, words: str) -> None:
    for accept in ("", "application/vnd.apache.arrow.stream"):
        status, kind, answered = asked(app, "/statuses", body, accept=accept)
        assert (status, kind) == (422, "application/json")
        assert words in json.loads(answered)["detail"]


def test_an_application_says_that_a_body_is_empty(app: Any) -> None:
    answered = asked(app, "/statuses")
    assert answered.status == 400
    assert answered.json == {"detail": "the body is empty; post device records"}


def test_an_application_ends_large_bodies(load: Callable[[str], ModuleType]) -> None:
    program = load("app")
    taken = program.MOST_BYTES // 2**20
    answered = asked(program.app, "/statuses", *[b" " * 2**20] * (taken + 100))
    assert (answered.status, answered.json["detail"]) == (
        413,
        "the body has more than 8,388,608 bytes",
    )


def test_an_application_ends_bodies_that_unpack_to_much(
    load: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    program: Any = load("app")
    program.MOST_DEVICES = 1_000
    scan = fs.scan
    n_read = 0

    def counted(body: bytes, **options: Any) -> Iterator[fs.StatusTable]:
        nonlocal n_read
        for devices in scan(body, **options):
            n_read += len(devices)
            yield devices

    monkeypatch.setattr(fs, "scan", counted)
    text = json.dumps(RECORDS[0] | {"note": "x" * 4000}).encode() + b"\n"
    bomb = gzip.compress(text * 10_000, compresslevel=1)
    assert len(bomb) < program.MOST_BYTES < 10_000 * len(text)
    answered = asked(program.app, "/statuses", bomb)
    assert answered.status == 413
    assert answered.json["detail"] == "the body has more than 1,000 devices"
    assert n_read == 2_000


def test_what_fastapi_makes_of_tables_without_help() -> None:
    from fastapi import FastAPI

    app = FastAPI()

    def as_table() -> fs.StatusTable:
        return DEVICES

    app.get("/as_it_is")(lambda: DEVICES)
    app.get("/annotated")(as_table)
    app.get("/rows")(lambda: DEVICES.to_dicts(json=True))
    app.get("/dicts")(lambda: [*DEVICES.to_dicts()])
    with pytest.raises(ValueError, match=r"return to_dicts\(json=True\) for JSON"):
        asked(app, "/as_it_is", method="GET")
    rows = DEVICES.to_dicts(json=True)
    assert rows[0]["status_since"] == "2026-09-29T18:04:58.973Z"
    for path in ("/annotated", "/rows"):
        assert asked(app, path, method="GET").json == rows
    dicts = asked(app, "/dicts", method="GET").json
    assert dicts[0]["status_since"].startswith("2026-09-29T18:04:58")
    assert "/annotated" in app.openapi()["paths"]


# A queue


class Queue:
    """Runs jobs in another process: what goes there and comes back is pickled."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.n_tries = 0

    def run(self, job: str, *arguments: Any, tries: int = 3) -> Any:
        """Run a job, again after each OSError."""
        for self.n_tries in range(1, tries + 1):
            result = self._try(job, arguments)
            if not isinstance(result, OSError):
                break
        if isinstance(result, Exception):
            raise result
        return result

    def _try(self, job: str, arguments: tuple[Any, ...]) -> Any:
        script = (
            "import pickle, sys, jobs\n"
            "job, arguments = pickle.load(sys.stdin.buffer)\n"
            "try: result = getattr(jobs, job)(*arguments)\n"
            "except OSError as error: result = OSError(str(error))\n"  # that of HTTP holds a socket
            "except Exception as error: result = error\n"
            "pickle.dump(result, sys.stdout.buffer)"
        )
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", script],
            cwd=self._folder,
            env={"PYTHONPATH": str(PACKAGE), "NO_PROXY": "*"},
            input=pickle.dumps((job, arguments)),
            check=True,
            stdout=subprocess.PIPE,
        )
        return pickle.loads(done.stdout)


@pytest.fixture
def queue(folder: Path) -> Queue:
    return Queue(folder)


@pytest.fixture
def chat() -> Iterator[Services]:
    with running_services() as services:
        yield services


def test_a_job_hands_its_table_on_to_the_next(queue: Queue, chat: Services) -> None:
    devices = queue.run("find_attention", str(fs.sample_fleet()), "2026-11-02T09:00:00Z")
    assert devices == fs.classify(SAMPLE, now="2026-11-02T09:00:00Z").attention()
    assert queue.run("tell", devices, chat.url) == len(devices)
    [text] = chat.told
    lines = text.splitlines()
    assert lines[0] == f"{devices[0].device_name} ({devices[0].fleet}): disconnected"
    assert (len(lines), lines[-1]) == (21, f"and {len(devices) - 20} more")


def test_a_job_that_is_tried_again_answers_the_same(queue: Queue) -> None:
    arguments = ("find_attention", fs.sample_fleet(), datetime(2026, 11, 1, 12, tzinfo=UTC))
    assert queue.run(*arguments) == queue.run(*arguments)


@pytest.mark.slow
def test_a_job_waits_for_a_file_and_for_a_chat(
    queue: Queue, chat: Services, tmp_path: Path
) -> None:
    with pytest.raises(OSError, match=r"late\.json"):
        queue.run("find_attention", tmp_path / "late.json", None)
    assert queue.n_tries == 3
    chat.is_chat_up = False
    with pytest.raises(OSError, match="500"):
        queue.run("tell", DEVICES.attention(), chat.url)
    assert (queue.n_tries, chat.told) == (3, [])
    chat.is_chat_up = True
    queue.run("tell", DEVICES.attention()[:3], chat.url)
    assert [len(text.splitlines()) for text in chat.told] == [3]


def test_a_job_tells_nothing_where_no_device_needs_attention(queue: Queue, chat: Services) -> None:
    assert queue.run("tell", DEVICES.where(status="Operational").attention()[:0], chat.url) == 0
    assert chat.told == []


@pytest.mark.slow
@WRONG_INPUT
def test_a_job_is_not_tried_again_on_wrong_input(
    queue: Queue, tmp_path: Path, body: bytes, words: str
) -> None:
    (tmp_path / "fleet.json").write_bytes(body)
    with pytest.raises(ValueError, match=re.escape(words)):
        queue.run("find_attention", tmp_path / "fleet.json", None)
    assert queue.n_tries == 1


def test_a_job_says_that_an_export_is_empty(queue: Queue, tmp_path: Path) -> None:
    (tmp_path / "fleet.json").write_bytes(b"")
    with pytest.raises(
        ValueError, match=r"fleet\.json holds no devices: check the program that wrote it"
    ):
        queue.run("find_attention", tmp_path / "fleet.json", None)
    assert queue.n_tries == 1


# A daily task


@pytest.fixture
def days(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder with the exports of three days of a week."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "exports").mkdir()
    for day in ("2026-11-03", "2026-11-04", "2026-11-05"):
        (tmp_path / f"exports/{day}.json").write_bytes(answer(f"{day}T23:50Z"))
    return tmp_path


@pytest.fixture
def write_day(load: Callable[[str], ModuleType]) -> Any:
    return load("daily").write_day


@pytest.mark.slow
def test_a_day_that_is_run_again_gives_the_same_file(write_day: Any, days: Path) -> None:
    target = days / write_day("2026-11-04")
    assert target == days / "statuses/day=2026-11-04/statuses.parquet"
    first = target.read_bytes()
    (days / "exports/2026-11-04.json").touch()
    write_day("2026-11-04")
    assert target.read_bytes() == first
    assert [path.name for path in target.parent.iterdir()] == ["statuses.parquet"]
    export = fs.classify(days / "exports/2026-11-04.json")
    assert pl.read_parquet(target, hive_partitioning=False).equals(export.to_polars())


def test_days_in_any_order_are_one_table(write_day: Any, days: Path) -> None:
    for day in ("2026-11-05", "2026-11-03", "2026-11-04", "2026-11-03"):
        write_day(day)
    frame = pl.scan_parquet("statuses/**/*.parquet", hive_partitioning=True)
    counts = frame.group_by("day").len().sort("day").collect()
    assert counts["len"].to_list() == [
        len(fs.classify(path)) for path in sorted((days / "exports").iterdir())
    ]
    assert counts["day"].cast(pl.String).to_list() == ["2026-11-03", "2026-11-04", "2026-11-05"]


@pytest.mark.slow
@pytest.mark.parametrize("ds", ["../../etc/passwd", "2026-11-31", "", "{{ ds }}"])
def test_a_day_is_a_date(write_day: Any, days: Path, ds: str) -> None:
    with pytest.raises(ValueError, match=r"isoformat|day"):
        write_day(ds)
    assert not (days / "statuses").exists()


ABSENT = object()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("export", "words"),
    [
        (ABSENT, "No such file"),
        (b"", "the export holds no devices; run the task that fetches again"),
        (b"[]", "the export holds no devices"),
        (json.dumps(RECORDS).encode(), "does not say when it was fetched"),
        (answer("2026-11-06T00:10Z"), "2026-11-04: the export was fetched on 2026-11-06"),
        (answer("2026-11-03T23:50Z"), "2026-11-04: the export was fetched on 2026-11-03"),
        *WRONG.values(),
    ],
    ids=["absent", "empty", "no device", "no moment", "too late", "too early", *WRONG],
)
def test_a_day_that_fails_leaves_its_file_as_it_was(
    write_day: Any, days: Path, export: Any, words: str
) -> None:
    target = days / write_day("2026-11-04")
    before = target.read_bytes()
    path = days / "exports/2026-11-04.json"
    if export is ABSENT:
        path.unlink()
    else:
        path.write_bytes(export)
    with pytest.raises((ValueError, OSError), match=re.escape(words)):
        write_day("2026-11-04")
    assert target.read_bytes() == before


@pytest.mark.slow
def test_a_task_that_is_stopped_while_it_writes_leaves_the_file_as_it_was(
    write_day: Any, days: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = days / write_day("2026-11-04")
    before = target.read_bytes()

    def stop(frame: pl.DataFrame, path: Path) -> None:
        path.write_bytes(b"PAR1")
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(pl.DataFrame, "write_parquet", stop)
        with pytest.raises(KeyboardInterrupt):
            write_day("2026-11-04")
    assert target.read_bytes() == before
    write_day("2026-11-04")
    assert [path.name for path in target.parent.iterdir()] == ["statuses.parquet"]


# A function in the cloud


@pytest.fixture
def handler(load: Callable[[str], ModuleType]) -> Any:
    return load("handler").handler


def packed(body: bytes) -> dict[str, Any]:
    return {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}


@pytest.mark.parametrize(
    "event",
    [
        {"body": SAMPLE.decode(), "isBase64Encoded": False},
        {"body": SAMPLE.decode()},
        packed(SAMPLE),
        packed(gzip.compress(SAMPLE)),
    ],
    ids=["text", "text unsaid", "base64", "gzip"],
)
def test_a_function_counts_and_lists_the_worst(handler: Any, event: dict[str, Any]) -> None:
    answered = handler(event, None)
    assert answered["statusCode"] == 200
    assert answered["headers"] == {"Content-Type": "application/json"}
    content = json.loads(answered["body"])
    worst = DEVICES.attention()
    assert content["devices"] == {
        label: DEVICES["status"].to_list().count(label) for label in DEVICES.scheme.labels
    }
    assert content["n_attention"] == len(worst)
    assert [row["uuid"] for row in content["attention"]] == worst["uuid"].to_list()
    first = content["attention"][0]
    assert datetime.fromisoformat(first["status_since"]) == worst[0].status_since
    assert first["attention"] == "disconnected"


def test_a_function_lists_a_hundred_devices_and_no_more(handler: Any) -> None:
    down = [RECORDS[0] | {"id": i, "uuid": f"{i:032x}"} for i in range(5000)]
    answered = handler(packed(gzip.compress(json.dumps(down).encode())), None)
    content = json.loads(answered["body"])
    assert (content["n_attention"], len(content["attention"])) == (5000, 100)
    assert len(answered["body"]) < 100_000


@WRONG_INPUT
def test_a_function_says_what_is_wrong_with_a_body(handler: Any, body: bytes, words: str) -> None:
    answered = handler(packed(body), None)
    assert answered["statusCode"] == 422
    assert words in json.loads(answered["body"])["error"]


@pytest.mark.parametrize(
    ("event", "status", "words"),
    [
        ({}, 400, "the body is empty; post device records"),
        ({"body": None}, 400, "the body is empty"),
        ({"body": "", "isBase64Encoded": True}, 400, "the body is empty"),
        ({"body": "W1{not base64}0=", "isBase64Encoded": True}, 422, "base64"),
        ({"body": "\ud800"}, 422, "surrogates not allowed"),
    ],
    ids=["no body", "null", "empty", "no base64", "no text"],
)
def test_a_function_says_what_is_wrong_with_an_event(
    handler: Any, event: dict[str, Any], status: int, words: str
) -> None:
    answered = handler(event, None)
    assert answered["statusCode"] == status
    assert words in json.loads(answered["body"])["error"]


def test_a_cold_start_loads_no_other_library(folder: Path) -> None:
    script = (
        "import json, sys\n"
        "import handler\n"
        "code = handler.handler({'body': sys.stdin.read()}, None)['statusCode']\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "own = {'__main__', '__mp_main__', 'fleetstatus', 'handler', *sys.stdlib_module_names}\n"
        "print(code, sorted(loaded - own))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", script],
        cwd=folder,
        env={"PYTHONPATH": str(PACKAGE)},
        input=SAMPLE,
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode().strip() == "200 []"
