"""The columns of a table: types from the package, meanings from one table of texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import fleetstatus as fs
from fleetstatus import _core
from from_core.markdown import code, codes, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Text(NamedTuple):
    """What a column means, for people."""

    means: str
    null: str
    """Where it is null, after "Null"."""
    source: tuple[str, ...] = ()
    """Fields of a record."""
    unit: str = ""
    beside: str = ""
    """The column whose fields it is made from too."""


_LINKS = ("is_connected_to_vpn", "is_online", "api_heartbeat_state")
_STATUS = (
    *_LINKS,
    "is_frozen",
    "is_active",
    "provisioning_state",
    "provisioning_progress",
    "last_connectivity_event",
    "status",
    "download_progress",
    "image_install",
    "device_config_variable",
    "belongs_to__application",
)
_CLOUDLINK_TIMES = ("last_vpn_event", "last_connectivity_event")
_HEARTBEAT_TIME = "changed_api_heartbeat_state_on__date"
_INSTANT = "time in UTC, to the millisecond"
_SECONDS = "seconds"

GROUPS: dict[str, tuple[str, dict[str, Text]]] = {
    "identity": (
        "Identity",
        {
            "id": Text("The number of the device in the API.", "if the record has none.", ("id",)),
            "uuid": Text(
                "The permanent identifier of the device: 32 or 62 hexadecimal digits.",
                "if the record has none.",
                ("uuid",),
            ),
            "device_name": Text(
                "The name of the device. Users choose it, so it may contain any text.",
                "if the record has none.",
                ("device_name", "name"),
            ),
            "fleet": Text(
                "The slug of the fleet, such as `acme/cold-chain`. If the record has no slug, it is the "
                "name of the app; if it has neither, the id of the fleet.",
                "if the record names no fleet.",
                ("belongs_to__application", "application", "fleet"),
            ),
        },
    ),
    "status": (
        "Status",
        {
            "status": Text(
                "The status, one of the labels of the scheme. [Rules](rules.md) says when each applies.",
                "with the reason `unknown` if the data lacks a link, and without a reason if the "
                "status depends on a field that could not be read.",
                _STATUS,
            ),
            "detail": Text(
                "Text in parentheses after the status: what a device reports while it is set up, or in "
                "`docs-2021` which link works.",
                "if there is nothing to add.",
                ("provisioning_state",),
                beside="status",
            ),
            "reason": Text(
                "The rule that gave the status. [Reasons](rules.md#reasons) lists them.",
                "if it depends on a field that could not be read.",
                beside="status",
            ),
            "status_since": Text(
                "When the status began. This is the later of the times at which heartbeat and cloudlink "
                "last changed; for a device that never connected, when it was registered. A "
                "`Tracker` also uses what it saw before.",
                "for statuses that do not depend on links (Updating, Post Provisioning, Inactive, "
                "Frozen, and Configuring of a device that was connected before), and if a time "
                "is missing.",
                (*_CLOUDLINK_TIMES, _HEARTBEAT_TIME, "created_at"),
                _INSTANT,
                beside="status",
            ),
            "status_duration_s": Text(
                "How long the status has lasted: from `status_since` to the `now` of the table.",
                "if `status_since` is null.",
                unit=_SECONDS,
                beside="status_since",
            ),
        },
    ),
    "release": (
        "Release",
        {
            "release": Text(
                "The version of the running release. If the record has no version, it is the first 7 "
                "letters of the commit; if it has neither, the id of the release.",
                "if the record names no running release.",
                ("is_running__release",),
            ),
            "on_target": Text(
                "Whether the device runs its target release. The target is the pinned "
                "release, else that of the device, else that of the fleet.",
                "if the running release or the target is not known.",
                (
                    "is_running__release",
                    "is_pinned_on__release",
                    "should_be_running__release",
                    "belongs_to__application",
                ),
            ),
        },
    ),
    "attention": (
        "Attention",
        {
            "attention": Text(
                "Why the device needs a person. [Attention](rules.md#attention) lists the classes, worst "
                "first. They are the same under every scheme. If any field of the record could not "
                "be read, the class is `unreadable`.",
                "if the device needs nobody.",
                ("update_status", "last_update_status_event"),
                beside="status_since",
            ),
        },
    ),
    "links": (
        "Links",
        {
            "heartbeat": Text(
                "Whether the heartbeat is up: `heartbeat_state` is `online`.",
                "if `heartbeat_state` is null.",
                ("api_heartbeat_state",),
            ),
            "cloudlink": Text(
                "Whether cloudlink, the VPN tunnel to the cloud, is up.",
                "if the record has no such field, or it could not be read.",
                ("is_connected_to_vpn", "is_online"),
            ),
            "cloudlink_expected": Text(
                "Whether cloudlink should be up. It is true unless a configuration variable turns "
                "cloudlink off; variables of the device override those of the fleet.",
                "if the configuration could not be read.",
                ("device_config_variable", "belongs_to__application"),
            ),
            "heartbeat_state": Text(
                "The state of the heartbeat, as the API reports it. `timeout`: the heartbeat window has "
                "passed, but the 15 seconds of grace after it have not. `unknown`: the device never "
                "sent a heartbeat.",
                "if the record has no such field, or it could not be read.",
                ("api_heartbeat_state",),
            ),
            "heartbeat_since": Text(
                "When the heartbeat last changed its state.",
                "if the record has no such time.",
                (_HEARTBEAT_TIME,),
                _INSTANT,
            ),
            "cloudlink_since": Text(
                "When cloudlink last went up or down. If a device reconnects through another VPN server, "
                "the time is set again, so cloudlink may have been up for longer.",
                "if cloudlink was never up, or the record has no such time.",
                _CLOUDLINK_TIMES,
                _INSTANT,
            ),
            "heartbeat_window_s": Text(
                "How long the API waits for the next heartbeat: 1.5 times the poll interval. The 15 "
                "seconds of grace are not included. "
                "[Heartbeat windows](rules.md#heartbeat-windows) has examples.",
                "if the configuration could not be read.",
                ("device_config_variable", "belongs_to__application"),
                _SECONDS,
            ),
        },
    ),
    "works": (
        "Capabilities and progress",
        {
            "capabilities": Text(
                "What certainly works, as bits: the values of `Capability`. "
                "[Capabilities](rules.md#capabilities) says which link each of them needs. "
                "`explain` also names what perhaps works.",
                "if it depends on a field that could not be read.",
                (*_LINKS, "is_frozen", "is_active", "provisioning_state", "is_web_accessible"),
                "bits",
            ),
            "progress": Text(
                "How far the current download or setup is. For several services it is the mean, "
                "rounded to a whole number (half away from zero). Values below 0 or above 100 are kept.",
                "if nothing is in progress, or the data is not enough to compute it.",
                (
                    "download_progress",
                    "provisioning_progress",
                    "status",
                    "image_install",
                    *_LINKS,
                    "is_active",
                    "provisioning_state",
                    "last_connectivity_event",
                    "is_pinned_on__release",
                    "should_be_running__release",
                    "belongs_to__application",
                ),
                "percent",
            ),
        },
    ),
    "update": (
        "Update",
        {
            "update_status": Text(
                "How far the update of the app has come, as the device last reported it. "
                "[Update statuses](rules.md#update-statuses) says what each means if it lasts.",
                "if the device reported none.",
                ("update_status",),
            ),
            "update_status_since": Text(
                "When the device last reported its update status. It reports it again after a restart, "
                "so the update status itself may be older.",
                "if the record has no such time.",
                ("last_update_status_event",),
                _INSTANT,
            ),
            "update_status_duration_s": Text(
                "How long the update status has lasted: from `update_status_since` to the `now` of the "
                "table.",
                "if `update_status_since` is null.",
                unit=_SECONDS,
                beside="update_status_since",
            ),
            "update_status_support": Text(
                "Whether the supervisor can report an update status: `yes` from 16.7.0 on, `no` before. "
                "So it shows whether an `update_status` is null because the device is too old.",
                "if the version could not be read.",
                ("supervisor_version",),
            ),
        },
    ),
    "api": (
        "The answer of the API, and errors",
        {
            "api_overall_status": Text(
                "The status that the API itself gave. `disagreements` compares it with the result of the "
                "API's rules.",
                "if the record has none.",
                ("overall_status",),
            ),
            "error": Text(
                'What is wrong with the record, in words. Only `on_error="keep"` keeps such rows.',
                "for a record without a fault.",
            ),
        },
    ),
}

COLUMNS = {name: text for _, texts in GROUPS.values() for name, text in texts.items()}

CHANGES: dict[str, Text] = {
    "uuid": Text("The device.", "for an outage, which is about many devices."),
    "device_name": Text("Its name in the newer snapshot.", "if it has none."),
    "fleet": Text(
        "Its fleet in the newer snapshot, or the fleet of the outage.", "if it has none."
    ),
    "kind": Text("What happened: one of the kinds below.", "never."),
    "before": Text(
        "The value before the change: a status, update status, release, name or fleet.",
        "if it is not known.",
    ),
    "after": Text("The value after the change.", "if it is not known."),
    "reason_before": Text("The reason of the status before the change.", "if it is not known."),
    "reason": Text("The reason of the status after the change.", "if it is not known."),
    "cause": Text("The fact whose change changed the status.", "if no single fact did."),
    "at": Text("When it happened, from a time in the record.", "if no field says.", (), _INSTANT),
    "not_before": Text("The moment of the older snapshot.", "if there was none.", (), _INSTANT),
    "not_after": Text("The moment of the newer snapshot.", "never.", (), _INSTANT),
    "previous_duration_s": Text(
        "How long the state before the change had lasted.",
        "if its start is not known.",
        (),
        _SECONDS,
    ),
    "in_outage": Text("Whether the change is part of a reported outage.", "never."),
}


def columns() -> str:
    """Write all columns by group, each with type, unit, null and source."""
    made = fs.empty()
    pandas, polars = _frame_types(made)
    parts = []
    for title, texts in GROUPS.values():
        parts.append(f"## {title}")
        for name, text in texts.items():
            types = [
                f"Arrow {code(made.schema[name])}",
                f"polars {code(polars[name])}",
                f"pandas {code(pandas[name])}",
            ]
            parts.append(_section(name, text, types))
    return "\n\n".join(parts)


def _frame_types(made: fs.StatusTable) -> tuple[Mapping[str, str], Mapping[str, str]]:
    frame = made.to_pandas()
    pandas = {name: _pandas_type(frame, name) for name in made.columns}
    polars = {
        name: str(kind).split("(", 1)[0] if str(kind).startswith("Enum") else str(kind)
        for name, kind in made.to_polars().schema.items()
    }
    return pandas, polars


def _pandas_type(frame: object, name: str) -> str:
    own = name if name in frame else name.removesuffix("_s")  # type: ignore[operator]
    return str(frame[own].dtype)  # type: ignore[index]


def overview() -> str:
    """Write what each column says, in a sentence; its name is a link to the rest."""
    rows = [
        (
            f"[{code(name)}](#column-{name})",
            f"{text.means.partition('. ')[0].rstrip('.')}.",
            text.unit,
        )
        for name, text in COLUMNS.items()
    ]
    return table(("column", "meaning", "unit"), rows)


def labels() -> str:
    """Write the labels of the columns that have a fixed list of them."""
    lists: dict[str, Iterable[str]] = {
        "reason": fs.Reason,
        "attention": fs.Attention,
        "heartbeat_state": fs.HeartbeatState,
        "update_status": fs.UpdateStatus,
        "update_status_support": _support(),
    }
    rows = ((f"[{code(name)}](#column-{name})", codes(texts)) for name, texts in lists.items())
    return table(("column", "labels, in their order"), rows)


def _support() -> list[str]:
    return list(fs.empty()["update_status_support"].labels or ())


def changes() -> str:
    """Write the columns of `Changes`."""
    types = {name: column.type for name, column in _core.empty_changes()}
    rows = [
        (
            code(name),
            code(types[name]),
            " ".join(filter(None, (text.means, _unit(text)))),
            text.null,
        )
        for name, text in CHANGES.items()
    ]
    return table(("column", "type", "meaning", "null"), rows)


def kinds() -> str:
    """Write the kinds of changes."""
    return table(("kind", "what happened"), ((code(k), text) for k, text in _core.change_kinds()))


def _section(name: str, text: Text, types: list[str]) -> str:
    lines = [f"(column-{name})=", f"### {code(name)}", "", text.means, ""]
    lines.append(f"- Type: {', '.join(types)}.")
    if text.unit:
        lines.append(f"- Unit: {text.unit}.")
    lines.append(f"- Null {text.null}")
    lines.append(f"- From {_source(text)}.")
    return "\n".join(lines)


def _source(text: Text) -> str:
    fields = codes(text.source)
    if not text.beside:
        return fields or "the whole record"
    others = f"the fields of [{code(text.beside)}](#column-{text.beside})"
    return f"{fields}, and {others}" if fields else others


def fields_of(name: str) -> frozenset[str]:
    """Give all fields that a column is made from."""
    text = COLUMNS[name]
    return frozenset(text.source) | (fields_of(text.beside) if text.beside else frozenset())


def _unit(text: Text) -> str:
    return f"Unit: {text.unit}." if text.unit else ""
