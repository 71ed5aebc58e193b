"""The answers as Python objects: table, columns, devices, selections and counts."""
