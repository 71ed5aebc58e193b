import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import fleetstatus as fs
import report
from fleet_data import Record, full_records, selected_records
from targets import CHANGE_TARGETS, TARGETS, Target
from timing import Costs, Result, Stopwatch, Work
from variants import VARIANTS

PAGE = Path(__file__).parents[2] / "notebooks" / "benchmarks.md"
README = Path(__file__).parents[2] / "README.md"
README_ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| ([\d.]+x) \|$", re.MULTILINE)
NOW = "2026-11-01T12:00:00Z"
_END = "<!-- end -->\n"


def _lines_of_table(mark: str) -> list[tuple[str, str]]:
    """Work and peer of each line."""
    text = PAGE.read_text(encoding="utf-8")
    table = text.partition(f"<!-- {mark} --update-docs -->\n")[2].partition("<!-- end -->")[0]
    rows = [row.strip("|").split("|") for row in table.splitlines() if row.startswith("|")]
    return [(cells[0].strip(), cells[2].strip()) for cells in rows[2:]]


@pytest.mark.parametrize(
    ("mark", "targets"),
    [("python tests/bench", TARGETS), ("python tests/bench changes", CHANGE_TARGETS)],
)
def test_the_page_has_a_line_for_each_comparison(mark: str, targets: list[Target]) -> None:
    assert _lines_of_table(mark) == [(target.work, target.peer) for target in targets]


def test_made_records_meet_every_rule() -> None:
    not_in_this_scheme = {"ordered", "preparing", "shipped", "online", "unknown"}
    rules = {reason.value for reason in fs.Reason} - not_in_this_scheme
    for records in (selected_records(1000), full_records(1000)):
        devices = fs.classify(records, now=NOW)
        assert set(devices["reason"]) == rules


def _reasons(source: Any) -> list[Any]:
    return fs.classify(source, now=NOW)["reason"].to_list()


def _n_nulls(records: list[Record]) -> int:
    return sum(list(record.values()).count(None) for record in records)


@pytest.mark.slow
@pytest.mark.parametrize("name", VARIANTS)
def test_variants_write_the_same_devices_otherwise(name: str) -> None:
    records = list(selected_records(6000))
    content = VARIANTS[name](records)
    assert content != json.dumps({"d": records}, separators=(",", ":")).encode()
    assert _reasons(content) == _reasons(records)


@pytest.mark.slow
def test_variants_are_what_they_are_called() -> None:
    records = list(selected_records(6000))
    shuffled, few_nulls, escapes, fleets = (write(records) for write in VARIANTS.values())
    orders = {tuple(record) for record in json.loads(shuffled)["d"][:100]}
    assert len(orders) == 100
    assert _n_nulls(json.loads(few_nulls)["d"]) / _n_nulls(records) == pytest.approx(0.5, abs=0.05)
    assert escapes.count(b"\\u00fc") == escapes.count("ä".encode()) == len(records)
    assert len(set(fs.classify(fleets, now=NOW)["fleet"])) == 5000


@pytest.mark.slow
def test_each_way_is_timed_once_a_round_and_in_turn() -> None:
    first, second, other = TARGETS[0], TARGETS[3], TARGETS[5]
    assert first.peer == second.peer
    calls: list[str] = []

    def way(name: str) -> Callable[[], None]:
        return lambda: calls.append(name)

    ours = {target.work: way(target.work) for target in (first, second)}
    results = Stopwatch(4).time(Work(2, ours, {first.peer: way(first.peer)}, "wall", None))
    assert [result.target for result in results] == [first, second]
    assert results[0].peer == results[1].peer
    assert other.work not in calls
    assert calls[:6] == [first.work, second.work, first.peer, second.work, first.peer, first.work]
    assert {calls.count(name) for name in calls} == {4}


def test_ratio_is_that_of_the_medians_and_spread_is_of_half_of_the_rounds() -> None:
    # in order 8, 9, 10, 11, 30: quartiles 9 and 11, (11 - 9) / 10 = 0.2
    result = Result(TARGETS[0], ours=Costs([10, 30, 8, 11, 9]), peer=Costs([15.0]))
    assert result.ratio == 1.5
    assert result.spread == pytest.approx(0.2)


def _measured(target: Target, *rounds: float) -> Result:
    return Result(target, Costs(list(rounds)), Costs([1e-6]))


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the table go into a copy; the peers whose versions it names need not be installed."""
    copy = tmp_path / "benchmarks.md"
    copy.write_bytes(PAGE.read_bytes())
    monkeypatch.setattr(report, "PAGE", copy)
    readme = tmp_path / "README.md"
    readme.write_bytes(README.read_bytes())
    monkeypatch.setattr(report, "README", readme)
    monkeypatch.setattr(report, "environment", lambda: "today on a processor")
    return copy


def test_the_page_takes_a_run_with_its_spread(page: Path) -> None:
    results = [_measured(target, 2e-7, 2.01e-7, 2.02e-7) for target in TARGETS[::-1]]
    results[-2] = _measured(TARGETS[1], 2e-7, 3e-7, 4e-7)
    report.update_docs(results)
    text = page.read_text(encoding="utf-8")
    for row in (
        f"| {TARGETS[0].work} | 4.98 M | {TARGETS[0].peer} | 1.00 M | 5.0x | 0% |",
        f"| {TARGETS[1].work} | 3.33 M | {TARGETS[1].peer} | 1.00 M | 3.3x | 33% |",
    ):
        assert row in text
    readme = (page.parent / "README.md").read_text(encoding="utf-8")
    ratios = {(work, peer): ratio for work, peer, ratio in README_ROW.findall(readme)}
    measured = {(target.work, target.peer) for target in TARGETS}
    assert {ratio for row, ratio in ratios.items() if row in measured} == {"3.3x", "5.0x"}


def test_the_readme_repeats_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    few = README_ROW.findall(README.read_text(encoding="utf-8"))
    assert len(few) > 5
    for work, peer, ratio in few:
        row = rf"\| {re.escape(work)} \| [^|]+ \| {re.escape(peer)} \| [^|]+ \| {re.escape(ratio)} "
        assert re.search(row, page), (work, peer)


@pytest.mark.parametrize(("command", "targets"), [("", TARGETS), ("changes", CHANGE_TARGETS)])
def test_each_table_of_the_page_has_its_own_place(
    page: Path, command: str, targets: list[Target]
) -> None:
    before = page.read_text(encoding="utf-8")
    report.update_docs([_measured(each, 2e-7) for each in targets], targets, command)
    mark = f"<!-- {f'python tests/bench {command}'.strip()} --update-docs -->\n"
    begin, _, old = before.partition(mark)
    table, _, rest = page.read_text(encoding="utf-8").removeprefix(begin + mark).partition(_END)
    assert table.count("5.0x | 0% |") == len(targets)
    assert rest == old.partition(_END)[2]


def test_the_page_takes_no_partial_run(page: Path) -> None:
    before = page.read_bytes()
    results = [_measured(target, 2e-7) for target in TARGETS]
    del results[2]
    with pytest.raises(ValueError, match="stays as it is") as raised:
        report.update_docs(results)
    assert str(raised.value).splitlines()[1:] == [
        f"  {TARGETS[2].work} / {TARGETS[2].peer}: not measured"
    ]
    assert page.read_bytes() == before


def test_the_page_without_a_place_for_a_table_stays_as_it_is(page: Path) -> None:
    page.write_text("no table here\n", encoding="utf-8")
    with pytest.raises(ValueError, match="it has 0 places"):
        report.update_docs([_measured(target, 2e-7) for target in TARGETS])
    assert page.read_text(encoding="utf-8") == "no table here\n"
