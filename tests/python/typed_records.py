"""Device records in which a field always holds the same type, and the Arrow tables of them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from random import Random
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from decision_space import some_decision, without_some_nulls
from oracle_members import database_spelling

if TYPE_CHECKING:
    from collections.abc import Callable

Record = dict[str, Any]

# What a field holds: one of these four, an object of them, or a list.
NUMBER, FLAG, TEXT, LABEL, TIME = "number", "flag", "text", "label", "time"
LINK = {"__id": NUMBER, "commit": TEXT}
INSTALL = {
    "id": NUMBER,
    "status": LABEL,
    "download_progress": NUMBER,
    "is_provided_by__release": LINK,
}
SERVICE_INSTALL = {
    "id": NUMBER,
    "status": LABEL,
    "download_progress": NUMBER,
    "release_id": NUMBER,
    "commit": TEXT,
}
VARIABLE = {"name": LABEL, "value": TEXT}
FLEET = {
    "__id": NUMBER,
    "slug": LABEL,
    "app_name": LABEL,
    "should_be_running__release": LINK,
    "application_config_variable": [VARIABLE],
}
SHAPE: dict[str, Any] = {
    "id": NUMBER,
    "uuid": TEXT,
    "device_name": TEXT,
    "is_active": FLAG,
    "is_frozen": FLAG,
    "is_connected_to_vpn": FLAG,
    "is_online": FLAG,
    "api_heartbeat_state": LABEL,
    "last_connectivity_event": TIME,
    "last_vpn_event": TIME,
    "changed_api_heartbeat_state_on__date": TIME,
    "provisioning_state": LABEL,
    "provisioning_progress": NUMBER,
    "download_progress": NUMBER,
    "status": LABEL,
    "image_install": [INSTALL],
    "current_services": {"main": [SERVICE_INSTALL], "other": [SERVICE_INSTALL]},
    "current_services_by_app": {
        "acme/weather": {"main": [SERVICE_INSTALL]},
        "acme/tide": {"main": [SERVICE_INSTALL]},
    },
    "device_config_variable": [VARIABLE],
    "belongs_to__application": FLEET,
    "is_running__release": {"__id": NUMBER, "commit": TEXT, "raw_version": TEXT},
    "is_pinned_on__release": LINK,
    "should_be_running__release": LINK,
    "update_status": LABEL,
    "last_update_status_event": TIME,
    "created_at": TIME,
    "is_web_accessible": FLAG,
    "supervisor_version": LABEL,
    "overall_status": LABEL,
    "name": TEXT,
    "last_seen_time": TIME,
    "application": FLEET,
    "fleet": LABEL,
    "os_version": LABEL,
    "memory_usage": NUMBER,
    "is_undervolted": FLAG,
    "modified_at": TIME,
}
LINK_FIELDS = tuple(name for name, shape in SHAPE.items() if "__id" in shape)
NESTED_FIELDS = tuple(name for name, shape in SHAPE.items() if not isinstance(shape, str))
TIME_FIELDS = tuple(name for name, shape in SHAPE.items() if shape == TIME)
LABEL_FIELDS = tuple(name for name, shape in SHAPE.items() if shape == LABEL)
CARRY = (
    *("os_version", "is_running__release.raw_version"),
    *("memory_usage", "is_undervolted", "modified_at"),
)


@cache
def typed_records(n_records: int = 2000) -> list[Record]:
    """Make records that no reader finds fault with; every rule decides some of them."""
    return [as_shaped(_record(Random(seed)), SHAPE) for seed in range(n_records)]


def _record(random: Random) -> Record:
    names = [None, "", "quiet-river", "kühl \U0001f680", "a name of more than a dozen bytes"]
    releases = [None, None, 7, 8]
    running = [
        None,
        {"__id": 7, "raw_version": None},
        {"__id": 7, "commit": "c0ffee1234", "raw_version": "1.4.2"},
        {"__id": None, "commit": "c0ffee1234"},
    ]
    decided = some_decision(random)
    if random.randrange(10) == 0:
        decided["belongs_to__application"] = None
    for name in ("current_services", "current_services_by_app"):
        decided[name] = _with_release_ids(decided.get(name))
    return decided | {
        "device_name": random.choice(names),
        "name": random.choice([None, "loud-brook"]),
        "last_seen_time": random.choice([None, None, "2016-03-04T05:06:07.5Z"]),
        "fleet": random.choice([None, "acme/tide"]),
        "is_pinned_on__release": random.choice(releases),
        "should_be_running__release": random.choice(releases),
        "is_running__release": random.choice(running),
        "supervisor_version": random.choice([None, "16.6.9", "16.7.0", "v17.0.1", "none"]),
        "overall_status": random.choice([None, "operational", "idle"]),
        "os_version": random.choice([None, "balenaOS 6.1", ""]),
        "memory_usage": random.choice([None, 0, 321]),
        "is_undervolted": random.choice([None, True, False]),
        "modified_at": random.choice([None, "1970-01-01T00:00:00Z", "2026-10-20T08:00:00.25Z"]),
    }


def _with_release_ids(value: Any) -> Any:
    """Let installs give the id of their release in place of a link, as SDKs do."""
    if isinstance(value, list):
        return [_with_release_ids(element) for element in value]
    if not isinstance(value, dict):
        return value
    link = as_shaped(value.get("is_provided_by__release"), LINK)
    named = {"release_id": link["__id"]} if link else {}
    return {key: _with_release_ids(part) for key, part in value.items()} | named


def as_shaped(value: Any, shape: Any) -> Any:
    """Bring a value, links and flags above all, into the one form that its column has."""
    if value is None:
        return None
    if isinstance(shape, list):
        return [as_shaped(element, shape[0]) for element in value]
    if isinstance(shape, dict):
        value = value[0] if isinstance(value, list) else value
        value = {"__id": value} if isinstance(value, int) else value
        named = value | ({"__id": value["id"]} if "__id" in shape and "id" in value else {})
        return {name: as_shaped(named.get(name), member) for name, member in shape.items()}
    return bool(value) if shape == FLAG else value


def with_some_keys_absent(records: list[Record]) -> list[Record]:
    """Leave about half of the nulls out."""
    return [without_some_nulls(record, Random(i)) for i, record in enumerate(records)]


def in_database_spelling(value: Any) -> Any:
    """Spell the keys at all levels as the database does."""
    if isinstance(value, list):
        return [in_database_spelling(element) for element in value]
    if isinstance(value, dict):
        return {database_spelling(key): in_database_spelling(part) for key, part in value.items()}
    return value


@dataclass(frozen=True)
class Types:
    """Which of Arrow's types the columns of a table have."""

    number: Any = field(default_factory=pa.int64)
    flag: Any = field(default_factory=pa.bool_)
    text: Any = field(default_factory=pa.string)
    label: Any = None  # as other texts
    time: Any = field(default_factory=lambda: pa.timestamp("ms", "UTC"))
    list_of: Callable[[Any], Any] = pa.list_
    linked: Callable[[Any], Any] | None = None
    services: Any = None
    nested: Any = None

    def of(self, shape: Any) -> Any:
        """Give the type of a column of that shape."""
        if isinstance(shape, list):
            return self.list_of(self.of(shape[0]))
        if isinstance(shape, dict):
            struct = pa.struct([(name, self.of(member)) for name, member in shape.items()])
            return self.linked(struct) if self.linked and "__id" in shape else struct
        scalars = {NUMBER: self.number, FLAG: self.flag, TEXT: self.text, TIME: self.time}
        return (self.label or self.text) if shape == LABEL else scalars[shape]

    def schema(self) -> pa.Schema:
        """Give the types of all columns."""
        types = {name: self.of(shape) for name, shape in SHAPE.items()}
        if self.services is not None:
            types["current_services"] = self.services(self.of([SERVICE_INSTALL]))
        if self.nested is not None:
            types |= dict.fromkeys(NESTED_FIELDS, self.nested)
        return pa.schema(list(types.items()))


def arrow_table(records: list[Record], types: Types | None = None) -> pa.Table:
    """Make a table, each column of which has the type asked for."""
    types = Types() if types is None else types
    schema = types.schema()
    convert = partial(_arrow_value, types=types)
    columns = [
        pa.array(
            [
                convert(record.get(name), SHAPE[name], type_=schema.field(name).type)
                for record in records
            ],
            schema.field(name).type,
        )
        for name in SHAPE
    ]
    return pa.table(columns, schema=schema)


def _arrow_value(value: Any, shape: Any, *, types: Types, type_: Any) -> Any:
    """Write a value as Arrow's converter takes it."""
    if value is None:
        return None
    if types.nested is not None and not isinstance(shape, str):
        return json.dumps(value)
    if pa.types.is_timestamp(type_):
        return datetime.fromisoformat(value)
    if pa.types.is_map(type_):
        return list(value.items())
    if shape == FLAG:
        return pa.scalar(value).cast(type_)
    return _in_lists(value, shape) if types.linked else value


def _in_lists(value: Any, shape: Any) -> Any:
    """Put each link into a list of one."""
    if value is None:
        return None
    if isinstance(shape, list):
        return [_in_lists(element, shape[0]) for element in value]
    if isinstance(shape, dict):
        members = {name: _in_lists(value[name], member) for name, member in shape.items()}
        return [members] if "__id" in shape else members
    return value
