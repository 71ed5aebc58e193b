"""The table: its columns, its rows as objects and dicts, and what it knows of its source."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import fleetstatus as fs
from examples import NOW, UUID, as_json, device_record, table_of
from fleetstatus import Capability

# In the order of the interface.
SCHEMA = {
    "id": "int64",
    "uuid": "large_utf8",
    "device_name": "large_utf8",
    "fleet": "dictionary<int32, large_utf8>",
    "status": "dictionary<int8, utf8>",
    "detail": "utf8",
    "reason": "dictionary<int8, utf8>",
    "status_since": "timestamp[ms, UTC]",
    "status_duration_s": "int64",
    "release": "dictionary<int32, large_utf8>",
    "on_target": "bool",
    "attention": "dictionary<int8, utf8>",
    "heartbeat": "bool",
    "cloudlink": "bool",
    "cloudlink_expected": "bool",
    "heartbeat_state": "dictionary<int8, utf8>",
    "heartbeat_since": "timestamp[ms, UTC]",
    "cloudlink_since": "timestamp[ms, UTC]",
    "heartbeat_window_s": "int32",
    "capabilities": "uint16",
    "progress": "int32",
    "update_status": "dictionary<int8, utf8>",
    "update_status_since": "timestamp[ms, UTC]",
    "update_status_duration_s": "int64",
    "update_status_support": "dictionary<int8, utf8>",
    "api_overall_status": "dictionary<int32, large_utf8>",
    "error": "utf8",
}
FULL = device_record(
    is_frozen=False,
    provisioning_state="Waiting for reboot",
    provisioning_progress=70,
    belongs_to__application=[{"id": 9, "slug": "acme/weather"}],
    last_vpn_event="2026-10-22T08:00:00.5Z",
    update_status="downloading",
    last_update_status_event="2026-11-01T11:00:00.999Z",
    supervisor_version="16.7.0",
    overall_status="configuring",
    is_web_accessible=True,
    is_running__release=[{"id": 7, "commit": "0a1b2c3d4e", "raw_version": "1.2.3"}],
    is_pinned_on__release={"__id": 8},
)
EVERYTHING = Capability(2**13 - 1)
DEVICE = fs.DeviceStatus(
    id=1,
    uuid=UUID,
    device_name="quiet-river",
    fleet="acme/weather",
    status="Configuring",
    detail="Waiting for reboot",
    reason=fs.Reason.OS_CONFIGURATION,
    status_since=None,
    status_duration=None,
    release="1.2.3",
    on_target=False,
    attention=None,
    heartbeat=True,
    cloudlink=True,
    cloudlink_expected=True,
    heartbeat_state=fs.HeartbeatState.ONLINE,
    heartbeat_since=datetime(2026, 10, 21, 8, tzinfo=UTC),
    cloudlink_since=datetime(2026, 10, 22, 8, 0, 0, 500_000, tzinfo=UTC),
    heartbeat_window=timedelta(minutes=22, seconds=30),
    capabilities=EVERYTHING,
    progress=70,
    update_status=fs.UpdateStatus.DOWNLOADING,
    update_status_since=datetime(2026, 11, 1, 11, 0, 0, 999_000, tzinfo=UTC),
    # 12:00:00 - 11:00:00.999, cut to seconds
    update_status_duration=timedelta(minutes=59, seconds=59),
    update_status_support="yes",
    api_overall_status="configuring",
    error=None,
)


@pytest.fixture(scope="module")
def sample() -> fs.StatusTable:
    return fs.classify(fs.sample_fleet())


@pytest.mark.parametrize("source", [[], [FULL], b"[]"], ids=["none", "one", "JSON"])
def test_all_columns_are_always_there(source: Any) -> None:
    table = fs.classify(source)
    assert list(table.schema.items()) == list(SCHEMA.items())
    assert table.columns == tuple(SCHEMA)
    assert [len(table[name]) for name in table.columns] == [len(table)] * len(SCHEMA)


def test_carried_columns_come_last() -> None:
    record = {"os_version": "balenaOS 6", "public_address": None}
    table = table_of(record, carry=("os_version", "public_address"))
    assert table.columns == (*SCHEMA, "os_version", "public_address")


# Rows


def test_a_row_is_an_object() -> None:
    device = fs.classify([FULL], now=NOW)[0]
    assert device == DEVICE
    for field in dataclasses.fields(DEVICE):
        expected = getattr(DEVICE, field.name)
        assert type(getattr(device, field.name)) is type(expected), field.name


def test_the_fields_of_a_row_are_the_columns() -> None:
    fields = [field.name for field in dataclasses.fields(fs.DeviceStatus)]
    assert fields == [*(name.removesuffix("_s") for name in SCHEMA), "carried"]


def test_a_row_holds_what_was_carried() -> None:
    table = table_of({"os_version": "balenaOS 6"}, carry="os_version")
    assert table[0].carried == {"os_version": "balenaOS 6"}


def test_a_row_does_not_change_and_can_be_kept() -> None:
    device = table_of({"os_version": "6"}, carry="os_version")[0]
    with pytest.raises(dataclasses.FrozenInstanceError):
        device.status = "Frozen"  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(device)) == copy.deepcopy(device) == device
    assert dataclasses.asdict(device)["carried"] == {"os_version": "6"}
    assert {device: 1}[device] == 1


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "Operational"),
        ({"provisioning_progress": 5, "provisioning_state": "a\x1b[2J"}, r"Configuring (a\x1b[2J)"),
        ({"api_heartbeat_state": None}, "unknown"),
    ],
)
def test_a_row_is_written_as_people_read_it(changes: Any, text: str) -> None:
    assert str(table_of(changes, allow_missing="all")[0]) == text


def test_rows_are_counted_from_either_end(sample: fs.StatusTable) -> None:
    assert sample[-1] == sample[len(sample) - 1] == list(sample)[-1]
    assert sample[0] == next(iter(sample))


@pytest.mark.parametrize("row", [3, -4, 10**30])
def test_there_is_no_row_beyond_the_last(row: int) -> None:
    table = table_of({}, {}, {})
    for look in (table.__getitem__, table.explain, table["id"].__getitem__):
        with pytest.raises(IndexError, match=rf"row {row} of a \w+ of 3 rows"):
            look(row)


@pytest.mark.parametrize("key", [None, 1.5, (0, 1)], ids=repr)
def test_a_table_takes_a_name_or_a_number(key: Any) -> None:
    with pytest.raises(TypeError, match="a column's name, a row's number"):
        table_of({})[key]


def test_an_unknown_column_is_a_key_error_that_lists_them() -> None:
    with pytest.raises(
        KeyError, match=r"no column 'stats'; did you mean 'status'\?; there are id, .*, error"
    ):
        table_of({})["stats"]


def test_a_slice_is_a_table(sample: fs.StatusTable) -> None:
    rows = sample.to_dicts()
    for part in (slice(2, 9), slice(None, None, -3), slice(5, 5), slice(-4, None)):
        assert sample[part].to_dicts() == rows[part]
    assert (sample[:3].now, sample[:3].scheme) == (sample.now, sample.scheme)


def test_to_dicts_has_plain_values(sample: fs.StatusTable) -> None:
    rows = sample.to_dicts()
    assert [list(row) for row in rows] == [list(SCHEMA)] * len(sample)
    for name in SCHEMA:
        assert [row[name] for row in rows] == sample[name].to_list()
        kinds = {type(row[name]) for row in rows} - {type(None)}
        assert kinds <= {str, int, bool, datetime}, name


# What it knows of its source


def test_a_table_is_of_its_source_row_by_row() -> None:
    records = [device_record(id=number) for number in range(10_000)]
    expected = list(range(10_000))
    assert fs.classify(records)["id"].to_list() == expected
    assert fs.classify(as_json(records))["id"].to_list() == expected


def test_a_table_knows_where_its_moment_comes_from_and_what_it_has_seen() -> None:
    table = table_of({}, {"is_frozen": None})
    assert table.now_source == "given"
    needed = {"is_connected_to_vpn", "api_heartbeat_state", "last_connectivity_event", "status"}
    assert needed <= table.fields_seen
    assert "is_frozen" not in table.fields_seen  # read, but never needed
    assert table[:0].fields_seen == pickle.loads(pickle.dumps(table)).fields_seen


@pytest.mark.parametrize("scheme", fs.StatusScheme)
def test_a_table_knows_its_scheme(scheme: fs.StatusScheme) -> None:
    options: Any = {"now": NOW, "allow_missing": "all"}
    for given in (scheme, scheme.value):
        table = fs.classify([FULL], scheme=given, **options)
        assert table.scheme is scheme
        assert table["status"].labels == scheme.labels


@pytest.mark.parametrize("scheme", ["docs", "", "DOCS-2024-11", None, 0])
def test_an_unknown_scheme_is_refused_with_a_list(scheme: Any) -> None:
    with pytest.raises(ValueError, match=r"there are docs-2024-11, .*, library-2020"):
        fs.classify([], scheme=scheme)


EVENTS = [
    "last_connectivity_event",
    "last_vpn_event",
    "changed_api_heartbeat_state_on__date",
    "last_update_status_event",
]


@pytest.mark.parametrize("field", EVENTS)
def test_the_newest_event_is_the_latest_of_any_kind(field: str) -> None:
    latest = datetime(2026, 10, 30, tzinfo=UTC)
    table = table_of({}, {field: latest}, dict.fromkeys(EVENTS))
    assert table.newest_event == latest
    assert table[2:].newest_event == latest


def test_there_may_be_no_event() -> None:
    assert table_of(dict.fromkeys(EVENTS)).newest_event is None
    assert fs.classify([]).newest_event is None


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ("2026-10-29T11:59:59Z", "newest event 3 days before"),
        ("2026-11-01T12:00:00Z", "newest event 0 seconds before"),
        ("2026-11-01T12:02:00Z", "newest event 2 minutes after"),
        (None, "no event in the data"),
    ],
)
def test_the_age_of_the_data_is_shown(event: str | None, told: str) -> None:
    table = table_of(dict.fromkeys(EVENTS) | {"last_vpn_event": event})
    line = f"as of 2026-11-01 12:00:00Z, {told}"
    assert line in repr(table).splitlines()
    assert line in table._repr_mimebundle_()["text/html"]


def test_repr_is_short_and_tells_the_counts() -> None:
    table = table_of({}, {}, {"is_active": False}, {"id": "x"}, on_error="keep")
    lines = repr(table).splitlines()
    assert lines[0] == "1 of 4 devices needs attention, docs-2024-11"
    warnings = [line for line in lines if line.startswith("! ")]
    assert lines[2 : 2 + len(warnings)] == warnings
    counts = lines[lines.index("  status") :][1:3]
    assert [line.split() for line in counts] == [["3", "Operational"], ["1", "Inactive"]]
    assert len(repr(fs.classify([])).splitlines()[0]) < 40


# Whether it is the same, and what is in it


def test_tables_are_equal_by_value(sample: fs.StatusTable) -> None:
    again = fs.classify(fs.sample_fleet())
    assert sample == again == copy.copy(sample) == pickle.loads(pickle.dumps(sample))
    assert sample.equals(again)
    assert len({sample, again, sample[:5], again[:5]}) == 2
    assert hash(sample) == hash(again)


def test_other_values_rows_moments_schemes_and_columns_make_another_table() -> None:
    table = table_of({"note": "a"}, {"id": 2})
    later = NOW + timedelta(milliseconds=1)
    others = [
        table_of({}, {"id": 3}),
        table_of({}),
        table[::-1],
        table_of({}, {"id": 2}, now=later),
        table_of({}, {"id": 2}, scheme="docs-2024-10"),
        table_of({"note": "a"}, {"id": 2}, carry="note"),
    ]
    assert table == table_of({}, {"id": 2})
    for other in others:
        assert table != other
        assert not table.equals(other)
    changed = table_of({"note": "b"}, {"id": 2}, carry="note")
    assert changed != others[-1]


def test_a_table_equals_nothing_else() -> None:
    table = table_of({})
    assert table != table.to_dicts()
    assert (table == object()) is False
    with pytest.raises(TypeError, match="compared with a table, not with a list"):
        table.equals(table.to_dicts())  # type: ignore[arg-type]


def test_the_same_rows_in_another_memory_are_equal() -> None:
    records = [device_record(id=number, device_name=f"n{number}") for number in range(100)]
    table = fs.classify(records, now=NOW)
    assert table[10:20] == fs.classify(records[10:20], now=NOW)
    assert table.filter([number % 3 == 0 for number in range(100)]) == table[::3]


# Copies


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_a_table_survives_pickling(sample: fs.StatusTable, protocol: int) -> None:
    again = pickle.loads(pickle.dumps(sample, protocol))
    assert again.to_dicts() == sample.to_dicts()
    assert (again.now, again.scheme) == (sample.now, sample.scheme)
    assert (again.newest_event, again.fields_missing) == (
        sample.newest_event,
        sample.fields_missing,
    )
    assert repr(again) == repr(sample)


def test_a_pickled_table_still_answers(sample: fs.StatusTable) -> None:
    kept = fs.classify(
        [FULL | {"os_version": "6"}, {"is_active": 5}, 17],  # type: ignore[list-item]
        on_error="keep",
        carry="os_version",
    )
    for table in (sample, kept):
        again = pickle.loads(pickle.dumps(table))
        assert again.columns == table.columns
        assert again.attention().to_dicts() == table.attention().to_dicts()
        assert again.disagreements().to_dicts() == table.disagreements().to_dicts()
        assert [str(again.explain(i)) for i in range(3)] == [
            str(table.explain(i)) for i in range(3)
        ]


def test_a_pickle_is_read_by_the_version_that_wrote_it(sample: fs.StatusTable) -> None:
    make, (version, state) = sample.__reduce__()
    assert version == fs.__version__
    assert make(version, state) == sample
    with pytest.raises(ValueError, match=r"pickled by fleetstatus 0\.0\.1 and is read by"):
        make("0.0.1", state)


def test_a_copy_is_equal_row_by_row(sample: fs.StatusTable) -> None:
    for again in (copy.copy(sample), copy.deepcopy(sample)):
        assert again.to_dicts() == sample.to_dicts()


def test_threads_may_share_a_table(sample: fs.StatusTable) -> None:
    def look(_: int) -> tuple[Any, ...]:
        attention = sample.attention().to_dicts()
        return attention, sample.summary(by="fleet").to_dicts(), sample.to_dicts()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(look, range(8)))
    assert answers == [look(0)] * 8


def test_threads_may_classify_side_by_side() -> None:
    text = as_json([FULL] * 5000)
    with ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(fs.classify, text, now=NOW) for _ in range(8)]
        rows = [future.result()[4999] for future in futures]
    assert rows == [DEVICE] * 8


@pytest.mark.parametrize("threads", [0, -1, 1.5, "2"])
def test_threads_is_a_number_from_one_on(threads: Any) -> None:
    with pytest.raises(ValueError, match="threads is"):
        fs.classify([], threads=threads)
    assert [len(fs.classify([FULL], threads=good)) for good in (None, 1, 7)] == [1, 1, 1]
