"""Looks at a fleet again and again: what changed, since when, how often."""
