"""Fetches devices again and again, tracks them, and serves metrics of them."""
