"""The package as a whole: what it exports, imports and ships, and that both languages agree."""

from __future__ import annotations

import importlib.metadata
import inspect
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fleetstatus as fs
from fleetstatus import _core, query, records
from fleetstatus._catalog import BEFORE_LINKS, COLUMNS, FIELDS, NOW_SOURCES, to_api_name

ROOT = Path(fs.__file__).parents[1]


def test_all_is_sorted_and_there() -> None:
    assert fs.__all__ == sorted(fs.__all__)
    assert len(set(fs.__all__)) == len(fs.__all__)
    for name in fs.__all__:
        assert getattr(fs, name).__doc__, name


def test_what_is_for_later_is_not_there() -> None:
    later = {"tracker", "fetch"}
    assert not later & {*fs.__all__, *vars(fs)}


def test_the_version_is_that_of_the_distribution() -> None:
    try:
        installed = importlib.metadata.version("fleetstatus")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("not installed, only built")
    assert fs.__version__ == installed


USE = """
import json, sys
sys.path.insert(0, {root!r})
before = set(sys.modules)
import fleetstatus as fs
{use}
print(json.dumps(sorted(set(sys.modules) - before)))
"""


@pytest.mark.parametrize(
    "use", ["", "str(fs.classify(fs.sample_fleet()).attention().explain(0))"], ids=["import", "use"]
)
def test_no_module_of_a_third_party_is_loaded(use: str) -> None:
    script = USE.format(root=str(ROOT), use=use)
    command = [sys.executable, "-I", "-W", "error", "-c", script]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    modules = json.loads(run.stdout)
    assert "fleetstatus._core" in modules
    assert "fleetstatus.cli" not in modules
    loaded = {name.partition(".")[0] for name in modules}
    assert loaded - {"fleetstatus", *sys.stdlib_module_names} == set()


def test_the_package_says_that_it_is_typed() -> None:
    assert (ROOT / "fleetstatus" / "py.typed").exists()


def test_build_info_tells_how_the_engine_was_built() -> None:
    info = fs.build_info()
    assert {"compiler", "build_type", "nlohmann_json", "pybind11"} <= set(info)
    assert all(info.values())
    info["compiler"] = ""
    assert fs.build_info()["compiler"]


def test_the_sample_is_a_path_to_a_file() -> None:
    path = fs.sample_fleet()
    assert isinstance(path, Path)
    assert path.is_absolute()
    assert len(fs.classify(path)) > 200


# Python and the engine


@pytest.mark.parametrize(
    ("enum", "exported"),
    [
        (fs.StatusScheme, _core.schemes()),
        (fs.Reason, _core.reasons()),
        (fs.HeartbeatState, _core.heartbeat_states()),
        (fs.UpdateStatus, _core.update_statuses()),
        (fs.Attention, _core.attentions()),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_vocabularies_are_the_engines(enum: Any, exported: list[str]) -> None:
    assert list(enum) == exported


@pytest.mark.parametrize(("code", "scheme"), list(enumerate(fs.StatusScheme)))
def test_labels_are_the_engines(code: int, scheme: fs.StatusScheme) -> None:
    assert list(scheme.labels) == _core.labels(code)


def test_moments_come_from_where_the_engine_knows() -> None:
    assert list(NOW_SOURCES) == _core.now_sources()


def test_defaults_are_the_engines() -> None:
    milliseconds = _core.default_poll_interval_ms
    for function in (fs.classify, fs.scan, fs.explain, fs.heartbeat_window):
        default = inspect.signature(function).parameters["default_poll_interval"].default
        assert default == timedelta(milliseconds=milliseconds), function
    thresholds = inspect.signature(fs.StatusTable.attention).parameters
    defaults = {
        name: parameter.default
        for name, parameter in thresholds.items()
        if isinstance(parameter.default, timedelta)
    }
    assert defaults == {
        "disconnected": timedelta(0),
        "downloading": timedelta(hours=2),
        "downloaded": timedelta(hours=24),
        "applying": timedelta(minutes=30),
        "reduced": timedelta(minutes=5),
        "never_connected": timedelta(hours=24),
    }


def test_options_of_the_two_readers_are_alike() -> None:
    classify, scan = (inspect.signature(one).parameters for one in (fs.classify, fs.scan))
    assert {*classify} - {*scan} == {"source"}
    assert {*scan} - {*classify} == {"sources", "batch_size", "progress"}
    for name in {*classify} & {*scan}:
        assert classify[name].default == scan[name].default, name


def test_capabilities_are_the_engines() -> None:
    assert [(one.name, one.value) for one in fs.Capability] == [
        (name, 1 << bit) for bit, name in enumerate(_core.capabilities())
    ]


def test_columns_are_the_engines() -> None:
    assert list(COLUMNS) == fs.classify([])._core.columns


@pytest.mark.parametrize("field", FIELDS.values(), ids=FIELDS)
def test_spellings_of_fields_are_the_engines(field: Any) -> None:
    assert to_api_name(field["database_name"]) == to_api_name(field["name"]) == field["name"]


def test_rules_before_those_of_the_links_are_those_of_devices_that_are_not_managed() -> None:
    labels = {"frozen", "inactive", "post provisioning"}
    assert labels | {"post-provisioning"} == BEFORE_LINKS


def test_the_record_type_has_the_fields_that_the_engine_reads() -> None:
    assert {*fs.DeviceRecord.__annotations__} == {*FIELDS, *records.OtherFields.__annotations__}
    assert not {*FIELDS} & {*records.OtherFields.__annotations__}


def test_the_query_asks_for_the_keys_that_the_engine_reads() -> None:
    installs = query.device_options()["$expand"]["image_install"]
    asked = {*installs["$select"], *installs["$expand"]}
    # The SDKs put the release beside the install where they do not expand it.
    assert asked | {"release_id", "commit"} <= set(records.InstallRecord.__annotations__)
    fleet = query.device_options()["$expand"]["belongs_to__application"]
    assert {*fleet["$select"], *fleet["$expand"]} <= set(records.FleetRecord.__annotations__)


# The heartbeat window


@pytest.mark.parametrize(
    ("poll_interval_ms", "seconds"),
    [
        (None, 1350),
        (0, 1350),
        (-1, 1350),
        (900_000, 1350),
        (900_001, 1351),  # 1350.0015 s, rounded up
        (timedelta(minutes=15, milliseconds=1), 1351),
        (timedelta(hours=1), 5400),
        ("1h", 5400),
        ("15min0.001s", 1351),
        ("0s", 1350),
        (np.int64(3_600_000), 5400),
        (timedelta(0), 1350),
        (timedelta.max, 473_040_000),
        (timedelta.min, 1350),
        (3650 * 86_400_000, 473_040_000),
        (3650 * 86_400_000 + 1, 473_040_000),
        (10**30, 473_040_000),
        (-(10**30), 1350),
    ],
)
def test_the_window_is_half_as_long_again_as_the_interval(
    poll_interval_ms: Any, seconds: int
) -> None:
    assert fs.heartbeat_window(poll_interval_ms) == timedelta(seconds=seconds)


@pytest.mark.parametrize("poll_interval_ms", [1.5, True, [600_000], b"1h"])
def test_an_interval_is_a_number_of_milliseconds(poll_interval_ms: Any) -> None:
    with pytest.raises(TypeError, match=r"poll_interval_ms is a .*, expected milliseconds"):
        fs.heartbeat_window(poll_interval_ms)


def test_an_interval_as_text_has_a_unit() -> None:
    with pytest.raises(ValueError, match=r"^poll_interval_ms: '600000' is not a duration; write "):
        fs.heartbeat_window("600000")


@pytest.mark.parametrize(
    ("default", "poll_interval_ms", "seconds"),
    [
        (timedelta(minutes=10), None, 900),
        ("10min", None, 900),
        ("10m", 600_001, 901),
        ("10min", 900_000, 1350),
        ("1s", 900, 2),  # 1.5 s, rounded up
        (timedelta(microseconds=1), None, 1),
        (timedelta(days=3650), 1, 473_040_000),
    ],
)
def test_the_server_says_the_least_interval(
    default: Any, poll_interval_ms: int | None, seconds: int
) -> None:
    window = fs.heartbeat_window(poll_interval_ms, default_poll_interval=default)
    assert window == timedelta(seconds=seconds)


BAD_DEFAULTS = [timedelta(0), -timedelta(1), timedelta(days=3650, microseconds=1), "0s", "522w", ""]


@pytest.mark.parametrize("default", BAD_DEFAULTS, ids=str)
def test_a_default_interval_is_more_than_nothing_and_at_most_ten_years(default: Any) -> None:
    for act in (
        lambda: fs.heartbeat_window(None, default_poll_interval=default),
        lambda: fs.classify([], default_poll_interval=default),
        lambda: fs.scan([], default_poll_interval=default),
    ):
        with pytest.raises(ValueError, match="default_poll_interval"):
            act()


@pytest.mark.parametrize("default", [900_000, None, 15.0])
def test_a_default_interval_is_a_duration(default: Any) -> None:
    with pytest.raises(TypeError, match=r"default_poll_interval is a .*, expected a timedelta"):
        fs.classify([], default_poll_interval=default)
