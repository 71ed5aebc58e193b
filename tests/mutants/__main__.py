"""Run `trial.py`."""

from trial import main

main()
