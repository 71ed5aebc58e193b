"""The directive ``{from-core}``: a part of a page that is made from the package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.ext.autosummary import AutoLink
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

import fleetstatus as fs
from from_core import attention, columns, command_line, fields, rules, vocabularies

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

PARTS: dict[str, Callable[..., str]] = {
    "attention": attention.attention,
    "capabilities": attention.capabilities,
    "carried-types": fields.carried_types,
    "change-columns": columns.changes,
    "change-kinds": columns.kinds,
    "column-labels": columns.labels,
    "column-overview": columns.overview,
    "columns": columns.columns,
    "commands": command_line.commands,
    "fields": fields.fields,
    "heartbeat-windows": attention.heartbeat_windows,
    "labels": vocabularies.labels,
    "reasons": rules.reasons,
    "rules": rules.rules,
    "schemes": vocabularies.schemes,
    "thresholds": attention.thresholds,
    "update-statuses": attention.update_statuses,
}


class FromCore(SphinxDirective):
    """Write what a function of `PARTS` gives, as if it stood in the page."""

    required_arguments = 1
    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Read the Markdown in the place of the directive."""
        name, *arguments = self.arguments
        text = PARTS[name](*arguments)
        lines = StringList(text.splitlines(), source=f"from_core {name}")
        place = nodes.Element()
        self.state.nested_parse(lines, self.content_offset, place, match_titles=True)
        return list(place.children)


class PublicRole(AutoLink):
    """A name in a docstring: linked where there is such a name, else in italics.

    What begins with a public name must be there, in whatever module the docstring is.
    """

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Link the name."""
        if self.text.partition(".")[0] not in fs.__all__:
            return super().run()
        title = f"{self.text} <fleetstatus.{self.text}>"
        role = self.env.domains.python_domain.role("obj")
        assert role is not None
        return role(
            "obj", f"`{title}`", title, self.lineno, self.inliner, self.options, self.content
        )


def public_targets() -> dict[str, str]:
    """Name what is public by where it is defined, since signatures name it so."""
    return {
        f"{getattr(fs, name).__module__}.{name}": f"fleetstatus.{name}"
        for name in fs.__all__
        if hasattr(getattr(fs, name), "__module__")
    }


def resolve_public(
    _app: Sphinx, env: BuildEnvironment, node: pending_xref, contnode: nodes.Element
) -> nodes.Element | None:
    """Link a name of a signature, which may be private or short, to its public place."""
    wanted: str = node.get("reftarget", "")
    short = wanted.rpartition(".")[2]
    targets = {short: f"fleetstatus.{short}"} if short in fs.__all__ else {}
    target = (public_targets() | targets).get(wanted if "." in wanted else short)
    objects = env.domains.python_domain.objects
    if target not in objects or node.get("refdomain") != "py":
        return None
    entry = objects[target]
    builder = env.app.builder
    return make_refnode(
        builder, node["refdoc"], entry.docname, entry.node_id, contnode, title=target
    )


def mark_sections(
    _app: Sphinx, what: str, _name: str, _obj: object, _options: object, lines: list[str]
) -> None:
    """Make headings of a module's docstring rubrics, as numpydoc does in all other docstrings."""
    if what != "module":
        return
    for i in range(len(lines) - 1, 0, -1):
        if lines[i] and not lines[i].strip("-"):
            lines[i - 1 : i + 1] = [f".. rubric:: {lines[i - 1]}", ""]


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directive to Sphinx."""
    app.add_directive("from-core", FromCore)
    app.add_role("public", PublicRole())
    app.connect("missing-reference", resolve_public)
    app.connect("autodoc-process-docstring", mark_sections)
    return {"version": fs.__version__, "parallel_read_safe": True, "parallel_write_safe": True}
