"""Notebooks run, show what is committed, and need no network."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

import a_week
import fleetstatus as fs
from examples import device_record
from run_notebooks import NOTEBOOKS, run

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))
PICTURES = {"image/svg+xml", "image/png"}
ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}|/(?:home|root|Users|tmp)/")

if not PATHS:
    pytest.skip("not in this source tree", allow_module_level=True)


def outputs(notebook: Any) -> list[dict[str, Any]]:
    return [dict(output) for cell in notebook.cells for output in cell.get("outputs", ())]


def texts(output: dict[str, Any]) -> dict[str, str]:
    """Texts of an output by their type."""
    if output["output_type"] == "stream":
        return {output["name"]: output["text"]}
    return dict(output["data"])


def comparable(notebook: Any) -> list[Any]:
    """All that is the same everywhere; pictures depend on the fonts of the machine."""
    return [
        (
            cell.id,
            cell.source,
            cell.get("execution_count"),
            joined(
                {kind: "" if kind in PICTURES else text for kind, text in texts(output).items()}
                for output in cell.get("outputs", ())
            ),
        )
        for cell in notebook.cells
    ]


def joined(shown: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """Join what was printed: a slow kernel hands it on in pieces."""
    outputs: list[dict[str, str]] = []
    for output in shown:
        if outputs and outputs[-1].keys() == output.keys() == {"stdout"}:
            outputs[-1]["stdout"] += output["stdout"]
        else:
            outputs.append(output)
    return outputs


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_notebook_shows_what_is_committed(path: Any) -> None:
    committed = nbformat.read(path, as_version=4)
    assert comparable(run(path)) == comparable(committed)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_outputs_stand_alone(path: Any) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    shown = outputs(notebook)
    assert len(shown) >= 4
    for output in shown:
        assert output["output_type"] != "error"
        for kind, text in texts(output).items():
            assert kind in {"stdout", "text/plain", "text/html", *PICTURES}
            assert "<script" not in text
            assert text.count("http") == text.count("http://www.w3.org/")
            assert not ADDRESS.search(text)
            assert str(NOTEBOOKS.parent) not in text


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_every_output_has_a_text_or_a_picture(path: Any) -> None:
    for output in outputs(nbformat.read(path, as_version=4)):
        assert {"stdout", "text/plain", *PICTURES} & set(texts(output))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_notebook_asks_and_answers(path: Any) -> None:
    notebook = nbformat.read(path, as_version=4)
    assert notebook.cells[0].source.splitlines()[0].endswith("?")
    assert notebook.cells[-1].source.startswith("## Answer\n")
    n_code = sum(1 for cell in notebook.cells if cell.cell_type == "code")
    counts = [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"]
    assert counts == list(range(1, n_code + 1))
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert all(cell.metadata == {} for cell in notebook.cells)


def answer_of(name: str) -> str:
    """Read the answer that a notebook ends with."""
    return str(nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4).cells[-1].source)


SOURCE = "fs.sample_fleet()  # yours"


def healthy() -> bytes:
    """Give a fleet in which nothing is wrong, with devices that have no name."""
    records = [device_record(device_name=None), device_record(overall_status=None)]
    return json.dumps({"d": records}).encode()


def odd() -> bytes:
    """Give a fleet of which little is known."""
    fields: dict[str, Any] = {
        "belongs_to__application": [],
        "is_running__release": [],
        "device_name": None,
    }
    sample = json.loads(fs.sample_fleet().read_bytes())["d"][:60]
    return json.dumps([record | fields for record in sample]).encode()


@pytest.mark.slow
@pytest.mark.parametrize("fleet", [healthy, odd])
@pytest.mark.parametrize("path", PATHS[:4], ids=lambda path: path.stem)
def test_a_notebook_runs_on_a_file_of_the_reader(path: Any, fleet: Any, tmp_path: Path) -> None:
    (tmp_path / "fleet.json").write_bytes(fleet())
    notebook = nbformat.read(path, as_version=4)
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    assert first.source.count(f"source = {SOURCE}") == 1
    first.source = first.source.replace(SOURCE, '"fleet.json"  # yours')
    nbformat.write(notebook, tmp_path / path.name)
    shown = outputs(run(tmp_path / path.name))
    assert len(shown) >= 4


@pytest.mark.slow
def test_changes_are_those_of_two_files_of_the_reader(tmp_path: Path) -> None:
    notebook = nbformat.read(PATHS[4], as_version=4)
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    source = first.source.replace("import a_week\n", "")
    for noon, yours in (("07", "saturday"), ("08", "sunday")):
        (tmp_path / f"{yours}.json").write_bytes(a_week.answer(f"2026-11-{noon}T12:00Z"))
        line = f'a_week.answer("2026-11-{noon}T12:00Z")  # yours: "{yours}.json"'
        assert source.count(line) == 1
        source = source.replace(line, f'"{yours}.json"  # ')
    first.source = source
    notebook.cells = [first]
    nbformat.write(notebook, tmp_path / "changes.ipynb")
    (shown,) = outputs(run(tmp_path / "changes.ipynb"))
    assert "18 devices changed" in texts(shown)["text/plain"]


def words_of(name: str) -> str:
    """Read all that a notebook says between its cells of code."""
    cells = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_each_heading_is_a_question_or_the_answer(path: Any) -> None:
    headings = re.findall(r"^#+ (.*)$", words_of(path.stem), re.MULTILINE)
    assert len(headings) >= 5
    assert headings.pop() == "Answer"
    assert all(heading.endswith("?") for heading in headings)


def test_what_is_said_below_a_heading_holds_of_the_sample() -> None:
    devices = fs.classify(fs.sample_fleet(), allow_missing="all")
    updates = Counter(devices["update_status"])
    n_updates = sum(n for status, n in updates.items() if status not in {None, "Done"})
    hanging = devices.attention().where(attention=["update-failed", "update-stuck"])
    n_old = len(hanging.where(on_target=False))
    n_operational = len(devices.where(status="Operational"))
    reasons = Counter(devices["reason"])
    kiosks = re.search(r"(\d+) kiosks run the new release", words_of("05_what_changed"))
    assert 0.7 < n_operational / len(devices) < 0.8
    assert kiosks is not None
    assert f"{kiosks[1]} kiosks run the new release" in answer_of("05_what_changed")
    for name, words in (
        ("01_fleet_audit", f"Three quarters of the {len(devices)} devices are operational"),
        ("01_fleet_audit", f"{len(devices.attention())} of {len(devices)}. The status alone"),
        ("02_stuck_updates", f"{n_updates} updates are in progress or have failed"),
        (
            "02_stuck_updates",
            f"{n_old} updates are stuck or have failed, for five different reasons",
        ),
        ("02_stuck_updates", f"Yes, all {len(hanging)} can be reached"),
        ("04_vocabularies", f"on purpose** ({reasons['cloudlink-disabled']} devices)"),
        ("04_vocabularies", f"Frozen** ({reasons['frozen']} devices)"),
        ("04_vocabularies", f"For {len(devices) - len(devices.disagreements())} of 300 devices"),
    ):
        assert words in words_of(name)


def test_answers_are_those_of_the_sample() -> None:
    devices = fs.classify(fs.sample_fleet())
    attention = devices.attention()
    n_failed = len(attention.where(attention="update-failed"))
    n_stuck = len(attention.where(attention="update-stuck"))
    of_releases = attention.where(
        attention=["update-failed", "update-stuck"], reason=["both-links", "downloading-service"]
    )
    n_silent = len(devices.filter(devices["update_status_support"] == "no"))
    gone = devices.where(status="Disconnected")
    lost = Counter(gone["fleet"]).most_common(1)[0]
    n_different = len(devices.disagreements())
    assert (len(gone.where(status_for=timedelta(days=30))), lost[1], n_different) == (5, 9, 3)
    expected = {
        "01_fleet_audit": [
            f"{len(attention)} of {len(devices)} devices need a person",
            f"{len(gone)} are disconnected, five of them for more than a month",
            f"{len(attention.where(attention='reduced'))} have had only one link",
            f"{n_failed} updates have failed and {n_stuck} are stuck",
            f"{len(attention.where(attention='never-connected'))} were registered and never",
            f"{len(attention.where(attention='frozen'))} are frozen",
        ],
        "02_stuck_updates": [
            f"{len(of_releases)} updates are stuck or have failed",
            f"All {n_failed + n_stuck} can be reached",
            f"For {n_silent} devices nothing is known",
        ],
        "03_data_frames": [f"{lost[0]} has the most disconnected devices: nine"],
        "04_vocabularies": [
            f"of {len(devices)} devices",
            f"{len(devices.where(reason='cloudlink-disabled'))} have cloudlink turned off",
            f"{len(devices.where(status='Reduced Functionality'))} have one link of two",
            f"{len(devices.where(status='Frozen'))} are frozen",
            "For three devices the API's own answer differs",
        ],
    }
    assert [*expected, "05_what_changed"] == [path.stem for path in PATHS]
    for name, said in expected.items():
        for words in said:
            assert words in answer_of(name)


@pytest.mark.slow
def test_the_answer_of_a_week_is_what_a_tracker_saw() -> None:
    tracker = fs.Tracker()
    for devices in map(fs.classify, a_week.answers()):
        if devices.now != a_week.FAILED_PAGE:
            tracker.update(devices)
    day = fs.diff(a_week.answer("2026-11-07T12:00Z"), a_week.answer("2026-11-08T12:00Z"))
    gone, back = (len(day.where(kind="status", after=to)) for to in ("Disconnected", "Operational"))
    assert (gone, back) == (3, 3)
    names = {
        kind: set(day.where(kind=kind)["device_name"])
        for kind in ("status", "restarted", "release")
    }
    [rebooted] = names["status"] & names["restarted"]
    [updated] = names["status"] & names["release"]
    [pinned] = names["release"] - names["status"]
    [rejected] = day.where(kind="update", after="Rejected")["device_name"]
    [outage] = tracker.changes().where(kind="outage")
    dark = tracker.outages(since="2026-11-04T03:00:00Z", until="2026-11-04T06:00:00Z")
    dark_since = [row["from"].isoformat() for row in dark]
    n_dark = sum(since >= "2026-11-04T03" for since in dark_since)
    arrived = tracker.changes().where(kind="release", after="11.2.0")
    behind = tracker.devices.where(fleet="acme/kiosk-display", on_target=False)
    before = set(fs.classify(a_week.answer("2026-11-01T12:00Z")).attention()["uuid"])
    attention = tracker.devices.attention()
    fresh = attention.filter([uuid not in before for uuid in attention["uuid"]])
    classes = Counter(map(str, fresh["attention"]))
    assert outage["fleet"] == "northwind/greenhouse"
    assert classes == {"disconnected": 3, "update-failed": 2, "update-stuck": 2}
    answer = answer_of("05_what_changed")
    for words in (
        "three devices disconnected and three came back",
        f"`{rebooted}` after a reboot, `{updated}` with a new release",
        f"`{pinned}` was pinned to the older release 11.1.0, and an update of `{rejected}` was rejected",
        f"{n_dark} devices had no link for an hour and a half",
        f"{len(arrived)} kiosks run the new release",
        f"{len(behind)} kiosks do not run their target release",
        f"and {len(behind.attention())} of these need a person",
        "Seven devices need a person now",
        "three are disconnected, two updates have failed, and two are stuck",
    ):
        assert words in answer
