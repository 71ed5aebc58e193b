"""How Sphinx makes the site: ``sphinx-build -W --keep-going notebooks build/docs``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import fleetstatus

project = "fleetstatus"
author = "the authors of fleetstatus"
project_copyright = author
version = release = fleetstatus.__version__

extensions = ["myst_nb", "sphinx.ext.autodoc", "numpydoc", "from_core.extension"]
exclude_patterns = ["a_week", "from_core", "**/.ipynb_checkpoints"]

# Notebooks show the outputs that are stored in them: the tests run them and compare.
nb_execution_mode = "off"
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
suppress_warnings = ["mystnb.unknown_mime_type"]

# Names in single backticks of docstrings are linked where they are public, else set in italics.
default_role = "public"
autodoc_member_order = "bysource"
autodoc_mock_imports = ["dask", "py4j", "pyspark", "ray"]
autodoc_preserve_defaults = True
autodoc_typehints_format = "short"
python_maximum_signature_line_length = 80
python_use_unqualified_type_names = True
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False

# Every public name of this package must be found; those of other packages cannot be looked up
# without a network.
nitpicky = True
_OURS = "|".join(["fleetstatus", *fleetstatus.__all__])
nitpick_ignore_regex = [("py:.*", rf"(?!({_OURS})\b).*"), ("py:.*", r"fleetstatus\._.*")]

html_theme = "furo"
pygments_dark_style = "github-dark"  # the default underlines modules, as if they were links
html_title = f"fleetstatus {release}"
html_show_sourcelink = False
html_copy_source = False
html_static_path = ["site_style"]
html_css_files = ["site.css"]
