"""What users write, for the type checker alone: nothing here is run."""

from __future__ import annotations

import asyncio
import gzip
import io
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import partial, reduce
from pathlib import Path
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Literal,
    Protocol,
    TypedDict,
    Unpack,
    assert_never,
    assert_type,
)

import numpy as np
import polars as pl
from fastapi import Depends, FastAPI, HTTPException, Response
from numpy.typing import NDArray
from pydantic import BaseModel

import fleetstatus as fs
from fleetstatus import (
    Attention,
    Capability,
    Column,
    DeviceRecord,
    DeviceStatus,
    Explanation,
    HeartbeatState,
    Reason,
    StatusScheme,
    StatusTable,
    Summary,
    UpdateStatus,
    balena,
    charts,
    classify,
)

if TYPE_CHECKING:
    from collections.abc import (
        AsyncIterator,
        Awaitable,
        Callable,
        Hashable,
        Iterable,
        Iterator,
        Mapping,
        Sequence,
    )

    from duckdb import DuckDBPyRelation


def sources(records: list[DeviceRecord], pages: Iterator[bytes], row: Mapping[str, Any]) -> None:
    """Pass anything that `classify` reads."""
    assert_type(classify("fleet.json"), StatusTable)
    classify(Path("fleet.json.gz"))
    classify(b"[]")
    classify(bytearray(b"[]"))
    classify(memoryview(b"[]"))
    classify(io.BytesIO())
    classify(records)
    classify(iter(records))
    classify({"d": records, "fetched_at": "2026-11-01T12:00:00Z"})
    classify(row)
    classify(pages)
    classify(["a.json", Path("b.json")])
    with Path("fleet.json").open("rb") as file:
        classify(file)
    with gzip.open("fleet.json.gz") as zipped:
        classify(zipped)
    classify(iter([records, records]))
    classify([{"uuid": "a", "is_active": True}, {"uuid": "b", "note": None}])
    classify(5)  # type: ignore[arg-type]
    classify(None)  # type: ignore[arg-type]
    classify([1, 2])  # type: ignore[list-item]
    classify(["a.json", None])  # type: ignore[list-item]
    classify({5: 1}.keys())  # type: ignore[arg-type]
    classify(classify)  # type: ignore[arg-type]
    fs.scan(records)  # type: ignore[arg-type]
    fs.scan(5)  # type: ignore[arg-type]


def frames(devices: StatusTable, changes: fs.Changes, relation: DuckDBPyRelation) -> None:
    """Pass what offers Arrow, and hand tables on."""
    frame = pl.DataFrame({"uuid": ["a"]})
    classify(frame)
    classify(relation)
    fs.scan(relation)
    fs.explain({"uuid": "a", "anything": 1}, scheme="docs-2021")
    fs.explain("fleet.json")  # type: ignore[arg-type]
    assert_type(StatusTable.from_arrow(frame, scheme="api-v7"), StatusTable)
    assert_type(fs.polars.scan("exports/*.json", now=datetime.now(UTC)), pl.LazyFrame)
    fs.polars.scan(devices.to_arrow(), scheme="docs-2022")
    fs.polars.scan(5)  # type: ignore[arg-type]
    fs.polars.scan("f", schem="docs-2022")  # type: ignore[call-arg]
    StatusTable.from_arrow("fleet.parquet")  # type: ignore[arg-type]
    StatusTable.from_arrow([devices])  # type: ignore[arg-type]
    assert_type(devices.to_polars(), pl.DataFrame)
    pl.DataFrame(devices)
    pl.DataFrame(changes)
    assert_type(pl.Series(devices["status"]), pl.Series)
    fs.diff("old.json", devices)
    fs.diff(5, devices)  # type: ignore[arg-type]


def schemes(devices: StatusTable, name: str) -> None:
    """Choose the words."""
    classify("f", scheme=StatusScheme(name))
    classify("f", scheme=name)  # type: ignore[arg-type]
    classify("f", scheme="docs")  # type: ignore[arg-type]
    devices.as_scheme("docs-2022")
    devices.as_scheme("docs-2023")  # type: ignore[arg-type]
    fs.empty(scheme="api-v8")  # type: ignore[arg-type]
    fs.Tracker(scheme="api-v8")  # type: ignore[arg-type]
    fs.Tracker().update(5)  # type: ignore[arg-type]
    fs.openmetrics(devices, format="json")  # type: ignore[arg-type]


def options() -> None:
    """Pass every option, in each of its forms."""
    classify("f", scheme="api-v7", now="2026-11-01T12:00:00Z", allow_missing="all", carry="a")
    classify("f", scheme=StatusScheme.API_V6, now=datetime.now(UTC), allow_missing=["status"])
    classify("f", on_error="keep", carry=("os_version", "is_running__release.raw_version"))
    classify("f", threads=2, now=None)
    classify("f", now="newest", default_poll_interval=timedelta(minutes=10), assume_utc=True)
    classify("f", default_poll_interval="10min", missing="parts")
    classify("f", carry={"rack": int, "tag:site": str, "built": datetime})
    classify("f", missing="part")  # type: ignore[arg-type]
    classify("f", default_poll_interval=900_000)  # type: ignore[arg-type]
    classify("f", on_error="ignore")  # type: ignore[arg-type]
    classify("f", threads="2")  # type: ignore[arg-type]
    classify("f", now=5)  # type: ignore[arg-type]
    classify("f", "api-v7")  # type: ignore[call-arg]
    classify()  # type: ignore[call-arg]


def table(devices: StatusTable) -> None:
    """Look at a table as a whole, and at its parts."""
    assert_type(len(devices), int)
    assert_type(devices.scheme, StatusScheme)
    assert_type(devices.scheme.labels, tuple[str, ...])
    assert_type(devices.now, datetime)
    assert_type(devices.now_source, Literal["given", "fetched_at", "file", "clock", "newest"])
    assert_type(devices.fields_seen, frozenset[str])
    assert_type(devices == devices[:5], bool)
    assert_type("bitter-wind" in devices, bool)
    assert_type(devices.equals(devices), bool)
    devices.equals([])  # type: ignore[arg-type]
    assert_type(devices.newest_event, datetime | None)
    assert_type(devices.fields_missing, dict[str, str])
    assert_type(devices.columns, tuple[str, ...])
    assert_type(devices.schema, dict[str, str])
    assert_type(devices["status"], Column[str])
    assert_type(devices[0], DeviceStatus)
    assert_type(devices[:5], StatusTable)
    assert_type(devices.to_dicts(), list[dict[str, Any]])
    assert_type(devices.find("bitter-wind"), int)
    assert_type(devices.duplicates(), StatusTable)
    assert_type(devices.disagreements(), StatusTable)
    assert_type(devices.disagreements("api-v6"), StatusTable)
    devices.disagreements("docs-2022")  # type: ignore[arg-type]
    devices.keys()  # type: ignore[attr-defined]
    devices[0]["status"]  # type: ignore[index]
    devices.write("rows.csv")
    devices.write(Path("rows.json"))
    devices[1.5]  # type: ignore[call-overload]


def rows(devices: StatusTable) -> list[str]:
    """Look at rows."""
    for device in devices:
        assert_type(device, DeviceStatus)
        assert_type(device.status, str | None)
        assert_type(device.reason, Reason | None)
        assert_type(device.attention, Attention | None)
        assert_type(device.heartbeat_state, HeartbeatState | None)
        assert_type(device.update_status, UpdateStatus | None)
        assert_type(device.status_since, datetime | None)
        assert_type(device.status_duration, timedelta | None)
        assert_type(device.capabilities, Capability | None)
        assert_type(device.release, str | None)
        assert_type(device.on_target, bool | None)
        assert_type(device.carried, dict[str, str | int | float | bool | datetime | None])
        if device.attention is not None:
            assert_type(device.attention.message, str)
            assert_type(device.attention.first_step, str | None)
        device.status = "Frozen"  # type: ignore[misc]
        if device.reason and device.reason.first_step:
            print(device.reason.message, device.reason.first_step.upper())
        if device.capabilities is not None and Capability.SSH in device.capabilities:
            print("within reach")
    return [device.device_name or "nameless" for device in devices]


def columns(devices: StatusTable) -> None:
    """Look at columns, and make masks of them."""
    status = devices["status"]
    assert_type(status.name, str)
    assert_type(status.labels, tuple[str, ...] | None)
    assert_type(status.to_list(), list[str | Any])
    assert_type(status.to_numpy(), NDArray[Any])
    assert_type(np.asarray(status), NDArray[Any])
    assert_type(list(status), list[str | Any])
    codes: NDArray[np.int8] = np.asarray(status.codes())
    assert_type(codes, NDArray[np.int8])
    mask = (status == "Updating") & ~devices["heartbeat"] | status.is_in(["Frozen", "Inactive"])
    assert_type(mask, Column[bool])
    assert_type(status != "Frozen", Column[bool])
    assert_type(devices.filter(mask), StatusTable)
    devices.filter([True, False, None])
    devices.filter(np.array([True, False]))
    devices.filter("yes")  # type: ignore[arg-type]
    devices.filter(status)  # type: ignore[arg-type]
    _ = status & True  # type: ignore[operator]
    _ = mask & status  # type: ignore[operator]
    _ = ~status  # type: ignore[misc]


def kinds_of_columns(devices: StatusTable, name: str) -> None:
    """Get from each column what it holds."""
    assert_type(devices["reason"], Column[str])
    assert_type(devices["id"], Column[int])
    assert_type(devices["status_duration_s"], Column[int])
    assert_type(devices["on_target"], Column[bool])
    assert_type(devices["status_since"], Column[datetime])
    assert_type(devices["tag:site"], Column[Any])
    assert_type(devices[name], Column[Any])
    assert_type(devices["status_since"][0], datetime | Any)
    sorted(devices["device_name"])
    max(devices["status_duration_s"])
    devices["status"][0].uper()  # type: ignore[union-attr]
    devices["status"][0] + 1  # type: ignore[operator]
    devices["status"]["Frozen"]  # type: ignore[call-overload]
    devices["status"].is_in(5)  # type: ignore[arg-type]
    devices["status"].is_in([5])  # type: ignore[list-item]
    devices["status_since"].is_in([5])  # type: ignore[list-item]
    devices["status_duration_s"].is_in([datetime.now(UTC)])  # type: ignore[list-item]
    _ = devices["status"].labls  # type: ignore[attr-defined]
    devices.filter(devices["status_duration_s"])  # type: ignore[arg-type]
    for device in devices:
        device.status.upper()  # type: ignore[union-attr]
        _ = device.state  # type: ignore[attr-defined]
    _ = devices.status  # type: ignore[attr-defined]
    devices.groupby("fleet")  # type: ignore[attr-defined]


def comparisons(devices: StatusTable) -> None:
    """Compare columns, and choose by masks and lists."""
    hour = timedelta(hours=1)
    assert_type(devices["status_duration_s"] > hour, Column[bool])
    assert_type(devices["status_since"] < datetime.now(UTC), Column[bool])
    assert_type(devices["cloudlink_since"] >= devices["heartbeat_since"], Column[bool])
    assert_type(devices["detail"].is_null(), Column[bool])
    assert_type(devices["status"].unique(), list[str | Any])
    assert_type(devices["status"].value_counts(), dict[str | Any, int])
    assert_type(devices["status"][:3], Column[str])
    assert_type(devices[devices["status_duration_s"] > 3600], StatusTable)
    assert_type(devices[[0, 5]], StatusTable)
    assert_type(devices[["uuid", "status"]].columns, tuple[str, ...])
    assert_type(devices.head(), StatusTable)
    assert_type(devices.sort("device_name", descending=True), StatusTable)
    assert_type(devices.shape, tuple[int, int])
    devices.head("5")  # type: ignore[arg-type]
    devices.sort(5)  # type: ignore[arg-type]
    devices.sort("device_name", ascending=False)  # type: ignore[call-arg]
    _ = devices["status"] > "Frozen"  # type: ignore[operator]
    _ = devices["status_duration_s"] > None  # type: ignore[operator]
    _ = devices["status_duration_s"] > [hour]  # type: ignore[operator]
    _ = devices["status_duration_s"] > datetime.now(UTC)  # type: ignore[operator]
    _ = devices["status_since"] > hour  # type: ignore[operator]
    _ = devices["status_since"] > 3600  # type: ignore[operator]
    _ = devices["status_since"] < devices["status_duration_s"]  # type: ignore[operator]
    _ = devices["cloudlink"] ^ devices["heartbeat"]  # type: ignore[operator]
    _ = devices[devices["status"]]  # type: ignore[index]


def selections(devices: StatusTable) -> None:
    """Choose rows."""
    assert_type(devices.where(status="Disconnected", status_for=timedelta(days=3)), StatusTable)
    devices.where(status=["Updating", "Frozen"], reason={Reason.NO_LINK}, fleet=("a/b",))
    devices.where(attention=Attention.REDUCED, update_status=UpdateStatus.REJECTED)
    devices.where(can=Capability.SSH | Capability.REBOOT, uuid="5a1c0de")
    devices.where({"tag:site": ["north", "south"]}, on_target=False, device_name="kiosk-*")
    devices.where(release=["1.2.3"], detail="*", status_for="3d", update_status_for="1d12h")
    devices.where(on_target="yes")  # type: ignore[arg-type]
    devices.where("Frozen")  # type: ignore[arg-type]
    devices.filter(lambda device: device.heartbeat)  # type: ignore[arg-type]
    devices.where(update_status_for=3600)  # type: ignore[arg-type]
    devices.where(state="Frozen")  # type: ignore[arg-type]
    assert_type(devices.attention(), StatusTable)
    devices.attention(
        downloading=timedelta(hours=1),
        downloaded=timedelta.max,
        applying="5min",
        disconnected="1h",
        reduced=timedelta(0),
        never_connected="7d",
    )


def summaries(devices: StatusTable, sites: Sequence[str | None]) -> None:
    """Count by anything."""
    summary = devices.summary(by="fleet")
    assert_type(summary, Summary)
    assert_type(summary.columns, tuple[str, ...])
    assert_type(summary.to_dicts(), list[dict[str, Any]])
    assert_type([row["devices"] for row in summary], list[Any])
    devices.summary(by=["fleet", "os_version"], of="update_status")
    devices.summary(by=sites)
    devices.summary(of="fleet")  # type: ignore[arg-type]


def explanations(devices: StatusTable, record: DeviceRecord) -> str:
    """Ask why a device has its status."""
    explanation = devices.explain("bitter-wind")
    assert_type(explanation, Explanation)
    assert_type(devices.explain(0), Explanation)
    assert_type(devices.explain(devices[-1]), Explanation)
    assert_type(fs.explain(record, scheme="docs-2022", now="2026-11-01T12:00:00Z"), Explanation)
    assert_type(explanation.because, tuple[tuple[str, Any], ...])
    assert_type(explanation.ruled_out, tuple[tuple[Reason, str], ...])
    assert_type(explanation.available | explanation.uncertain, Capability)
    assert_type(explanation.first_step, str | None)
    assert_type(explanation.disconnected_by, datetime | None)
    return str(explanation)


def record_types() -> None:
    """Write records as balena-sdk returns them."""
    record: DeviceRecord = {
        "id": 1,
        "uuid": "5a1c0de",
        "is_connected_to_vpn": True,
        "api_heartbeat_state": "online",
        "last_vpn_event": datetime.now(UTC),
        "last_connectivity_event": "2026-10-20T08:00:00Z",
        "image_install": [{"id": 1, "status": "Running", "is_provided_by__release": {"__id": 5}}],
        "belongs_to__application": [{"slug": "acme/weather", "should_be_running__release": 7}],
        "is_pinned_on__release": None,
        "device_config_variable": [{"name": "A", "value": None}],
    }
    record["update_status"] = "applying changes"
    record["os_version"] = "balenaOS 6.3.12"
    record["device_tag"] = [{"tag_key": "site", "value": "north"}]
    record["is_running__release"] = [{"commit": "5c9a367c", "semver": "1.2.3"}]
    record["os_version"] = 6  # type: ignore[typeddict-item]
    record["update_status"] = "Done"  # type: ignore[typeddict-item]
    wrong: DeviceRecord = {"is_conected_to_vpn": True}  # type: ignore[typeddict-unknown-key]
    classify([record, wrong])


def errors() -> None:
    """Catch errors, and use what they carry."""
    try:
        classify("fleet.json")
    except fs.RecordError as error:
        assert_type((error.index, error.field), tuple[int, str])
        assert_type((error.pointer, error.value), tuple[str, str])
    except fs.JSONError as error:
        assert_type((error.offset, error.line, error.column), tuple[int, int, int])
    except fs.NotDevicesError as error:
        assert_type((error.looks_like, error.index), tuple[str, int | None])
    except fs.MissingFieldsError as error:
        assert_type(error.fields, tuple[str, ...])
        assert_type(error.options, dict[str, Any])
        classify("fleet.json", allow_missing=error.fields)
    except (fs.FleetStatusError, ValueError, OSError):
        raise


def compare(old: StatusTable, new: StatusTable) -> None:
    """Compare two snapshots, and tell what changed."""
    changes = fs.diff(old, new, complete=False, fleets="acme/weather")
    assert_type(changes, fs.Changes)
    assert_type(changes.where(kind=["status", "removed"], after="Disconnected"), fs.Changes)
    assert_type(changes.to_text(), str)
    assert_type(changes.to_markdown(limit=None), str)
    assert_type(changes.notes, tuple[str, ...])
    assert_type(changes.now, datetime | None)
    changes.to_text("20")  # type: ignore[arg-type]
    fs.diff(old, new, scheme="docs-2022")  # type: ignore[call-arg]


def ask(tracker: fs.Tracker) -> None:
    """Draw what a tracker saw."""
    charts.timeline(tracker, "calm-lake").save("lane.svg")
    charts.timeline(tracker, ["calm-lake", "8f4ac02b"], since=datetime(2026, 1, 1, tzinfo=UTC))
    charts.time_in_status(tracker).to_dict()
    charts.time_in_status(tracker, by=["fleet", "release"], since="7d", until=timedelta(days=1))
    charts.timeline(tracker, 7)  # type: ignore[arg-type]
    charts.time_in_status("fleet.db")  # type: ignore[arg-type]
    charts.time_in_status(tracker, since=7)  # type: ignore[arg-type]


def parts(pages: list[bytes]) -> None:
    """Read parts apart, and judge them together."""
    tables = [classify(page, missing="parts") for page in pages]
    fs.check_fields(tables, scheme="docs-2022", allow_missing=["status"])
    scanned = fs.scan(pages, missing="parts", default_poll_interval="10min")
    assert_type(scanned, fs.Scan)
    assert_type(list(scanned), list[StatusTable])
    fs.scan(pages, threads=2)
    fs.scan(pages, threads="2")  # type: ignore[arg-type]
    fs.check_fields([1, 5])
    fs.check_fields(np.array([1]))
    fs.check_fields(pl.DataFrame({"fields_seen": [1]}))
    fs.check_fields([table.to_polars() for table in tables])
    fs.check_fields("fleet.json")  # type: ignore[arg-type]
    fs.check_fields([1.5])  # type: ignore[list-item]


def draw(table: StatusTable) -> None:
    """Draw charts, and keep them."""
    charts.status_overview(table, by="fleet").save("fleet.svg")
    charts.status_overview(table, by=["fleet", "status"]).to_dict()
    charts.status_overview(table, schemes=["docs-2022", fs.StatusScheme.API_V7]).to_dict()
    charts.update_pipeline(table).save("updates.png")
    charts.durations(table, of="update_status").properties(width=400)
    charts.durations(table, of="reason")  # type: ignore[arg-type]


def the_rest() -> None:
    """Use small things."""
    assert_type(fs.device_options(cloud=False), dict[str, Any])
    assert_type(fs.device_query("acme/weather"), str)
    assert_type(fs.heartbeat_window(None), timedelta)
    fs.heartbeat_window(timedelta(minutes=20), default_poll_interval="10min")
    fs.heartbeat_window(900_000, default_poll_interval=timedelta(minutes=10))
    fs.heartbeat_window("20min")
    fs.device_options(carry=["os_version", "tag:site"])
    fs.device_query(top=500, after=17, carry={"os_version": str})
    fs.device_query(1234)  # type: ignore[arg-type]
    assert_type(fs.sample_fleet(), Path)
    assert_type(fs.build_info(), dict[str, str])
    assert_type(fs.__version__, str)
    assert_type(UpdateStatus.DOWNLOADED.hint, str | None)
    reason: str = Reason.NO_LINK
    print(reason, Capability["SSH"], StatusScheme("api-v7"))


def live() -> None:
    """Get devices of the API."""
    assert_type(balena.fetch("acme/cold-chain", timeout=5, ca=Path("ca.pem")), list[bytes])
    pages = balena.pages(carry=["os_version"], on_page=print)
    for table in fs.scan(pages):
        assert_type(table, StatusTable)
    try:
        classify(balena.fetch(token="token", api="https://api.acme.example", cloud=False))
    except fs.ApiError as error:
        assert_type(error.status, int | None)
        assert_type(error.body, str)


class OwnRecord(TypedDict, total=False):
    """Some of the fields, and one of the caller's."""

    uuid: str
    is_online: bool
    api_heartbeat_state: str
    rack: int


class Tagged(DeviceRecord, total=False):
    """All fields, and one of the caller's."""

    rack: int


class Options(TypedDict, total=False):
    """Options that a caller passes on."""

    scheme: StatusScheme
    now: datetime | None
    carry: list[str]


class HasStatus(Protocol):
    """What a caller asks of a row."""

    @property
    def uuid(self) -> str | None:
        """Which device."""
        ...

    @property
    def status(self) -> str | None:
        """Its status."""
        ...


@dataclass
class Alert:
    """What a back end stores."""

    uuid: str
    since: datetime | None
    lasted: timedelta
    attention: Attention


def records_of_others(
    own: list[OwnRecord],
    tagged: list[Tagged],
    of_pandas: list[dict[Hashable, Any]],
    objects: Sequence[Mapping[str, object]],
    alerts: list[Alert],
) -> StatusTable:
    """Pass records of any type."""
    fs.explain(own[0])
    fs.explain(tagged[0])
    classify(of_pandas)
    classify(objects)
    classify([asdict(alert) for alert in alerts])
    classify({str(row.get("uuid")): row for row in own}.values())
    return fs.concat([classify(own), classify(tagged)])


def pass_on(path: Path, names: list[str], **options: Unpack[Options]) -> list[StatusTable]:
    """Hand `classify` to others."""
    keep = partial(classify, on_error="keep")
    with ThreadPoolExecutor() as pool:
        return [keep(path), classify(path, **options), *pool.map(classify, names)]


def alert(devices: StatusTable, at_least: timedelta) -> Iterator[Alert]:
    """Make rows of a back end's own."""
    for device in devices.attention():
        lasted = device.status_duration or timedelta()
        if device.uuid and device.attention and lasted >= at_least:
            yield Alert(device.uuid, device.status_since, lasted, device.attention)
        _ = device.status_duration > at_least  # type: ignore[operator]
        _ = lasted > 3600  # type: ignore[operator]
        device.status_duration.total_seconds()  # type: ignore[union-attr]
        _ = device.attention.message  # type: ignore[union-attr]


def color(device: DeviceStatus) -> Literal["red", "yellow", "green"]:
    """Miss no class of attention."""
    match device.attention:
        case Attention.UNREADABLE | Attention.DISCONNECTED | Attention.UPDATE_FAILED:
            return "red"
        case (
            Attention.REDUCED
            | Attention.UPDATE_STUCK
            | Attention.NEVER_CONNECTED
            | Attention.FROZEN
        ):
            return "yellow"
        case None:
            return "green"
    assert_never(device.attention)


def name(row: HasStatus) -> str:
    """Use what has the attributes."""
    return f"{row.uuid}: {row.status}"


def tally(tables: Iterable[StatusTable], masks: Sequence[Column[bool]]) -> Counter[str]:
    """Use tables with what Python has."""
    total: Counter[str] = Counter()
    for devices in tables:
        total.update(devices["status"].value_counts())
        by_uuid = dict(zip(devices["uuid"], devices["status"], strict=True))
        print([name(device) for device in devices], by_uuid["5a1c0de"].lower())
        print(
            ", ".join(devices["device_name"]), set(devices.scheme.labels) - set(devices["status"])
        )
        print(devices[reduce(lambda one, other: one | other, masks)])
    return total


RULES: Mapping[str, Callable[[StatusTable], StatusTable]] = {
    "gone": lambda devices: devices.where(status="Disconnected", status_for="3d"),
    "worst": StatusTable.attention,
}

app = FastAPI()


class Device(BaseModel):
    """What a service answers."""

    uuid: str | None
    status_since: datetime | None
    status_duration: timedelta | None
    attention: Attention | None


async def current(fleet: str) -> StatusTable:
    """Fetch without holding up other requests."""
    return classify(await asyncio.to_thread(balena.fetch, fleet))


@app.get("/fleet")
async def fleet_page(devices: Annotated[StatusTable, Depends(current)]) -> list[Device]:
    """Answer with models."""
    return [
        Device(
            uuid=device.uuid,
            status_since=device.status_since,
            status_duration=device.status_duration,
            attention=device.attention,
        )
        for device in devices.attention()
    ]


@app.get("/device")
def device_page(devices: Annotated[StatusTable, Depends(current)], uuid: str) -> Response:
    """Answer with JSON."""
    if uuid not in devices:
        raise HTTPException(404)
    return Response(devices[[devices.find(uuid)]].to_json(), media_type="application/json")


async def watch(
    events: AsyncIterator[list[dict[str, Any]]], send: Callable[[str], Awaitable[None]]
) -> None:
    """Report what changed."""
    with fs.Tracker("fleet.db", hold="2min") as tracker:
        async for event in events:
            changes = await asyncio.to_thread(tracker.update, event, complete=False)
            assert_type(changes, fs.Changes)
            if len(changes):
                await send(changes.to_text())
    fs.Tracker(hold=120)  # type: ignore[arg-type]
    fs.Tracker(outage=3)  # type: ignore[arg-type]
    fs.Tracker().update(None)  # type: ignore[arg-type]
    balena.fetch(on_page=lambda pages: None)  # type: ignore[arg-type,misc]
    balena.fetch(timeout="30s")  # type: ignore[arg-type]
    fs.scan("fleet.ndjson", progress=lambda done: None)  # type: ignore[arg-type,misc]
