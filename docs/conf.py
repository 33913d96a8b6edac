"""The documentation site: `make docs` builds it from these pages into build/docs, without the network."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_ext"))

import luigi  # noqa: E402

project = "luigi-kernel"
release = version = luigi.__version__
extensions = ["myst_parser", "luigi_site"]
exclude_patterns = ["_*", "assets"]
myst_heading_anchors = 4

html_theme = "furo"
html_show_copyright = False
html_title = f"luigi-kernel {release}"
html_copy_source = False
html_show_sphinx = False
pygments_style = "friendly"
