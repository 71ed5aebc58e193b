"""What an audit says, before it is given a form; needs none of the extras."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from fleetstatus._explanation.advice import NOT_MANAGED
from fleetstatus._report.findings import Finding, advice_for, finding
from fleetstatus._words.text import best_name
from fleetstatus.enums import Attention, Reason, StatusScheme

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import timedelta

    from fleetstatus._report.devices import Devices
    from fleetstatus._report.findings import Advice

_Table = TypeVar("_Table", bound="Devices")
NO_STATUS = "no status"
FINDING_HEADERS = ("Device", "Fleet", "Status", "Why", "Since", "For")
LIMIT = 50
GROUPS = 10
_NO_NAME = "(none)"


@dataclass(frozen=True)
class Group:
    """Devices by status and by attention class: of all the data, or of one fleet."""

    name: str
    counts: Mapping[str, int]
    attention: Mapping[str, int]

    @property
    def devices(self) -> int:
        """Number of devices in the group."""
        return sum(self.counts.values())

    @property
    def n_attention(self) -> int:
        """Number of devices in the group that need attention."""
        return sum(self.attention.values())

    @property
    def share(self) -> float:
        """Share of the group's devices that need attention."""
        return self.n_attention / self.devices if self.devices else 0.0

    @property
    def shown(self) -> list[tuple[str, int]]:
        """Statuses that some device has."""
        return [(label, devices) for label, devices in self.counts.items() if devices]


@dataclass(frozen=True)
class ClassFindings:
    """The devices of one attention class: how many there are, and the first of them.

    Attributes
    ----------
    message, first_step
        What is the matter with all of them, and what to do first.
    advices
        What else there is to say of some of them.
    """

    attention: Attention
    devices: int
    findings: list[Finding]
    message: str
    first_step: str | None
    advices: list[Advice]

    @property
    def n_more(self) -> int:
        """How many devices the limit leaves out."""
        return self.devices - len(self.findings)


@dataclass(frozen=True)
class Disagreement:
    """A device for which the API's own answer differs from what its rules give."""

    device: str
    uuid: str | None
    fleet: str | None
    expected: str | None
    api: str | None
    went_by_is_online: bool


@dataclass(frozen=True)
class Report:
    """Everything that an audit says.

    Attributes
    ----------
    source
        Where the devices come from, for people.
    table
        All rows; of several with one uuid, the counts take the last.
    by
        What the groups are made by.
    total, groups
        Counts of all devices, and of each group, those with most to do first.
    max_groups
        How many of the groups to show.
    classes
        What needs attention, worst class first.
    disagreements, n_disagreements
        The first of those devices, and how many there are.
    links, links_of_unknown
        Devices by whether cloudlink is up, which is all that is known where no status is: of all
        devices, and of those without a status.
    n_unjudged
        How many devices have a status but a link that is not known, so that whether they need
        attention is not known either; only schemes that read no heartbeat have such.
    how_to_list_all
        What lists the devices that the limit leaves out, for people; None: nothing that they have.
    """

    source: str
    table: Devices
    by: str
    total: Group
    groups: list[Group]
    max_groups: int
    classes: list[ClassFindings]
    disagreements: list[Disagreement]
    n_disagreements: int
    links: Mapping[str, int]
    links_of_unknown: Mapping[str, int]
    n_unjudged: int
    how_to_list_all: str | None

    @property
    def shown_groups(self) -> list[Group]:
        """Groups to show."""
        return self.groups[: self.max_groups]

    @property
    def n_more_groups(self) -> int:
        """How many groups the limit leaves out."""
        return len(self.groups) - len(self.shown_groups)

    @property
    def more_groups(self) -> str | None:
        """Say how many groups the limit leaves out, if any."""
        noun = "fleets" if self.by == "fleet" else "groups"
        return f"and {self.n_more_groups:,} more {noun}" if self.n_more_groups else None

    @property
    def more_devices(self) -> str | None:
        """Say how many devices the limit leaves out, if more than one class is cut."""
        cut = [found.n_more for found in self.classes if found.n_more]
        if len(cut) < 2:
            return None
        how = f"; {self.how_to_list_all}" if self.how_to_list_all else ""
        return f"and {sum(cut):,} more in all{how}"

    @property
    def n_unknown(self) -> int:
        """How many devices have no status."""
        return self.total.counts.get(NO_STATUS, 0)


def report_on(
    table: Devices,
    *,
    source: str,
    by: Sequence[str] = ("fleet",),
    limit: int = LIMIT,
    max_groups: int = GROUPS,
    thresholds: Mapping[str, timedelta] | None = None,
    how_to_list_all: str | None = "--limit all lists them",
) -> Report:
    """Draw up the report.

    Parameters
    ----------
    table
        The devices.
    source
        Where they come from, for people.
    by
        Columns to group by.
    limit
        Number of devices that need attention to list, shared out among the classes.
    max_groups
        Number of groups to show.
    thresholds
        As `StatusTable.attention` takes them.
    how_to_list_all
        As `Report` has it.
    """
    devices = last_of_each(table)
    attention = devices.attention(**(thresholds or {}))
    disagreements = devices.disagreements() if devices._core.has_rule_bits else devices[:0]
    return Report(
        source=source,
        table=table,
        by=", ".join(by),
        total=Group("all devices", _counts(devices.summary()), _classes_of(attention)),
        groups=_groups(devices, attention, list(by)),
        max_groups=max_groups,
        classes=_class_findings(attention, limit),
        disagreements=_disagreements(disagreements, limit),
        n_disagreements=len(disagreements),
        links=_links(devices["cloudlink"].to_list()),
        links_of_unknown=_links_of_unknown(devices),
        n_unjudged=n_unjudged(devices),
        how_to_list_all=how_to_list_all,
    )


def last_of_each(table: _Table) -> _Table:
    """Rows without those that have the uuid of a later row, so that each device counts once."""
    if not len(table.duplicates()):
        return table
    uuids = table["uuid"].to_list()
    last_row = {uuid: row for row, uuid in enumerate(uuids)}
    mask = [uuid is None or last_row[uuid] == row for row, uuid in enumerate(uuids)]
    last: _Table = table.filter(mask)
    return last


def shares(sizes: Sequence[int], limit: int) -> list[int]:
    """Share a limit out among classes, so that none hides another; what is left goes to the worst.

    Examples
    --------
    >>> shares([3000, 2, 5], 50)
    [43, 2, 5]
    >>> shares([10, 10], 5), shares([10, 10], 100)
    ([3, 2], [10, 10])
    """
    given = [0] * len(sizes)
    left = limit
    while left and (open_classes := [i for i, size in enumerate(sizes) if given[i] < size]):
        each = max(left // len(open_classes), 1)
        for i in open_classes:
            more = min(each, sizes[i] - given[i], left)
            given[i] += more
            left -= more
    return given


def _class_findings(attention: Devices, limit: int) -> list[ClassFindings]:
    sizes = _classes_of(attention)
    listed = []
    first_row = 0
    for (name, size), share in zip(sizes.items(), shares(list(sizes.values()), limit), strict=True):
        rows = attention[first_row : first_row + size]
        first_row += size
        findings = [finding(rows, row) for row in range(share)]
        listed.append(ClassFindings(Attention(name), size, findings, *advice_for(rows)))
    return listed


def _classes_of(attention: Devices) -> dict[str, int]:
    return dict(Counter(attention["attention"].to_list()))


def _groups(devices: Devices, attention: Devices, by: list[str]) -> list[Group]:
    """Make the groups, those with most devices that need attention first."""
    statuses = _by_group(devices.summary(by=by), by)
    classes = _by_group(attention.summary(by=by, of="attention"), by)
    groups = [
        Group(
            ", ".join(_NO_NAME if part is None else str(part) for part in key),
            _counts(rows),
            {row["label"]: row["devices"] for row in classes.get(key, []) if row["devices"]},
        )
        for key, rows in statuses.items()
    ]
    return sorted(groups, key=lambda group: (-group.n_attention, -group.share))


def _by_group(
    rows: Iterable[Mapping[str, Any]], by: Sequence[str]
) -> dict[tuple[object, ...], list[Mapping[str, Any]]]:
    rows_of: dict[tuple[object, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        rows_of.setdefault(tuple(row[column] for column in by), []).append(row)
    return rows_of


def _counts(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    return {
        row["label"] or NO_STATUS: row["devices"]
        for row in rows
        if row["label"] is not None or row["devices"]
    }


def n_unjudged(devices: Devices) -> int:
    """Count the devices that have a status, although one of their links is not known."""
    if devices.scheme is not StatusScheme.LIBRARY_2020:  # a status of the others needs the links
        return 0
    # Whatever their links, such devices need no attention, or all need it.
    apart = NOT_MANAGED - ({Reason.INACTIVE} if "is_active" in devices.fields_missing else set())
    names = ("status", "attention", "reason", "heartbeat", "cloudlink")
    columns = (devices[name].to_list() for name in names)
    return sum(
        status is not None
        and attention is None
        and reason not in apart
        and (heartbeat is None or cloudlink is None)
        for status, attention, reason, heartbeat, cloudlink in zip(*columns, strict=True)
    )


def _links_of_unknown(devices: Devices) -> dict[str, int]:
    columns = (devices["cloudlink"].to_list(), devices["status"].to_list())
    return _links([link for link, status in zip(*columns, strict=True) if status is None])


def _links(cloudlinks: Iterable[bool | None]) -> dict[str, int]:
    words = {True: "up", False: "down", None: "unknown"}
    counted = Counter(cloudlinks)
    return {word: counted[state] for state, word in words.items() if counted[state]}


def _disagreements(table: Devices, limit: int) -> list[Disagreement]:
    if not len(table):
        return []
    by_is_online = table._core.api_went_by_is_online().to_list()
    return [
        Disagreement(
            device=best_name(device.device_name, device.uuid, device.id),
            uuid=device.uuid,
            fleet=device.fleet,
            expected=device.status,
            api=device.api_overall_status,
            went_by_is_online=by_is_online[row],
        )
        for row, device in enumerate(table[:limit])
    ]
