"""Texts for people, and what people write: durations, and names that are nearly right."""
