from pathlib import Path

import fleetstatus as fs
from fleet_data import full_records, selected_records
from targets import TARGETS

README = Path(__file__).parents[2] / "README.md"


def _lines_of_table() -> list[tuple[str, str]]:
    """Work and peer of each line."""
    text = README.read_text(encoding="utf-8")
    table = text.partition("--update-readme -->\n")[2].partition("<!-- end -->")[0]
    rows = [row.strip("|").split("|") for row in table.splitlines() if row.startswith("|")]
    return [(cells[0].strip(), cells[2].strip()) for cells in rows[2:]]


def test_readme_has_a_line_for_each_comparison() -> None:
    assert _lines_of_table() == [(target.work, target.peer) for target in TARGETS]


def test_made_records_meet_every_rule() -> None:
    not_in_this_scheme = {"ordered", "preparing", "shipped", "online", "unknown"}
    rules = {reason.value for reason in fs.Reason} - not_in_this_scheme
    for records in (selected_records(1000), full_records(1000)):
        devices = fs.classify(records, now="2026-11-01T12:00:00Z")
        assert set(devices["reason"]) == rules
