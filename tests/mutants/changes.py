"""Small changes of lines of C++: what a slip of the hand would do to a rule."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SWAPPED = {
    "logic": [
        ("&&", "||"),
        ("&", "|"),
        ("<", "<="),
        (">", ">="),
        ("std::min", "std::max"),
        ("std::chrono::floor", "std::chrono::ceil"),
        ("all_of", "any_of"),
        ("is(fact::", "is_not(fact::"),
    ],
    "numbers": [("+", "-"), ("<<", ">>"), ("+=", "-=")],
}
_NOT_OR_COMPLEMENT = re.compile(r"(?<![\w)])[!~](?=[\w(])")
_CONDITION = r"(?:is|is_not|heartbeat_is|lifecycle_is)\([^()]*\)"
_ONE_OF_CONDITIONS = re.compile(rf"{_CONDITION}, |, {_CONDITION}")

_NUMBER = re.compile(r"(?<![\w.'])(0[xb][\dA-F]+|\d[\d']*)(U?)(?![\w.'>])")  # > ends a template's

_TEXT = re.compile(r'"(?:\\.|[^"\\])*"|(?<!\w)\'(?:\\.|[^\'\\])\'')
_WORD = re.compile(r"\w+")
_RULE = re.compile(r"\s*Rule\{.*\},$")
_CALL_FOR_FACTS = re.compile(r"\s*add_\w+_facts\(.*\);$")
# What ends a loop is no rule; a slip there is for the sanitizers.
_NOT_CHANGED = ("#", "//", "static_assert", "template", "using ", "namespace ", "friend ", "for (")


def enumerations(sources: Sequence[str]) -> dict[str, list[str]]:
    """Find the enumerators of each enumeration, in their order."""
    found = re.findall(r"enum class (\w+)[^{;]*\{([^}]*)\}", "\n".join(sources))
    return {name: re.findall(r"\w+", re.sub("//.*", "", body)) for name, body in found}


def changes_of_line(line: str, kinds: set[str], enums: dict[str, list[str]]) -> Iterator[str]:
    """Give what a line may become by one change.

    Parameters
    ----------
    kinds
        Of ``logic``, ``numbers`` and names of enumerations, whose neighbours are put in.
    """
    if line.lstrip().startswith(_NOT_CHANGED):
        return
    for start, end, new in _spots(_without_texts(line), kinds, enums):
        yield line[:start] + new + line[end:]


def changes_of_list(line: str, next_line: str) -> Iterator[tuple[str, str]]:
    """Give what an entry and the line after it may become: the entry gone, or both swapped."""
    if _RULE.match(line) or _CALL_FOR_FACTS.match(line):
        yield "", next_line
    if _RULE.match(line) and _RULE.match(next_line):
        yield next_line, line


def _without_texts(line: str) -> str:
    """Leave the line's code alone, each character where it was."""
    code = _TEXT.sub(lambda text: "_" * len(text[0]), line)
    return code.partition("//")[0]


def _spots(
    code: str, kinds: set[str], enums: dict[str, list[str]]
) -> Iterator[tuple[int, int, str]]:
    """Find begin and end of each spot that can be changed, and what comes there."""
    for kind, pairs in _SWAPPED.items():
        for one, other in pairs if kind in kinds else ():
            yield from ((*match.span(), other) for match in re.finditer(_token(one), code))
            yield from ((*match.span(), one) for match in re.finditer(_token(other), code))
    if "logic" in kinds:
        for pattern in (_NOT_OR_COMPLEMENT, _ONE_OF_CONDITIONS):
            yield from ((*match.span(), "") for match in pattern.finditer(code))
    if "numbers" in kinds:
        for match in _NUMBER.finditer(code):
            if not _is_left_to_logic(match[0], code[: match.start()]):
                more = int(match[1].replace("'", ""), 0) + 1
                yield (*match.span(), f"{more}{match[2]}")
    for name in sorted(enums.keys() & kinds):
        for start, end in _spots_of(name, code):
            yield start, end, _next(code[start:end], enums[name])


def _spots_of(enumeration: str, code: str) -> Iterator[tuple[int, int]]:
    """Find enumerators of an enumeration: `Name::one`, and states listed for `heartbeat_is`.

    Those before a text name the row of a table, whose order the compiler checks.
    """
    for match in re.finditer(rf"(?<!case )\b{enumeration}::(\w+)\b(?!, _)", code):
        yield match.span(1)
    if enumeration == "HeartbeatState":
        for states in re.finditer(r"heartbeat_is\(\{(.*?)\}\)", code):
            yield from (match.span() for match in _WORD.finditer(code, *states.span(1)))


def _is_left_to_logic(number: str, before: str) -> bool:
    """Whether to change the operator beside it says enough: 1 in masks of bits, 0 in comparisons."""
    return number in ("0U", "1U") or (number == "0" and before.endswith("= "))


def _next(enumerator: str, enumerators: list[str]) -> str:
    return enumerators[(enumerators.index(enumerator) + 1) % len(enumerators)]


def _token(text: str) -> str:
    """Match a name, or an operator with spaces around it: clang-format puts none in templates."""
    if text[0].isalpha():
        return rf"(?<!\w){re.escape(text)}" + (r"(?!\w)" if text[-1].isalpha() else "")
    return rf"(?<= ){re.escape(text)}(?= |$)"
