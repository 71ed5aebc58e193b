"""What is said of each kind of change and each cause, word for word."""

from __future__ import annotations

from itertools import permutations, product
from typing import TYPE_CHECKING, Any

import fleetstatus as fs
from change_rows import NEW, OLD, changes, row
from fleetstatus._changes.causes import cause_text
from fleetstatus._changes.order import Group, group_of
from fleetstatus.cli._change_names import vocabularies
from wording import check

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = [str(kind) for kind in fs.Changes._of_rows([])["kind"].labels or ()]
BEFORE_LINKS = [
    ("freeze", "frozen"),
    ("activation", "inactive"),
    ("provisioning", "post-provisioning"),
    ("lifecycle", "ordered"),
    ("first-contact", "never-connected"),
    ("download", "downloading-release"),
    ("download", "downloading-service"),
    ("os-update", "os-configuration"),
]
OF_LINKS = ("no-link", "heartbeat-late", "cloudlink-only", "heartbeat-only", "cloudlink-disabled")


def causes_said() -> Iterator[str]:
    """Say why each pair of reasons may follow each other."""
    links = [*permutations([*OF_LINKS, "both-links"], 2)]
    links += [*product(["no-link"], ["downloading-release", "online"])]
    links += [*product(["downloading-release", "online"], ["no-link", "heartbeat-only"])]
    for cause in ("heartbeat", "cloudlink", "both-links", "configuration"):
        for before, after in links:
            yield f"{cause}: {before} -> {after}: {cause_text(cause, before, after)}"
    for cause, reason in BEFORE_LINKS:
        for before, after in ((reason, "both-links"), ("both-links", reason)):
            yield f"{cause}: {before} -> {after}: {cause_text(cause, before, after)}"


def kinds_said() -> Iterator[str]:
    """Tell a change of each kind, with all that it may have and with nothing."""
    everything: dict[str, Any] = {
        "before": "Operational",
        "after": "Disconnected",
        "reason_before": "both-links",
        "reason": "no-link",
        "cause": "both-links",
        "at": OLD,
        "previous_duration_s": 3_600,
    }
    for kind in KINDS:
        device = None if kind.startswith("outage") else 1
        for columns in (everything, {**everything, "before": "Disconnected"}, {}):
            told = str(changes([row(kind, device, **columns)])).split("\n")
            yield f"{kind}: {told[1]} [{told[0].rpartition(': ')[2]}]"


def groups_said() -> Iterator[str]:
    """Say to which group each pair of reasons belongs."""
    for before, after in permutations(fs.Reason, 2):
        yield f"{before} -> {after}: {group_of('status', None, before, after)}"
    for group in Group:
        yield f"{group}: 2 {group.words}, {group.coloured_as}{', worse' * group.is_worse}"


def names_said() -> Iterator[str]:
    """List what a condition may count."""
    for scheme in fs.StatusScheme:
        for column, names in vocabularies(scheme).items():
            if column == "status" or scheme is fs.StatusScheme.DOCS_2024_11:
                yield f"{scheme}, {column}: {', '.join(names)}"


def test_causes_are_what_they_were() -> None:
    check("change_causes.txt", causes_said())


def test_kinds_are_what_they_were() -> None:
    check("change_kinds.txt", kinds_said())


def test_groups_are_what_they_were() -> None:
    check("change_groups.txt", groups_said())


def test_names_of_conditions_are_what_they_were() -> None:
    check("change_names.txt", names_said())


def test_every_cause_has_been_tried() -> None:
    causes = set(fs.Changes._of_rows([])["cause"].labels or ())
    tried = {line.partition(":")[0] for line in causes_said()}
    assert tried == causes


def test_every_kind_has_words_of_its_own() -> None:
    said = {str(changes([row(kind, at=NEW)])).split(": ")[-1] for kind in KINDS}
    assert len(said) >= len(KINDS) - 1  # `status` and `reason` say both states
