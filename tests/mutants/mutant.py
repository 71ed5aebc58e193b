"""Mutants: copies of the program with one line of a rule changed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from changes import changes_of_line, changes_of_list, enumerations
from same_by_meaning import SAME_BY_MEANING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parents[2]

# What holds rules, bits and boundaries, and what is changed there beside && and || and the like:
# numbers, and enumerators into their neighbours.
_CHANGED: dict[str, set[str]] = {
    "src/rules/attention.hpp": {"numbers", "Attention", "Reason", "UpdateStatus"},
    "src/rules/capability.hpp": {"numbers", "Capability", "WebAccess"},
    "src/rules/configuration.hpp": set(),
    "src/records/derived_columns.cpp": {"numbers", "Field"},
    "src/rules/facts.hpp": {"numbers"},
    "src/rules/heartbeat.hpp": {"numbers"},
    "src/rules/progress.cpp": {"InstallStatus"},
    "src/rules/progress.hpp": {"numbers", "InstallStatus", "ProgressSource"},
    "src/rules/read.hpp": set(),
    "src/rules/reasons.hpp": {"Detail", "StatusStart"},
    "src/rules/release.hpp": set(),
    "src/records/resolve.cpp": {
        "numbers",
        "Field",
        "Lifecycle",
        "ReportedStatus",
        "SupervisorAge",
        "WebAccess",
    },
    "src/records/resolve.hpp": {"Field"},
    "src/rules/rules.hpp": {"HeartbeatState", "Lifecycle"},
    "src/rules/schemes.cpp": set(),
    "src/rules/status_since.hpp": {"HeartbeatState", "StatusStart"},
    "src/rules/timestamp.cpp": set(),
    "src/rules/trace.cpp": set(),
    "src/rules/update_status.cpp": {"SupervisorAge"},
    "src/rules/update_status.hpp": {"SupervisorAge", "UpdateStatusSupport"},
    "src/records/missing_fields.cpp": {"Field", "Need", "StatusScheme"},
    "src/table/masks.cpp": set(),
    "src/table/row_answers.hpp": {"Attention", "Detail", "HeartbeatState", "StatusScheme"},
}


@dataclass(frozen=True)
class Mutant:
    """A file with some lines replaced, from `line` on, which counts from 1."""

    path: str
    line: int
    before: tuple[str, ...]
    after: tuple[str, ...]

    def place(self) -> str:
        """File and line."""
        return f"{self.path}:{self.line}"

    def change(self) -> tuple[str, str]:
        """Tell what was changed into what, wherever that stands."""
        lines = zip(self.before, self.after, strict=True)
        changed = [(old.strip(), new.strip()) for old, new in lines if old != new]
        return "\n".join(old for old, _ in changed), "\n".join(new for _, new in changed)

    def diff(self) -> str:
        """Show the change."""
        before, after = self.change()
        return "\n".join(
            [f"  - {line}" for line in before.splitlines()]
            + [f"  + {line}" for line in after.splitlines()]
        )

    def apply(self, text: str) -> str:
        """Change the text of the file."""
        lines = text.splitlines(keepends=True)
        lines[self.line - 1 : self.line - 1 + len(self.before)] = [f"{new}\n" for new in self.after]
        return "".join(lines)


def all_mutants(root: Path = ROOT) -> list[Mutant]:
    """All mutants but those that are the same by meaning."""
    different = (one for one in changed_sources(root) if one.change() not in SAME_BY_MEANING)
    return list(dict.fromkeys(different))


def changed_sources(root: Path = ROOT) -> Iterator[Mutant]:
    """Every change of every source, in order."""
    headers = [path.read_text(encoding="utf-8") for path in sorted((root / "src").rglob("*.hpp"))]
    enums = enumerations(headers)
    for path, kinds in _CHANGED.items():
        lines = (root / path).read_text(encoding="utf-8").splitlines()
        for i, line in enumerate(lines):
            for new in changes_of_line(line, {"logic", *kinds}, enums):
                yield Mutant(path, i + 1, (line,), (new,))
            for pair in changes_of_list(*lines[i : i + 2]) if i + 1 < len(lines) else ():
                yield Mutant(path, i + 1, (line, lines[i + 1]), pair)


def chosen(mutants: Sequence[Mutant], count: int, seed: str) -> list[Mutant]:
    """So many mutants, picked by a hash of each with the seed."""

    def rank(mutant: Mutant) -> str:
        return hashlib.sha256(f"{seed} {mutant}".encode()).hexdigest()

    picked = sorted(mutants, key=rank)[:count]
    return [mutant for mutant in mutants if mutant in picked]
