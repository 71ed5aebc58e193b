"""Changes of Python that leave what the program does as it is, so that no test can tell."""

# From and to, as the lines stand without the space around them; and why that is the same.
SAME_BY_MEANING: dict[tuple[str, str], str] = {}
