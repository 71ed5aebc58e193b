"""How answers are shown to people: HTML, colours, and what to know of a snapshot."""
