"""What changed in words: as lines of text, as Markdown and as HTML."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

import fleetstatus as fs
from change_rows import HOSTILE, NEW, OLD, back, changes, lost, row
from command_line import NOW, disconnected, numbered, record

HALF_PAST = OLD + timedelta(minutes=30)


def lines(made: fs.Changes, **options: Any) -> list[str]:
    return made.to_text(**options).split("\n")


def only_line(*rows: tuple[Any, ...], **about: Any) -> str:
    _, line = lines(changes(rows, **about))
    return line


def test_the_first_line_says_what_was_compared_and_how_many_changed_in_which_way() -> None:
    made = changes([lost(1), back(2), lost(3)])
    assert lines(made)[0] == (
        "acme/kiosk, 2026-11-01 12:00 to 13:00 UTC: 3 devices changed: 2 disconnected, 1 recovered"
    )


def test_a_line_says_who_what_why_when_and_after_how_long() -> None:
    assert only_line(lost(previous_duration_s=3 * 86_400 + 5)) == (
        "- device-1: Operational -> Disconnected (heartbeat and cloudlink went down) at 12:40, "
        "after 3 days"
    )


def test_nothing_changed() -> None:
    assert str(changes([])) == "2026-11-01 12:00 to 13:00 UTC: nothing changed"
    assert str(changes([], old_now=NEW)) == "2026-11-01 13:00 UTC: nothing changed"
    assert str(changes([], old_now=None, now=None)) == "nothing changed"


def test_a_snapshot_compared_with_itself_says_that_nothing_changed() -> None:
    devices = fs.classify(fs.sample_fleet())
    assert str(fs.diff(devices, devices)).endswith(" UTC: nothing changed")


def test_worst_comes_first_and_recoveries_last() -> None:
    reduced = {"before": "Operational", "after": "Reduced Functionality"}
    rows = [
        back(1),
        row("added", 2, after="Operational", reason="both-links"),
        row("renamed", 3, before="x", after="device-3"),
        row("relinked", 4),
        row("restarted", 5),
        row("refreshed", 6),
        row("release", 7, before="1.0", after="1.1"),
        row("update", 8, before="Downloading", after="Done"),
        row(
            "status", 9, after="Updating", reason_before="both-links", reason="downloading-release"
        ),
        row("removed", 10, before="Operational"),
        row("status", 11, after="Frozen", reason_before="both-links", reason="frozen"),
        row("flapping", 12, reason_before="both-links", reason="no-link"),
        row("status", 13, **reduced, reason_before="both-links", reason="heartbeat-only"),
        row("update", 14, before="Done", after="Rejected"),
        lost(15),
        row("outage", None, after="12 of 14"),
    ]
    _, first, *others = lines(changes(rows))
    assert first == "- acme/kiosk: outage, 12 of 14 devices lost their links"
    assert [line.split(":")[0] for line in others] == [
        f"- device-{device}" for device in range(15, 0, -1)
    ]


def test_lines_of_equal_weight_stay_in_the_order_of_the_rows() -> None:
    made = changes([lost(3), lost(1), lost(2)])
    assert [line[:10] for line in lines(made)[1:]] == ["- device-3", "- device-1", "- device-2"]


def test_a_device_with_several_changes_is_one_line_and_counts_once() -> None:
    rows = [row("update", 1, before="Done", after="Aborted"), back(1), row("restarted", 1)]
    headline, line = lines(changes([rows[1], rows[0], rows[2]]))
    assert headline.endswith("1 device changed: 1 update-failed")
    assert line.startswith("- device-1: update Done -> Aborted; Disconnected -> Operational")
    assert line.endswith("; restarted (same release)")


def test_a_device_that_came_back_by_a_reboot_has_recovered() -> None:
    headline, _, line = lines(changes([back(1), row("restarted", 1), row("restarted", 2)]))
    assert headline.endswith("1 restarted, 1 recovered")
    assert line.startswith("- device-1: Disconnected -> Operational")


def test_another_reason_of_the_same_status_may_be_a_recovery_too() -> None:
    states = {"before": "heartbeat-only", "after": "both-links", "cause": "cloudlink"}
    reason = row("reason", 1, **states, reason_before="heartbeat-only", reason="both-links")
    headline, line = lines(changes([row("restarted"), reason]))
    assert headline.endswith("1 recovered")
    assert line.startswith(
        "- device-1: heartbeat-only -> both-links (cloudlink is back); restarted"
    )


def test_changes_of_one_device_at_several_looks_are_lines_of_their_own() -> None:
    later = {"not_before": NEW, "not_after": NEW + timedelta(hours=1)}
    made = changes([lost(1), back(1, **later)], old_now=None, now=None)
    assert lines(made)[0] == (
        "acme/kiosk, 2026-11-01 12:00 to 14:00 UTC: 1 device changed: 1 disconnected, 1 recovered"
    )
    assert len(lines(made)) == 3


def test_part_of_the_links_back_is_told_apart_from_a_recovery() -> None:
    partly = {"after": "Reduced Functionality", "reason": "cloudlink-only", "cause": "cloudlink"}
    headline, line, _ = lines(changes([back(1), back(2, **partly)]))
    assert headline.endswith("1 partly back, 1 recovered")
    assert line == "- device-2: Disconnected -> Reduced Functionality (cloudlink is back)"


def test_an_outage_is_one_line_however_many_devices_it_took() -> None:
    outage = row("outage", None, after="500 of 510")
    members = [lost(device, in_outage=True) for device in range(500)]
    members += [row("restarted", 7, in_outage=True)]
    headline, line = lines(changes([outage, *members]))
    assert headline.endswith("500 devices changed: 1 outage (500 devices)")
    assert line == ("- acme/kiosk: outage, 500 of 510 devices lost their links (500 disconnected)")


def test_an_outage_takes_only_what_it_explains() -> None:
    outage = row("outage", None, after="3 of 3")
    frozen = row(*("status", 1), after="Frozen", reason="frozen", cause="freeze", in_outage=True)
    release = row("release", 2, before="1", after="2", in_outage=True)
    assert len(lines(changes([outage, frozen, release, lost(3, in_outage=True)]))) == 4


@pytest.mark.parametrize(
    "columns",
    [
        *({"kind": kind} for kind in ("relinked", "restarted", "refreshed", "flapping", "settled")),
        *({"kind": "reason", "cause": cause} for cause in ("cloudlink", "heartbeat", "both-links")),
    ],
)
def test_an_outage_takes_what_the_loss_of_links_explains(columns: dict[str, Any]) -> None:
    outage = row("outage", None, after="3 of 3")
    one = row(**columns, device=2, in_outage=True, reason="no-link")
    assert len(lines(changes([outage, lost(1, in_outage=True), one]))) == 2
    alone = row(**columns, device=2, reason="no-link")
    assert len(lines(changes([outage, lost(1, in_outage=True), alone]))) == 3


def test_an_outage_that_was_told_earlier_goes_on() -> None:
    assert only_line(lost(1, in_outage=True), back(2, in_outage=True)) == (
        "- acme/kiosk: the outage goes on, 1 disconnected, 1 recovered"
    )
    headline, line = lines(changes([back(2, in_outage=True)]))
    assert headline.endswith("1 device changed: 1 recovered")
    assert line == "- acme/kiosk: the outage goes on, 1 recovered"


def test_an_outage_that_goes_on_is_not_over() -> None:
    over = row("outage-over", None, fleet="acme/quay", before="3 of 3", after="0 of 3")
    headline, *_ = lines(changes([over, back(2, in_outage=True)]))
    assert headline.endswith("1 device changed: 1 recovered, 1 outage over")


def test_each_outage_has_its_own_devices() -> None:
    rows = [
        row("outage", None, fleet=None, after="40 of 60"),
        row("outage", None, after="12 of 14"),
        lost(1, in_outage=True),
        lost(2, in_outage=True, fleet="acme/quay"),
    ]
    headline, all_fleets, kiosk = lines(changes(rows))
    assert headline.endswith("2 outages (2 devices)")
    assert all_fleets.startswith("- all fleets: outage, 40 of 60 devices lost their links (1 ")
    assert kiosk.startswith("- acme/kiosk: outage, 12 of 14 devices lost their links (1 ")


def test_the_end_of_an_outage_is_a_recovery() -> None:
    over = row("outage-over", None, before="12 of 14", after="5 of 12")
    headline, first, last = lines(changes([over, back(1, in_outage=True), lost(2)]))
    assert headline.endswith("2 devices changed: 1 disconnected, 1 outage over (1 device)")
    assert first.startswith("- device-2: ")
    assert last == (
        "- acme/kiosk: outage of 12 of 14 devices is over, 5 of 12 are still without a link "
        "(1 recovered)"
    )


@pytest.mark.slow
def test_devices_that_lost_their_links_without_an_outage_are_listed_up_to_the_limit() -> None:
    made = changes(lost(device) for device in range(3_000))
    told = lines(made)
    assert len(told) == 22
    assert told[0].endswith("3,000 devices changed: 3,000 disconnected")
    assert told[-1] == "and 2,980 more: 2,980 disconnected"
    assert len(lines(made, limit=None)) == 3_001
    assert lines(made, limit=3_000)[-1].startswith("- device-2999: ")
    assert lines(made, limit=0) == told[:1]


@pytest.mark.parametrize(
    ("limit", "error"), [(-1, ValueError), ("3", TypeError), (True, TypeError), (2.0, TypeError)]
)
def test_a_limit_that_is_none_is_refused(limit: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="limit is "):
        changes([lost()]).to_text(limit)


def test_what_is_not_told_is_said_before_the_changes() -> None:
    note = "is_frozen is only in the newer snapshot, so a change to Frozen may be due to that"
    about = {"notes": (note,), "unreadable": 1}
    counts = {"duplicates": 2, "without_uuid": 1_000}
    assert lines(changes([lost()], **about, **counts))[1:5] == [
        f"! {note}",
        "! 1 row was not compared: its status cannot be read",
        "! 2 rows were not compared: later rows have their uuids",
        "! 1,000 rows were not compared: they have no uuid",
    ]


def test_the_first_line_names_what_may_have_made_changes_by_itself() -> None:
    notes = ("is_frozen is only in the newer snapshot, so a change may be due to that", "x is new")
    told = "1 disconnected; is_frozen is only in the newer snapshot; x is new"
    assert lines(changes([lost()], notes=notes))[0].endswith(told)
    assert lines(changes([], notes=notes[1:]))[0].endswith("nothing changed; x is new")


def test_one_row_that_was_not_compared_is_told_in_the_singular() -> None:
    assert lines(changes([], duplicates=1, without_uuid=1))[1:] == [
        "! 1 row was not compared: a later row has its uuid",
        "! 1 row was not compared: it has no uuid",
    ]
    assert lines(changes([], unreadable=2))[1] == (
        "! 2 rows were not compared: their status cannot be read"
    )


def test_fleets_are_named_where_there_are_several() -> None:
    headline, kiosk, quay = lines(changes([lost(1), lost(2, fleet="acme/quay")]))
    assert headline.startswith("2026-11-01 12:00")
    assert kiosk.startswith("- device-1 (acme/kiosk): ")
    assert quay.startswith("- device-2 (acme/quay): ")
    assert only_line(lost(1), fleets=frozenset({"acme/kiosk", "acme/quay"})).startswith(
        "- device-1 (acme/kiosk): "
    )
    assert lines(changes([lost(1, fleet=None)]))[1].startswith("- device-1: ")


def test_a_device_without_a_name_has_its_uuid() -> None:
    assert only_line(lost(255, device_name=None)).startswith(f"- {255:032x}: ")


@pytest.mark.parametrize(
    ("columns", "when"),
    [
        ({"at": HALF_PAST}, "at 12:30"),
        ({"at": HALF_PAST - timedelta(days=1)}, "at 2026-10-31 12:30"),
        ({"not_before": HALF_PAST}, "between 12:30 and 13:00"),
        ({"not_after": HALF_PAST}, "between 12:00 and 12:30"),
        ({"not_before": OLD - timedelta(days=2)}, "between 2026-10-30 12:00 and 13:00"),
        ({"not_before": None}, "before 13:00"),
        ({"not_after": None}, ""),
        ({}, ""),
    ],
)
def test_when_something_happened(columns: dict[str, Any], when: str) -> None:
    line = only_line(row("removed", before="Operational", **columns))
    assert line == f"- device-1: removed, was Operational{' ' * bool(when)}{when}"


def test_times_have_dates_where_the_snapshots_are_of_several_days() -> None:
    headline, line = lines(changes([lost()], old_now=OLD - timedelta(days=1)))
    assert headline.startswith("acme/kiosk, 2026-10-31 12:00 to 2026-11-01 13:00 UTC: ")
    assert line.endswith(" at 2026-11-01 12:40")


def test_snapshots_of_one_minute_are_told_by_seconds() -> None:
    made = changes([], old_now=NEW - timedelta(seconds=0), now=NEW + timedelta(seconds=7))
    assert str(made) == "2026-11-01 13:00:00 to 13:00:07 UTC: nothing changed"


def test_moments_in_the_wrong_order_give_way_to_those_of_the_changes() -> None:
    earlier = {"not_before": OLD - timedelta(minutes=1)}
    made = changes([lost(), lost(2, **earlier)], old_now=NEW + timedelta(hours=5))
    assert lines(made)[0].startswith("acme/kiosk, 2026-11-01 11:59 to 13:00 UTC: ")
    made = changes([lost()], old_now=NEW + timedelta(hours=5))
    assert lines(made)[0].startswith("acme/kiosk, 2026-11-01 12:00 to 13:00 UTC: ")


def test_names_rewrite_no_line_of_a_terminal() -> None:
    made = changes(
        [
            lost(1, device_name=HOSTILE, fleet="acme/\r\nquay"),
            row("release", 2, before="1\x07", after="\u202e2"),
        ],
        notes=("\x1b[31m",),
    )
    text = made.to_text()
    assert text.isprintable() is False  # its line ends
    assert all(line.isprintable() for line in text.split("\n"))
    assert r"- <b>kiosk</b> | *one* \x1b[2J\u202e (acme/\x0d\x0aquay): Operational" in text
    assert r"release 1\x07 -> \u202e2" in text


def test_names_make_no_markup() -> None:
    made = changes([lost(1, device_name=HOSTILE)], notes=("[x](http://example.org)",))
    told = made.to_markdown()
    assert r"- \<b>kiosk\</b> \| \*one\* \\x1b\[2J\\u202e: Operational -> Disconnected" in told
    assert r"**Warning:** \[x\](http\://example.org)" in told
    assert told.startswith("**acme/kiosk, 2026-11-01 12:00 to 13:00 UTC: 1 device changed")
    of_fleet = changes([lost(1, fleet="acme/*quay*")]).to_markdown()
    assert of_fleet.startswith(r"**acme/\*quay\*, 2026-11-01 12:00")


def test_markdown_has_the_lines_of_the_text() -> None:
    made = changes(lost(device) for device in range(30))
    told = made.to_markdown(limit=3)
    assert told.count("\n- ") == 3
    assert told.endswith("\n\nand 27 more: 27 disconnected\n")
    assert made.to_markdown().count("\n- ") == 20


def test_names_are_no_html() -> None:
    made = changes([lost(1, device_name=HOSTILE), lost(2, fleet="<script>")], notes=("<i>",))
    page = made._repr_mimebundle_()["text/html"]
    assert "&lt;b&gt;kiosk&lt;/b&gt; | *one* \\x1b[2J\\u202e" in page
    assert "<b>! &lt;i&gt;</b>" in page
    assert "&lt;script&gt;" in page
    assert "<script" not in page


def test_html_says_what_the_text_says() -> None:
    made = changes(
        [lost(device, previous_duration_s=60) for device in range(30)] + [row("restarted", 0)]
    )
    page = made._repr_mimebundle_()["text/html"]
    for text in (
        made.to_text().split("\n")[0],
        "device-0",
        "Operational -&gt; Disconnected",
        "heartbeat and cloudlink went down",
        "at 12:40",
        "1 minute",
        "and 10 more: 10 disconnected",
    ):
        assert text in page
    assert page.count("device-0<") == 2  # each row says of which device it is
    assert "Fleet" not in page
    assert "<table" not in changes([])._repr_mimebundle_()["text/html"]


def test_a_prompt_a_print_and_a_notebook_show_the_same_lines() -> None:
    made = changes(lost(device) for device in range(30))
    assert repr(made) == str(made) == made.to_text(20) == made._repr_mimebundle_()["text/plain"]


def test_what_a_selection_says_is_of_its_rows() -> None:
    made = changes([lost(1), back(2)])
    assert lines(made.where(after="Operational"))[0].endswith("1 device changed: 1 recovered")


def test_two_snapshots_of_a_fleet_in_words() -> None:
    old, new = (
        fs.classify(records, now=moment, allow_missing="all")
        for records, moment in (
            (numbered(record(), record()), NOW),
            (numbered(record(), disconnected()), "2026-01-02T01:00:00Z"),
        )
    )
    assert str(fs.diff(old, new)).split("\n") == [
        "acme/test, 2026-01-02 00:00 to 01:00 UTC: 1 device changed: 1 disconnected",
        "- device-1: Operational -> Disconnected (heartbeat and cloudlink went down) after 1 day",
    ]


def test_on_a_terminal_lines_are_wrapped(terminal: Any) -> None:
    records = json.loads(fs.sample_fleet().read_bytes())["d"][:5]
    renamed = [{**record, "device_name": "new " + "word " * 30} for record in records]
    before = fs.classify(records, now="2026-11-01T12:00:00Z")
    told = fs.diff(before, fs.classify(renamed, now="2026-11-01T13:00:00Z"))
    assert repr(told) == str(told)
    terminal(60)
    lines = repr(told).splitlines()
    assert max(map(len, lines)) <= 60
    assert sum(line.startswith("- ") for line in lines) == 5
    assert all(line.startswith(("- ", "  ")) for line in lines[1:])
    assert max(map(len, str(told).splitlines())) > 60
    assert told._repr_mimebundle_()["text/plain"] == repr(told)
