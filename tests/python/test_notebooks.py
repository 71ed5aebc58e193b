"""Notebooks run, show what is committed, and need no network."""

from __future__ import annotations

import re
from typing import Any

import nbformat
import pytest

from run_notebooks import NOTEBOOKS, run

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))
PICTURES = {"image/svg+xml", "image/png"}
ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}|/(?:home|root|Users|tmp|work)/")

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
            [
                {kind: "" if kind in PICTURES else text for kind, text in texts(output).items()}
                for output in cell.get("outputs", ())
            ],
        )
        for cell in notebook.cells
    ]


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
