"""Exit codes of the program, but 0."""

MATCHED = 1
UNUSABLE = 2
INTERRUPTED = 130
CLOSED_PIPE = 141  # what a shell reports of a program that a closed pipe has ended
