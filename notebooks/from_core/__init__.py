"""Parts of the pages that are made from the package itself, so that they cannot be wrong.

Each function gives Markdown; `extension` puts it where a page says ``{from-core}`` and its name.
"""
