"""Tables that are handed on, changed at random, and read back: an error, or a table that lasts."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pyarrow as pa

import fleetstatus as fs

if TYPE_CHECKING:
    import random
    from datetime import datetime

_TYPES = [
    *(pa.int8(), pa.uint16(), pa.int64(), pa.uint64(), pa.float32(), pa.float64(), pa.bool_()),
    *(pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.null(), pa.date32()),
    *(pa.timestamp("s", "UTC"), pa.timestamp("ns", "UTC"), pa.timestamp("us")),
    pa.dictionary(pa.int16(), pa.string()),
]
_VALUES: list[Any] = [
    None,
    True,
    -1,
    1 << 62,
    0.5,
    "",
    "docs-2022",
    "9999-12-31T23:59:59Z",
    [],
    {},
    {"a": 1},
]


def check_read_back(random_: random.Random, now: datetime) -> str:
    """Change a table of the sample, and read it back.

    Raises
    ------
    AssertionError
        If what was read is another table once it is handed on again.
    """
    first, has_bits = random_.randrange(300), random_.random() < 0.5
    rows = fs.classify(fs.sample_fleet(), now=now)[first : first + random_.randrange(9)]
    table = rows.to_arrow(flat=random_.random() < 0.5, bits=has_bits)
    for _ in range(random_.randrange(1, 4)):
        with suppress(ValueError, NotImplementedError):  # pyarrow's own: it stays as it was
            table = _changed(random_, table)
    said: dict[str, Any] = random_.choice([{}, {"scheme": rows.scheme, "now": now}])
    try:
        back = fs.StatusTable.from_arrow(table, **said)
    except (ValueError, fs.FleetStatusError):
        return "refused"
    list(back)
    bits = "rule_bits" in table.column_names
    if fs.StatusTable.from_arrow(back.to_arrow(bits=bits)) != back:
        message = f"another table comes back of {table.to_pylist()}, {table.schema.metadata}"
        raise AssertionError(message)
    return "read back"


def _changed(random_: random.Random, table: pa.Table) -> pa.Table:
    place, other = (random_.randrange(table.num_columns) for _ in range(2))
    name, column = table.column_names[place], table.column(place)
    rows = pa.array([random_.randrange(len(table)) for _ in range(len(table))], pa.int64())
    kind = random_.choice(_TYPES)
    match random_.randrange(8):
        case 0:
            return table.append_column(random_.choice([name, "a", ""]), table.column(other))
        case 1:
            return table.take(rows)
        case 2:
            column = column.take(rows)
        case 3:
            column = table.column(other)
        case 4 if random_.random() < 0.2:
            return table.drop_columns([name])
        case 4:
            column = pa.nulls(len(table), kind)
        case 5:
            column = column.cast(kind, safe=False)
        case 6:
            column = _with_other_bytes(random_, column)
        case _:
            return _with_other_metadata(random_, table)
    return table.set_column(place, name, column)


def _with_other_bytes(random_: random.Random, column: pa.ChunkedArray) -> pa.Array:
    """Change a byte of values, codes or texts; not of offsets, which no reader can check."""
    array = column.combine_chunks()
    is_coded = pa.types.is_dictionary(array.type)
    values = array.indices if is_coded else array
    buffers = values.buffers()
    if buffers[-1] is None or not buffers[-1].size:
        return array
    content = bytearray(buffers[-1])
    content[random_.randrange(len(content))] ^= 1 << random_.randrange(8)
    buffers[-1] = pa.py_buffer(bytes(content))
    made = pa.Array.from_buffers(values.type, len(values), buffers, -1, values.offset)
    return pa.DictionaryArray.from_arrays(made, array.dictionary, safe=False) if is_coded else made


def _with_other_metadata(random_: random.Random, table: pa.Table) -> pa.Table:
    schema = pa.schema([field.remove_metadata() for field in table.schema])
    said: Any = json.loads((table.schema.metadata or {}).get(b"fleetstatus", b"{}"))
    inside = random_.choice([said, said.get("options")])
    if isinstance(inside, dict) and inside:
        inside[random_.choice([*inside])] = random_.choice(_VALUES)
    text = json.dumps(said).encode()
    end = random_.choice([len(text), random_.randrange(len(text))])
    return table.cast(schema).replace_schema_metadata({"fleetstatus": text[:end]})
