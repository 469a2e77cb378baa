"""How the pages are built: ``python -m sphinx -W --keep-going -n docs docs/_build``, offline."""

from __future__ import annotations

import sys
from importlib.metadata import version as version_of
from pathlib import Path

from pygments.lexers.special import TextLexer
from sphinx.highlighting import lexers

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

project = "Proved kernels"
author = "the authors"
project_copyright = "the authors, MIT licence"
version = release = version_of("proved-kernels")

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "extensions.mathml",
    "extensions.derivation",
    "extensions.plain_docstrings",
]
exclude_patterns = ["_build", "gallery/*"]  # shown by parts, on the page gallery.md
myst_enable_extensions = ["dollarmath", "colon_fence", "deflist"]
myst_heading_anchors = 3

lexers["markdown"] = TextLexer()  # which takes x_s and y_s in a formula for emphasis

html_theme = "furo"
html_title = project
html_static_path = ["_static"]
html_css_files = ["derivation.css"]
html_copy_source = False
html_math_renderer = "mathml"

default_role = "code"  # `x` in a docstring is x
autodoc_typehints = "description"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
# of other projects, whose pages are not there to be linked to: nothing is fetched for a build
nitpick_ignore_regex = [
    (r"py:.*", r"(collections|concurrent|os|pathlib|typing|numpy|np|enum|flint)\b.*"),
    (r"py:.*", r"(Any|Callable|Executor|Future|Iterable|Iterator|Mapping|Path|PathLike|Sequence)"),
    (r"py:class", r"derivations\.(python\.T|implementation\.inputs\.Case)"),  # not in it
    (r"py:class", r"~P|WitnessEntry"),  # a variable of types; JSON's entry, told in words
]
