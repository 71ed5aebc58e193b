"""The rules of each scheme, in order, and what each reason means."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import fleetstatus as fs
from fleetstatus import _core
from from_core.markdown import code, codes, either, listed, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SCHEMES = list(fs.StatusScheme)


class Rule(NamedTuple):
    """One rule of a scheme, as the core has it."""

    reason: str
    label: str
    indicator: str | None
    source: str
    conditions: list[tuple[list[str], list[str]]]
    """Fields, and the answers that the rule accepts, in words."""

    @property
    def when(self) -> str:
        """All conditions in words."""
        return listed([either(words) for _, words in self.conditions])

    @property
    def status(self) -> str:
        """The label, with what the rule puts beside it."""
        if not self.label:
            return "null"
        return f"{self.label} ({self.indicator})" if self.indicator else self.label


def rules_of(scheme: fs.StatusScheme) -> Iterator[Rule]:
    """Give the rules of a scheme in their order."""
    code = _SCHEMES.index(scheme)
    pairs = zip(_core.rules(code), _core.rule_conditions(code), strict=True)
    for (reason, label), (source, indicator, conditions) in pairs:
        yield Rule(reason, label, indicator, source, conditions)


def rules(scheme: str) -> str:
    """Write the rules of a scheme as a table."""
    rows = [
        (str(number), rule.when, f"**{rule.status}** {_link(rule.reason)}")
        for number, rule in enumerate(rules_of(fs.StatusScheme(scheme)), 1)
    ]
    return table(("", "when", "status, and its reason"), rows)


def reasons() -> str:
    """Write what each reason means, what to do first, and where its rule comes from."""
    return "\n\n".join(map(_section, fs.Reason))


def _section(reason: fs.Reason) -> str:
    lines = [f"({_anchor(reason)})=", f"### {code(reason)}", "", reason.message, ""]
    lines.append(f"- First step: {reason.first_step or 'none, there is nothing to do.'}")
    lines.append(f"- {_start(reason)}.")
    lines += [f"- Rule {text}" for text in _origins(reason)]
    return "\n".join(lines)


def _start(reason: fs.Reason) -> str:
    if reason not in _core.reasons_with_start():
        return "`status_since` is null: one snapshot does not show when the status began"
    if reason is fs.Reason.NEVER_CONNECTED:
        return "`status_since` is when the device was registered"
    return "`status_since` is the later of the times at which heartbeat and cloudlink last changed"


def _origins(reason: fs.Reason) -> Iterator[str]:
    """Say for each form of the rule in which schemes it stands, what it reads, where it is from."""
    forms: dict[tuple[str, str, str], list[str]] = {}
    for scheme in _SCHEMES:
        for rule in rules_of(scheme):
            if rule.reason == reason:
                form = (rule.when, codes(_fields(rule.conditions)), rule.source)
                forms.setdefault(form, []).append(scheme)
    for (when, fields, source), schemes in forms.items():
        names = list(dict.fromkeys(schemes))
        where = "in all schemes" if len(names) == len(_SCHEMES) else f"of {codes(names)}"
        yield f"{where}: {when}. It reads {fields}. Source: {source}."


def _fields(conditions: Sequence[tuple[list[str], list[str]]]) -> list[str]:
    return list(dict.fromkeys(field for fields, _ in conditions for field in fields))


def _anchor(reason: str) -> str:
    return f"reason-{reason}"


def _link(reason: str) -> str:
    return f"[{code(reason)}](#{_anchor(reason)})"
