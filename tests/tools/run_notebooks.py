"""Run the notebooks and keep what they show: ``python tests/tools/run_notebooks.py [NAME...]``.

The same input gives the same file: no times, no addresses, no metadata of the machine.
"""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def main() -> None:
    """Run the notebooks that are named, or all."""
    names = sys.argv[1:]
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        if not names or path.stem in names:
            print(path.name)
            nbformat.write(run(path), path)


def run(path: Path) -> NotebookNode:
    """Run a notebook from its beginning, in its folder.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell does.
    """
    notebook = without_outputs(nbformat.read(path, as_version=4))
    NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    return without_traces(notebook)


def without_outputs(notebook: NotebookNode) -> NotebookNode:
    """Keep what people wrote, with ids that count the cells."""
    notebook.metadata = NotebookNode(_METADATA)
    for number, cell in enumerate(notebook.cells, 1):
        cell.id = f"cell-{number:02}"
        cell.metadata = NotebookNode()
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def without_traces(notebook: NotebookNode) -> NotebookNode:
    """Drop what differs from run to run or from machine to machine."""
    notebook.metadata = NotebookNode(_METADATA)
    for cell in notebook.cells:
        cell.metadata = NotebookNode()
        for output in cell.get("outputs", ()):
            if "metadata" in output:
                output.metadata = NotebookNode()
    return notebook


if __name__ == "__main__":
    main()
