"""From what a caller passes to the engine: files, frames, records, and what a wrong file is."""
