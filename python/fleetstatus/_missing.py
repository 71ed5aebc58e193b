"""What to tell a caller whose records lack needed fields."""

from fleetstatus import _core
from fleetstatus.errors import MissingFieldsError
from fleetstatus.query import device_options, device_query


def missing_fields_error(fields: tuple[str, ...], index: int) -> MissingFieldsError:
    """Error that says which fields are missing, how to get them, and what it costs to go without.

    Called by the engine.
    """
    costs = {field["name"]: field["hides"] for field in _core.fields()}
    names = ", ".join(repr(name) for name in fields)
    lines = [
        f"no record has {', '.join(fields)} (from record {index} on)",
        "ask the API for all that the rules read: fleetstatus.device_options(), or GET",
        f"  {device_query()}",
        f"or pass allow_missing=({names},) at this price:",
        *(f"  {name}: {costs[name]}" for name in fields),
    ]
    return MissingFieldsError("\n".join(lines), fields, index, device_options())
