"""Draw demo.svg, a picture of `docs/running.md`: the terminal at one moment of `make demo`, run here and now."""

from __future__ import annotations

import io
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.text import Text

HERE = Path(__file__).parent
FLIGHTS = HERE.parents[1] / "examples" / "flights"
RUNNING = "▶"
WIDTH = 72
FONTS = re.compile(r"@font-face \{.*?\}", re.DOTALL)  # rich would fetch them from elsewhere
MOVES = re.compile(r"(\x1b\[1A|\x1b\[2K|\x1b\[\?25[lh]|\r|\n)")


def transcript() -> str:
    """What the demo sends to a terminal."""
    commands = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    settings = {"PATH": commands, "TERM": "xterm-256color", "COLUMNS": str(WIDTH), "LINES": "30"}
    with tempfile.TemporaryDirectory() as clone:
        folder = Path(clone, "examples", "flights")
        shutil.copytree(FLIGHTS, folder)
        outer, inner = pty.openpty()
        demo = subprocess.Popen(["sh", folder / "demo.sh"], env=os.environ | settings, stdout=inner, stderr=inner)
        os.close(inner)
        with os.fdopen(outer, "rb", buffering=0) as terminal:
            sent = b"".join(iter(lambda: received(terminal), b""))
        demo.wait()
    return sent.decode()


def received(terminal: io.FileIO) -> bytes:
    """The next bytes; none when the demo has ended, which Linux tells by an error."""
    try:
        return terminal.read(4096) or b""
    except OSError:
        return b""


def screens(sent: str) -> Iterator[list[str]]:
    """The screen, line by line with its colours, each time before something on it is erased."""
    lines, row = [""], 0
    for piece in MOVES.split(sent):
        if piece == "\n":
            row += 1
            lines += [""] * (row + 1 - len(lines))
        elif piece == "\x1b[1A":
            row = max(0, row - 1)
        elif piece == "\x1b[2K":
            yield list(lines)
            lines[row] = ""
        elif not MOVES.fullmatch(piece):
            lines[row] += piece
    yield lines


def main() -> None:
    shown = [screen for screen in screens(transcript()) if any(RUNNING in line for line in screen)][-1]
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    console.print(Text.from_ansi("\n".join(["$ make demo", *shown]).rstrip()))
    (HERE / "demo.svg").write_text(FONTS.sub("", console.export_svg(title="flights")))


if __name__ == "__main__":
    main()
