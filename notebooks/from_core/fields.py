"""The fields of a record that are read."""

from __future__ import annotations

import fleetstatus as fs
from fleetstatus import _core
from from_core.markdown import code, codes, sentence, table

_SCHEMES = list(fs.StatusScheme)
_KINDS = {
    "integer": "whole number, 64 bits",
    "integer32": "whole number, 32 bits",
    "boolean": "true or false",
    "text": "text",
    "timestamp": "time with a zone",
    "choice": "one of a few words",
    "installs": "list of installs",
    "services": "installs by service",
    "services_by_app": "installs by fleet and service",
    "variables": "list of names and values",
    "fleet": "link to a fleet",
    "release": "link to a release",
    "running": "link to a release, or text",
}


def fields() -> str:
    """Write each field with its type and what is unknown without it."""
    rows = [
        (code(field["name"]), _KINDS[field["kind"]], _need(field["name"]), _hides(field["name"]))
        for field in _core.fields()
    ]
    return table(("field", "type", "needed", "what is unknown if no record has it"), rows)


def _need(name: str) -> str:
    needing = [scheme for i, scheme in enumerate(_SCHEMES) if name in _core.needed_fields(i)]
    if not needing:
        return "no"
    others = [one for one in _group_of(name) if one != name]
    instead = f", or {codes(others)}" if others else ""
    if len(needing) < len(_SCHEMES) // 2:
        return f"by {codes(needing)}{instead}"
    all_but = [scheme for scheme in _SCHEMES if scheme not in needing]
    return f"yes{instead}{f', but for {codes(all_but)}' if all_but else ''}"


def _group_of(name: str) -> list[str]:
    """Give the field and those that stand in for it, whichever of them is asked about."""
    for field in _core.fields():
        group = [field["name"], *field["stand_ins"]]
        if name in group:
            return group
    return [name]


def _hides(name: str) -> str:
    hidden = _core.hides(name, _SCHEMES.index(fs.StatusScheme.DOCS_2024_11))
    if hidden:
        return sentence(hidden)
    newer = [field["name"] for field in _core.fields() if name in field["stand_ins"]]
    instead = f" of {codes(newer)}" if newer else ""
    return f"Nothing: it is an older name{instead}, read where the newer one is absent."


def carried_types() -> str:
    """Write the fields that keep a type of their own when they are carried."""
    names: dict[str, list[str]] = {}
    for name, kind in sorted(_core.carried_types().items()):
        names.setdefault(kind, []).append(name)
    return table(("type", "fields"), ((code(kind), codes(of)) for kind, of in names.items()))
