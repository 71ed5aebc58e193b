"""The words of each scheme, and when they were live."""

from __future__ import annotations

import fleetstatus as fs
from fleetstatus import _core
from from_core.markdown import code, table
from from_core.rules import rules_of

LIVE = {
    "docs-2024-11": "since 2024-10-15",
    "docs-2024-10": "never: a draft",
    "docs-2022": "2021-07-26 to 2024-10-15",
    "docs-2021": "2020-04-09 to 2021-07-26",
    "api-v7": "in version 7 of the API",
    "api-v6": "in version 6 of the API",
    "library-2020": "in version 3.2.1 of the library",
}


def schemes() -> str:
    """Write each scheme with its source, its dates and its labels."""
    rows = [
        (code(scheme), _core.scheme_source(place), LIVE[scheme], ", ".join(scheme.labels))
        for place, scheme in enumerate(fs.StatusScheme)
    ]
    return table(("`scheme`", "source", "words live", "labels, in their order"), rows)


def labels() -> str:
    """Write what each scheme calls a device, by the reason."""
    words = {scheme: _words(scheme) for scheme in fs.StatusScheme}
    rows = [
        (code(reason), *(", ".join(words[scheme].get(reason, ["-"])) for scheme in words))
        for reason in fs.Reason
        if reason is not fs.Reason.UNKNOWN
    ]
    return table(("reason", *map(code, words)), rows)


def _words(scheme: fs.StatusScheme) -> dict[str, list[str]]:
    words: dict[str, list[str]] = {}
    for rule in rules_of(scheme):
        known = words.setdefault(rule.reason, [])
        if rule.status not in known:
            known.append(rule.status)
    return words
