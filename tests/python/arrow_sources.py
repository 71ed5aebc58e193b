"""Arrow sources that count, change or hand out as a test tells them."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable


class Stream:
    """Hands out what a function makes, and counts how often it is asked."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make
        self.n_calls = 0

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        self.n_calls += 1
        return self.make()


class Array:
    """Hands out two capsules."""

    def __init__(self, schema: Any, array: Any) -> None:
        self.capsules = schema, array

    def __arrow_c_array__(self, requested_schema: Any = None) -> Any:
        return self.capsules


class CArray(ctypes.Structure):
    """``ArrowArray`` of the C data interface."""


class CSchema(ctypes.Structure):
    """``ArrowSchema`` of the C data interface."""


COUNT, ADDRESS = ctypes.c_int64, ctypes.c_void_p
CHILDREN: dict[Any, Any] = {
    structure: ctypes.POINTER(ctypes.POINTER(structure)) for structure in (CArray, CSchema)
}
OWNER = {"release": ADDRESS, "private_data": ADDRESS}
ARRAY_MEMBERS: dict[str, Any] = (
    dict.fromkeys(["length", "null_count", "offset", "n_buffers", "n_children"], COUNT)
    | {"buffers": ctypes.POINTER(ADDRESS), "children": CHILDREN[CArray], "dictionary": ADDRESS}
    | OWNER
)
SCHEMA_MEMBERS: dict[str, Any] = (
    {"format": ctypes.c_char_p, "name": ctypes.c_char_p, "metadata": ADDRESS}
    | {"flags": COUNT, "n_children": COUNT, "children": CHILDREN[CSchema], "dictionary": ADDRESS}
    | OWNER
)
CArray._fields_ = list(ARRAY_MEMBERS.items())
CSchema._fields_ = list(SCHEMA_MEMBERS.items())
new_capsule = ctypes.pythonapi.PyCapsule_New
new_capsule.restype = ctypes.py_object
new_capsule.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]


class Changed:
    """A batch whose structures were changed on the way; it counts how often each is released."""

    def __init__(self, batch: Any, change: Callable[[Any, Any], None]) -> None:
        self.batch = batch
        self.exported = CSchema(), CArray()
        places = [ctypes.addressof(structure) for structure in self.exported]
        batch._export_to_c(places[1], places[0])
        self.given = tuple(copy_of(structure) for structure in self.exported)
        self.n_released = 0
        self.release = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(self.note_release)
        for structure in self.given:
            structure.release = ctypes.cast(self.release, ctypes.c_void_p)
        change(*self.given)

    def note_release(self, _: int) -> None:
        self.n_released += 1

    def __arrow_c_array__(self, requested_schema: Any = None) -> Any:
        names = (b"arrow_schema", b"arrow_array")
        return tuple(
            new_capsule(ctypes.addressof(structure), name, None)
            for structure, name in zip(self.given, names, strict=True)
        )

    def give_back(self) -> None:
        """Let pyarrow release what it exported."""
        schema, array = (ctypes.addressof(structure) for structure in self.exported)
        pa.RecordBatch._import_from_c(array, schema)


def copy_of(structure: Any) -> Any:
    """Copy a structure, its children with it."""
    copy = type(structure).from_buffer_copy(structure)
    children = [
        type(structure).from_buffer_copy(structure.children[i].contents)
        for i in range(structure.n_children)
    ]
    pointers = [ctypes.pointer(child) for child in children]
    copy.children = (ctypes.POINTER(type(structure)) * len(children))(*pointers)
    return copy
