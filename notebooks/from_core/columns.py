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
_INSTANT = "milliseconds, in UTC"
_SECONDS = "seconds"

GROUPS: dict[str, tuple[str, dict[str, Text]]] = {
    "identity": (
        "Who it is",
        {
            "id": Text(
                "The number of the device in its API.", "where the record has none.", ("id",)
            ),
            "uuid": Text(
                "The device's own name for life: 32 or 62 hexadecimal digits.",
                "where the record has none.",
                ("uuid",),
            ),
            "device_name": Text(
                "The name that people gave it. It is text from users, so it may hold anything.",
                "where the record has none.",
                ("device_name", "name"),
            ),
            "fleet": Text(
                "The slug of the fleet; without a slug the name of the app; without both its id.",
                "where the record names no fleet.",
                ("belongs_to__application", "application", "fleet"),
            ),
        },
    ),
    "status": (
        "Its status",
        {
            "status": Text(
                "The overall status, one of the labels of the scheme. "
                "[The rules](rules.md) say when each applies.",
                "with the reason `unknown`, where the data lacks a link; and with no reason, where "
                "it depends on a field that could not be read.",
                _STATUS,
            ),
            "detail": Text(
                "The text in parentheses beside the status: what a device that is being set up "
                "says of itself, or in `docs-2021` which link works.",
                "where there is nothing to add.",
                ("provisioning_state",),
                beside="status",
            ),
            "reason": Text(
                "The key of the rule that gave the status. One list serves all schemes.",
                "where it depends on a field that could not be read.",
                beside="status",
            ),
            "status_since": Text(
                "When the status began: when the later of the two links took its present state, or "
                "when a device that never connected was registered. A tracker may know better.",
                "for statuses that do not depend on links (Updating, Post Provisioning, Inactive, "
                "Frozen, and Configuring of a device that was connected before), and where a time "
                "is missing.",
                (*_CLOUDLINK_TIMES, _HEARTBEAT_TIME, "created_at"),
                _INSTANT,
                beside="status",
            ),
            "status_duration_s": Text(
                "How long the status has lasted: from `status_since` to the `now` of the table.",
                "where `status_since` is null.",
                unit=_SECONDS,
                beside="status_since",
            ),
        },
    ),
    "release": (
        "What it runs",
        {
            "release": Text(
                "The version of the running release; without one the first 7 letters of its "
                "commit; without both its id.",
                "where the record names no running release.",
                ("is_running__release",),
            ),
            "on_target": Text(
                "Whether the device runs the release that it should. The target is the pinned "
                "release, else the device's own, else the fleet's.",
                "where the running release or the target is not known.",
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
        "Whether it needs a person",
        {
            "attention": Text(
                "The class of attention, worst first. [Attention](rules.md#attention) lists them. "
                "It follows the rules of `docs-2024-11` whatever the scheme. Any field that could not "
                "be read makes it `unreadable`.",
                "where the device needs nobody.",
                ("update_status", "last_update_status_event"),
                beside="status_since",
            ),
        },
    ),
    "links": (
        "Its links",
        {
            "heartbeat": Text(
                "Whether the heartbeat is up: `heartbeat_state` is `online`.",
                "where `heartbeat_state` is null.",
                ("api_heartbeat_state",),
            ),
            "cloudlink": Text(
                "Whether cloudlink, the tunnel to the cloud, is up.",
                "where the record does not say so, or it could not be read.",
                ("is_connected_to_vpn", "is_online"),
            ),
            "cloudlink_expected": Text(
                "Whether cloudlink should be up: true unless configuration turns it off. "
                "Variables of the device come before those of the fleet.",
                "where the configuration could not be read.",
                ("device_config_variable", "belongs_to__application"),
            ),
            "heartbeat_state": Text(
                "What the API concluded from the device's requests. `timeout`: the window has "
                "passed, and 15 seconds of grace run. `unknown`: the device never asked.",
                "where the record does not say so, or it could not be read.",
                ("api_heartbeat_state",),
            ),
            "heartbeat_since": Text(
                "When the heartbeat took its present state.",
                "where the record has no such time.",
                (_HEARTBEAT_TIME,),
                _INSTANT,
            ),
            "cloudlink_since": Text(
                "Since when, at least, cloudlink has been in its present state. A device that "
                "reconnects through another server of the tunnel is stamped anew.",
                "where cloudlink was never up, or the record has no such time.",
                _CLOUDLINK_TIMES,
                _INSTANT,
            ),
            "heartbeat_window_s": Text(
                "How long a heartbeat counts: one and a half times the poll interval. The 15 seconds "
                "of the grace are not in it. "
                "[Heartbeat windows](rules.md#heartbeat-windows) has examples.",
                "where the configuration could not be read.",
                ("device_config_variable", "belongs_to__application"),
                _SECONDS,
            ),
        },
    ),
    "works": (
        "What still works",
        {
            "capabilities": Text(
                "What surely works, as bits: the values of `Capability`. "
                "[Capabilities](rules.md#capabilities) says which link each of them needs. "
                "`explain` also names those that perhaps work.",
                "where it depends on a field that could not be read.",
                (*_LINKS, "is_frozen", "is_active", "provisioning_state", "is_web_accessible"),
                "bits",
            ),
            "progress": Text(
                "How far the present download or setup has come. Of several services it is the "
                "mean, rounded half away from zero. It is not clamped.",
                "where nothing is in progress, or the data cannot tell.",
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
        "Its update",
        {
            "update_status": Text(
                "How far the update of the app has come, as the device last reported it. "
                "[Update statuses](rules.md#update-statuses) says what each means if it lasts.",
                "where the device reported none.",
                ("update_status",),
            ),
            "update_status_since": Text(
                "When the device last reported its update status. A restart reports it anew, so "
                "the status itself may be older.",
                "where the record has no such time.",
                ("last_update_status_event",),
                _INSTANT,
            ),
            "update_status_duration_s": Text(
                "From `update_status_since` to the `now` of the table.",
                "where `update_status_since` is null.",
                unit=_SECONDS,
                beside="update_status_since",
            ),
            "update_status_support": Text(
                "Whether the supervisor can report an update status: `yes` from 16.7.0 on. It "
                "tells a device that is too old to say from one that has not said.",
                "where the version could not be read.",
                ("supervisor_version",),
            ),
        },
    ),
    "api": (
        "What the API said, and what was wrong",
        {
            "api_overall_status": Text(
                "The API's own answer, as the record has it. `disagreements` compares it with what "
                "the rules of the API give.",
                "where the record has none.",
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
    "device_name": Text("Its name in the newer snapshot.", "where it has none."),
    "fleet": Text("Its fleet in the newer snapshot, or the fleet of the outage.", "where none is."),
    "kind": Text("What happened: see the kinds below.", "never."),
    "before": Text("What it was: a status, an update status, a release, a name.", "if not known."),
    "after": Text("What it is now, likewise.", "where it is not known."),
    "reason_before": Text("The reason of the status that it had.", "if not known."),
    "reason": Text("The reason of the status that it has.", "where it is not known."),
    "cause": Text("Which fact changed, and so the status.", "where no single one did."),
    "at": Text("When it happened, by a time in the record.", "if no field says.", (), _INSTANT),
    "not_before": Text("The moment of the older look.", "if there was none.", (), _INSTANT),
    "not_after": Text("The moment of the newer look.", "never.", (), _INSTANT),
    "previous_duration_s": Text(
        "How long it had been as it was before.", "where its start is not known.", (), _SECONDS
    ),
    "in_outage": Text("Whether the change is part of an outage that is told.", "never."),
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
    """Write all columns with their types, each a link."""
    schema = fs.empty().schema
    rows = [
        (f"[{code(name)}](#column-{name})", text.unit or "-", code(schema[name]))
        for name, text in COLUMNS.items()
    ]
    return table(("column", "unit", "type"), rows)


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
