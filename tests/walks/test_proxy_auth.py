"""The example of a server behind a proxy that asks people who they are prints what its page says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "examples/proxy_auth"


def test_the_demo_shows_what_the_page_says(tmp_path: Path) -> None:
    folder = tmp_path / "p"  # the path of a Unix socket must be short, so the call is made from within
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [sys.executable, "demo.py"], cwd=folder, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    shown = (EXAMPLE / "README.md").read_text().partition("$ python demo.py\n")[2].partition("```")[0]
    assert done.stdout == shown
    assert '"who": "ann"' in done.stderr, "who changed what is in the log"
