"""Changes of Python that leave what the program does as it is, so that no test can tell."""

_NEVER_NONE = "only devices with a class come here; mypy does not know"
_ONLY_ATTENTION = "label_text asks whether null is of attention, and nothing else"
_SLOWER = "a list of the values is read instead, which takes longer"
_SAME_WORDS = "both rows say the same, so that their order tells nothing"
_LEVEL = (
    'ObjectShape("level", "msg message ts time timestamp @timestamp", "log records", NO_RECORDS),'
)
_SEVERITY = 'ObjectShape("severity", "message timestamp time", "log records", NO_RECORDS),'

# From and to, as the lines stand without the space around them; and why that is the same.
SAME_BY_MEANING: dict[tuple[str, str], str] = {
    (
        'attention = Attention(device.attention or "")',
        "attention = Attention(device.attention or 'XX')",
    ): _NEVER_NONE,
    (
        'return hasattr(dtype, "pyarrow_dtype") or getattr(dtype, "storage", "") == "pyarrow"',
        'return hasattr(dtype, \'XX_dtype\') or getattr(dtype, "storage", "") == "pyarrow"',
    ): _SLOWER,
    (
        'def status_bar(counts: Iterable[tuple[str | None, int]], *, of: str = "status") -> Markup:',
        "def status_bar(counts: Iterable[tuple[str | None, int]], *, of: str = 'XX') -> Markup:",
    ): _ONLY_ATTENTION,
    (
        'def bar(counts: Iterable[tuple[str | None, int]], *, of: str = "status") -> Markup:',
        "def bar(counts: Iterable[tuple[str | None, int]], *, of: str = 'XX') -> Markup:",
    ): _ONLY_ATTENTION,
    (
        'counts: Iterable[tuple[str | None, int]], *, of: str = "status", title: str = ""',
        "counts: Iterable[tuple[str | None, int]], *, of: str = 'XX', title: str = \"\"",
    ): _ONLY_ATTENTION,
    (
        'def label_text(label: str | None, *, of: str = "status") -> str:',
        "def label_text(label: str | None, *, of: str = 'XX') -> str:",
    ): _ONLY_ATTENTION,
    ("_MOST_OPTIONS = 32", "_MOST_OPTIONS = 33"): "one more set of readers is kept",
    ("readers.give_back(reader)", "pass"): "a reader is set up anew, which takes longer",
    (
        "now_ms, now_source = self._moment.wanted.given or (0, 0)",
        "now_ms, now_source = self._moment.wanted.given or (1, 0)",
    ): "a moment that is not known is not said of a table without rows",
    (f"{_LEVEL}\n{_SEVERITY}", f"{_SEVERITY}\n{_LEVEL}"): _SAME_WORDS,
}
