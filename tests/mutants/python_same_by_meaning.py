"""Changes of Python that leave what the program does as it is, so that no test can tell."""

_NEVER_NONE = "only devices with a class come here; mypy does not know"
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
    ("_MOST_OPTIONS = 32", "_MOST_OPTIONS = 33"): "one more set of readers is kept",
    ("readers.give_back(reader)", "pass"): "a reader is set up anew, which takes longer",
    (
        "return StatusTable(_core.Scanner(**self._options).cut(now_ms=0, now_source=0))",
        "return StatusTable(_core.Scanner(**self._options).cut(now_ms=1, now_source=0))",
    ): "only the names and types of columns are asked of this table",
    (f"{_LEVEL}\n{_SEVERITY}", f"{_SEVERITY}\n{_LEVEL}"): _SAME_WORDS,
}
