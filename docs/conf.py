"""How the pages are built: `make docs`. Strict: a broken link or reference is an error.

Sphinx, since it is what the libraries around this one use and is kept up by many; MyST, so that pages are the Markdown
that a code host shows as well; Furo, which reads well at any width, light and dark, and fetches nothing from elsewhere.
"""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_extensions"))

import numpy as np

if "bool" not in vars(np):  # MXNet looks for it when it is imported
    np.bool = bool

import lrsched_core

project = "lrsched-core"
author = "The lrsched-core authors"
copyright = f"2026, {author}"
version = release = lrsched_core.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "sphinx_design",
    "docstrings",
    "mathml",
    "notebooks",
]
exclude_patterns = ["_build", "_extensions"]
myst_enable_extensions = ["dollarmath", "colon_fence", "attrs_inline"]
myst_heading_anchors = 3
suppress_warnings = ["myst.header"]  # pages that a code host shows as well begin where they like

autodoc_typehints = "none"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True}
napoleon_google_docstring = True
napoleon_use_rtype = False
napoleon_use_ivar = True  # attributes that are properties have a docstring of their own as well
copybutton_prompt_text = ">>> |\\.\\.\\. |\\$ "
copybutton_prompt_is_regexp = True

html_theme = "furo"
pygments_dark_style = "github-dark"  # the default underlines what is imported
html_title = "lrsched-core"
html_static_path = ["_static"]
html_css_files = ["style.css"]
html_favicon = "_static/favicon.svg"
html_show_sphinx = False
html_copy_source = False
html_theme_options = {"source_view_link": "", "top_of_page_buttons": []}
